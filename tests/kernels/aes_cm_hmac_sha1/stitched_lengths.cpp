// SPDX-License-Identifier: BSL-1.0
// Every AES-CM + HMAC-SHA1 kernel equals the reference at every text length 0..4096 behind the headers that packets
// have, with each tag length, in place and out of place, and refuses a forgery of each.
#include <cstdio>
#include <string>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/runnable.hpp"

using namespace stitched_test;

namespace {

constexpr std::size_t max_text = 4096, max_header = 72;
constexpr std::size_t tag_lens[] = {4, 10, 20};

void run(const secrets& secret, std::size_t header_len, const std::vector<std::size_t>& lengths) {
  const keyed reference(support::reference(stitched::candidates()), secret);
  for (const auto* kernel : support::runnable(stitched::candidates())) {
    const keyed key(*kernel, secret);
    rig r(max_header, max_text);
    support::row row;
    for (const std::size_t len : lengths) {
      sample s = make_sample(reference, header_len, len);
      std::size_t turn = len;
      for (const edge at : edges)
        for (const bool in_place : {false, true}) {
          const std::size_t tag_len = tag_lens[turn++ % 3];  // four layouts: each length meets all three
          const auto describe = [&] {
            return std::to_string(len) + " bytes, tag " + std::to_string(tag_len) + (in_place ? ", in place" : "");
          };
          row.judge(r.seal(key, s, at, in_place, tag_len), describe);
          row.judge(r.open(key, s, at, in_place, tag_len), describe);
          row.judge(r.refuse(key, s, at, in_place, tag_len, turn * 1009), describe);
        }
    }
    INFO(kernel->name << ", " << secret.cipher.size() << "-byte key, header of " << header_len);
    REQUIRE_ROW(row);
  }
}

}  // namespace

TEST_CASE("stitched kernels: how much of the grid runs") {
  const auto lengths = support::lengths_to(max_text);
  if (const char* why = support::why_subset())
    std::printf("AES-CM + HMAC-SHA1 grid: %zu of %zu lengths (%s)\n", lengths.size(), max_text + 1, why);
  else
    std::printf("AES-CM + HMAC-SHA1 grid: all %zu lengths\n", lengths.size());
  CHECK((support::full_grid() ? lengths.size() == max_text + 1 : lengths.size() > 300));
}

TEST_CASE("stitched kernels: every length behind every header") {
  for (const std::size_t header_len : {0u, 8u, 12u, 16u, 20u, 28u, 72u})
    run(make_secrets(16, 20), header_len, support::lengths_to(max_text));
}

TEST_CASE("stitched kernels: longer keys") {
  run(make_secrets(24, 20), 12, support::lengths_to(1100));
  run(make_secrets(32, 20), 12, support::lengths_to(1100));
}
