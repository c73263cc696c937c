// SPDX-License-Identifier: BSL-1.0
// Ratchets: forward only, over lost steps, and never moved by a forged frame.
#include "sotto/sframe/ratchet.hpp"

#include <cstdint>
#include <type_traits>
#include <utility>

#include "frames.hpp"

namespace sframe = sotto::sframe;
using frames::answer;
using frames::code;
using frames::octets;
using sotto::error;

static_assert(!std::is_copy_constructible_v<sframe::ratchet_sender>);
static_assert(!std::is_copy_constructible_v<sframe::ratchet_receiver>);
// What refers to an object can't be taken from one that is about to end.
template <class Key>
constexpr bool exposes = requires(Key&& key) { std::forward<Key>(key).expose(); };
static_assert(exposes<const sframe::base_key&> && exposes<sframe::base_key&> && !exposes<sframe::base_key>);
template <class Sender>
constexpr bool shows_its_key = requires(Sender&& tx) { std::forward<Sender>(tx).current_key(); };
static_assert(shows_its_key<const sframe::ratchet_sender&> && !shows_its_key<sframe::ratchet_sender>);

namespace {
constexpr auto gcm = sframe::cipher_suite::aes_128_gcm_sha256_128;
constexpr auto hmac_32 = sframe::cipher_suite::aes_128_ctr_hmac_sha256_32;

sframe::ratchet_sender sender(sframe::cipher_suite s, std::uint64_t generation = 5, unsigned r = 4) {
  return sframe::ratchet_sender::create(s, generation, frames::base_key(), sframe::step_bits(r)).value();
}
/// What a newcomer gets from the sender.
sframe::ratchet_receiver joining(const sframe::ratchet_sender& tx, sframe::ratchet_options options = {}) {
  auto key = sframe::base_key::create(tx.current_key().expose()).value();
  return sframe::ratchet_receiver::create(tx.suite(), tx.kid(), std::move(key), options).value();
}
void ratchet(sframe::ratchet_sender& tx, int steps = 1) {
  for (int i = 0; i < steps; ++i) REQUIRE(tx.ratchet());
}
octets next_frame(sframe::ratchet_sender& tx) { return frames::protect(tx, {1, 2, 3}); }
octets forged_frame(sframe::ratchet_sender& tx) {
  octets frame = next_frame(tx);
  frame.back() ^= 1;
  return frame;
}
}  // namespace

TEST_CASE("keys and KIDs of many steps are the RFC's") {
  for (const auto& c : frames::table)
    for (const unsigned r : {1u, 2u, 4u, 9u, 63u}) {
      auto tx = sender(c.suite, 1, r);
      octets key = frames::base_key_bytes();
      for (std::uint64_t step = 0; step < 40; ++step) {
        const std::uint64_t kid = (std::uint64_t{1} << r) + step % (std::uint64_t{1} << r);
        REQUIRE(tx.kid().value() == kid);
        REQUIRE(frames::copy(tx.current_key().expose()) == key);
        REQUIRE(frames::protect(tx, {7}) == frames::encrypt(c, kid, 0, key, {}, {7}));
        REQUIRE(frames::protect(tx, {8}) == frames::encrypt(c, kid, 1, key, {}, {8}));
        key = frames::hkdf(c.suite, key, frames::text("SFrame 1.0 Ratchet"), c.nh);
        ratchet(tx);
      }
    }
}

TEST_CASE("a receiver follows step by step, round the end of R") {
  for (const auto& c : frames::table) {
    auto tx = sender(c.suite);
    auto rx = joining(tx);
    for (int step = 0; step < 50; ++step) {
      REQUIRE(answer(rx, next_frame(tx)) == 0);
      REQUIRE(answer(rx, next_frame(tx)) == 0);
      REQUIRE(rx.kid() == tx.kid());
      ratchet(tx);
    }
  }
}

