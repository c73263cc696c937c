// SPDX-License-Identifier: BSL-1.0
// Every X25519 kernel equals the reference for random and extreme scalars and points, and the reference equals
// multiplication as it is taught.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rig.hpp"
#include "slow_field.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"

using namespace x25519_test;

namespace {

const octets zeros(32);

/// Each scalar with a few points and each point with a few scalars, random ones among them.
std::vector<factors> extreme_factors() {
  std::vector<octets> points = ordinary_points();
  for (const octets& u : low_order_points()) points.push_back(u);
  std::vector<factors> all;
  std::uint64_t seed = 0;
  for (const octets& scalar : support::thinned(edge_scalars(), 9)) {
    all.push_back({scalar, base_point});
    all.push_back({scalar, support::pattern_bytes(++seed, 32)});
    all.push_back({scalar, points[all.size() * 7 % points.size()]});
  }
  for (const octets& u : support::thinned(points, 9)) {
    all.push_back({octets(32), u});
    all.push_back({octets(32, 0xff), u});
    all.push_back({support::pattern_bytes(++seed, 32), u});
    all.push_back({group_order, u});
  }
  return all;
}

/// Every kernel against the reference, which is asked once.
void compare(const std::vector<factors>& all) {
  std::vector<octets> expected;
  for (const factors& f : all) expected.push_back(product(reference(), f));
  for (const auto* kernel : kernels()) {
    if (kernel == &reference()) continue;
    support::row row;
    for (std::size_t i = 0; i < all.size(); ++i)
      row.judge(product(*kernel, all[i]) == expected[i] ? nullptr : "wrong product", [&] { return text_of(all[i]); });
    const auto batch = products_in_a_batch(*kernel, all);
    for (std::size_t i = 0; i < all.size(); ++i)
      row.judge(batch[i] == expected[i] ? nullptr : "wrong product in a batch", [&] { return text_of(all[i]); });
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

}  // namespace

TEST_CASE("X25519 kernels: random scalars and points") {
  compare(random_factors(1, support::full_grid() ? 2000 : 100));
}

TEST_CASE("X25519 kernels: extreme scalars and points") { compare(extreme_factors()); }

TEST_CASE("X25519 kernels: points of low order give zeros, others don't") {
  const auto scalars = support::thinned(edge_scalars(), 40);
  for (const auto* kernel : kernels()) {
    support::row row;
    for (const octets& u : low_order_points())
      for (const octets& scalar : scalars)
        row.judge(product(*kernel, {scalar, u}) == zeros ? nullptr : "not zeros", [&] { return text_of({scalar, u}); });
    for (const octets& u : support::thinned(ordinary_points(), 5)) {
      const octets scalar = support::pattern_bytes(u[0], 32);
      row.judge(product(*kernel, {scalar, u}) != zeros ? nullptr : "zeros", [&] { return text_of({scalar, u}); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519 kernels: bits that don't count") {
  for (const auto* kernel : kernels()) {
    support::row row;
    for (const factors& f : random_factors(2, support::full_grid() ? 200 : 20)) {
      const octets expected = product(*kernel, f), key = public_key(*kernel, f.scalar);
      for (const unsigned bit : {0u, 1u, 2u, 254u, 255u}) {
        factors other = f;
        other.scalar[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
        row.judge(product(*kernel, other) == expected ? nullptr : "a clamped bit counts",
                  [&] { return text_of(other); });
        row.judge(public_key(*kernel, other.scalar) == key ? nullptr : "a clamped bit counts in the public key",
                  [&] { return text_of(other); });
      }
      factors other = f;
      other.u[31] ^= 0x80;
      row.judge(product(*kernel, other) == expected ? nullptr : "the top bit counts", [&] { return text_of(other); });
    }
    // 0 to 18 have a second encoding.
    const octets scalar = support::pattern_bytes(3, 32);
    for (int k = 0; k < 19; ++k) {
      const factors other{scalar, plus(field_prime, k)};
      row.judge(product(*kernel, other) == product(*kernel, {scalar, little(k)}) ? nullptr : "not modulo p",
                [&] { return text_of(other); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519 kernels: public keys are products with the base point") {
  std::vector<octets> scalars = support::thinned(edge_scalars(), 4);
  for (const factors& f : random_factors(4, support::full_grid() ? 500 : 30)) scalars.push_back(f.scalar);
  std::vector<octets> expected;
  for (const octets& scalar : scalars) expected.push_back(product(reference(), {scalar, base_point}));
  for (const auto* kernel : kernels()) {
    support::row row;
    for (std::size_t i = 0; i < scalars.size(); ++i)
      row.judge(public_key(*kernel, scalars[i]) == expected[i] ? nullptr : "wrong public key",
                [&] { return "scalar " + support::to_hex(scalars[i]); });
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519's reference equals multiplication by the affine group law") {
  support::row row;
  const auto check = [&](const factors& f) {
    row.judge(product(reference(), f) == slow_x25519(f.scalar, f.u) ? nullptr : "wrong product",
              [&] { return text_of(f); });
  };
  const octets scalar = support::pattern_bytes(5, 32);
  check({scalar, base_point});
  check({group_order, base_point});
  check({octets(32, 0xff), octets(32, 0xff)});
  check({octets(32), plus(field_prime, -2)});
  for (const octets& u : support::thinned(low_order_points(), 4)) check({scalar, u});
  for (const factors& f : random_factors(6, support::full_grid() ? 100 : 6)) check(f);
  const auto extreme = extreme_factors();
  for (std::size_t i = 0; i < extreme.size() && support::full_grid(); i += 37) check(extreme[i]);
  REQUIRE_ROW(row);
}

TEST_CASE("X25519's points of these tests lie on the curve and on its twist") {
  std::size_t on_curve = 0, points = 0;
  for (const factors& f : random_factors(6, 6)) {
    octets u = f.u;
    u[31] &= 0x7f;
    on_curve += is_square(curve_side(number_of(u))) ? 1 : 0;
    ++points;
  }
  CHECK(on_curve != 0);
  CHECK(on_curve != points);
  CHECK(is_square(curve_side(number_of(base_point))));
}
