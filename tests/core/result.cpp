// SPDX-License-Identifier: BSL-1.0
// result<T> holds a value or an error, and reading the one that isn't there ends the program in every build.
#include "sotto/core/result.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <type_traits>
#include <utility>

#include "support/catch.hpp"
#include "support/expect_trap.hpp"

using sotto::error;
using sotto::failure;
using sotto::result;
using support::ending;
using support::run_in_child;

namespace {

struct move_only {
  explicit move_only(int v) noexcept : value(v) {}
  move_only(move_only&& other) noexcept : value(std::exchange(other.value, -1)) {}
  move_only& operator=(move_only&& other) noexcept {
    value = std::exchange(other.value, -1);
    return *this;
  }
  int value;
};

/// Counts how many are alive.
struct counted {
  counted() noexcept { ++alive; }
  counted(const counted&) noexcept { ++alive; }
  counted(counted&&) noexcept { ++alive; }
  counted& operator=(const counted&) noexcept = default;
  ~counted() { --alive; }
  static inline int alive = 0;
};

template <class T>
concept converts_to_bool_silently = std::is_convertible_v<T, bool>;

static_assert(!converts_to_bool_silently<result<int>>);
static_assert(!converts_to_bool_silently<result<void>>);
static_assert(std::is_copy_constructible_v<result<int>>);
static_assert(!std::is_copy_constructible_v<result<move_only>>);
static_assert(!std::is_copy_assignable_v<result<move_only>>);
static_assert(std::is_nothrow_move_constructible_v<result<move_only>>);
static_assert(std::is_nothrow_move_assignable_v<result<move_only>>);

/// Stops the optimiser from seeing which state a result is in.
template <class T>
T opaque(T v) {
  volatile bool yes = true;
  return yes ? std::move(v) : T(error::unsupported);
}

}  // namespace

TEST_CASE("a result with a value") {
  result<int> r = 7;
  CHECK(r.has_value());
  CHECK(static_cast<bool>(r));
  CHECK(*r == 7);
  CHECK(std::as_const(r).value() == 7);
  CHECK(r.value_or(1) == 7);
  *r = 8;
  CHECK(r.value() == 8);
}

TEST_CASE("a result with an error") {
  const result<int> a = failure{error::too_old};
  const result<int> b = error::replayed;
  CHECK_FALSE(a.has_value());
  CHECK_FALSE(static_cast<bool>(b));
  CHECK(a.error() == error::too_old);
  CHECK(b.error() == error::replayed);
  CHECK(a.value_or(3) == 3);
}

TEST_CASE("a result without a value type") {
  const result<void> good, bad = failure{error::malformed_packet};
  CHECK(good.has_value());
  good.value();
  CHECK_FALSE(bad.has_value());
  CHECK(bad.error() == error::malformed_packet);
}

TEST_CASE("a result moves what can only be moved") {
  result<move_only> a = move_only(5);
  result<move_only> b = std::move(a);
  CHECK(b->value == 5);
  CHECK(a->value == -1);
  result<move_only> c = error::unsupported;
  c = std::move(b);
  REQUIRE(c.has_value());
  CHECK(c->value == 5);
  const move_only taken = *std::move(c);
  CHECK(taken.value == 5);
  c = result<move_only>(error::too_old);
  CHECK(c.error() == error::too_old);
}

TEST_CASE("a result ends its value exactly once") {
  {
    result<counted> a = counted();
    CHECK(counted::alive == 1);
    result<counted> b = a;
    CHECK(counted::alive == 2);
    b = result<counted>(error::too_old);
    CHECK(counted::alive == 1);
    b = a;
    CHECK(counted::alive == 2);
    const auto& itself = b;
    b = itself;
    CHECK(counted::alive == 2);
  }
  CHECK(counted::alive == 0);
}

TEST_CASE("reading what a result doesn't hold traps") {
  CHECK(run_in_child([] { static_cast<void>(opaque(result<int>(1)).value()); }) == ending::returned);
  CHECK(run_in_child([] { static_cast<void>(opaque(result<int>(error::too_old)).value()); }) == ending::trapped);
  CHECK(run_in_child([] { static_cast<void>(*opaque(result<int>(error::too_old))); }) == ending::trapped);
  CHECK(run_in_child([] {
          auto r = opaque(result<int>(error::too_old));
          static_cast<void>(*r);
        }) == ending::trapped);
  CHECK(run_in_child([] {
          const auto r = opaque(result<int>(error::too_old));
          static_cast<void>(r.value());
        }) == ending::trapped);
  CHECK(run_in_child([] {
          auto r = opaque(result<move_only>(error::too_old));
          r->value = 1;
        }) == ending::trapped);
  CHECK(run_in_child([] { static_cast<void>(opaque(result<int>(1)).error()); }) == ending::trapped);
  CHECK(run_in_child([] { opaque(result<void>(error::too_old)).value(); }) == ending::trapped);
  CHECK(run_in_child([] { static_cast<void>(opaque(result<void>()).error()); }) == ending::trapped);
}

TEST_CASE("every error has a message of its own") {
  std::set<std::string> messages;
  constexpr auto last = static_cast<unsigned>(error::unknown_key);
  for (unsigned e = 1; e <= last; ++e) messages.insert(message(static_cast<error>(e)));
  CHECK(messages.size() == last);
  CHECK(messages.count("unknown error") == 0);
  CHECK(message(static_cast<error>(last + 1)) == std::string("unknown error"));
}
