// SPDX-License-Identifier: BSL-1.0
// Every AEAD kernel equals the reference at every alignment, and with buffers that touch one another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "aead_rig.hpp"
#include "catch.hpp"
#include "grid.hpp"
#include "runnable.hpp"

namespace support {

namespace detail {

inline constexpr std::size_t aligned_aad_len = 12;

/// Copies a part of a sample to an address and returns the address.
inline std::uint8_t* put(std::uint8_t* to, const octets& from) {
  if (!from.empty()) std::memcpy(to, from.data(), from.size());
  return to;
}

inline bool equal(const std::uint8_t* p, const octets& expected) {
  return expected.empty() || std::memcmp(p, expected.data(), expected.size()) == 0;
}

/// Seals from one alignment to another and back, with the tag behind the text, and the AAD and nonce misaligned too.
template <class Algorithm>
const char* round_trip(const keyed<Algorithm>& k, const aead_sample& s, std::size_t from, std::size_t to) {
  alignas(64) std::uint8_t in[1700], out[1700], small[192];
  std::memset(in, guard_pages::canary, sizeof in);
  std::memset(out, guard_pages::canary, sizeof out);
  const std::size_t len = s.text.size();
  const std::uint8_t* aad = put(small + from, s.aad);
  const std::uint8_t* nonce = put(small + 96 + to, s.nonce);

  k.kernel->seal(k.key, {nonce, aad, s.aad.size(), nullptr, 0, put(in + from, s.text), out + to, len}, out + to + len);
  if (!equal(out + to, s.sealed) || !equal(out + to + len, s.tag)) return "seal: wrong bytes";
  if (!guard_pages::is_canary(out, to) || !guard_pages::is_canary(out + to + len + 16, sizeof out - to - len - 16))
    return "seal: wrote outside";

  std::memset(in, guard_pages::canary, sizeof in);
  if (!k.kernel->open(k.key, {nonce, aad, s.aad.size(), nullptr, 0, out + to, in + from, len}, out + to + len))
    return "open: refused";
  if (!equal(in + from, s.text)) return "open: wrong bytes";
  if (!guard_pages::is_canary(in, from) || !guard_pages::is_canary(in + from + len, sizeof in - from - len))
    return "open: wrote outside";
  return nullptr;
}

}  // namespace detail

template <class Algorithm>
void every_alignment(std::size_t key_len) {
  const octets secret = pattern_bytes(9, key_len);
  for (const auto* kernel : runnable(Algorithm::candidates())) {
    const keyed<Algorithm> key(*kernel, secret);
    row cells;
    for (const std::size_t len : {0u,   1u,   15u,  16u,  17u,  20u,  31u,  48u,  63u,  64u,   65u,   127u, 128u,
                                  160u, 192u, 255u, 256u, 257u, 448u, 511u, 512u, 960u, 1024u, 1200u, 1500u}) {
      const aead_sample s = make_sample<Algorithm>(secret, detail::aligned_aad_len, len);
      for (std::size_t from = 0; from < 64; ++from) {
        cells.judge(detail::round_trip(key, s, from, (from * 29 + len) % 64),
                    [&] { return std::to_string(len) + " bytes at " + std::to_string(from); });
      }
    }
    for (const std::size_t len : {20u, 160u}) {
      const aead_sample s = make_sample<Algorithm>(secret, detail::aligned_aad_len, len);
      for (std::size_t from = 0; from < 64; ++from)
        for (std::size_t to = 0; to < 64; ++to)
          cells.judge(detail::round_trip(key, s, from, to), [&] {
            return std::to_string(len) + " bytes from " + std::to_string(from) + " to " + std::to_string(to);
          });
    }
    INFO(kernel->name);
    REQUIRE_ROW(cells);
  }
}

template <class Algorithm>
void side_by_side(std::size_t key_len) {
  const octets secret = pattern_bytes(9, key_len);
  for (const auto* kernel : runnable(Algorithm::candidates())) {
    const keyed<Algorithm> key(*kernel, secret);
    row cells;
    for (const std::size_t len : lengths_to(600)) {
      const aead_sample s = make_sample<Algorithm>(secret, detail::aligned_aad_len, len);
      for (const bool out_first : {false, true}) {
        // nonce | aad | in and out in either order | tag, without a byte between.
        octets m(12 + s.aad.size() + 2 * len + 16);
        const std::uint8_t* nonce = detail::put(m.data(), s.nonce);
        const std::uint8_t* aad = detail::put(m.data() + 12, s.aad);
        std::uint8_t* first = m.data() + 12 + s.aad.size();
        const std::uint8_t* in = detail::put(first + (out_first ? len : 0), s.text);
        std::uint8_t *out = first + (out_first ? 0 : len), *tag = first + 2 * len;
        kernel->seal(key.key, {nonce, aad, s.aad.size(), nullptr, 0, in, out, len}, tag);
        const bool right = detail::equal(out, s.sealed) && detail::equal(tag, s.tag) && detail::equal(in, s.text) &&
                           detail::equal(aad, s.aad) && detail::equal(nonce, s.nonce);
        cells.judge(right ? nullptr : "wrong bytes", [&] { return std::to_string(len) + " bytes"; });
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(cells);
  }
}

}  // namespace support
