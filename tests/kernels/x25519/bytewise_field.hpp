// SPDX-License-Identifier: BSL-1.0
// GF(2^255 - 19) byte by byte, so slow and plain that it can judge the fast ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace bytewise {

/// Little-endian and below p.
using number = std::array<std::uint8_t, 32>;

/// The residue of columns of weight 256^i, each below 2^40.
inline number reduced(std::array<std::uint64_t, 64> column) {
  for (int round = 0; round < 3; ++round) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 64; ++i) {
      carry += column[i];
      column[i] = carry & 0xff;
      carry >>= 8;
    }
    column[0] += 38 * 38 * carry;  // 2^512
    for (std::size_t i = 32; i < 64; ++i) {
      column[i - 32] += 38 * column[i];  // 2^256
      column[i] = 0;
    }
  }
  for (int round = 0; round < 3; ++round) {  // 2^255
    const std::uint64_t top = column[31] >> 7;
    column[31] &= 0x7f;
    std::uint64_t carry = 19 * top;
    for (std::size_t i = 0; i < 32; ++i) {
      carry += column[i];
      column[i] = i < 31 ? carry & 0xff : carry;
      carry = i < 31 ? carry >> 8 : 0;
    }
  }
  bool at_least_p = column[0] >= 0xed && column[31] == 0x7f;
  for (std::size_t i = 1; i < 31; ++i) at_least_p = at_least_p && column[i] == 0xff;
  number r{};
  if (at_least_p)
    r[0] = static_cast<std::uint8_t>(column[0] - 0xed);
  else
    for (std::size_t i = 0; i < 32; ++i) r[i] = static_cast<std::uint8_t>(column[i]);
  return r;
}

inline number from(std::uint64_t value) {
  std::array<std::uint64_t, 64> c{};
  for (std::size_t i = 0; i < 8; ++i) c[i] = (value >> (8 * i)) & 0xff;
  return reduced(c);
}
inline number from(const std::uint8_t* bytes) {
  std::array<std::uint64_t, 64> c{};
  for (std::size_t i = 0; i < 32; ++i) c[i] = bytes[i];
  return reduced(c);
}
inline number add(const number& a, const number& b) {
  std::array<std::uint64_t, 64> c{};
  for (std::size_t i = 0; i < 32; ++i) c[i] = std::uint64_t{a[i]} + b[i];
  return reduced(c);
}
inline number mul(const number& a, const number& b) {
  std::array<std::uint64_t, 64> c{};
  for (std::size_t i = 0; i < 32; ++i)
    for (std::size_t j = 0; j < 32; ++j) c[i + j] += std::uint64_t{a[i]} * b[j];
  return reduced(c);
}
/// a + (p - 1) b
inline number sub(const number& a, const number& b) {
  number minus_one;
  minus_one.fill(0xff);
  minus_one[0] = 0xec;
  minus_one[31] = 0x7f;
  return add(a, mul(minus_one, b));
}
/// value * 2^shift
inline number shifted(std::uint64_t value, std::size_t shift) {
  number power{};
  power[shift / 8] = static_cast<std::uint8_t>(1u << shift % 8);
  return mul(from(value), from(power.data()));
}

}  // namespace bytewise
