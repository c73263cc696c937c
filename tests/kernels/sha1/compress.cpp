// SPDX-License-Identifier: BSL-1.0
// Every SHA-1 kernel gives the published digests and equals the reference for every number of blocks at any alignment.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "sotto/core/bytes.hpp"
#include "sotto/kernels/sha1/select.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/guard_pages.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

namespace sha1 = sotto::kernels::sha1;
using bytes = std::vector<std::uint8_t>;

namespace {

/// FIPS 180-4 5.1.1 by the letter: a one bit, zeros to 56 modulo 64, the length in bits.
bytes padded(bytes message) {
  const std::uint64_t bits = std::uint64_t{message.size()} * 8;
  message.push_back(0x80);
  while (message.size() % 64 != 56) message.push_back(0);
  for (int shift = 56; shift >= 0; shift -= 8) message.push_back(static_cast<std::uint8_t>(bits >> shift));
  return message;
}

bytes digest_of(const sha1::state& s) {
  bytes digest(sha1::digest_len);
  for (std::size_t i = 0; i < 5; ++i) sotto::core::store_be32(digest.data() + 4 * i, s.h[i]);
  return digest;
}

sha1::state random_state(std::uint64_t seed) {
  support::pattern p(seed);
  sha1::state s;
  for (auto& h : s.h) h = static_cast<std::uint32_t>(p.next());
  return s;
}

bool same(const sha1::state& a, const sha1::state& b) { return std::memcmp(a.h, b.h, sizeof a.h) == 0; }

}  // namespace

TEST_CASE("SHA-1 kernels: published digests") {
  const auto records = support::read_vectors("sha1.txt");
  for (const auto* kernel : support::runnable(sha1::candidates)) {
    for (const auto& r : records) {
      INFO(kernel->name << " " << r.where());
      const bytes message = padded(r["message"]);
      sha1::state s = sha1::initial_state;
      kernel->compress(s, message.data(), message.size() / sha1::block_len);
      REQUIRE(digest_of(s) == r["digest"]);
    }
  }
}

TEST_CASE("SHA-1 kernels: every number of blocks from any state") {
  support::guard_pages memory(20 * sha1::block_len);
  for (const auto* kernel : support::runnable(sha1::candidates)) {
    support::row row;
    for (std::size_t count = 0; count <= 20; ++count) {
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const bytes blocks = support::pattern_bytes(seed, count * sha1::block_len);
        sha1::state expected = random_state(seed);
        for (std::size_t i = 0; i < count; ++i) sha1::portable::compress(expected, blocks.data() + 64 * i, 1);
        for (const auto at : {support::edge::start, support::edge::end}) {
          sha1::state s = random_state(seed);
          kernel->compress(s, memory.place(at, blocks), count);
          row.judge(same(s, expected) ? nullptr : "wrong state", [&] { return std::to_string(count) + " blocks"; });
        }
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("SHA-1 kernels: every alignment") {
  for (const auto* kernel : support::runnable(sha1::candidates)) {
    support::row row;
    for (std::size_t a = 0; a < 64; ++a) {
      const bytes blocks = support::pattern_bytes(a, 3 * sha1::block_len);
      alignas(64) std::uint8_t memory[4 * sha1::block_len];
      std::memcpy(memory + a, blocks.data(), blocks.size());
      sha1::state s = random_state(a), expected = s;
      kernel->compress(s, memory + a, 3);
      sha1::portable::compress(expected, blocks.data(), 3);
      row.judge(same(s, expected) ? nullptr : "wrong state", [&] { return "alignment " + std::to_string(a); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}
