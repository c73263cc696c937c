// SPDX-License-Identifier: BSL-1.0
// Arithmetic modulo 2^255 - 19 as it is taught, and the groups on it by their affine laws: slow, branching, and sharing
// no idea with the kernels.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace x25519_test {

using octets = std::vector<std::uint8_t>;

/// A number below p = 2^255 - 19, its least digit first.
struct number {
  std::array<std::uint32_t, 8> digit{};
  friend bool operator==(const number&, const number&) = default;
};

inline constexpr number prime{{0xffffffedu, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x7fffffffu}};

inline number small(std::uint32_t value) { return {{value}}; }

inline bool is_below(const number& a, const number& b) {
  for (std::size_t i = 8; i-- != 0;)
    if (a.digit[i] != b.digit[i]) return a.digit[i] < b.digit[i];
  return false;
}

/// a - b for b <= a.
inline number difference(const number& a, const number& b) {
  number r;
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint64_t d = std::uint64_t{a.digit[i]} - b.digit[i] - borrow;
    r.digit[i] = static_cast<std::uint32_t>(d);
    borrow = d >> 63;
  }
  return r;
}

/// The remainder of a number of sixteen digits.
inline number reduced(std::array<std::uint32_t, 16> wide) {
  // 2^256 leaves 38, so that the upper half counts 38 times; until there is none.
  for (bool folded = false; !folded;) {
    std::array<std::uint32_t, 16> sum{};
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      carry += wide[i] + std::uint64_t{38} * wide[i + 8];
      sum[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    sum[8] = static_cast<std::uint32_t>(carry);
    folded = carry == 0;
    wide = sum;
  }
  number r;
  for (std::size_t i = 0; i < 8; ++i) r.digit[i] = wide[i];
  while (!is_below(r, prime)) r = difference(r, prime);
  return r;
}

inline number operator+(const number& a, const number& b) {
  std::array<std::uint32_t, 16> sum{};
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    carry += std::uint64_t{a.digit[i]} + b.digit[i];
    sum[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  return reduced(sum);
}

inline number operator-(const number& a, const number& b) { return a + difference(prime, b); }

inline number operator*(const number& a, const number& b) {
  std::array<std::uint32_t, 16> product{};
  for (std::size_t i = 0; i < 8; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < 8; ++j) {
      carry += product[i + j] + std::uint64_t{a.digit[i]} * b.digit[j];
      product[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    product[i + 8] = static_cast<std::uint32_t>(carry);
  }
  return reduced(product);
}

inline number power(const number& base, const number& exponent) {
  number r = small(1);
  for (std::size_t bit = 256; bit-- != 0;) {
    r = r * r;
    if ((exponent.digit[bit / 32] >> (bit % 32) & 1u) != 0) r = r * base;
  }
  return r;
}

/// By Fermat.
inline number operator/(const number& a, const number& b) { return a * power(b, difference(prime, small(2))); }

/// (p - 1) / 2, for Euler's criterion, and other such quotients by powers of two that leave nothing.
inline number shifted_down(number a, unsigned bits) {
  for (; bits != 0; --bits)
    for (std::size_t i = 0; i < 8; ++i) a.digit[i] = a.digit[i] >> 1 | (i + 1 < 8 ? a.digit[i + 1] << 31 : 0u);
  return a;
}

inline bool is_square(const number& a) {
  return a == number{} || power(a, shifted_down(difference(prime, small(1)), 1)) == small(1);
}

/// 32 bytes, little-endian, modulo p. Their top bit counts.
inline number number_of(const octets& bytes) {
  std::array<std::uint32_t, 16> wide{};
  for (std::size_t i = 0; i < 32; ++i) wide[i / 4] |= std::uint32_t{bytes[i]} << (8 * (i % 4));
  return reduced(wide);
}

inline octets octets_of(const number& a) {
  octets bytes(32);
  for (std::size_t i = 0; i < 32; ++i) bytes[i] = static_cast<std::uint8_t>(a.digit[i / 4] >> (8 * (i % 4)));
  return bytes;
}

/// x^3 + A x^2 + x of curve25519 (RFC 7748 4.1): a square on the curve, none on its twist.
inline const number curve_a = small(486662);
inline number curve_side(const number& x) { return x * (x * (x + curve_a) + small(1)); }

struct affine {
  number x, y;
};
/// No value is the point at infinity.
using point = std::optional<affine>;

/// Chord and tangent on B y^2 = x^3 + A x^2 + x.
inline point sum(const point& p, const point& q, const number& B) {
  if (!p) return q;
  if (!q) return p;
  number slope;
  if (p->x != q->x) {
    slope = (q->y - p->y) / (q->x - p->x);
  } else {
    if (p->y + q->y == number{}) return {};
    slope = (p->x * (small(3) * p->x + curve_a + curve_a) + small(1)) / (small(2) * B * p->y);
  }
  const number x = B * slope * slope - curve_a - p->x - q->x;
  return affine{x, slope * (p->x - x) - p->y};
}

/// X25519 without a ladder. (u, 1) lies on B y^2 = x^3 + A x^2 + x for one B, whether or not u belongs to the curve or
/// its twist; only u = 0 has no such B, and is of order two.
inline octets slow_x25519(octets scalar, octets u) {
  scalar[0] &= 0xf8;
  scalar[31] = static_cast<std::uint8_t>((scalar[31] & 0x7f) | 0x40);
  u[31] &= 0x7f;
  const number x = number_of(u), B = curve_side(x);
  if (x == number{}) return octets(32);
  const point p = affine{x, small(1)};
  point r;
  for (std::size_t bit = 256; bit-- != 0;) {
    r = sum(r, r, B);
    if ((scalar[bit / 8] >> (bit % 8) & 1) != 0) r = sum(r, p, B);
  }
  return octets_of(r ? r->x : number{});
}

}  // namespace x25519_test
