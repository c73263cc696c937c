// SPDX-License-Identifier: BSL-1.0
// Somebody in the middle who aborts and tries again, or holds many handshakes at once: each counted attempt is one
// guess, and without counting and places it would be otherwise.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "noise/attack_rig.hpp"
#include "support/catch.hpp"

namespace noise = sotto::noise;
using attack::callee_side;
using attack::caller_side;
using attack::part;
using rig::code;
using sotto::error;

namespace {

constexpr std::uint32_t limit = 8;
constexpr std::uint32_t people = attack::runs / limit;

/// Calls the callee again and again until the string fits the caller's; never reveals. The number of calls that it
/// took, or none if the callee's attempts ended first.
std::optional<std::uint32_t> call_until(std::uint32_t wanted, noise::comparison_attempts& attempts, std::uint64_t seed,
                                        std::uint32_t at_most) {
  for (std::uint32_t n = 0; n < at_most; ++n) {
    if (attempts.exhausted()) return std::nullopt;
    callee_side b(seed + n, attempts);
    b.call();
    if (part(b.known_bits()) == wanted) return n + 1;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("repetition: a caller who waits, and a callee who is called until the string fits") {
  std::uint32_t successes = 0, attempts = 0;
  for (std::uint32_t n = 0; n < people; ++n) {
    noise::comparison_attempts caller_attempts, callee_attempts(limit);
    caller_side a(n, caller_attempts);
    a.answer();
    const auto calls = call_until(part(a.known_bits()), callee_attempts, 100'000 + n * limit, 1000);
    successes += calls ? 1 : 0;
    attempts += callee_attempts.counted();
    CHECK(callee_attempts.counted() <= limit);
    if (calls) continue;
    CHECK(callee_attempts.counted() == limit);
    CHECK(code(noise::comparing_responder::create({a.key, callee_attempts})) == code(error::attempts_exhausted));
  }
  attack::as_rare_as_guessing(successes, attempts);
}

// The planted mistake: attempts that count only when somebody reveals. The callee's string is known before.
TEST_CASE("repetition: were calls without a reveal for free, the string would fit in the end") {
  std::uint32_t successes = 0;
  for (std::uint32_t n = 0; n < 8; ++n) {
    noise::comparison_attempts caller_attempts, uncounted(0xffffffff);
    caller_side a(n, caller_attempts);
    a.answer();
    successes += call_until(part(a.known_bits()), uncounted, 200'000 + n * 4096, 4096) ? 1 : 0;
  }
  CHECK(successes == 8);
}

TEST_CASE("repetition: a callee who waits, and a caller who calls again until the string fits") {
  std::uint32_t successes = 0, attempts = 0;
  for (std::uint32_t n = 0; n < people; ++n) {
    noise::comparison_attempts caller_attempts(limit), callee_attempts;
    callee_side b(n, callee_attempts);
    b.call();
    const std::uint32_t wanted = part(b.known_bits());
    for (std::uint32_t again = 0; !caller_attempts.exhausted(); ++again) {
      caller_side a(300'000 + n * limit + again, caller_attempts);
      a.answer();
      ++attempts;
      if (part(a.known_bits()) != wanted) continue;
      ++successes;
      break;
    }
    CHECK(caller_attempts.counted() <= limit);
  }
  attack::as_rare_as_guessing(successes, attempts);
}

namespace {

/// What an attacker has when all handshakes are open that could be opened.
struct many {
  std::deque<caller_side> callers;
  std::deque<callee_side> callees;
  std::uint32_t counted = 0;

  void open_caller(std::uint64_t seed, noise::comparison_attempts& attempts) {
    callers.emplace_back(seed, attempts).answer();
    ++counted;
  }
  void open_callee(std::uint64_t seed, noise::comparison_attempts& attempts) {
    callees.emplace_back(seed, attempts).call();
    ++counted;
  }
  bool equal() const {
    for (const auto& a : callers)
      for (const auto& b : callees)
        if (part(a.known_bits()) == part(b.known_bits())) return true;
    return false;
  }
};

}  // namespace

// Sixteen handshakes with each make 256 pairs: were there a place for each, one pair would have equal strings more
// often than not. The planted mistake: attempts of its own for each handshake.
TEST_CASE("repetition: handshakes in parallel would be guesses multiplied") {
  std::uint32_t successes = 0;
  constexpr std::uint32_t trials = 16;
  for (std::uint64_t n = 0; n < trials; ++n) {
    std::deque<noise::comparison_attempts> own_each;
    many open;
    for (std::uint64_t i = 0; i < 16; ++i) {
      open.open_caller(400'000 + 16 * n + i, own_each.emplace_back());
      open.open_callee(400'000 + 16 * n + i, own_each.emplace_back());
    }
    successes += open.equal() ? 1 : 0;
  }
  CHECK(successes >= trials / 3);
}

// With one place for each person, a further handshake is refused while one is open, and whoever wants another must give
// one up. The attacker holds one with each all the time, in turns a new one here and there.
TEST_CASE("repetition: with one place per peer, each counted attempt is one guess") {
  std::uint32_t successes = 0, attempts = 0;
  for (std::uint64_t n = 0; n < people; ++n) {
    noise::comparison_attempts caller_attempts(limit), callee_attempts(limit);
    many open;
    for (std::uint64_t i = 0; i < limit && !open.equal(); ++i) {
      open.callers.clear();
      open.open_caller(500'000 + limit * n + i, caller_attempts);
      CHECK(code(noise::comparing_initiator::create({open.callers[0].key, caller_attempts})) ==
            code(error::out_of_turn));
      if (open.equal()) break;
      open.callees.clear();
      open.open_callee(500'000 + limit * n + i, callee_attempts);
      CHECK(code(noise::comparing_responder::create({open.callees[0].key, callee_attempts})) ==
            code(error::out_of_turn));
    }
    CHECK(open.counted == caller_attempts.counted() + callee_attempts.counted());
    attempts += open.counted;
    successes += open.equal() ? 1 : 0;
  }
  attack::as_rare_as_guessing(successes, attempts);
}
