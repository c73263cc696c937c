// SPDX-License-Identifier: BSL-1.0
// Somebody in the middle against the commitment: whichever handshake comes first, and whatever is tried, replayed or
// exchanged, the strings are equal as often as by guessing.
#include <cstddef>
#include <cstdint>

#include "noise/attack_rig.hpp"
#include "noise/middle.hpp"
#include "support/catch.hpp"

namespace noise = sotto::noise;
using attack::callee_side;
using attack::caller_side;
using attack::part;
using attack::runs;
using rig::code;
using rig::octets;
using sotto::error;

namespace {

/// One that the attacker tries; no two alike.
octets candidate(std::uint32_t n) {
  octets number(32);
  sotto::core::store_be32(number.data(), n + 1);
  return number;
}

/// The number for message 2 that fits best: the string is the wanted one if the caller's number is the guessed one.
octets number_that_fits(const caller_side& a, std::uint32_t wanted) {
  const octets guessed(32);
  for (std::uint32_t n = 0; n < 8u << attack::width; ++n) {
    auto state = a.attacker.state;
    state.seal(candidate(n));
    if (part(middle::string_bits(state.h, guessed, candidate(n), a.own())) == wanted) return candidate(n);
  }
  return candidate(0);
}

/// The number to commit to that fits best, with the callee's number and keys guessed.
octets number_that_fits(const callee_side& b, std::uint32_t wanted) {
  const octets guessed(32);
  for (std::uint32_t n = 0; n < 8u << attack::width; ++n)
    if (part(middle::string_bits({}, candidate(n), guessed, b.attacker.own_bytes())) == wanted) return candidate(n);
  return candidate(0);
}

}  // namespace

// The attacker knows the callee's string and has message 2 to the caller to choose. All that is missing is the caller's
// number, so the best message is the one that fits a number guessed.
TEST_CASE("attack: the callee first, then trying messages 2") {
  std::uint32_t successes = 0;
  noise::comparison_attempts caller_attempts(runs + 1), callee_attempts(runs + 1);
  for (std::uint32_t run = 0; run < runs; ++run) {
    caller_side a(run, caller_attempts);
    callee_side b(run, callee_attempts);
    b.call();
    const std::uint32_t wanted = part(b.known_bits());

    const octets beginning = a.attacker.begin_2();
    a.answer(beginning, number_that_fits(a, wanted));
    REQUIRE(b.reveal(b.attackers_number) == 0);
    const std::uint32_t callers = a.known_bits(), callees = b.read_aloud();
    REQUIRE((part(callees) == wanted && a.read_aloud() == callers));
    successes += part(callers) == wanted ? 1 : 0;
  }
  CHECK((caller_attempts.counted() == runs && callee_attempts.counted() == runs));
  attack::as_rare_as_guessing(successes, runs);
}

// The attacker knows the caller's string and has message 1 to the callee to choose, before the callee's number is
// there.
TEST_CASE("attack: the caller first, then trying commitments") {
  std::uint32_t successes = 0;
  noise::comparison_attempts caller_attempts(runs + 1), callee_attempts(runs + 1);
  for (std::uint32_t run = 0; run < runs; ++run) {
    caller_side a(run, caller_attempts);
    a.answer();
    const std::uint32_t wanted = part(a.known_bits());

    callee_side b(run, callee_attempts);
    b.attackers_number = number_that_fits(b, wanted);
    b.call();
    REQUIRE(b.reveal(b.attackers_number) == 0);
    REQUIRE(a.read_aloud() == a.known_bits());
    successes += part(b.read_aloud()) == wanted ? 1 : 0;
  }
  attack::as_rare_as_guessing(successes, runs);
}

// The attacker calls both, so that both are callees: two handshakes in which it commits first.
TEST_CASE("attack: calling both people") {
  std::uint32_t successes = 0;
  noise::comparison_attempts first_attempts(runs + 1), second_attempts(runs + 1);
  for (std::uint32_t run = 0; run < runs; ++run) {
    callee_side a(run, first_attempts), b(runs + run, second_attempts);
    a.call();
    b.attackers_number = number_that_fits(b, part(a.known_bits()));
    b.call();
    REQUIRE((a.reveal(a.attackers_number) == 0 && b.reveal(b.attackers_number) == 0));
    successes += part(a.read_aloud()) == part(b.read_aloud()) ? 1 : 0;
  }
  CHECK((first_attempts.counted() == runs && second_attempts.counted() == runs));
  attack::as_rare_as_guessing(successes, runs);
}