TEST_CASE("lost steps are made up for, up to the bound") {
  for (int steps = 1; steps <= 12; ++steps) {
    auto tx = sender(gcm);
    auto rx = joining(tx);
    REQUIRE(answer(rx, next_frame(tx)) == 0);
    const auto at = rx.kid();
    ratchet(tx, steps);
    const octets before = frames::snapshot(rx);
    if (steps <= 8) {
      CHECK(answer(rx, next_frame(tx)) == 0);
      CHECK(rx.kid() == tx.kid());
    } else {
      CHECK(answer(rx, next_frame(tx)) == code(error::unknown_key));
      CHECK(rx.kid() == at);
      CHECK(frames::snapshot(rx) == before);
    }
  }
}

TEST_CASE("late frames of the step before are accepted until it is forgotten") {
  auto tx = sender(gcm);
  auto rx = joining(tx);
  const octets first = next_frame(tx), second = next_frame(tx), third = next_frame(tx);
  REQUIRE(answer(rx, first) == 0);
  ratchet(tx);
  CHECK_FALSE(rx.has_previous());
  const octets ahead = next_frame(tx);
  REQUIRE(answer(rx, ahead) == 0);
  CHECK(rx.has_previous());
  CHECK(answer(rx, first) == code(error::replayed));
  CHECK(answer(rx, ahead) == code(error::replayed));
  CHECK(answer(rx, second) == 0);
  CHECK(answer(rx, second) == code(error::replayed));
  rx.forget_previous();
  CHECK_FALSE(rx.has_previous());
  CHECK(answer(rx, third) == code(error::unknown_key));
  CHECK(answer(rx, next_frame(tx)) == 0);
}

TEST_CASE("skipped steps and older ones are unknown") {
  auto tx = sender(gcm);
  auto rx = joining(tx);
  const octets old = next_frame(tx);
  ratchet(tx);
  const octets skipped = next_frame(tx);
  ratchet(tx);
  REQUIRE(answer(rx, next_frame(tx)) == 0);
  CHECK(answer(rx, skipped) == code(error::unknown_key));
  CHECK(answer(rx, old) == 0);
  ratchet(tx);
  REQUIRE(answer(rx, next_frame(tx)) == 0);
  CHECK(answer(rx, old) == code(error::unknown_key));
}

TEST_CASE("who joins later can't read back, and who left the generation can't read on") {
  auto tx = sender(gcm);
  const octets early = next_frame(tx);
  ratchet(tx);
  auto newcomer = joining(tx);
  CHECK(answer(newcomer, early) == code(error::unknown_key));
  CHECK(answer(newcomer, next_frame(tx)) == 0);
  auto next_generation = sframe::ratchet_sender::create(gcm, 6, frames::base_key(2), sframe::step_bits(4)).value();
  CHECK(answer(newcomer, next_frame(next_generation)) == code(error::unknown_key));
  // Nor does it help to pretend that its KID is the old generation's.
  octets relabelled = next_frame(next_generation);
  REQUIRE(relabelled[0] == 0x81);
  relabelled[1] = static_cast<std::uint8_t>(tx.kid().value());
  CHECK(answer(newcomer, relabelled) == code(error::authentication_failed));
}

TEST_CASE("forged frames of steps ahead move nothing") {
  for (const auto& c : frames::table) {
    INFO(sframe::name(c.suite));
    auto tx = sender(c.suite);
    auto rx = joining(tx);
    REQUIRE(answer(rx, next_frame(tx)) == 0);
    const octets late = next_frame(tx), before = frames::snapshot(rx);
    const auto at = rx.kid();
    for (int step = 1; step <= 8; ++step) {
      ratchet(tx);
      octets forged = forged_frame(tx), in_place = forged;
      CHECK(answer(rx, forged) == code(error::authentication_failed));
      CHECK_FALSE(rx.unprotect(sotto::mutable_bytes(in_place)));
      CHECK(in_place == forged);
      CHECK(rx.kid() == at);
      CHECK_FALSE(rx.has_previous());
      CHECK(frames::distance(before, frames::snapshot(rx)) <= sizeof(std::uint64_t));
    }
    CHECK(rx.forgeries_left() == sframe::parameters(c.suite).max_forgeries);
    CHECK(answer(rx, late) == 0);
    CHECK(answer(rx, next_frame(tx)) == 0);
    CHECK(rx.kid() == tx.kid());
  }
}

