// SPDX-License-Identifier: BSL-1.0
// Every AES-GCM kernel equals the reference for AAD of 0..256 bytes with texts of 0..64 bytes, however the AAD is split
// between its two parts.
#include <string>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/runnable.hpp"

using namespace gcm_test;

TEST_CASE("AES-GCM kernels: every AAD length, every split") {
  constexpr std::size_t max_aad = 256, max_text = 64;
  const bytes secret = support::pattern_bytes(5, 16);
  const keyed reference(gcm::portable::table, secret);
  const auto texts = support::thinned(support::up_to(max_text), 5);
  const std::size_t tail_step = support::full_grid() ? 1 : 5;
  for (const auto* kernel : support::runnable(gcm::candidates)) {
    const keyed key(*kernel, secret);
    rig r(max_text, max_aad);
    support::row row;
    for (std::size_t aad_len = 0; aad_len <= max_aad; ++aad_len)
      for (const std::size_t text_len : texts) {
        sample s = make_sample(reference, secret, aad_len, text_len);
        for (std::size_t tail = 0; tail <= kernels::aead_aad_tail_max && tail <= aad_len; tail += tail_step) {
          s.tail_len = tail;
          const std::size_t turn = aad_len + text_len + tail;
          const edge at = turn % 2 == 0 ? edge::start : edge::end;
          const bool in_place = turn % 4 < 2;
          const auto describe = [&] {
            return std::to_string(text_len) + " bytes, AAD " + std::to_string(aad_len) + ", tail " +
                   std::to_string(tail);
          };
          row.judge(r.seal(key, s, at, in_place), describe);
          row.judge(r.open(key, s, at, in_place), describe);
          // The wrong bit wanders through the AAD, head and tail.
          row.judge(r.refuse(key, s, at, in_place, {2, 8 * aad_len - 1 - 8 * (turn % (aad_len + 1))}), describe);
        }
      }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("AES-GCM kernels: long AAD") {
  const bytes secret = support::pattern_bytes(6, 32);
  const keyed reference(gcm::portable::table, secret);
  for (const auto* kernel : support::runnable(gcm::candidates)) {
    const keyed key(*kernel, secret);
    rig r(64, 70000);
    support::row row;
    for (const std::size_t aad_len : {1000u, 4095u, 4096u, 65535u, 65536u, 65537u, 70000u})
      for (const std::size_t tail : {0u, 4u, 16u}) {
        sample s = make_sample(reference, secret, aad_len, 33);
        s.tail_len = tail;
        const auto describe = [&] { return "AAD " + std::to_string(aad_len); };
        row.judge(r.seal(key, s, edge::end, true), describe);
        row.judge(r.open(key, s, edge::end, false), describe);
        row.judge(r.refuse(key, s, edge::start, true, {2, aad_len * 5}), describe);
      }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}
