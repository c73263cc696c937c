// SPDX-License-Identifier: BSL-1.0
// Attempts: what counts, at which end and when; one place per peer; a limit that only a person lifts.
#include "sotto/noise/short_authentication_attempts.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "noise/comparison_rig.hpp"
#include "support/catch.hpp"

namespace noise = sotto::noise;
using rig::code;
using rig::octets;
using sotto::error;

namespace {

using ends = rig::pair_of_ends<>;
using initiator_end = ends::initiator_end;
using responder_end = ends::responder_end;

static_assert(!std::is_copy_constructible_v<noise::comparison_attempts>);
static_assert(!std::is_move_constructible_v<noise::comparison_attempts>);
static_assert(!std::is_copy_assignable_v<noise::comparison_attempts>);

/// Caller and callee after so many messages were written.
struct call : ends {
  initiator_end a = caller();
  responder_end b = callee();
};

}  // namespace

TEST_CASE("attempts: counted when this end's random number leaves, taken back by equal strings") {
  call c;
  const auto counts = [&] { return std::pair(c.caller_attempts.counted(), c.callee_attempts.counted()); };
  using both = std::pair<std::uint32_t, std::uint32_t>;
  CHECK((c.caller_attempts.in_progress() && c.callee_attempts.in_progress()));
  REQUIRE(c.commit(c.a));
  CHECK(counts() == both(0, 0));
  REQUIRE(c.answer_it(c.b));
  CHECK(counts() == both(0, 1));
  REQUIRE(c.reveal(c.a));
  CHECK(counts() == both(1, 1));
  REQUIRE(c.accept(c.b));
  CHECK(counts() == both(1, 1));
  auto a = *std::move(c.a).compare();
  auto b = *std::move(c.b).compare();
  CHECK((c.caller_attempts.in_progress() && c.callee_attempts.in_progress()));
  static_cast<void>(std::move(a).strings_compared_equal());
  CHECK(counts() == both(0, 1));
  CHECK_FALSE(c.caller_attempts.in_progress());
  std::move(b).strings_differ();
  CHECK(counts() == both(0, 1));
  CHECK_FALSE(c.callee_attempts.in_progress());
}

TEST_CASE("attempts: giving up at any point frees the place and keeps what was counted") {
  for (int point = 0; point <= 5; ++point) {
    INFO("given up at point " << point);
    ends e;
    {
      auto a = e.caller();
      auto b = e.callee();
      if (point >= 1) REQUIRE(e.commit(a));
      if (point >= 2) REQUIRE(e.answer_it(b));
      if (point >= 3) REQUIRE(e.reveal(a));
      if (point >= 4) REQUIRE(e.accept(b));
      if (point >= 5) {
        const auto first = std::move(a).compare(), second = std::move(b).compare();
        CHECK((first && second && e.caller_attempts.in_progress() && e.callee_attempts.in_progress()));
      } else {
        const initiator_end moved_a(std::move(a));
        const responder_end moved_b(std::move(b));
        CHECK((e.caller_attempts.in_progress() && e.callee_attempts.in_progress()));
      }
      CHECK_FALSE((e.caller_attempts.in_progress() || e.callee_attempts.in_progress()));
    }
    CHECK(e.caller_attempts.counted() == (point >= 3 ? 1 : 0));
    CHECK(e.callee_attempts.counted() == (point >= 2 ? 1 : 0));
    CHECK_FALSE((e.caller_attempts.in_progress() || e.callee_attempts.in_progress()));
  }
}

TEST_CASE("attempts: assigning over an unfinished handshake gives it up") {
  ends e, other;
  auto a = e.caller();
  auto b = e.callee();
  REQUIRE((e.commit(a) && e.answer_it(b) && e.reveal(a)));
  b = other.callee();
  CHECK(e.callee_attempts.counted() == 1);
  CHECK_FALSE(e.callee_attempts.in_progress());
  CHECK(other.callee_attempts.in_progress());
  auto pending = *std::move(a).compare();
  auto c = other.caller();
  REQUIRE((other.commit(c) && other.answer_it(b) && other.reveal(c)));
  pending = *std::move(c).compare();
  CHECK(e.caller_attempts.counted() == 1);
  CHECK_FALSE(e.caller_attempts.in_progress());
  CHECK(other.caller_attempts.in_progress());
}