TEST_CASE("a genuine frame ahead that doesn't fit moves nothing either") {
  auto tx = sender(gcm);
  auto rx = joining(tx);
  ratchet(tx);
  const octets frame = next_frame(tx), before = frames::snapshot(rx);
  octets out(2);
  CHECK(rx.unprotect(frame, out).error() == error::buffer_too_small);
  CHECK(frames::snapshot(rx) == before);
  CHECK(answer(rx, frame) == 0);
}

TEST_CASE("forgeries ahead are counted together, and against the key they were tried on") {
  sframe::ratchet_options options;
  options.limits.max_forgeries = 5;
  auto tx = sender(hmac_32);
  auto rx = joining(tx, options), other = joining(tx, options);
  const octets here = next_frame(tx), later = next_frame(tx);
  ratchet(tx);
  for (int i = 0; i < 3; ++i) CHECK(answer(rx, forged_frame(tx)) == code(error::authentication_failed));
  CHECK(rx.forgeries_left() == 5);
  CHECK(answer(rx, next_frame(tx)) == 0);
  CHECK(rx.forgeries_left() == 2);
  CHECK(answer(rx, here) == 0);
  for (int i = 0; i < 2; ++i) CHECK(answer(rx, forged_frame(tx)) == code(error::authentication_failed));
  CHECK(answer(rx, next_frame(tx)) == code(error::key_exhausted));
  // The step after has a new key.
  ratchet(tx);
  CHECK(answer(rx, next_frame(tx)) == 0);
  CHECK(rx.forgeries_left() == 5);

  for (int i = 0; i < 5; ++i) {
    ratchet(tx);
    CHECK(answer(other, forged_frame(tx)) == code(error::authentication_failed));
  }
  CHECK(answer(other, next_frame(tx)) == code(error::key_exhausted));
  CHECK(answer(other, here) == 0);
  CHECK(answer(other, later) == 0);
}

TEST_CASE("a step doesn't give keys that are still ahead more tries") {
  for (const bool tried_again : {false, true}) {
    sframe::ratchet_options options;
    options.limits.max_forgeries = 5;
    auto tx = sender(hmac_32);
    auto rx = joining(tx, options);
    ratchet(tx);
    const octets one = next_frame(tx);
    ratchet(tx);
    for (int i = 0; i < 3; ++i) CHECK(answer(rx, forged_frame(tx)) == code(error::authentication_failed));
    CHECK(rx.forgeries_left_ahead() == 2);
    REQUIRE(answer(rx, one) == 0);
    CHECK(rx.forgeries_left_ahead() == 2);
    const octets two = next_frame(tx);
    if (tried_again) {
      for (int i = 0; i < 2; ++i) CHECK(answer(rx, forged_frame(tx)) == code(error::authentication_failed));
      CHECK(rx.forgeries_left_ahead() == 0);
      CHECK(answer(rx, two) == code(error::key_exhausted));
    } else {
      REQUIRE(answer(rx, two) == 0);
      CHECK(rx.forgeries_left() == 2);
      CHECK(rx.forgeries_left_ahead() == 5);  // all keys that were tried have been left behind
    }
  }
}

TEST_CASE("a frame that no key could open isn't tried") {
  auto tx = sender(gcm);
  auto rx = joining(tx);
  ratchet(tx);
  const octets frame = next_frame(tx), before = frames::snapshot(rx);
  const std::size_t tag_len = sframe::parameters(gcm).tag_len, head_len = frame.size() - 3 - tag_len;
  for (std::size_t len = head_len; len < head_len + tag_len; ++len)
    CHECK(answer(rx, frames::first(frame, len)) == code(error::malformed_message));
  CHECK(answer(rx, frame, octets(sframe::max_metadata_len + 1)) == code(error::invalid_argument));
  CHECK(frames::snapshot(rx) == before);
  CHECK(answer(rx, frame) == 0);
}

