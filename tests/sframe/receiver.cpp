// SPDX-License-Identifier: BSL-1.0
// Receivers: what they refuse and why, replays, and that only authentic frames change anything.
#include "sotto/sframe/receiver.hpp"

#include <cstdint>
#include <type_traits>
#include <utility>

#include "frames.hpp"

namespace sframe = sotto::sframe;
using frames::answer;
using frames::code;
using frames::octets;
using sotto::error;

static_assert(!std::is_copy_constructible_v<sframe::receiver> && !std::is_copy_assignable_v<sframe::receiver>);
static_assert(std::is_nothrow_move_constructible_v<sframe::receiver>);

namespace {
constexpr auto gcm = sframe::cipher_suite::aes_128_gcm_sha256_128;
constexpr auto hmac_64 = sframe::cipher_suite::aes_128_ctr_hmac_sha256_64;
constexpr auto hmac_32 = sframe::cipher_suite::aes_128_ctr_hmac_sha256_32;
constexpr std::uint64_t last = ~std::uint64_t{0};

/// In place, too: a refusal leaves the frame as it was.
int answer_both(sframe::receiver& rx, const octets& frame, const octets& metadata = {}) {
  octets in_place = frame;
  const auto got = rx.unprotect(sotto::mutable_bytes(in_place), sframe::metadata(metadata));
  REQUIRE_FALSE(got);
  CHECK(in_place == frame);
  CHECK(answer(rx, frame, metadata) == code(got.error()));
  return code(got.error());
}
}  // namespace

TEST_CASE("a frame that is cut anywhere is refused, and nothing is written") {
  for (const auto& c : frames::table)
    for (const std::uint64_t kid : {std::uint64_t{3}, last}) {
      INFO(sframe::name(c.suite) << ", KID " << kid);
      auto tx = frames::sender(c.suite, kid, 70000);
      auto rx = frames::receiver(c.suite, kid);
      const octets frame = frames::protect(tx, support::pattern_bytes(1, 40));
      const std::size_t head = frame.size() - 40 - c.nt;
      const octets before = frames::snapshot(rx);
      for (std::size_t len = 0; len < frame.size(); ++len) {
        const int expected = len < head + c.nt ? code(error::malformed_message) : code(error::authentication_failed);
        REQUIRE(answer_both(rx, frames::first(frame, len)) == expected);
      }
      // One more than all of it.
      REQUIRE(answer_both(rx, frames::operator+(frame, {0})) == code(error::authentication_failed));
      CHECK(frames::distance(before, frames::snapshot(rx)) <= sizeof(std::uint64_t));
      CHECK(answer(rx, frame) == 0);
    }
}

TEST_CASE("any altered byte is refused, and the genuine frame still accepted") {
  for (const auto& c : frames::table) {
    INFO(sframe::name(c.suite));
    auto tx = frames::sender(c.suite, 300, 70000);
    auto rx = frames::receiver(c.suite, 300);
    const octets aad = frames::text("metadata"), frame = frames::protect(tx, support::pattern_bytes(1, 40), aad);
    const octets before = frames::snapshot(rx);
    for (std::size_t i = 0; i < frame.size(); ++i)
      for (unsigned bit = 0; bit < 8; ++bit) {
        octets altered = frame;
        altered[i] ^= static_cast<std::uint8_t>(1u << bit);
        const int got = answer_both(rx, altered, aad);
        // Bytes 0 to 2 say how to read the header and the KID; 3 to 5 are the counter's.
        if (i >= 4) REQUIRE(got == code(error::authentication_failed));
      }
    for (const octets& other : {octets{}, frames::text("metadat"), frames::text("metadata."), frames::text("Metadata")})
      REQUIRE(answer_both(rx, frame, other) == code(error::authentication_failed));
    CHECK(frames::distance(before, frames::snapshot(rx)) <= sizeof(std::uint64_t));
    CHECK(answer(rx, frame, aad) == 0);
  }
}

TEST_CASE("metadata and ciphertext don't run into each other") {
  // Moving a byte from the ciphertext's front to the metadata's end must not keep the tag right.
  for (const auto& c : frames::table) {
    auto tx = frames::sender(c.suite);
    auto rx = frames::receiver(c.suite);
    const octets frame = frames::protect(tx, {1, 2, 3, 4}, {9});
    octets moved = frame;
    moved.erase(moved.begin() + 1);
    CHECK(answer(rx, moved, {9, frame[1]}) == code(error::authentication_failed));
  }
}

