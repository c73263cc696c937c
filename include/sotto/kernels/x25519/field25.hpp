// SPDX-License-Identifier: BSL-1.0
// GF(2^255 - 19) in ten limbs of 26 and 25 bits in turn, for machines that multiply 32 by 32 bits to 64.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
#include "../../core/constant_time.hpp"
#include "../../cpu/target.hpp"

namespace sotto::inline SOTTO_ABI::kernels::x25519 {

/// The number limb[0] + limb[1] 2^26 + limb[2] 2^51 + … + limb[9] 2^230: limb i has the weight 2^ceil(25.5 i), and only
/// the residue matters. An even limb is at most Units * (2^26 + 2^13), an odd one Units * (2^25 + 2^13): what a
/// multiplication leaves is one unit, sums add up their units in the type, and a product that could overflow doesn't
/// compile.
template <unsigned Units>
struct fe25 {
  static_assert(Units < 32u, "a limb must fit 32 bits, twice an odd one too");
  std::uint32_t limb[10];
};

struct field25 {
  template <unsigned Units>
  using element = fe25<Units>;

  static constexpr unsigned bits(std::size_t i) noexcept { return i % 2 == 0 ? 26 : 25; }
  static constexpr std::uint32_t mask(std::size_t i) noexcept { return (std::uint32_t{1} << bits(i)) - 1; }

  static fe25<1> zero() noexcept { return {{0}}; }
  static fe25<1> one() noexcept { return {{1}}; }

  /// Four little-endian words without the top bit; any value below 2^255.
  static fe25<1> from_words(const std::uint64_t* w) noexcept {
    fe25<1> r;
    std::uint64_t held = 0;
    unsigned have = 0;
    for (std::size_t i = 0, next = 0; i < 10; ++i) {
      if (have < bits(i)) {
        held |= ((w[next / 2] >> (32 * (next % 2))) & 0xffffffffu) << have;
        ++next;
        have += 32;
      }
      r.limb[i] = static_cast<std::uint32_t>(held) & mask(i);
      held >>= bits(i);
      have -= bits(i);
    }
    return r;
  }

  /// The smallest representative. One unit is below 2 p, so that at most one p is to be taken off.
  static void store(std::uint8_t* p, const fe25<1>& f) noexcept {
    std::uint32_t carry = 19;
    for (std::size_t i = 0; i < 10; ++i) carry = (f.limb[i] + carry) >> bits(i);
    // carry is now 1 if f >= p, else 0; adding 19 and leaving out bit 255 takes p off.
    carry *= 19;
    std::uint64_t held = 0;
    unsigned have = 0;
    for (std::size_t i = 0; i < 10; ++i) {
      const std::uint32_t t = f.limb[i] + carry;
      carry = t >> bits(i);
      held |= std::uint64_t{t & mask(i)} << have;
      have += bits(i);
      if (have >= 32) {
        core::store_le32(p, static_cast<std::uint32_t>(held));
        p += 4;
        held >>= 32;
        have -= 32;
      }
    }
    core::store_le32(p, static_cast<std::uint32_t>(held));
  }

  /// From ten columns to one unit. Let the factors have A and B units with AB <= 32. The heaviest column, 0, sums
  /// f0 g0 + 19 (2 f1 g9 + f2 g8 + …), at most 125 AB (2^26 + 2^13)^2 < 2^64 - 2^40 with the carry into it. Column 9
  /// has no factor 19, at most 10 AB 2^51 (1 + 2^-12) < 2^60, so that what leaves it, 19 times, fits easily and puts at
  /// most 191 AB < 2^13 on top of limb 1.
  SOTTO_ALWAYS_INLINE static fe25<1> carry(std::uint64_t (&r)[10]) noexcept {
    fe25<1> t;
    for (std::size_t i = 0; i < 9; ++i) {
      r[i + 1] += r[i] >> bits(i);
      t.limb[i] = static_cast<std::uint32_t>(r[i]) & mask(i);
    }
    t.limb[9] = static_cast<std::uint32_t>(r[9]) & mask(9);
    const std::uint64_t r0 = t.limb[0] + 19 * (r[9] >> bits(9));
    t.limb[0] = static_cast<std::uint32_t>(r0) & mask(0);
    t.limb[1] += static_cast<std::uint32_t>(r0 >> bits(0));
    return t;
  }
};

template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE fe25<A + B> add(const fe25<A>& f, const fe25<B>& g) noexcept {
  fe25<A + B> r;
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 10; ++i) r.limb[i] = f.limb[i] + g.limb[i];
  return r;
}

