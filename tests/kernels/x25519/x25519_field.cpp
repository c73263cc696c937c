// SPDX-License-Identifier: BSL-1.0
// Field arithmetic at the limits of its limbs: the largest that each type admits, all ones, and numbers around p,
// judged by slow bytewise arithmetic.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/x25519/bytewise_field.hpp"
#include "sotto/kernels/x25519/candidates.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/pattern.hpp"

namespace x25519 = sotto::kernels::x25519;

namespace {

struct limits25 {
  using field = x25519::field25;
  static constexpr std::size_t limbs = 10;
  static std::size_t weight(std::size_t i) { return (51 * i + 1) / 2; }
  static std::uint64_t unit(std::size_t i) { return (std::uint64_t{1} << (i % 2 == 0 ? 26 : 25)) + 0x2000; }
};
#if SOTTO_X25519_HAS_FIELD51
struct limits51 {
  using field = x25519::field51;
  static constexpr std::size_t limbs = 5;
  static std::size_t weight(std::size_t i) { return 51 * i; }
  static std::uint64_t unit(std::size_t) { return (std::uint64_t{1} << 51) + 0x8000; }
};
#endif

template <class L, class Element>
bytewise::number value(const Element& f) {
  bytewise::number sum{};
  for (std::size_t i = 0; i < L::limbs; ++i) sum = bytewise::add(sum, bytewise::shifted(f.limb[i], L::weight(i)));
  return sum;
}

/// Limbs at their largest, at powers of two and one less, at zero, and anywhere.
template <class L, unsigned Units>
auto element(std::size_t kind, support::pattern& p) {
  typename L::field::template element<Units> f;
  for (std::size_t i = 0; i < L::limbs; ++i) {
    const std::uint64_t most = Units * L::unit(i), choice = kind < 4 ? kind : p.below(6);
    const std::uint64_t limb = choice == 0   ? most
                               : choice == 1 ? 0
                               : choice == 2 ? (std::uint64_t{1} << (L::weight(i + 1) - L::weight(i))) - 1
                               : choice == 3 ? std::uint64_t{1} << (L::weight(i + 1) - L::weight(i))
                                             : p.next() % (most + 1);
    f.limb[i] = static_cast<std::remove_reference_t<decltype(f.limb[0])>>(limb);
  }
  return f;
}

template <class L>
bool one_unit(const typename L::field::template element<1>& f) {
  bool within = true;
  for (std::size_t i = 0; i < L::limbs; ++i) within = within && f.limb[i] <= L::unit(i);
  return within;
}

template <class L, unsigned A, unsigned B>
void check_products(support::row& row) {
  support::pattern p(A * 100 + B);
  for (std::size_t n = 0; n < (support::full_grid() ? 300u : 60u); ++n) {
    const auto f = element<L, A>(n / 4, p);
    const auto g = element<L, B>(n < 16 ? n % 4 : 4, p);
    const auto product = mul(f, g);
    const bool right = value<L>(product) == bytewise::mul(value<L>(f), value<L>(g)) && one_unit<L>(product);
    const auto scaled = x25519::mul_small<121665>(f);
    const bool small =
        value<L>(scaled) == bytewise::mul(value<L>(f), bytewise::from(std::uint64_t{121665})) && one_unit<L>(scaled);
    row.judge(right && small ? nullptr : "wrong product",
              [&] { return std::to_string(A) + " by " + std::to_string(B); });
  }
}

template <class L, unsigned A>
void check_squares(support::row& row) {
  support::pattern p(A);
  for (std::size_t n = 0; n < (support::full_grid() ? 300u : 60u); ++n) {
    const auto f = element<L, A>(n, p);
    const auto r = square(f);
    const bool right = value<L>(r) == bytewise::mul(value<L>(f), value<L>(f)) && one_unit<L>(r);
    row.judge(right ? nullptr : "wrong square", [&] { return std::to_string(A) + " units"; });
  }
}

template <class L, unsigned A, unsigned B>
void check_sums(support::row& row) {
  support::pattern p(A * 1000 + B);
  for (std::size_t n = 0; n < (support::full_grid() ? 300u : 60u); ++n) {
    const auto f = element<L, A>(n / 4, p);
    const auto g = element<L, B>(n < 16 ? n % 4 : 4, p);
    const auto F = value<L>(f), G = value<L>(g);
    const bool right = value<L>(add(f, g)) == bytewise::add(F, G) && value<L>(sub(f, g)) == bytewise::sub(F, G) &&
                       value<L>(select(0xffffffffu, f, g)) == F && value<L>(select(0u, f, g)) == G;
    row.judge(right ? nullptr : "wrong sum", [&] { return std::to_string(A) + " and " + std::to_string(B); });
  }
}

template <class L>
void check_bytes(support::row& row) {
  // 2^255 - 19 ± k, below 2^255 by its top bit being ignored; and one unit at its largest.
  for (int k = -40; k < 20; ++k) {
    bytewise::number bytes;
    bytes.fill(0xff);
    bytes[31] = 0x7f;
    bytes[0] = static_cast<std::uint8_t>(0xed + (k < 18 ? k : 18));
    for (const unsigned top : {0u, 0x80u}) {
      bytes[31] = static_cast<std::uint8_t>(0x7f | top);
      const auto f = x25519::load<typename L::field>(bytes.data());
      bytewise::number out{}, in = bytes;
      in[31] &= 0x7f;
      L::field::store(out.data(), f);
      row.judge(out == bytewise::from(in.data()) ? nullptr : "not canonical",
                [&] { return "p + " + std::to_string(k); });
    }
  }
  support::pattern p(7);
  for (std::size_t n = 0; n < 300; ++n) {
    const auto f = element<L, 1>(n, p);
    bytewise::number out{};
    L::field::store(out.data(), f);
    row.judge(out == value<L>(f) ? nullptr : "not canonical", [&] { return "limbs " + std::to_string(n); });
  }
}

template <class L>
void check_inverse(support::row& row) {
  support::pattern p(9);
  for (std::size_t n = 0; n < 12; ++n) {
    const auto f = element<L, 1>(n, p);
    const auto product = bytewise::mul(value<L>(x25519::invert(f)), value<L>(f));
    const bool zero = value<L>(f) == bytewise::number{};
    row.judge(product == bytewise::from(std::uint64_t{zero ? 0u : 1u}) ? nullptr : "wrong inverse",
              [&] { return std::to_string(n); });
  }
}

template <class L>
support::row whole_field() {
  support::row row;
  check_bytes<L>(row);
  check_inverse<L>(row);
  check_products<L, 1, 1>(row);
  check_products<L, 5, 3>(row);
  check_squares<L, 1>(row);
  check_squares<L, 3>(row);
  check_sums<L, 1, 1>(row);
  check_sums<L, 2, 1>(row);
  check_sums<L, 3, 3>(row);
  return row;
}

}  // namespace

TEST_CASE("field25 is right up to the limits that its types state") {
  support::row row = whole_field<limits25>();
  check_products<limits25, 10, 3>(row);
  REQUIRE_ROW(row);
}

#if SOTTO_X25519_HAS_FIELD51
TEST_CASE("field51 is right up to the limits that its types state") {
  support::row row = whole_field<limits51>();
  check_products<limits51, 8, 8>(row);
  check_products<limits51, 64, 1>(row);
  check_squares<limits51, 8>(row);
  REQUIRE_ROW(row);
}
#endif

TEST_CASE("the bytewise judge is right where an answer is known") {
  const bytewise::number two = bytewise::from(std::uint64_t{2}), one = bytewise::from(std::uint64_t{1});
  CHECK(bytewise::shifted(1, 255) == bytewise::from(std::uint64_t{19}));
  CHECK(bytewise::sub(one, two) == bytewise::sub(bytewise::number{}, one));
  CHECK(bytewise::mul(bytewise::sub(one, two), bytewise::sub(one, two)) == one);
  CHECK(bytewise::add(bytewise::shifted(1, 254), bytewise::shifted(1, 254)) == bytewise::from(std::uint64_t{19}));
}
