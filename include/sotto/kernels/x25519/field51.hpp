// SPDX-License-Identifier: BSL-1.0
// GF(2^255 - 19) in five limbs of 51 bits, for machines that multiply 64 by 64 bits to 128.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
#include "../../core/constant_time.hpp"
#include "../../cpu/target.hpp"

#if defined(__SIZEOF_INT128__)
#define SOTTO_X25519_HAS_FIELD51 1
#elif defined(_M_X64) || defined(_M_ARM64)
#include <intrin.h>
#define SOTTO_X25519_HAS_FIELD51 1
#else
#define SOTTO_X25519_HAS_FIELD51 0
#endif

#if SOTTO_X25519_HAS_FIELD51

namespace sotto::inline SOTTO_ABI::kernels::x25519 {

/// The number limb[0] + limb[1] 2^51 + … + limb[4] 2^204, of which only the residue matters. Each limb is at most
/// Units * (2^51 + 2^15): what a multiplication leaves is one unit, sums add up their units in the type, and a product
/// that could overflow doesn't compile.
template <unsigned Units>
struct fe51 {
  static_assert(Units * 19u < 8191u, "19 times a limb must fit 64 bits");
  std::uint64_t limb[5];
};

struct field51 {
  template <unsigned Units>
  using element = fe51<Units>;

  static constexpr std::uint64_t mask = (std::uint64_t{1} << 51) - 1;

  /// A sum of products.
  struct wide {
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 uint128;
    uint128 v;

    SOTTO_ALWAYS_INLINE void add(std::uint64_t a, std::uint64_t b) noexcept { v += uint128{a} * b; }
    SOTTO_ALWAYS_INLINE std::uint64_t low() const noexcept { return static_cast<std::uint64_t>(v) & mask; }
    SOTTO_ALWAYS_INLINE std::uint64_t high() const noexcept { return static_cast<std::uint64_t>(v >> 51); }
#else
    std::uint64_t lo, hi;

    SOTTO_ALWAYS_INLINE void add(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(_M_X64)
      std::uint64_t h;
      const std::uint64_t l = _umul128(a, b, &h);
#else
      const std::uint64_t l = a * b, h = __umulh(a, b);
#endif
      lo += l;
      hi += h + (lo < l ? 1 : 0);
    }
    SOTTO_ALWAYS_INLINE std::uint64_t low() const noexcept { return lo & mask; }
    SOTTO_ALWAYS_INLINE std::uint64_t high() const noexcept { return (hi << 13) | (lo >> 51); }
#endif
  };

  static fe51<1> zero() noexcept { return {{0}}; }
  static fe51<1> one() noexcept { return {{1}}; }

  /// Four little-endian words without the top bit; any value below 2^255.
  SOTTO_ALWAYS_INLINE static fe51<1> from_words(const std::uint64_t* w) noexcept {
    return {{w[0] & mask, ((w[0] >> 51) | (w[1] << 13)) & mask, ((w[1] >> 38) | (w[2] << 26)) & mask,
             ((w[2] >> 25) | (w[3] << 39)) & mask, (w[3] >> 12) & mask}};
  }

  /// The smallest representative. One unit is below 2 p, so that at most one p is to be taken off.
  static void store(std::uint8_t* p, const fe51<1>& f) noexcept {
    std::uint64_t t[5], carry = 19;
    for (std::size_t i = 0; i < 5; ++i) carry = (f.limb[i] + carry) >> 51;
    // carry is now 1 if f >= p, else 0; adding 19 and leaving out bit 255 takes p off.
    carry *= 19;
    for (std::size_t i = 0; i < 5; ++i) {
      t[i] = f.limb[i] + carry;
      carry = t[i] >> 51;
      t[i] &= mask;
    }
    core::store_le64(p, t[0] | (t[1] << 51));
    core::store_le64(p + 8, (t[1] >> 13) | (t[2] << 38));
    core::store_le64(p + 16, (t[2] >> 26) | (t[3] << 25));
    core::store_le64(p + 24, (t[3] >> 39) | (t[4] << 12));
  }

  /// From five columns to one unit. Let the factors have A and B units with AB <= 64, and write U for 2^51. A column
  /// sums at most 5 products, those beyond 2^255 counted 19 times: 77 AB U^2 < 2^115 in column 0 and less in the
  /// others. So high() < 2^64; the topmost one is 5 AB U at most, since nothing in column 4 counts 19 times, and 19
  /// times that still fits. Limbs are below (1 + 95 AB) U after the first round, and the fourth, with what column 3
  /// has, below (1 + 24 AB) U. The second round then leaves U + 19 (1 + 24 AB) < U + 2^15.
  SOTTO_ALWAYS_INLINE static fe51<1> carry(const wide& r0, const wide& r1, const wide& r2, const wide& r3,
                                           const wide& r4) noexcept {
    const std::uint64_t t0 = r0.low() + 19 * r4.high(), t1 = r1.low() + r0.high(), t2 = r2.low() + r1.high(),
                        t3 = r3.low() + r2.high(), t4 = r4.low() + r3.high();
    return {{(t0 & mask) + 19 * (t4 >> 51), (t1 & mask) + (t0 >> 51), (t2 & mask) + (t1 >> 51),
             (t3 & mask) + (t2 >> 51), (t4 & mask) + (t3 >> 51)}};
  }
};

template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE fe51<A + B> add(const fe51<A>& f, const fe51<B>& g) noexcept {
  fe51<A + B> r;
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 5; ++i) r.limb[i] = f.limb[i] + g.limb[i];
  return r;
}