// Both call at the same time, and the attacker answers both.
TEST_CASE("attack: answering both people") {
  std::uint32_t successes = 0;
  noise::comparison_attempts first_attempts(runs + 1), second_attempts(runs + 1);
  for (std::uint32_t run = 0; run < runs; ++run) {
    caller_side a(run, first_attempts), b(runs + run, second_attempts);
    a.answer();
    const octets beginning = b.attacker.begin_2();
    b.answer(beginning, number_that_fits(b, part(a.known_bits())));
    successes += part(a.read_aloud()) == part(b.read_aloud()) ? 1 : 0;
  }
  attack::as_rare_as_guessing(successes, runs);
}

// Both handshakes begin, the caller reveals, and now the attacker knows all numbers: only another reveal would help.
TEST_CASE("attack: waiting for the reveal and then choosing one's own") {
  std::uint32_t found = 0, accepted = 0;
  constexpr std::uint32_t fewer = runs / 16;
  noise::comparison_attempts caller_attempts(fewer + 1), callee_attempts(fewer + 1);
  for (std::uint32_t run = 0; run < fewer; ++run) {
    caller_side a(run, caller_attempts);
    callee_side b(run, callee_attempts);
    b.call();
    a.answer();
    octets chosen = b.attackers_number;
    for (std::uint32_t n = 0; part(b.known_bits(chosen)) != part(a.known_bits()); ++n) chosen = candidate(n);
    ++found;
    const bool same_as_committed = chosen == b.attackers_number;  // luck, which the tests above count
    const int answer = b.reveal(chosen);
    if (!same_as_committed) {
      CHECK(answer == code(error::commitment_mismatch));
      CHECK(code(std::move(b.end).compare()) == code(error::handshake_over));
    }
    accepted += answer == 0 && !same_as_committed ? 1 : 0;
  }
  CHECK(found == fewer);
  CHECK(accepted == 0);
  CHECK(callee_attempts.counted() == fewer);
}

TEST_CASE("attack: the caller's commitment replayed, and opened with the caller's number") {
  noise::comparison_attempts caller_attempts, callee_attempts;
  caller_side a(1, caller_attempts);
  callee_side b(1, callee_attempts);
  b.call(a.commitment);
  a.answer();
  CHECK(b.reveal(a.number) == code(error::commitment_mismatch));  // it says whose it is
  CHECK(callee_attempts.counted() == 1);
}

// Commits with one static key, then looks for another one whose string fits; each gives another string.
TEST_CASE("attack: another static key than the one committed to") {
  noise::comparison_attempts caller_attempts, callee_attempts;
  caller_side a(1, caller_attempts);
  callee_side b(1, callee_attempts);
  b.call(middle::commitment_to(b.attackers_number, rig::to_bytes(rig::key_of(99).public_key().bytes()), {}));
  a.answer();
  CHECK(b.reveal(b.attackers_number) == code(error::commitment_mismatch));
  callee_side c(2, callee_attempts);
  c.call(middle::commitment_to(c.attackers_number, a.own(), {}));  // as if the attacker were the caller
  CHECK(c.reveal(c.attackers_number) == code(error::commitment_mismatch));
}

TEST_CASE("attack: another final payload than the one committed to") {
  noise::comparison_attempts callee_attempts;
  callee_side b(1, callee_attempts);
  b.call();
  octets payload = {'x'};
  payload.insert(payload.end(), b.attackers_number.begin(), b.attackers_number.end());
  CHECK(b.reveal(payload) == code(error::commitment_mismatch));
}

// The caller's own message comes back as if somebody called: the same peer can't be called and call at once. Under
// another name it can, and then two ends of one person have the same string, with nobody to read it to.
TEST_CASE("attack: messages sent back to where they came from") {
  const auto key = rig::key_of(1);
  noise::comparison_attempts attempts, others;
  rig::seeded_random random(1);
  octets first(64), second(128), payload(200);
  auto caller = *noise::comparing_initiator::create({key, attempts});
  REQUIRE(caller.write_commitment({}, first, random).has_value());
  CHECK(code(noise::comparing_responder::create({key, attempts})) == code(error::out_of_turn));
  CHECK_FALSE(caller.read_answer(first, payload).has_value());
  CHECK(attempts.counted() == 0);

  noise::comparison_attempts callee_attempts;
  auto callee = *noise::comparing_responder::create({key, callee_attempts});
  REQUIRE(callee.read_commitment(first).has_value());
  REQUIRE(callee.write_answer({}, second, random).has_value());
  CHECK_FALSE(callee.read_reveal(second, payload).has_value());
  CHECK(callee_attempts.counted() == 1);
}

// Without anybody choosing anything: what is passed on unchanged is one handshake, and in its strings nothing differs.
TEST_CASE("attack: only passing messages on") {
  rig::pair_of_ends<> ends;
  auto a = ends.caller();
  auto b = ends.callee();
  REQUIRE(ends.run(a, b));
  const auto first = std::move(a).compare(), second = std::move(b).compare();
  CHECK(first->string().digits() == second->string().digits());
  CHECK(first->string().bits() == second->string().bits());
}
