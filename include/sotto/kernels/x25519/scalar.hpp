// SPDX-License-Identifier: BSL-1.0
// Scalars as every kernel reads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../../core/abi.hpp"
#include "contract.hpp"

namespace sotto::inline SOTTO_ABI::kernels::x25519 {

/// A scalar's bytes after decodeScalar25519: a multiple of 8 between 2^254 and 2^255.
struct clamped {
  std::uint8_t byte[key_len];

  std::uint32_t bit(std::size_t i) const noexcept { return (byte[i / 8] >> (i % 8)) & 1u; }
};

inline clamped clamp(const std::uint8_t* scalar) noexcept {
  clamped k;
  std::memcpy(k.byte, scalar, key_len);
  k.byte[0] &= 0xf8;
  k.byte[31] = static_cast<std::uint8_t>((k.byte[31] & 0x7f) | 0x40);
  return k;
}

/// The scalar as the sum of digit[i] 16^i with digits from -8 to 7, the last one from 4 to 8.
struct signed_digits {
  std::int8_t digit[64];
};

inline signed_digits recode(const clamped& k) noexcept {
  signed_digits d;
  unsigned carry = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    const unsigned v = ((k.byte[i / 2] >> (4 * (i % 2))) & 15u) + carry;  // 0 to 16
    carry = i == 63 ? 0 : (v + 8) >> 4;
    d.digit[i] = static_cast<std::int8_t>(static_cast<int>(v) - static_cast<int>(carry << 4));
  }
  return d;
}

}  // namespace sotto::inline SOTTO_ABI::kernels::x25519
