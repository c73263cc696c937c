// SPDX-License-Identifier: BSL-1.0
// Every AES-GCM kernel gives the published answers and refuses every single wrong bit of a short packet.
#include <string>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

using namespace gcm_test;

TEST_CASE("AES-GCM kernels: published packets") {
  const auto records = support::read_vectors("aes_gcm.txt");
  rig r(256, 128);
  for (const auto* kernel : support::runnable(gcm::candidates)) {
    for (const auto& v : records) {
      sample s{v["key"], v["nonce"], v["aad"], v["plaintext"], v["ciphertext"], v["tag"]};
      const keyed key(*kernel, s.key);
      support::row row;
      const auto describe = [&] { return v.where(); };
      for (const edge at : edges)
        for (const bool in_place : {false, true}) {
          row.judge(r.seal(key, s, at, in_place), describe);
          row.judge(r.open(key, s, at, in_place), describe);
          for (std::size_t part = 0; part < 4; ++part) row.judge(r.refuse(key, s, at, in_place, {part, 77}), describe);
        }
      INFO(kernel->name);
      REQUIRE_ROW(row);
    }
  }
}

TEST_CASE("AES-GCM kernels: every wrong bit of a short packet is refused") {
  const bytes secret = support::pattern_bytes(3, 16);
  const keyed reference(gcm::portable::table, secret);
  rig r(64, 32);
  for (const auto* kernel : support::runnable(gcm::candidates)) {
    const keyed key(*kernel, secret);
    support::row row;
    for (const std::size_t text_len : {0u, 1u, 16u, 35u}) {
      sample s = make_sample(reference, secret, 17, text_len);
      s.tail_len = 4;
      const std::size_t bits[] = {128, 8 * text_len, 8 * 17, 96};
      for (std::size_t part = 0; part < 4; ++part)
        for (std::size_t bit = 0; bit < bits[part]; ++bit)
          row.judge(r.refuse(key, s, bit % 2 == 0 ? edge::start : edge::end, bit % 3 == 0, {part, bit}),
                    [&] { return "part " + std::to_string(part) + ", bit " + std::to_string(bit); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}
