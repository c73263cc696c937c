// SPDX-License-Identifier: BSL-1.0
// Both of an attacker's handshakes, with honest people at the far ends, step by step and in any order.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "noise/comparison_rig.hpp"
#include "noise/middle.hpp"
#include "support/catch.hpp"

namespace attack {

using rig::octets;

/// The attacker is content with so many equal bits of the words' twenty: what succeeds once in 2^20 can't be counted.
constexpr unsigned width = 8;
constexpr std::uint32_t part(std::uint32_t bits) { return bits & ((1u << width) - 1); }

#if defined(SOTTO_TEST_SUBSET)
constexpr std::uint32_t runs = 1024;
#else
constexpr std::uint32_t runs = 4096;
#endif

/// Of so many counted attempts, one in 2^width succeeds, within four standard deviations. The numbers are the same in
/// every run of the test. Fewer would mean that the attack isn't the one that was meant.
inline void as_rare_as_guessing(std::uint32_t successes, std::uint32_t attempts) {
  INFO(successes << " successes in " << attempts << " attempts");
  const double expected = attempts / double{1u << width}, deviation = std::sqrt(expected);
  CHECK(successes <= expected + 4 * deviation);
  CHECK(successes >= expected - 4 * deviation);
  CHECK(expected >= 2);  // or nothing was tried
}

using comparison = rig::noise::string_comparison;

/// A caller who wants to reach a callee and reaches the attacker.
struct caller_side {
  rig::noise::static_key key;
  rig::noise::comparing_initiator end;
  middle::half attacker;
  rig::seeded_random random;
  octets commitment, number;  // the caller's
  octets attackers_number = octets(32, 0x77);

  caller_side(std::uint64_t seed, rig::noise::comparison_attempts& attempts)
      : key(rig::key_of(1)),
        end(*rig::noise::comparing_initiator::create({key, attempts})),
        attacker(11, 1000 + seed),
        random(2000 + seed) {
    octets message(64);
    REQUIRE(end.write_commitment({}, message, random).has_value());
    commitment = *attacker.read_1(message);
  }
  octets own() const { return rig::to_bytes(key.public_key().bytes()); }

  /// Sends message 2 with a number; the beginning was made before.
  void answer(const octets& beginning, const octets& with) {
    attackers_number = with;
    const octets message = middle::half::append(beginning, attacker.state.seal(with));
    hash_2 = attacker.state.h;
    octets payload(message.size()), third(96);
    REQUIRE(end.read_answer(message, payload).has_value());
    REQUIRE(end.write_reveal({}, third).has_value());
    number = middle::number_in(*attacker.read_3(third));
  }
  void answer() {
    const octets beginning = attacker.begin_2();
    answer(beginning, attackers_number);
  }
  /// What the caller will read aloud, as the attacker knows after the reveal.
  std::uint32_t known_bits() const { return middle::string_bits(hash_2, number, attackers_number, own()); }
  std::uint32_t read_aloud() { return std::move(end).compare()->string().bits(); }

  middle::digest hash_2{};
};

/// A callee who is called by the attacker.
struct callee_side {
  rig::noise::static_key key;
  rig::noise::comparing_responder end;
  middle::half attacker;
  rig::seeded_random random;
  octets number;  // the callee's
  octets attackers_number = octets(32, 0x66);

  callee_side(std::uint64_t seed, rig::noise::comparison_attempts& attempts)
      : key(rig::key_of(2)),
        end(*rig::noise::comparing_responder::create({key, attempts})),
        attacker(13, 3000 + seed),
        random(4000 + seed) {}

  /// Sends message 1 and takes message 2, which tells the attacker the callee's number.
  void call(const octets& commitment) {
    octets message(200);
    REQUIRE(end.read_commitment(attacker.write_1(commitment)).has_value());
    const auto second = end.write_answer({}, message, random);
    REQUIRE(second.has_value());
    number = middle::number_in(*attacker.read_2(rig::to_bytes(*second)));
    hash_2 = attacker.state.h;
  }
  void call() { call(middle::commitment_to(attackers_number, attacker.own_bytes(), {})); }
  /// What the callee will read aloud if the attacker reveals a number.
  std::uint32_t known_bits(const octets& revealed) const {
    return middle::string_bits(hash_2, revealed, number, attacker.own_bytes());
  }
  std::uint32_t known_bits() const { return known_bits(attackers_number); }
  /// 0 or the callee's error.
  int reveal(const octets& payload) {
    const octets message = attacker.write_3(payload);
    octets out(message.size());
    return rig::code(end.read_reveal(message, out));
  }
  std::uint32_t read_aloud() { return std::move(end).compare()->string().bits(); }

  middle::digest hash_2{};
};

}  // namespace attack
