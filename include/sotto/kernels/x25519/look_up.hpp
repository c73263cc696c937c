// SPDX-License-Identifier: BSL-1.0
// Reads the table of the base point's multiples in a time and an order that don't tell which one was wanted.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../../core/constant_time.hpp"
#include "../../cpu/target.hpp"
#include "base_table.hpp"

namespace sotto::inline SOTTO_ABI::kernels::x25519 {

/// A signed digit's absolute value, and its sign as a mask.
struct magnitude_and_sign {
  std::uint32_t magnitude, sign;
};

inline magnitude_and_sign split(std::int8_t digit) noexcept {
  const auto value = static_cast<std::uint32_t>(static_cast<std::int32_t>(digit));
  const std::uint32_t sign = core::value_barrier(0u - (value >> 31));
  return {(value ^ sign) - sign, sign};
}

/// digit 256^window B as the table has it: y + x, y - x and 2 d x y, the last one still without the digit's sign, which
/// is returned as a mask. Reads every entry of the window. Digit 0 gives the neutral element, (1, 1, 0).
inline std::uint32_t look_up(std::uint64_t (&q)[12], std::size_t window, std::int8_t digit) noexcept {
  const auto d = split(digit);
  std::uint64_t mask[base_multiples];
  for (std::uint32_t j = 0; j < base_multiples; ++j)
    mask[j] = std::uint64_t{0} - (core::mask_if_zero(d.magnitude ^ (j + 1)) & 1u);
  for (std::size_t w = 0; w < 12; ++w) {
    std::uint64_t sum = 0;
    SOTTO_UNROLL
    for (std::size_t j = 0; j < base_multiples; ++j) sum |= base_table[window][j][w] & mask[j];
    q[w] = sum;
  }
  const std::uint32_t none = core::mask_if_zero(d.magnitude) & 1u;
  q[0] |= none;
  q[4] |= none;
  const std::uint64_t swap = std::uint64_t{0} - (d.sign & 1u);  // -(x, y) = (-x, y)
  for (std::size_t w = 0; w < 4; ++w) {
    const std::uint64_t difference = swap & (q[w] ^ q[w + 4]);
    q[w] ^= difference;
    q[w + 4] ^= difference;
  }
  return d.sign;
}

}  // namespace sotto::inline SOTTO_ABI::kernels::x25519
