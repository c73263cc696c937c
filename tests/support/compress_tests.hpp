// SPDX-License-Identifier: BSL-1.0
// What every compression kernel must do, for each hash: published digests, any number of blocks, any alignment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "catch.hpp"
#include "grid.hpp"
#include "guard_pages.hpp"
#include "hash_rig.hpp"
#include "pattern.hpp"
#include "runnable.hpp"
#include "vector_file.hpp"

namespace support {

template <class Rig>
void check_published_digests() {
  const auto records = read_vectors(std::string(Rig::name) + ".txt");
  for (const auto* kernel : runnable(Rig::candidates())) {
    for (const auto& r : records) {
      INFO(kernel->name << " " << r.where());
      const auto blocks = padded<Rig>(r["message"]);
      auto s = Rig::initial_state;
      kernel->compress(s, blocks.data(), blocks.size() / Rig::hash::block_len);
      REQUIRE(digest_of(s) == r["digest"]);
    }
  }
}

/// 0 to 64 blocks from random states, each end of the input at an unreadable page. The reference takes them one by one.
template <class Rig>
void check_numbers_of_blocks() {
  constexpr std::size_t block_len = Rig::hash::block_len;
  guard_pages memory(64 * block_len);
  for (const auto* kernel : runnable(Rig::candidates())) {
    row row;
    for (std::size_t count = 0; count <= 64; ++count) {
      for (std::uint64_t seed = 0; seed < (full_grid() ? 20 : 2); ++seed) {
        const auto blocks = pattern_bytes(seed, count * block_len);
        auto expected = random_state<Rig>(seed);
        for (std::size_t i = 0; i < count; ++i)
          reference(Rig::candidates()).compress(expected, blocks.data() + block_len * i, 1);
        for (const auto at : {edge::start, edge::end}) {
          auto s = random_state<Rig>(seed);
          kernel->compress(s, memory.place(at, blocks), count);
          row.judge(digest_of(s) == digest_of(expected) ? nullptr : "wrong state",
                    [&] { return std::to_string(count) + " blocks"; });
        }
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

template <class Rig>
void check_alignments() {
  constexpr std::size_t block_len = Rig::hash::block_len;
  for (const auto* kernel : runnable(Rig::candidates())) {
    row row;
    for (std::size_t a = 0; a < 64; ++a) {
      const auto blocks = pattern_bytes(a, 3 * block_len);
      alignas(64) std::uint8_t memory[3 * block_len + 64];
      std::memcpy(memory + a, blocks.data(), blocks.size());
      auto s = random_state<Rig>(a), expected = s;
      kernel->compress(s, memory + a, 3);
      reference(Rig::candidates()).compress(expected, blocks.data(), 3);
      row.judge(digest_of(s) == digest_of(expected) ? nullptr : "wrong state",
                [&] { return "alignment " + std::to_string(a); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

}  // namespace support
