// SPDX-License-Identifier: BSL-1.0
// The generated table of the base point's multiples, computed anew from RFC 7748's base point.
#include <cstddef>
#include <cstdint>

#include "kernels/x25519/slow_field.hpp"
#include "sotto/core/bytes.hpp"
#include "sotto/kernels/x25519/base_table.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

namespace x25519 = sotto::kernels::x25519;
using slow::number;

namespace {

number big_endian(const char* hex) {
  const auto bytes = support::from_hex(hex);
  number n{};
  for (std::size_t i = 0; i < 32; ++i) n[i] = bytes[31 - i];
  return n;
}

// RFC 7748 4.1
const number d = big_endian("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
const number base_x = big_endian("216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a");
const number base_y = big_endian("6666666666666666666666666666666666666666666666666666666666666658");
const number one = slow::from(std::uint64_t{1});

/// x = X/Z, y = Y/Z
struct point {
  number X, Y, Z;
};

/// The law x = (x1 y2 + y1 x2)/(1 + t), y = (y1 y2 + x1 x2)/(1 - t), t = d x1 x2 y1 y2, with the denominators kept.
point sum(const point& p, const point& q) {
  const number z = slow::mul(p.Z, q.Z), zz = slow::mul(z, z);
  const number t = slow::mul(slow::mul(d, slow::mul(p.X, q.X)), slow::mul(p.Y, q.Y));
  const number x = slow::add(slow::mul(p.X, q.Y), slow::mul(p.Y, q.X));
  const number y = slow::add(slow::mul(p.Y, q.Y), slow::mul(p.X, q.X));
  const number minus = slow::sub(zz, t), plus = slow::add(zz, t);
  return {slow::mul(slow::mul(z, x), minus), slow::mul(slow::mul(z, y), plus), slow::mul(minus, plus)};
}

number entry(const std::uint64_t* words) {
  number n{};
  for (std::size_t i = 0; i < 4; ++i) sotto::core::store_le64(n.data() + 8 * i, words[i]);
  return n;
}

/// Multiplied out, and canonical.
bool is(const std::uint64_t (&words)[12], const point& p) {
  const number plus = entry(words), minus = entry(words + 4), k = entry(words + 8);
  const number xy = slow::mul(p.X, p.Y);
  return slow::mul(plus, p.Z) == slow::add(p.Y, p.X) && slow::mul(minus, p.Z) == slow::sub(p.Y, p.X) &&
         slow::mul(slow::mul(k, p.Z), p.Z) == slow::mul(d, slow::add(xy, xy)) && plus == slow::from(plus.data()) &&
         minus == slow::from(minus.data()) && k == slow::from(k.data());
}

}  // namespace

TEST_CASE("the base point and d are those of edwards25519") {
  const number xx = slow::mul(base_x, base_x), yy = slow::mul(base_y, base_y);
  CHECK(slow::sub(yy, xx) == slow::add(one, slow::mul(d, slow::mul(xx, yy))));
  CHECK(slow::mul(d, slow::from(std::uint64_t{121666})) == slow::sub(number{}, slow::from(std::uint64_t{121665})));
  // u = (1 + y)/(1 - y) = 9
  CHECK(slow::mul(slow::from(std::uint64_t{9}), slow::sub(one, base_y)) == slow::add(one, base_y));
}

TEST_CASE("the table holds the base point's multiples") {
  point start{base_x, base_y, one};
  for (std::size_t window = 0; window < x25519::base_windows; ++window) {
    point p = start;
    for (std::size_t j = 0; j < x25519::base_multiples; ++j) {
      INFO("window " << window << ", multiple " << j + 1);
      REQUIRE(is(x25519::base_table[window][j], p));
      p = sum(p, start);
    }
    for (int i = 0; i < 8; ++i) start = sum(start, start);
  }
}
