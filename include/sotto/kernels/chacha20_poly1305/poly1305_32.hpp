// SPDX-License-Identifier: BSL-1.0
// Poly1305 (RFC 8439 2.5) in five limbs of 26 bits, with multiplications of 32 by 32 bits: for machines without wider
// ones, and in the order of the RFC's steps.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
#include "../../cpu/target.hpp"

namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305 {

/// A message under way. Plain, so that whoever holds one can wipe it; secret throughout.
struct poly1305_32 {
  static constexpr std::uint32_t limb_mask = (1u << 26) - 1;

  std::uint32_t r[5];  ///< clamped, below 2^26 each
  std::uint32_t s[4];  ///< the second half of the one-time key
  std::uint32_t h[5];  ///< the accumulator: h[1] below 2^26 + 2^9, the others below 2^26

  /// A 128-bit number in limbs.
  static SOTTO_ALWAYS_INLINE void split(std::uint32_t (&limb)[5], std::uint32_t w0, std::uint32_t w1, std::uint32_t w2,
                                        std::uint32_t w3) noexcept {
    limb[0] = w0 & limb_mask;
    limb[1] = ((w0 >> 26) | (w1 << 6)) & limb_mask;
    limb[2] = ((w1 >> 20) | (w2 << 12)) & limb_mask;
    limb[3] = ((w2 >> 14) | (w3 << 18)) & limb_mask;
    limb[4] = w3 >> 8;
  }

  /// RFC 8439 2.5.1: takes r, clamped, and s from the one-time key of 32 bytes.
  void start(const std::uint8_t* one_time_key) noexcept {
    split(r, core::load_le32(one_time_key) & 0x0fffffffu, core::load_le32(one_time_key + 4) & 0x0ffffffcu,
          core::load_le32(one_time_key + 8) & 0x0ffffffcu, core::load_le32(one_time_key + 12) & 0x0ffffffcu);
    for (int i = 0; i < 4; ++i) s[i] = core::load_le32(one_time_key + 16 + 4 * i);
    for (auto& limb : h) limb = 0;
  }

  /// a = r * (a + n) modulo p for each block of 16 bytes; the bit behind it is 2^128 times `beyond`: 1, or 0 for a
  /// short last block that carries its own.
  void blocks(const std::uint8_t* data, std::size_t count, std::uint32_t beyond = 1) noexcept {
    const std::uint64_t r0 = r[0], r1 = r[1], r2 = r[2], r3 = r[3], r4 = r[4];
    // 2^130 = 5 modulo p: what overflows the fifth limb returns to the first, five times.
    const std::uint64_t v1 = r1 * 5, v2 = r2 * 5, v3 = r3 * 5, v4 = r4 * 5;
    for (; count != 0; --count, data += 16) {
      std::uint32_t n[5];
      split(n, core::load_le32(data), core::load_le32(data + 4), core::load_le32(data + 8), core::load_le32(data + 12));
      // Below 2^27 + 2^9; a factor of r or v is below 2^28.4, and a column of five products below 2^58.
      const std::uint32_t a0 = h[0] + n[0], a1 = h[1] + n[1], a2 = h[2] + n[2], a3 = h[3] + n[3];
      const std::uint32_t a4 = h[4] + n[4] + (beyond << 24);

      std::uint64_t d0 = a0 * r0 + a1 * v4 + a2 * v3 + a3 * v2 + a4 * v1;
      std::uint64_t d1 = a0 * r1 + a1 * r0 + a2 * v4 + a3 * v3 + a4 * v2;
      std::uint64_t d2 = a0 * r2 + a1 * r1 + a2 * r0 + a3 * v4 + a4 * v3;
      std::uint64_t d3 = a0 * r3 + a1 * r2 + a2 * r1 + a3 * r0 + a4 * v4;
      std::uint64_t d4 = a0 * r4 + a1 * r3 + a2 * r2 + a3 * r1 + a4 * r0;

      d1 += d0 >> 26;
      d2 += d1 >> 26;
      d3 += d2 >> 26;
      d4 += d3 >> 26;
      d0 = (d0 & limb_mask) + (d4 >> 26) * 5;  // below 2^26 + 2^35
      h[0] = static_cast<std::uint32_t>(d0) & limb_mask;
      h[1] = (static_cast<std::uint32_t>(d1) & limb_mask) + static_cast<std::uint32_t>(d0 >> 26);
      h[2] = static_cast<std::uint32_t>(d2) & limb_mask;
      h[3] = static_cast<std::uint32_t>(d3) & limb_mask;
      h[4] = static_cast<std::uint32_t>(d4) & limb_mask;
    }
  }

  /// Adds to h[0] and lets every limb but the last carry; returns what is above 2^130.
  std::uint32_t add_and_carry(std::uint32_t (&limb)[5], std::uint32_t addend) const noexcept {
    std::uint32_t carry = addend;
    for (int i = 0; i < 5; ++i) {
      carry += h[i];
      limb[i] = carry & limb_mask;
      carry >>= 26;
    }
    return carry;
  }

  /// The tag: (a modulo p) + s, modulo 2^128.
  void finish(std::uint8_t* tag) const noexcept {
    // a is below 2p, and a >= p exactly if a + 5 >= 2^130; a - p = a + 5 - 2^130, and the tag sees nothing above 2^128.
    std::uint32_t limb[5];
    const std::uint32_t beyond_p = add_and_carry(limb, 5);
    (void)add_and_carry(limb, 5 * beyond_p);
    const std::uint32_t word[4] = {limb[0] | (limb[1] << 26), (limb[1] >> 6) | (limb[2] << 20),
                                   (limb[2] >> 12) | (limb[3] << 14), (limb[3] >> 18) | (limb[4] << 8)};
    std::uint64_t sum = 0;
    for (int i = 0; i < 4; ++i) {
      sum = (sum >> 32) + word[i] + s[i];
      core::store_le32(tag + 4 * i, static_cast<std::uint32_t>(sum));
    }
  }
};

}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305
