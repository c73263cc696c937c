// SPDX-License-Identifier: BSL-1.0
// The grids that every kernel of every AEAD passes: lengths, AAD, alignments, forgeries. See aead_rig.hpp for
// Algorithm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "aead_rig.hpp"
#include "catch.hpp"
#include "grid.hpp"
#include "pattern.hpp"
#include "runnable.hpp"
#include "vector_file.hpp"

namespace support {

inline constexpr std::size_t grid_text_len = 4096;

/// Prints and checks how much of the grid of lengths this build runs.
inline void state_grid(const char* algorithm) {
  const auto lengths = lengths_to(grid_text_len);
  if (const char* why = why_subset())
    std::printf("%s grid: %zu of %zu lengths (%s)\n", algorithm, lengths.size(), grid_text_len + 1, why);
  else
    std::printf("%s grid: all %zu lengths\n", algorithm, lengths.size());
  CHECK((full_grid() ? lengths.size() == grid_text_len + 1 : lengths.size() > 300));
}

/// Every length, in place and out of place, at both edges, and a forgery of each.
template <class Algorithm>
void every_length(std::size_t key_len, std::size_t aad_len) {
  const octets secret = pattern_bytes(key_len, key_len);
  std::vector<keyed<Algorithm>> keys;
  for (const auto* kernel : runnable(Algorithm::candidates())) keys.emplace_back(*kernel, secret);
  std::vector<row> rows(keys.size());

  aead_rig<Algorithm> r(grid_text_len, 32);
  for (const std::size_t len : lengths_to(grid_text_len)) {
    aead_sample s = make_sample<Algorithm>(secret, aad_len, len);
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

/// AAD of 0..256 bytes with texts of 0..64, however the AAD is split between its two parts.
template <class Algorithm>
void every_aad(std::size_t key_len) {
  constexpr std::size_t max_aad = 256, max_text = 64;
  const octets secret = pattern_bytes(5, key_len);
  const auto texts = thinned(up_to(max_text), 5);
  const std::size_t tail_step = full_grid() ? 1 : 5;
  for (const auto* kernel : runnable(Algorithm::candidates())) {
    const keyed<Algorithm> key(*kernel, secret);
    aead_rig<Algorithm> r(max_text, max_aad);
    row cells;
    for (std::size_t aad_len = 0; aad_len <= max_aad; ++aad_len)
      for (const std::size_t text_len : texts) {
        aead_sample s = make_sample<Algorithm>(secret, aad_len, text_len);
        for (std::size_t tail = 0; tail <= sotto::kernels::aead_aad_tail_max && tail <= aad_len; tail += tail_step) {
          s.tail_len = tail;
          const std::size_t turn = aad_len + text_len + tail;
          const edge at = turn % 2 == 0 ? edge::start : edge::end;
          const bool in_place = turn % 4 < 2;
          const auto describe = [&] {
            return std::to_string(text_len) + " bytes, AAD " + std::to_string(aad_len) + ", tail " +
                   std::to_string(tail);
          };
          cells.judge(r.seal(key, s, at, in_place), describe);
          cells.judge(r.open(key, s, at, in_place), describe);
          // The wrong bit wanders through the AAD, head and tail.
          cells.judge(r.refuse(key, s, at, in_place, {2, 8 * aad_len - 1 - 8 * (turn % (aad_len + 1))}), describe);
        }
      }
    INFO(kernel->name);
    REQUIRE_ROW(cells);
  }
}

template <class Algorithm>
void long_aad(std::size_t key_len) {
  const octets secret = pattern_bytes(6, key_len);
  for (const auto* kernel : runnable(Algorithm::candidates())) {
    const keyed<Algorithm> key(*kernel, secret);
    aead_rig<Algorithm> r(64, 70000);
    row cells;
    for (const std::size_t aad_len : {1000u, 4095u, 4096u, 65535u, 65536u, 65537u, 70000u})
      for (const std::size_t tail : {0u, 4u, 16u}) {
        aead_sample s = make_sample<Algorithm>(secret, aad_len, 33);
        s.tail_len = tail;
        const auto describe = [&] { return "AAD " + std::to_string(aad_len); };
        cells.judge(r.seal(key, s, edge::end, true), describe);
        cells.judge(r.open(key, s, edge::end, false), describe);
        cells.judge(r.refuse(key, s, edge::start, true, {2, aad_len * 5}), describe);
      }
    INFO(kernel->name);
    REQUIRE_ROW(cells);
  }
}

/// Texts whose block counter passes 2^16 where a block has 16 bytes.
template <class Algorithm>
void long_texts(std::size_t key_len) {
  constexpr std::size_t longest = (1u << 20) + 5, aad_len = 12;
  const octets secret = pattern_bytes(9, key_len);
  aead_rig<Algorithm> r(longest, aad_len);
  for (const std::size_t len : {65519u, 65520u, 65536u, 65537u, 100000u, static_cast<unsigned>(longest)}) {
    aead_sample s = make_sample<Algorithm>(secret, aad_len, len);
    for (const auto* kernel : runnable(Algorithm::candidates())) {
      const keyed<Algorithm> key(*kernel, secret);
      row cells;
      const auto describe = [&] { return std::to_string(len) + " bytes"; };
      cells.judge(r.seal(key, s, edge::end, false), describe);
      cells.judge(r.open(key, s, edge::start, true), describe);
      cells.judge(r.refuse(key, s, edge::end, false, {1, 8 * len - 1}), describe);
      INFO(kernel->name);
      REQUIRE_ROW(cells);
    }
  }
}

/// The records of a file with fields key, nonce, aad, plaintext, ciphertext and tag.
template <class Algorithm>
void published_packets(const char* file) {
  const auto records = read_vectors(file);
  aead_rig<Algorithm> r(512, 128);
  for (const auto* kernel : runnable(Algorithm::candidates())) {
    for (const auto& v : records) {
      aead_sample s{v["key"], v["nonce"], v["aad"], v["plaintext"], v["ciphertext"], v["tag"]};
      const keyed<Algorithm> key(*kernel, s.key);
      row cells;
      const auto describe = [&] { return v.where(); };
      for (const edge at : edges)
        for (const bool in_place : {false, true}) {
          cells.judge(r.seal(key, s, at, in_place), describe);
          cells.judge(r.open(key, s, at, in_place), describe);
          for (std::size_t part = 0; part < 4; ++part)
            cells.judge(r.refuse(key, s, at, in_place, {part, 77}), describe);
        }
      INFO(kernel->name);
      REQUIRE_ROW(cells);
    }
  }
}

template <class Algorithm>
void every_wrong_bit(std::size_t key_len) {
  const octets secret = pattern_bytes(3, key_len);
  aead_rig<Algorithm> r(64, 32);
  for (const auto* kernel : runnable(Algorithm::candidates())) {
    const keyed<Algorithm> key(*kernel, secret);
    row cells;
    for (const std::size_t text_len : {0u, 1u, 16u, 35u}) {
      aead_sample s = make_sample<Algorithm>(secret, 17, text_len);
      s.tail_len = 4;
      const std::size_t bits[] = {128, 8 * text_len, 8 * 17, 96};
      for (std::size_t part = 0; part < 4; ++part)
        for (std::size_t bit = 0; bit < bits[part]; ++bit)
          cells.judge(r.refuse(key, s, bit % 2 == 0 ? edge::start : edge::end, bit % 3 == 0, {part, bit}),
                      [&] { return "part " + std::to_string(part) + ", bit " + std::to_string(bit); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(cells);
  }
}

}  // namespace support
