// SPDX-License-Identifier: BSL-1.0
// A group's senders: added, removed, each with a window and forgeries of its own.
#include <cstdint>
#include <type_traits>
#include <utility>

#include "frames.hpp"

namespace sframe = sotto::sframe;
using frames::answer;
using frames::code;
using frames::octets;
using sotto::error;
using group = sframe::basic_group_receiver<3, 64>;

static_assert(!std::is_copy_constructible_v<group> && !std::is_copy_assignable_v<group>);

namespace {
constexpr auto suite = sframe::cipher_suite::aes_128_ctr_hmac_sha256_32;

sframe::key_id kid(std::uint64_t value) { return sframe::key_id(value); }
/// Frames of KID k under a base key of its own.
octets frame_of(std::uint64_t k, std::uint64_t ctr) {
  auto tx = sframe::sender::create(suite, kid(k), frames::base_key(k), sframe::counter(ctr)).value();
  return frames::protect(tx, {1, 2, 3});
}
group group_of(std::initializer_list<std::uint64_t> kids, sframe::receiver_options options = {}) {
  auto made = group::create(suite, options).value();
  for (const auto k : kids) REQUIRE(made.add_sender(kid(k), frames::base_key(k)));
  return made;
}
}  // namespace

TEST_CASE("three callers") {
  auto rx = group_of({1, 200, 70000});
  CHECK(rx.sender_count() == 3);
  for (std::uint64_t ctr = 0; ctr < 20; ++ctr)
    for (const std::uint64_t k : {1u, 200u, 70000u}) CHECK(answer(rx, frame_of(k, ctr)) == 0);
  CHECK(answer(rx, frame_of(200, 7)) == code(error::replayed));
  CHECK(answer(rx, frame_of(2, 0)) == code(error::unknown_key));
  CHECK(answer(rx, {}) == code(error::malformed_message));
  octets in_place = frame_of(200, 20);
  const auto text = rx.unprotect(sotto::mutable_bytes(in_place));
  REQUIRE(text);
  CHECK(frames::copy(*text) == octets{1, 2, 3});
}

TEST_CASE("senders come and go") {
  auto rx = group_of({1, 2, 3});
  CHECK(rx.add_sender(kid(4), frames::base_key(4)).error() == error::key_table_full);
  CHECK(rx.add_sender(kid(2), frames::base_key(5)).error() == error::invalid_argument);
  CHECK(rx.remove_sender(kid(4)).error() == error::unknown_key);
  CHECK(answer(rx, frame_of(2, 0)) == 0);
  REQUIRE(rx.remove_sender(kid(2)));
  CHECK_FALSE(rx.has_sender(kid(2)));
  CHECK(rx.remove_sender(kid(2)).error() == error::unknown_key);
  CHECK(answer(rx, frame_of(2, 1)) == code(error::unknown_key));
  CHECK(rx.forgeries_left(kid(2)).error() == error::unknown_key);
  auto spent = frames::base_key(4);
  const auto taken = std::move(spent);
  CHECK(rx.add_sender(kid(4), std::move(spent)).error() == error::invalid_key_length);
  CHECK(rx.sender_count() == 2);
  REQUIRE(rx.add_sender(kid(4), frames::base_key(4)));
  CHECK(answer(rx, frame_of(4, 0)) == 0);
  CHECK(answer(rx, frame_of(1, 0)) == 0);
  CHECK(answer(rx, frame_of(3, 0)) == 0);
}

TEST_CASE("one sender's forgeries and counters are no other's") {
  auto rx = group_of({1, 2}, {3});
  octets forged = frame_of(1, 0);
  forged.back() ^= 1;
  for (int i = 0; i < 3; ++i) CHECK(answer(rx, forged) == code(error::authentication_failed));
  CHECK(rx.forgeries_left(kid(1)).value() == 0);
  CHECK(rx.forgeries_left(kid(2)).value() == 3);
  CHECK(answer(rx, frame_of(1, 0)) == code(error::key_exhausted));
  CHECK(answer(rx, frame_of(2, 1000)) == 0);
  REQUIRE(rx.add_sender(kid(3), frames::base_key(3)));
  CHECK(answer(rx, frame_of(3, 0)) == 0);
}

TEST_CASE("a frame under another member's key is no frame of this one") {
  auto rx = group_of({1, 2});
  auto pretender = sframe::sender::create(suite, kid(1), frames::base_key(2)).value();
  CHECK(answer(rx, frames::protect(pretender, {1})) == code(error::authentication_failed));
}

TEST_CASE("a group that was moved from has no senders") {
  auto rx = group_of({1, 2});
  CHECK(answer(rx, frame_of(1, 0)) == 0);
  auto moved = std::move(rx);
  CHECK(rx.sender_count() == 0);
  CHECK(answer(rx, frame_of(1, 1)) == code(error::unknown_key));
  CHECK(answer(moved, frame_of(1, 0)) == code(error::replayed));
  rx = std::move(moved);
  CHECK(moved.sender_count() == 0);
  CHECK(answer(rx, frame_of(1, 0)) == code(error::replayed));
  CHECK(answer(rx, frame_of(2, 0)) == 0);
}
