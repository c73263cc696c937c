// SPDX-License-Identifier: BSL-1.0
// Poly1305 (RFC 8439 2.5) in radix 2^64, where the machine multiplies 64 by 64 bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
#include "../../cpu/target.hpp"

#if defined(__SIZEOF_INT128__)
#define SOTTO_HAS_POLY1305_64 1
#elif defined(_MSC_VER) && (defined(_M_X64) || defined(_M_ARM64))
#include <intrin.h>
#define SOTTO_HAS_POLY1305_64 1
#else
#define SOTTO_HAS_POLY1305_64 0
#endif

#if SOTTO_HAS_POLY1305_64
namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305 {

#if defined(__SIZEOF_INT128__)
__extension__ typedef unsigned __int128 uint128;
SOTTO_ALWAYS_INLINE uint128 product(std::uint64_t a, std::uint64_t b) noexcept { return static_cast<uint128>(a) * b; }
SOTTO_ALWAYS_INLINE std::uint64_t low_half(uint128 v) noexcept { return static_cast<std::uint64_t>(v); }
SOTTO_ALWAYS_INLINE std::uint64_t high_half(uint128 v) noexcept { return static_cast<std::uint64_t>(v >> 64); }
SOTTO_ALWAYS_INLINE uint128 join(std::uint64_t low, std::uint64_t high) noexcept {
  return static_cast<uint128>(high) << 64 | low;
}
#else
struct uint128 {
  uint128(std::uint64_t low) noexcept : low(low), high(0) {}
  uint128(std::uint64_t low, std::uint64_t high) noexcept : low(low), high(high) {}
  friend uint128 operator+(uint128 a, uint128 b) noexcept {
    const std::uint64_t sum = a.low + b.low;
    return {sum, a.high + b.high + (sum < a.low)};
  }
  std::uint64_t low, high;
};
SOTTO_ALWAYS_INLINE uint128 product(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(_M_X64)
  std::uint64_t high;
  const std::uint64_t low = _umul128(a, b, &high);
  return {low, high};
#else
  return {a * b, __umulh(a, b)};
#endif
}
SOTTO_ALWAYS_INLINE std::uint64_t low_half(uint128 v) noexcept { return v.low; }
SOTTO_ALWAYS_INLINE std::uint64_t high_half(uint128 v) noexcept { return v.high; }
SOTTO_ALWAYS_INLINE uint128 join(std::uint64_t low, std::uint64_t high) noexcept { return {low, high}; }
#endif

/// 1 if adding b to a carried out of the sum. By the top bits of all three: comparing double words makes some compilers
/// branch.
SOTTO_ALWAYS_INLINE std::uint64_t carry_of(uint128 a, uint128 b, uint128 sum) noexcept {
  const std::uint64_t x = high_half(a), y = high_half(b);
  return ((x & y) | ((x | y) & ~high_half(sum))) >> 63;
}

/// A message under way. Plain, so that whoever holds one can wipe it; secret throughout.
struct poly1305_64 {
  std::uint64_t r[2];  ///< clamped: below 2^60, and r[1] is a multiple of 4
  std::uint64_t s[2];  ///< the second half of the one-time key
  std::uint64_t h[3];  ///< the accumulator: h[2] is at most 4

  /// RFC 8439 2.5.1: takes r, clamped, and s from the one-time key of 32 bytes.
  SOTTO_ALWAYS_INLINE void start(const std::uint8_t* one_time_key) noexcept {
    r[0] = core::load_le64(one_time_key) & 0x0ffffffc0fffffffu;
    r[1] = core::load_le64(one_time_key + 8) & 0x0ffffffc0ffffffcu;
    s[0] = core::load_le64(one_time_key + 16);
    s[1] = core::load_le64(one_time_key + 24);
    h[0] = h[1] = h[2] = 0;
  }

  /// a = r * (a + n) modulo p for each block of 16 bytes; the bit behind it is 2^128 times `beyond`: 1, or 0 for a
  /// short last block that carries its own.
  SOTTO_ALWAYS_INLINE void blocks(const std::uint8_t* data, std::size_t count, std::uint64_t beyond = 1) noexcept {
    const std::uint64_t r0 = r[0], r1 = r[1];
    // r1 * 2^128 = (r1 / 4) * 2^130, and 2^130 = 5 modulo p.
    const std::uint64_t v1 = r1 + (r1 >> 2);
    // Sums of two words at a time: compilers make most of these.
    uint128 h01 = join(h[0], h[1]);
    std::uint64_t h2 = h[2];
    for (; count != 0; --count, data += 16) {
      const uint128 n = join(core::load_le64(data), core::load_le64(data + 8));
      const uint128 sum = h01 + n;
      h2 += beyond + carry_of(h01, n, sum);  // at most 6

      // Each product of h0 or h1 is below 2^124.4, so d0 and d1 stay below 2^126.
      const std::uint64_t h0 = low_half(sum), h1 = high_half(sum);
      const uint128 d0 = product(h0, r0) + product(h1, v1);
      const uint128 d1 = product(h0, r1) + product(h1, r0) + h2 * v1 + high_half(d0);  // h2 * v1 < 2^63
      const std::uint64_t d2 = h2 * r0 + high_half(d1);                                // below 2^63.4

      const uint128 fold = (d2 >> 2) + (d2 & ~std::uint64_t{3});  // 5 * (d2 / 4), below 2^63.8
      const uint128 low = join(low_half(d0), low_half(d1));
      h01 = low + fold;
      h2 = (d2 & 3) + carry_of(low, fold, h01);
    }
    h[0] = low_half(h01);
    h[1] = high_half(h01);
    h[2] = h2;
  }

  /// The tag: (a modulo p) + s, modulo 2^128.
  SOTTO_ALWAYS_INLINE void finish(std::uint8_t* tag) const noexcept {
    // a is below 2p, and a >= p exactly if a + 5 >= 2^130; a - p = a + 5 - 2^130, and the tag sees nothing above 2^128.
    uint128 sum = static_cast<uint128>(h[0]) + 5u;
    sum = static_cast<uint128>(h[1]) + high_half(sum);
    const std::uint64_t beyond_p = (h[2] + high_half(sum)) >> 2;
    sum = static_cast<uint128>(h[0]) + s[0] + 5 * beyond_p;
    core::store_le64(tag, low_half(sum));
    core::store_le64(tag + 8, h[1] + s[1] + high_half(sum));
  }
};

}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305
#endif