/// f + (B + 1) p - g: every limb of (B + 1) p exceeds B units.
template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE fe25<A + B + 1> sub(const fe25<A>& f, const fe25<B>& g) noexcept {
  static_assert((B + 1) * (field25::mask(1) - 18) >= B * (field25::mask(1) + 1 + 0x2000));
  fe25<A + B + 1> r;
  for (std::size_t i = 0; i < 10; ++i)
    r.limb[i] = f.limb[i] + (B + 1) * (field25::mask(i) - (i == 0 ? 18 : 0)) - g.limb[i];
  return r;
}

/// Two odd limbs meet half a bit too low, hence their factor 2; 2^255 = 19.
template <unsigned A, unsigned B>
inline fe25<1> mul(const fe25<A>& f, const fe25<B>& g) noexcept {
  static_assert(A * B <= 32 && B <= 3, "19 times a limb of g must fit 32 bits");
  std::uint32_t f2[10], g19[10];
  for (std::size_t i = 0; i < 10; ++i) {
    f2[i] = f.limb[i] << (i % 2);
    g19[i] = 19 * g.limb[i];
  }
  std::uint64_t r[10] = {};
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 10; ++i) {
    SOTTO_UNROLL
    for (std::size_t j = 0; j < 10; ++j)
      r[(i + j) % 10] += std::uint64_t{j % 2 == 0 ? f.limb[i] : f2[i]} * (i + j < 10 ? g.limb[j] : g19[j]);
  }
  return field25::carry(r);
}

/// As mul, with each pair of different limbs taken once and doubled.
template <unsigned A>
inline fe25<1> square(const fe25<A>& f) noexcept {
  static_assert(A <= 3, "38 times an odd limb must fit 32 bits");
  std::uint32_t f2[10], g[10], g19[10];
  for (std::size_t i = 0; i < 10; ++i) {
    f2[i] = 2 * f.limb[i];
    g[i] = f.limb[i] << (i % 2);
    g19[i] = 19 * g[i];
  }
  std::uint64_t r[10] = {};
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 10; ++i) {
    SOTTO_UNROLL
    for (std::size_t j = i; j < 10; ++j) {
      const std::uint32_t x = i == j ? f.limb[i] : f2[i];
      r[(i + j) % 10] +=
          std::uint64_t{x} * (i % 2 == 0 ? (i + j < 10 ? f.limb[j] : 19 * f.limb[j]) : (i + j < 10 ? g[j] : g19[j]));
    }
  }
  return field25::carry(r);
}

/// f times a public constant below 2^17.
template <std::uint32_t Factor, unsigned A>
inline fe25<1> mul_small(const fe25<A>& f) noexcept {
  static_assert(Factor < (1u << 17), "with a limb of 32 bits at most 2^49: far below what carry takes");
  std::uint64_t r[10];
  for (std::size_t i = 0; i < 10; ++i) r[i] = std::uint64_t{f.limb[i]} * Factor;
  return field25::carry(r);
}

/// a where mask is all ones, b where it is zero.
template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE auto select(std::uint32_t mask, const fe25<A>& a, const fe25<B>& b) noexcept {
  const std::uint32_t m = core::value_barrier(mask);
  fe25<(A > B ? A : B)> r;
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 10; ++i) r.limb[i] = b.limb[i] ^ (m & (a.limb[i] ^ b.limb[i]));
  return r;
}

}  // namespace sotto::inline SOTTO_ABI::kernels::x25519
