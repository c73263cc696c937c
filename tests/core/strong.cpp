// SPDX-License-Identifier: BSL-1.0
// Strong integers compare and order, and do nothing else: no arithmetic, no conversion, no mixing.
#include "sotto/core/strong.hpp"

#include <cstdint>
#include <ostream>
#include <type_traits>

#include "support/catch.hpp"

namespace {

using metre = sotto::strong<std::uint32_t, struct metre_tag>;
using second = sotto::strong<std::uint32_t, struct second_tag>;

template <class A, class B>
concept addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept subtractable = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept multipliable = requires(A a, B b) {
  a* b;
};
template <class A, class B>
concept comparable = requires(A a, B b) {
  a == b;
};
template <class A, class B>
concept ordered = requires(A a, B b) {
  a < b;
};
template <class A>
concept steppable = requires(A a) {
  ++a;
};
template <class A>
concept printable = requires(std::ostream& s, A a) {
  s << a;
};

template <class A, class B>
constexpr bool calculates = addable<A, B> || subtractable<A, B> || multipliable<A, B>;

static_assert(!calculates<metre, metre> && !calculates<metre, second> && !calculates<metre, int>);
static_assert(!calculates<int, metre> && !steppable<metre> && !printable<metre>);
static_assert(comparable<metre, metre> && ordered<metre, metre>);
static_assert(!comparable<metre, second> && !ordered<metre, second>);
static_assert(!comparable<metre, std::uint32_t> && !ordered<metre, std::uint32_t>);
static_assert(!std::is_convertible_v<std::uint32_t, metre> && !std::is_convertible_v<metre, std::uint32_t>);
static_assert(!std::is_constructible_v<metre, second> && !std::is_assignable_v<metre&, std::uint32_t>);
static_assert(!std::is_constructible_v<bool, metre>);
static_assert(sizeof(metre) == sizeof(std::uint32_t) && std::is_trivially_copyable_v<metre>);

}  // namespace

TEST_CASE("strong values hold, compare and order") {
  CHECK(metre().value() == 0);
  CHECK(metre(5).value() == 5);
  CHECK(metre(5) == metre(5));
  CHECK(metre(5) != metre(6));
  CHECK(metre(5) < metre(6));
  CHECK(metre(0xffffffffu) > metre(0));
}
