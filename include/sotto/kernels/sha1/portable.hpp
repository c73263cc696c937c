// SPDX-License-Identifier: BSL-1.0
// SHA-1's compression function in the order of FIPS 180-4 6.1.2. The reference for every other kernel.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
#include "../../core/secret.hpp"
#include "../../cpu/target.hpp"
#include "contract.hpp"

namespace sotto::inline SOTTO_ABI::kernels::sha1::portable {

/// f_t + K_t (FIPS 180-4 4.1.1 and 4.2.1). Ch and Maj in forms with one operation fewer.
template <std::size_t T>
SOTTO_ALWAYS_INLINE std::uint32_t mix(std::uint32_t b, std::uint32_t c, std::uint32_t d) noexcept {
  if constexpr (T < 20) {
    return (d ^ (b & (c ^ d))) + 0x5a827999u;
  } else if constexpr (T < 40) {
    return (b ^ c ^ d) + 0x6ed9eba1u;
  } else if constexpr (T < 60) {
    return ((b & c) | (d & (b | c))) + 0x8f1bbcdcu;
  } else {
    return (b ^ c ^ d) + 0xca62c1d6u;
  }
}

/// Step t. Rather than move a to b and so on, the five variables change roles: a is v[-t mod 5], b the next …
template <std::size_t T>
SOTTO_ALWAYS_INLINE void step(std::uint32_t (&v)[5], std::uint32_t (&w)[16]) noexcept {
  if constexpr (T >= 16) w[T % 16] = std::rotl(w[(T - 3) % 16] ^ w[(T - 8) % 16] ^ w[(T - 14) % 16] ^ w[T % 16], 1);
  const std::uint32_t a = v[(80 - T) % 5], c = v[(82 - T) % 5], d = v[(83 - T) % 5];
  std::uint32_t &b = v[(81 - T) % 5], &e = v[(84 - T) % 5];
  e += std::rotl(a, 5) + mix<T>(b, c, d) + w[T % 16];
  b = std::rotl(b, 30);
}

template <std::size_t... T>
SOTTO_ALWAYS_INLINE void steps(std::uint32_t (&v)[5], std::uint32_t (&w)[16], std::index_sequence<T...>) noexcept {
  (step<T>(v, w), ...);
}

inline void compress(state& s, const std::uint8_t* blocks, std::size_t count) noexcept {
  std::uint32_t w[16], v[5];
  const core::wipe_at_exit guard(w);  // sixteen words of an HMAC pad's schedule give its key away
  for (; count != 0; --count, blocks += block_len) {
    for (std::size_t i = 0; i < 5; ++i) v[i] = s.h[i];
    for (std::size_t t = 0; t < 16; ++t) w[t] = core::load_be32(blocks + 4 * t);
    steps(v, w, std::make_index_sequence<80>{});
    for (std::size_t i = 0; i < 5; ++i) s.h[i] += v[i];
  }
}

inline constexpr kernel table{&compress, "portable"};

}  // namespace sotto::inline SOTTO_ABI::kernels::sha1::portable
