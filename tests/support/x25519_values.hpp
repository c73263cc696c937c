// SPDX-License-Identifier: BSL-1.0
// Scalars and points at which X25519 could go wrong: 32 bytes each, little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hex.hpp"

namespace x25519_test {

using octets = std::vector<std::uint8_t>;

/// Modulo 2^256.
inline octets plus(octets a, const octets& b) {
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(a[i] + b[i]);
    a[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  return a;
}

/// Modulo 2^256; value may be negative.
inline octets plus(const octets& a, int value) {
  octets b(32, value < 0 ? 0xff : 0);
  b[0] = static_cast<std::uint8_t>(value);
  return plus(a, b);
}

inline octets little(int value) { return plus(octets(32), value); }

inline octets power_of_two(std::size_t k) {
  octets a(32);
  a[k / 8] = static_cast<std::uint8_t>(1u << (k % 8));
  return a;
}

inline octets with_top_bit(octets a) {
  a[31] |= 0x80;
  return a;
}

inline const octets base_point = little(9);
/// p = 2^255 - 19.
inline const octets field_prime = plus(power_of_two(255), -19);
/// RFC 7748 4.1: the order of the base point.
inline const octets group_order =
    plus(power_of_two(252), support::from_hex("edd3f55c1a631258d69cf7a2def9de14 00000000000000000000000000000000"));

inline std::vector<octets> edge_scalars() {
  std::vector<octets> all{octets(32), octets(32, 0xff), plus(power_of_two(255), -1)};
  // Single bits; what one byte of all is; runs of ones and zeros, which are long carries of signed digits.
  for (std::size_t k = 0; k < 256; ++k) all.push_back(power_of_two(k));
  for (std::size_t k = 0; k < 256; k += 5) all.push_back(plus(power_of_two(k), -1));
  for (const int byte : {0x55, 0xaa, 0x77, 0x78, 0x87, 0x88, 0x80, 0x08, 0x7f, 0xf7})
    all.push_back(octets(32, static_cast<std::uint8_t>(byte)));
  octets multiple = group_order;
  for (int m = 1; m < 16; ++m, multiple = plus(multiple, group_order))
    for (const int near : {-9, -8, -1, 0, 1, 8, 9}) all.push_back(plus(multiple, near));
  return all;
}

/// Every encoding of the points whose order divides eight, on the curve and on its twist. The top bit doesn't count;
/// from 2^255 - 19 to 2^255 - 1 there is a second encoding of 0 to 18.
inline std::vector<octets> low_order_points() {
  const std::vector<octets> canonical{
      octets(32),                                                                             // order 2
      little(1),                                                                              // order 4
      plus(field_prime, -1),                                                                  // order 4, on the twist
      support::from_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),  // order 8
      support::from_hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),  // order 8
      field_prime,                                                                            // 0
      plus(field_prime, 1),                                                                   // 1
  };
  std::vector<octets> all = canonical;
  for (const octets& u : canonical) all.push_back(with_top_bit(u));
  return all;
}

/// Points next to the low-order ones and to the ends of encodings; none of low order.
inline std::vector<octets> ordinary_points() {
  std::vector<octets> all{base_point, plus(power_of_two(255), -1), octets(32, 0xff)};
  for (int k = 2; k <= 20; ++k) {
    all.push_back(little(k));
    all.push_back(plus(field_prime, -k));
  }
  for (int k = 2; k <= 18; ++k) all.push_back(plus(field_prime, k));
  // 2p - 1, 2p and 2p + 1 would be of low order if the top bit counted.
  for (int k = -1; k <= 1; ++k) all.push_back(plus(plus(field_prime, field_prime), k));
  for (const octets& low : low_order_points())
    for (const int near : {-3, 3}) all.push_back(plus(low, near));
  for (std::size_t k = 1; k < 255; ++k) {
    all.push_back(power_of_two(k));
    if (k != 1) all.push_back(plus(power_of_two(k), -1));
  }
  return all;
}

}  // namespace x25519_test
