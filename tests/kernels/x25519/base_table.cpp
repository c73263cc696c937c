// SPDX-License-Identifier: BSL-1.0
// The table of the base point's multiples holds what edwards25519's definition (RFC 7748 4.1) gives.
#include "sotto/kernels/x25519/base_table.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include "slow_field.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"

using namespace x25519_test;
namespace x25519 = sotto::kernels::x25519;

namespace {

const number one = small(1);
const number d = number{} - small(121665) / small(121666);

bool on_edwards25519(const affine& p) {
  const number xx = p.x * p.x, yy = p.y * p.y;
  return yy - xx == one + d * xx * yy;
}

/// The addition law of -x^2 + y^2 = 1 + d x^2 y^2, which has no exceptions.
affine sum(const affine& p, const affine& q) {
  const number k = d * p.x * q.x * p.y * q.y;
  // One division for both coordinates.
  const number inverse = one / ((one + k) * (one - k));
  return {(p.x * q.y + p.y * q.x) * (one - k) * inverse, (p.y * q.y + p.x * q.x) * (one + k) * inverse};
}

/// y = 4/5 and an even x.
affine base() {
  const number y = small(4) / small(5), yy = y * y;
  const number xx = (yy - one) / (d * yy + one);
  // p = 5 modulo 8: a root is xx^((p + 3) / 8), or that times a root of -1.
  number x = power(xx, shifted_down(difference(prime, small(5)), 3) + one);
  if (x * x != xx) x = x * power(small(2), shifted_down(difference(prime, small(1)), 2));
  if ((x.digit[0] & 1u) != 0) x = number{} - x;
  return {x, y};
}

number number_at(const std::uint64_t* words) {
  number a;
  for (std::size_t i = 0; i < 8; ++i) a.digit[i] = static_cast<std::uint32_t>(words[i / 2] >> (32 * (i % 2)));
  return a;
}

}  // namespace

TEST_CASE("X25519's table of the base point's multiples") {
  static_assert(x25519::base_windows == 32 && x25519::base_multiples == 8);
  affine first = base();
  REQUIRE(on_edwards25519(first));
  REQUIRE((one + first.y) / (one - first.y) == small(9));
  support::row row;
  for (std::size_t i = 0; i < x25519::base_windows; ++i) {
    affine multiple = first;
    for (std::size_t j = 0; j < x25519::base_multiples; ++j) {
      if (j != 0) multiple = sum(multiple, first);
      const std::uint64_t* entry = x25519::base_table[i][j];
      const bool right = number_at(entry) == multiple.y + multiple.x &&
                         number_at(entry + 4) == multiple.y - multiple.x &&
                         number_at(entry + 8) == small(2) * d * multiple.x * multiple.y;
      row.judge(right ? nullptr : "wrong entry", [&] { return std::to_string(i) + ", " + std::to_string(j); });
    }
    for (int doubling = 0; doubling < 5; ++doubling) multiple = sum(multiple, multiple);  // 8 times 2^5
    first = multiple;
  }
  REQUIRE(on_edwards25519(first));
  REQUIRE_ROW(row);
}