TEST_CASE("no key comes after one that was moved from, nor of a suite that doesn't exist") {
  sframe::base_key key = frames::base_key();
  const auto nothing = static_cast<sframe::cipher_suite>(6);
  const auto is_empty = [](const sframe::base_key& k) { return k.expose().empty(); };
  CHECK(is_empty(key.next(nothing)));
  const sframe::base_key taken = std::move(key);
  for (const auto s : sframe::cipher_suites) {
    CHECK(is_empty(key.next(s)));
    const auto refused = sframe::sender::create(s, sframe::key_id(1), key.next(s), sframe::counter(0));
    CHECK((!refused && refused.error() == error::invalid_key_length));
    CHECK(sframe::sender::create(s, sframe::key_id(1), taken.next(s), sframe::counter(0)).has_value());
  }
}

TEST_CASE("with one bit of steps a KID ahead isn't the step before") {
  sframe::ratchet_options options;
  options.r = sframe::step_bits(1);
  options.max_steps_ahead = 1;
  auto tx = sender(gcm, 5, 1);
  auto rx = joining(tx, options);
  const octets early = next_frame(tx), late = next_frame(tx);
  REQUIRE(answer(rx, early) == 0);
  for (int i = 0; i < 10; ++i) {
    ratchet(tx);
    CHECK(answer(rx, next_frame(tx)) == 0);
    CHECK_FALSE(rx.has_previous());
    CHECK(rx.kid() == tx.kid());
  }
  // Ten steps on, the KID is the first step's again, the key another.
  CHECK(answer(rx, late) == code(error::authentication_failed));
  ratchet(tx);
  const auto at = rx.kid();
  CHECK(answer(rx, late) == code(error::authentication_failed));
  CHECK(rx.kid() == at);
}

TEST_CASE("options outside their range") {
  const auto refused = [](unsigned r, std::uint32_t ahead) {
    const auto made =
        sframe::ratchet_receiver::create(gcm, sframe::key_id(3), frames::base_key(), {sframe::step_bits(r), ahead, {}});
    return !made && made.error() == error::invalid_argument;
  };
  CHECK(refused(0, 1));
  CHECK(refused(64, 8));
  CHECK(refused(4, 0));
  CHECK(refused(4, 16));
  CHECK_FALSE(refused(4, 15));
  CHECK(refused(1, 2));
  CHECK_FALSE(refused(1, 1));
  CHECK(refused(20, 257));
  CHECK_FALSE(refused(63, 256));
  const auto sender_refused = [](std::uint64_t generation, unsigned r) {
    const auto made = sframe::ratchet_sender::create(gcm, generation, frames::base_key(), sframe::step_bits(r));
    return !made && made.error() == error::invalid_argument;
  };
  CHECK(sender_refused(1, 0));
  CHECK(sender_refused(1, 64));
  CHECK(sender_refused(2, 63));
  CHECK_FALSE(sender_refused(1, 63));
  CHECK(sender_refused(std::uint64_t{1} << 60, 4));
  CHECK_FALSE(sender_refused((std::uint64_t{1} << 60) - 1, 4));
}

TEST_CASE("a step never runs into the generation") {
  const std::uint64_t most = (std::uint64_t{1} << 60) - 1;
  auto tx = sender(gcm, most);
  ratchet(tx, 15);
  CHECK(tx.kid().value() == ~std::uint64_t{0});
  auto rx = joining(tx);
  ratchet(tx);
  CHECK(tx.kid().value() == most << 4);
  CHECK(answer(rx, next_frame(tx)) == 0);
}

TEST_CASE("what was moved from neither sends nor receives nor ratchets") {
  auto tx = sender(gcm);
  auto rx = joining(tx);
  auto tx2 = std::move(tx);
  octets out(100);
  CHECK(tx.protect(octets{1}, out).error() == error::key_exhausted);
  CHECK(tx.ratchet().error() == error::key_exhausted);
  const octets here = next_frame(tx2);
  ratchet(tx2);
  const octets ahead = next_frame(tx2);
  auto rx2 = std::move(rx);
  CHECK(answer(rx, here) == code(error::key_exhausted));
  CHECK(answer(rx, ahead) == code(error::key_exhausted));
  CHECK(answer(rx2, here) == 0);
  CHECK(answer(rx2, ahead) == 0);
}