/// f + (B + 1) p - g: every limb of (B + 1) p exceeds B units.
template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE fe51<A + B + 1> sub(const fe51<A>& f, const fe51<B>& g) noexcept {
  constexpr std::uint64_t p0 = field51::mask - 18, p1 = field51::mask;
  static_assert((B + 1) * p0 >= B * (p1 + 1 + 0x8000));
  fe51<A + B + 1> r;
  r.limb[0] = f.limb[0] + (B + 1) * p0 - g.limb[0];
  SOTTO_UNROLL
  for (std::size_t i = 1; i < 5; ++i) r.limb[i] = f.limb[i] + (B + 1) * p1 - g.limb[i];
  return r;
}

template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE fe51<1> mul(const fe51<A>& f, const fe51<B>& g) noexcept {
  static_assert(A * B <= 64);
  const std::uint64_t f0 = f.limb[0], f1 = f.limb[1], f2 = f.limb[2], f3 = f.limb[3], f4 = f.limb[4];
  const std::uint64_t g0 = g.limb[0], g1 = g.limb[1], g2 = g.limb[2], g3 = g.limb[3], g4 = g.limb[4];
  // 2^255 = 19
  const std::uint64_t h1 = 19 * g1, h2 = 19 * g2, h3 = 19 * g3, h4 = 19 * g4;
  field51::wide r0{}, r1{}, r2{}, r3{}, r4{};
  r0.add(f0, g0), r0.add(f1, h4), r0.add(f2, h3), r0.add(f3, h2), r0.add(f4, h1);
  r1.add(f0, g1), r1.add(f1, g0), r1.add(f2, h4), r1.add(f3, h3), r1.add(f4, h2);
  r2.add(f0, g2), r2.add(f1, g1), r2.add(f2, g0), r2.add(f3, h4), r2.add(f4, h3);
  r3.add(f0, g3), r3.add(f1, g2), r3.add(f2, g1), r3.add(f3, g0), r3.add(f4, h4);
  r4.add(f0, g4), r4.add(f1, g3), r4.add(f2, g2), r4.add(f3, g1), r4.add(f4, g0);
  return field51::carry(r0, r1, r2, r3, r4);
}

template <unsigned A>
SOTTO_ALWAYS_INLINE fe51<1> square(const fe51<A>& f) noexcept {
  static_assert(A * A <= 64);
  const std::uint64_t f0 = f.limb[0], f1 = f.limb[1], f2 = f.limb[2], f3 = f.limb[3], f4 = f.limb[4];
  const std::uint64_t d0 = 2 * f0, d1 = 2 * f1, d2 = 2 * f2, h3 = 19 * f3, h4 = 19 * f4, k4 = 2 * h4;
  static_assert(2 * 19 * A < 8191, "k4 must fit 64 bits");
  field51::wide r0{}, r1{}, r2{}, r3{}, r4{};
  r0.add(f0, f0), r0.add(f1, k4), r0.add(d2, h3);
  r1.add(d0, f1), r1.add(f2, k4), r1.add(f3, h3);
  r2.add(d0, f2), r2.add(f1, f1), r2.add(f3, k4);
  r3.add(d0, f3), r3.add(d1, f2), r3.add(f4, h4);
  r4.add(d0, f4), r4.add(d1, f3), r4.add(f2, f2);
  return field51::carry(r0, r1, r2, r3, r4);
}

/// f times a public constant below 2^17.
template <std::uint32_t Factor, unsigned A>
SOTTO_ALWAYS_INLINE fe51<1> mul_small(const fe51<A>& f) noexcept {
  static_assert(Factor < (1u << 17) && A <= 64, "at most 2^17 * 64 U^2 / U: far below what carry takes");
  field51::wide r0{}, r1{}, r2{}, r3{}, r4{};
  r0.add(f.limb[0], Factor), r1.add(f.limb[1], Factor), r2.add(f.limb[2], Factor);
  r3.add(f.limb[3], Factor), r4.add(f.limb[4], Factor);
  return field51::carry(r0, r1, r2, r3, r4);
}

/// a where mask is all ones, b where it is zero.
template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE auto select(std::uint32_t mask, const fe51<A>& a, const fe51<B>& b) noexcept {
  const std::uint64_t m = core::value_barrier(std::uint64_t{0} - (mask & 1));
  fe51<(A > B ? A : B)> r;
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 5; ++i) r.limb[i] = b.limb[i] ^ (m & (a.limb[i] ^ b.limb[i]));
  return r;
}

}  // namespace sotto::inline SOTTO_ABI::kernels::x25519

#endif