TEST_CASE("frames of other KIDs, keys, suites are refused") {
  for (const auto& c : frames::table) {
    auto rx = frames::receiver(c.suite);
    for (const std::uint64_t kid : {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{4}, std::uint64_t{0x103}, last})
      CHECK(answer_both(rx, frames::numbered(c.suite, 0, kid)) == code(error::unknown_key));
    auto stranger = sframe::sender::create(c.suite, sframe::key_id(3), frames::base_key(2)).value();
    CHECK(answer_both(rx, frames::protect(stranger, octets(30))) == code(error::authentication_failed));
    for (const auto& other : frames::table) {
      if (other.suite == c.suite) continue;
      auto tx = frames::sender(other.suite);
      CHECK(answer_both(rx, frames::protect(tx, octets(30))) == code(error::authentication_failed));
    }
  }
}

TEST_CASE("what doesn't fit is refused before anything changes") {
  auto tx = frames::sender(gcm, 300, 300);
  auto rx = frames::receiver(gcm, 300);
  octets frame = frames::protect(tx, support::pattern_bytes(1, 40));
  const octets genuine = frame, before = frames::snapshot(rx);
  const auto refused = [&](auto got, error expected) {
    REQUIRE_FALSE(got);
    CHECK(got.error() == expected);
    CHECK(frame == genuine);
    CHECK(frames::snapshot(rx) == before);
  };
  for (std::size_t len = 0; len < 40; ++len) {
    octets out(len, 0x5a);
    refused(rx.unprotect(frame, out), error::buffer_too_small);
    CHECK(out == octets(len, 0x5a));
  }
  octets out(40);
  const octets big(sframe::max_metadata_len + 1);
  refused(rx.unprotect(frame, out, sframe::metadata(big)), error::invalid_argument);
  // Any part of the frame but the ciphertext's place.
  octets buffer(200);
  for (std::size_t at = 0; at < 160; ++at) {
    buffer.assign(200, 0);
    std::copy(frame.begin(), frame.end(), buffer.begin() + 60);
    const octets kept = buffer;
    const bool touches = at + 40 > 60 && at < 60 + frame.size(), in_place = at == 65;
    if (!touches || in_place) continue;
    refused(rx.unprotect(sotto::const_bytes(buffer).subspan(60, frame.size()),
                         sotto::mutable_bytes(buffer).subspan(at, 40)),
            error::overlapping_buffers);
    CHECK(buffer == kept);
  }
  const auto text = rx.unprotect(frame, sotto::mutable_bytes(frame).subspan(5));
  REQUIRE(text);
  CHECK(frames::copy(*text) == support::pattern_bytes(1, 40));
}

TEST_CASE("a counter is accepted once") {
  for (const auto& c : frames::table) {
    auto rx = frames::receiver(c.suite);
    const octets frame = frames::numbered(c.suite, 5);
    CHECK(answer(rx, frame) == 0);
    const octets before = frames::snapshot(rx);
    CHECK(answer_both(rx, frame) == code(error::replayed));
    octets altered = frame;
    altered.back() ^= 1;
    CHECK(answer_both(rx, altered) == code(error::replayed));
    CHECK(frames::snapshot(rx) == before);
    CHECK(answer(rx, frames::numbered(c.suite, 4)) == 0);
    CHECK(answer(rx, frames::numbered(c.suite, 6)) == 0);
  }
}

TEST_CASE("reordered frames inside the window are accepted, older ones are not") {
  for (const std::uint64_t top :
       {std::uint64_t{5000}, std::uint64_t{1} << 32, std::uint64_t{1} << 63, last - 1, last}) {
    auto rx = frames::receiver(gcm);
    CHECK(answer(rx, frames::numbered(gcm, top)) == 0);
    CHECK(answer(rx, frames::numbered(gcm, top - 1024)) == code(error::too_old));
    CHECK(answer(rx, frames::numbered(gcm, top - 1023)) == 0);
    CHECK(answer(rx, frames::numbered(gcm, top - 1023)) == code(error::replayed));
    CHECK(answer(rx, frames::numbered(gcm, top - 1)) == 0);
    CHECK(answer(rx, frames::numbered(gcm, 0)) == code(error::too_old));
    CHECK(answer(rx, frames::numbered(gcm, top)) == code(error::replayed));
  }
}