TEST_CASE("attempts: an unfinished handshake keeps out every other one with the same peer, in both roles") {
  ends e;
  const auto refused = [&](noise::comparison_attempts& attempts) {
    const auto caller = initiator_end::create({e.caller_key, attempts});
    const auto callee = responder_end::create({e.caller_key, attempts});
    return code(caller) == code(error::out_of_turn) && code(callee) == code(error::out_of_turn);
  };
  auto a = e.caller();
  CHECK(refused(e.caller_attempts));
  auto b = e.callee();
  CHECK(refused(e.callee_attempts));
  REQUIRE((e.run(a, b)));
  CHECK((refused(e.caller_attempts) && refused(e.callee_attempts)));
  {
    const auto waiting_a = std::move(a).compare(), waiting_b = std::move(b).compare();
    CHECK((refused(e.caller_attempts) && refused(e.callee_attempts)));
    CHECK(code(e.caller_attempts.reset()) == code(error::out_of_turn));
    CHECK(e.caller_attempts.counted() == 1);
  }
  CHECK_FALSE((refused(e.caller_attempts) || refused(e.callee_attempts)));
}

TEST_CASE("attempts: beyond the limit there is no handshake before a person resets them") {
  for (const std::uint32_t limit : {0u, 1u, 3u, 8u}) {
    ends e;
    noise::comparison_attempts callee_attempts(limit);
    const auto create = [&] { return responder_end::create({e.callee_key, callee_attempts}); };
    for (std::uint32_t n = 0; n < limit; ++n) {
      CHECK(callee_attempts.counted() == n);
      CHECK_FALSE(callee_attempts.exhausted());
      auto a = e.caller();
      auto b = create();
      REQUIRE(b.has_value());
      REQUIRE((e.commit(a) && e.answer_it(*b)));
    }
    CHECK(callee_attempts.exhausted());
    CHECK(code(create()) == code(error::attempts_exhausted));
    CHECK(code(initiator_end::create({e.callee_key, callee_attempts})) == code(error::attempts_exhausted));
    CHECK_FALSE(callee_attempts.in_progress());
    CHECK(callee_attempts.counted() == limit);
    CHECK(code(callee_attempts.reset()) == 0);
    CHECK(create().has_value() == (limit != 0));
  }
}

TEST_CASE("attempts: calls without anybody in the middle never run out, and failed ones stay counted") {
  ends e;
  for (std::uint32_t n = 0; n < 3 * noise::comparison_attempts::default_limit; ++n) {
    const bool fails = n == 4 || n == 9;
    auto a = e.caller();
    auto b = e.callee();
    REQUIRE(e.run(a, b));
    auto first = *std::move(a).compare();
    auto second = *std::move(b).compare();
    if (fails) {
      std::move(first).strings_differ();
      std::move(second).strings_differ();
    } else {
      static_cast<void>(std::move(first).strings_compared_equal());
      static_cast<void>(std::move(second).strings_compared_equal());
    }
    CHECK(e.caller_attempts.counted() == (n < 4 ? 0 : n < 9 ? 1 : 2));
    CHECK(e.callee_attempts.counted() == e.caller_attempts.counted());
  }
}

TEST_CASE("attempts: the count survives the program") {
  ends e;
  noise::comparison_attempts before(3);
  {
    auto a = e.caller();
    auto b = *responder_end::create({e.callee_key, before});
    REQUIRE((e.commit(a) && e.answer_it(b)));
    CHECK(before.counted() == 1);  // to be stored before message 2 is sent
  }
  noise::comparison_attempts after(3, 2), later(3, before.counted());
  CHECK(later.counted() == 1);
  CHECK_FALSE(later.in_progress());
  CHECK_FALSE(after.exhausted());
  CHECK(noise::comparison_attempts(3, 3).exhausted());
  noise::comparison_attempts beyond(3, 0xffffffff);
  CHECK(code(responder_end::create({e.callee_key, beyond})) == code(error::attempts_exhausted));
  CHECK(noise::comparison_attempts().limit() == noise::comparison_attempts::default_limit);
}
