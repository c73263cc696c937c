// SPDX-License-Identifier: BSL-1.0
// Reveals and answers that aren't what they have to be: a named error, no string, and nothing of their payloads.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "noise/comparison_rig.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"

namespace noise = sotto::noise;
using rig::call;
using rig::code;
using rig::octets;
using sotto::error;

TEST_CASE("comparison: only the final payload that was committed to can be revealed") {
  octets out(300);
  for (const octets& other : {octets{}, octets{4, 5, 6}, octets{4, 5, 6, 8}, octets{4, 5, 6, 7, 0}}) {
    call c(1);
    REQUIRE(c.answer_it(c.b));
    octets payload(c.message2.size());
    REQUIRE(c.a.read_answer(c.message2, payload).has_value());
    CHECK(code(c.a.write_reveal(other, out)) == code(error::invalid_argument));
    CHECK(code(c.a.write_reveal(c.final_payload, out)) == code(error::handshake_over));
    CHECK(c.caller_attempts.counted() == 0);
  }
}

namespace {

/// Noise XX without this library's care for commitments: an initiator who can send any payload.
struct plain_initiator {
  noise::static_key key = rig::key_of(77);
  noise::handshake inner = *noise::handshake::create({.pattern = noise::patterns::XX,
                                                      .role = noise::handshake_role::initiator,
                                                      .own = &key,
                                                      .peer = noise::peer_identity::accept_unverified()});
  /// What the responder says to the reveal, and what is left in its buffer.
  int reveal(call& c, const octets& commitment, const octets& payload3, octets& left) {
    rig::seeded_random random(5);
    octets message(400), payload(400);
    const auto first = inner.write_message(commitment, message, random);
    REQUIRE(first.has_value());
    c.message1 = rig::to_bytes(*first);
    REQUIRE(c.answer_it(c.b));
    REQUIRE(inner.read_message(c.message2, payload).has_value());
    const auto third = inner.write_message(payload3, message, random);
    REQUIRE(third.has_value());
    left.assign(payload3.size() + 8, 0xa5);
    return code(c.b.read_reveal(*third, left));
  }
};

octets commitment_to(const octets& number, const noise::public_key& key, const octets& payload) {
  octets c(32);
  noise::detail::commit(number, key, payload, std::span<std::uint8_t, 32>(c.data(), 32));
  return c;
}

}  // namespace

TEST_CASE("comparison: a reveal that doesn't open the commitment gives neither string nor payload") {
  const octets number = support::pattern_bytes(1, 32), payload = {'h', 'e', 'l', 'l', 'o'};
  const auto key = rig::key_of(77).public_key(), other_key = rig::key_of(78).public_key();
  octets revealed = payload;
  revealed.insert(revealed.end(), number.begin(), number.end());
  const auto outcome = [&](const octets& commitment, const octets& third) {
    call c(0);
    octets left;
    const int found = plain_initiator{}.reveal(c, commitment, third, left);
    CHECK(c.callee_attempts.counted() == 1);
    CHECK(c.callee_attempts.in_progress() == (found == 0));
    CHECK(code(std::move(c.b).compare()) == (found == 0 ? 0 : code(error::handshake_over)));
    CHECK(c.callee_attempts.counted() == 1);  // the comparison, if any, was given up
    if (found != 0) {
      octets expected(third.size() + 8, 0xa5);
      std::fill_n(expected.begin(), third.size(), std::uint8_t{0});
      CHECK(left == expected);
    }
    return found;
  };
  const octets right = commitment_to(number, key, payload);
  CHECK(outcome(right, revealed) == 0);
  CHECK(outcome(octets(32), revealed) == code(error::commitment_mismatch));
  CHECK(outcome(commitment_to(number, other_key, payload), revealed) == code(error::commitment_mismatch));
  for (std::size_t i = 0; i < revealed.size(); ++i) {
    octets third = revealed;
    third[i] ^= 1;
    CHECK(outcome(right, third) == code(error::commitment_mismatch));
  }
  for (std::size_t i = 0; i < right.size(); ++i) {
    octets commitment = right;
    commitment[i] ^= 1;
    CHECK(outcome(commitment, revealed) == code(error::commitment_mismatch));
  }
  octets longer = revealed;
  longer.insert(longer.begin(), 'h');
  CHECK(outcome(right, longer) == code(error::commitment_mismatch));
  CHECK(outcome(right, number) == code(error::commitment_mismatch));
  for (std::size_t len = 0; len < 32; ++len) CHECK(outcome(right, octets(len, 7)) == code(error::malformed_message));
}

TEST_CASE("comparison: an answer without the responder's number is malformed, and its payload gone") {
  for (std::size_t len = 0; len < 34; ++len) {
    call c(1);
    const auto key = rig::key_of(78);
    auto plain = *noise::handshake::create({.pattern = noise::patterns::XX,
                                            .role = noise::handshake_role::responder,
                                            .own = &key,
                                            .peer = noise::peer_identity::accept_unverified()});
    octets payload(64), message(300), left(len + 8, 0xa5);
    REQUIRE(plain.read_message(c.message1, payload).has_value());
    const auto second = plain.write_message(octets(len, 7), message);
    REQUIRE(second.has_value());
    const auto read = c.a.read_answer(*second, left);
    CHECK(code(read) == (len < 32 ? code(error::malformed_message) : 0));
    if (read) CHECK(rig::to_bytes(*read) == octets(len - 32, 7));
    if (!read) CHECK(std::count(left.begin(), left.end(), 7) == 0);
  }
}