TEST_CASE("a counter far ahead is accepted and leaves the others behind") {
  auto rx = frames::receiver(gcm);
  CHECK(answer(rx, frames::numbered(gcm, 0)) == 0);
  octets forged = frames::numbered(gcm, last);
  forged.back() ^= 1;
  CHECK(answer(rx, forged) == code(error::authentication_failed));
  CHECK(answer(rx, frames::numbered(gcm, 1)) == 0);
  CHECK(answer(rx, frames::numbered(gcm, std::uint64_t{1} << 40)) == 0);
  CHECK(answer(rx, frames::numbered(gcm, 2)) == code(error::too_old));
  CHECK(answer(rx, frames::numbered(gcm, last)) == 0);
  CHECK(answer(rx, frames::numbered(gcm, last - 5)) == 0);
}

TEST_CASE("a window may have another size") {
  auto rx = sframe::basic_receiver<64>::create(gcm, sframe::key_id(3), frames::base_key()).value();
  CHECK(answer(rx, frames::numbered(gcm, 100)) == 0);
  CHECK(answer(rx, frames::numbered(gcm, 37)) == 0);
  CHECK(answer(rx, frames::numbered(gcm, 36)) == code(error::too_old));
}

TEST_CASE("a key survives so many forgeries and not one more") {
  for (const auto& c : frames::table) {
    INFO(sframe::name(c.suite));
    auto rx = frames::receiver(c.suite, 3, 5);
    CHECK(rx.forgeries_left() == 5);
    octets forged = frames::numbered(c.suite, 1);
    forged.back() ^= 1;
    CHECK(answer(rx, frames::numbered(c.suite, 0)) == 0);
    for (int i = 0; i < 5; ++i) {
      // Refusals of other kinds don't count.
      CHECK(answer(rx, frames::numbered(c.suite, 0)) == code(error::replayed));
      CHECK(answer(rx, {0x80}) == code(error::malformed_message));
      CHECK(answer(rx, frames::numbered(c.suite, 0, 4)) == code(error::unknown_key));
      CHECK(answer(rx, forged) == code(error::authentication_failed));
    }
    CHECK(rx.forgeries_left() == 0);
    const octets before = frames::snapshot(rx);
    CHECK(answer_both(rx, frames::numbered(c.suite, 1)) == code(error::key_exhausted));
    CHECK(answer_both(rx, forged) == code(error::key_exhausted));
    CHECK(frames::snapshot(rx) == before);
  }
}

TEST_CASE("the limit of 32-bit tags is 2^16, and options only lower it") {
  CHECK(frames::receiver(hmac_32).forgeries_left() == 1u << 16);
  CHECK(frames::receiver(hmac_64).forgeries_left() == std::uint64_t{1} << 32);
  CHECK(frames::receiver(hmac_32, 3, (1u << 16) + 1).forgeries_left() == 1u << 16);
  CHECK(frames::receiver(hmac_32, 3, 0).forgeries_left() == 0);
  auto rx = frames::receiver(hmac_32);
  octets forged = frames::numbered(hmac_32, 0);
  std::uint64_t refused = 0;
  const std::uint32_t genuine = sotto::core::load_be32(forged.data() + forged.size() - 4);
  octets out(3);
  for (std::uint32_t guess = 1; guess <= 1u << 16; ++guess) {
    sotto::core::store_be32(forged.data() + forged.size() - 4, genuine + guess);
    const auto got = rx.unprotect(forged, out);
    refused += !got && got.error() == error::authentication_failed ? 1 : 0;
  }
  CHECK(refused == 1u << 16);
  CHECK(answer(rx, frames::numbered(hmac_32, 0)) == code(error::key_exhausted));
}

TEST_CASE("a receiver that was moved from accepts nothing") {
  auto rx = frames::receiver(hmac_32);
  CHECK(answer(rx, frames::numbered(hmac_32, 0)) == 0);
  auto moved = std::move(rx);
  // What an all-zero key would make of it doesn't matter.
  CHECK(answer(rx, frames::numbered(hmac_32, 1)) == code(error::key_exhausted));
  CHECK(answer(moved, frames::numbered(hmac_32, 0)) == code(error::replayed));
  CHECK(answer(moved, frames::numbered(hmac_32, 1)) == 0);
  rx = std::move(moved);
  CHECK(answer(moved, frames::numbered(hmac_32, 2)) == code(error::key_exhausted));
  CHECK(answer(rx, frames::numbered(hmac_32, 1)) == code(error::replayed));
  CHECK(answer(rx, frames::numbered(hmac_32, 2)) == 0);
}
