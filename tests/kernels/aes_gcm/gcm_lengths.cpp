// SPDX-License-Identifier: BSL-1.0
// Every AES-GCM kernel equals the reference at every length 0..4096 with SRTP's AAD lengths, in place and out of place,
// and refuses a forgery of each.
#include <cstdio>
#include <string>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/runnable.hpp"

using namespace gcm_test;

namespace {

constexpr std::size_t max_len = 4096;

void run(std::size_t key_len, std::size_t aad_len, const std::vector<std::size_t>& lengths) {
  const bytes secret = support::pattern_bytes(key_len, key_len);
  const keyed reference(gcm::portable::table, secret);
  std::vector<keyed> keys;
  std::vector<support::row> rows;
  for (const auto* kernel : support::runnable(gcm::candidates)) keys.emplace_back(*kernel, secret);
  rows.resize(keys.size());

  rig r(max_len, 32);
  for (const std::size_t len : lengths) {
    sample s = make_sample(reference, secret, aad_len, len);
    for (std::size_t k = 0; k < keys.size(); ++k)
      for (const edge at : edges)
        for (const bool in_place : {false, true}) {
          const auto describe = [&] {
            return std::to_string(len) + " bytes" + (in_place ? ", in place" : "") +
                   (at == edge::end ? ", at end" : "");
          };
          rows[k].judge(r.seal(keys[k], s, at, in_place), describe);
          rows[k].judge(r.open(keys[k], s, at, in_place), describe);
          // Each length gets another kind of forgery; the kinds take turns over layouts and lengths.
          const std::size_t turn = len + (in_place ? 1u : 0u) + (at == edge::end ? 2u : 0u);
          rows[k].judge(r.refuse(keys[k], s, at, in_place, {turn, len * 37 + turn}), describe);
        }
  }
  for (std::size_t k = 0; k < keys.size(); ++k) {
    INFO(keys[k].kernel->name << ", " << key_len << "-byte key, " << aad_len << " bytes of AAD");
    REQUIRE_ROW(rows[k]);
  }
}

}  // namespace

TEST_CASE("AES-GCM kernels: how much of the grid runs") {
  const auto lengths = support::lengths_to(max_len);
  if (const char* why = support::why_subset())
    std::printf("AES-GCM grid: %zu of %zu lengths (%s)\n", lengths.size(), max_len + 1, why);
  else
    std::printf("AES-GCM grid: all %zu lengths\n", lengths.size());
  CHECK((support::full_grid() ? lengths.size() == max_len + 1 : lengths.size() > 300));
}

TEST_CASE("AES-GCM kernels: every length, 128-bit key") {
  for (const std::size_t aad_len : {0u, 12u, 16u, 20u}) run(16, aad_len, support::lengths_to(max_len));
}

TEST_CASE("AES-GCM kernels: every length, 256-bit key") {
  for (const std::size_t aad_len : {0u, 12u, 16u, 20u}) run(32, aad_len, support::lengths_to(max_len));
}

TEST_CASE("AES-GCM kernels: every length, 192-bit key") { run(24, 12, support::lengths_to(max_len)); }
