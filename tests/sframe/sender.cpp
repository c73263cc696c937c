// SPDX-License-Identifier: BSL-1.0
// Senders: counters that can't repeat, and refusals that change nothing.
#include "sotto/sframe/sender.hpp"

#include <cstdint>
#include <type_traits>
#include <utility>

#include "frames.hpp"

namespace sframe = sotto::sframe;
using frames::octets;
using sotto::error;

static_assert(!std::is_copy_constructible_v<sframe::sender> && !std::is_copy_assignable_v<sframe::sender>);
static_assert(!std::is_copy_constructible_v<sframe::base_key> && !std::is_copy_assignable_v<sframe::base_key>);
static_assert(!std::is_copy_constructible_v<sframe::ratchet_sender>);
static_assert(std::is_nothrow_move_constructible_v<sframe::sender>);

namespace {
constexpr auto gcm = sframe::cipher_suite::aes_128_gcm_sha256_128;
constexpr auto hmac_32 = sframe::cipher_suite::aes_128_ctr_hmac_sha256_32;
constexpr std::uint64_t last = ~std::uint64_t{0};
}  // namespace

TEST_CASE("each frame has the next counter") {
  auto tx = frames::sender(gcm);
  for (std::uint64_t i = 0; i < 300; ++i) {
    CHECK(tx.next_counter().value() == i);
    const std::size_t overhead = tx.overhead();
    const octets frame = frames::protect(tx, {1});
    const auto parsed = sframe::parse_header(frame);
    REQUIRE(parsed);
    CHECK(parsed->header == sframe::header{sframe::key_id(3), sframe::counter(i)});
    CHECK(frame.size() == 1 + overhead);
  }
}

TEST_CASE("the last counter is used once, and then the key is exhausted") {
  for (const auto& c : frames::table) {
    auto tx = frames::sender(c.suite, last, last - 1);
    auto rx = frames::receiver(c.suite, last);
    CHECK(tx.overhead() == 17 + c.nt);
    const octets before_last = frames::protect(tx, {1}), final_one = frames::protect(tx, {2});
    CHECK(tx.exhausted());
    octets out(100, 0x5a);
    const octets untouched = out, text{3};
    const octets before = frames::snapshot(tx);
    CHECK(tx.protect(text, out).error() == error::key_exhausted);
    CHECK(tx.protect(sotto::mutable_bytes(out), 1).error() == error::key_exhausted);
    CHECK(out == untouched);
    CHECK(frames::snapshot(tx) == before);
    CHECK(final_one == frames::encrypt(c, last, last, frames::base_key_bytes(), {}, {2}));
    CHECK(frames::answer(rx, final_one) == 0);
    CHECK(frames::answer(rx, before_last) == 0);
    CHECK(frames::answer(rx, final_one) == frames::code(error::replayed));
  }
}

TEST_CASE("a refusal changes neither sender nor buffers") {
  for (const auto& c : frames::table) {
    INFO(sframe::name(c.suite));
    auto tx = frames::sender(c.suite, 300, 300);
    const octets state = frames::snapshot(tx), text(50, 1), big(sframe::max_metadata_len + 1);
    const std::size_t need = text.size() + tx.overhead();
    const auto refused = [&](auto got, error expected) {
      REQUIRE_FALSE(got);
      CHECK(got.error() == expected);
      CHECK(frames::snapshot(tx) == state);
    };
    for (std::size_t len = 0; len < need; ++len) {
      octets out(len, 0x5a);
      refused(tx.protect(text, out), error::buffer_too_small);
      CHECK(out == octets(len, 0x5a));
    }
    for (std::size_t len = 0; len < sframe::max_header_len + 50 + c.nt; ++len) {
      octets buffer(len, 0x5a);
      refused(tx.protect(sotto::mutable_bytes(buffer), 50), error::buffer_too_small);
      CHECK(buffer == octets(len, 0x5a));
    }
    octets buffer(300, 0x5a);
    // 2^32 - 1 bytes aren't too many for the cipher.
    refused(tx.protect(sotto::mutable_bytes(buffer), ~std::size_t{0}),
            sizeof(std::size_t) == 8 ? error::message_too_long : error::buffer_too_small);
    refused(tx.protect(text, buffer, sframe::metadata(big)), error::invalid_argument);
    refused(tx.protect(sotto::mutable_bytes(buffer), 50, sframe::metadata(big)), error::invalid_argument);
    // The plaintext may touch the output, but not share a byte with it.
    const auto all = sotto::mutable_bytes(buffer);
    for (std::size_t at = 51; at < 100 + need; ++at)
      refused(tx.protect(all.subspan(at, 50), all.subspan(100, need)), error::overlapping_buffers);
    CHECK(buffer == octets(300, 0x5a));
    CHECK(tx.protect(all.subspan(50, 50), all.subspan(100, need)).has_value());
    CHECK(tx.protect(all.subspan(100 + need, 50), all.subspan(100, need)).has_value());
  }
}

TEST_CASE("metadata may lie in the buffer that is written") {
  for (const auto& c : frames::table) {
    auto tx = frames::sender(c.suite, 300, 300);
    auto rx = frames::receiver(c.suite, 300);
    octets buffer = support::pattern_bytes(1, 100);
    const octets aad = frames::first(buffer, 16), text = octets(buffer.begin() + 17, buffer.begin() + 67);
    const auto wire =
        tx.protect(sotto::mutable_bytes(buffer), 50, sframe::metadata(sotto::const_bytes(buffer).first(16)));
    REQUIRE(wire);
    CHECK(frames::copy(*wire) == frames::encrypt(c, 300, 300, frames::base_key_bytes(), aad, text));
    CHECK(frames::answer(rx, frames::copy(*wire), aad) == 0);
  }
}

TEST_CASE("what was moved from protects nothing") {
  auto tx = frames::sender(hmac_32);
  octets out(100, 0x5a);
  const octets text{1, 2, 3};
  REQUIRE(tx.protect(text, out));
  auto moved = std::move(tx);
  out.assign(100, 0x5a);
  CHECK(tx.exhausted());
  CHECK(tx.protect(text, out).error() == error::key_exhausted);
  CHECK(out == octets(100, 0x5a));
  CHECK(moved.next_counter().value() == 1);
  CHECK(moved.protect(text, out).has_value());
  tx = std::move(moved);
  CHECK(moved.exhausted());
  CHECK(tx.next_counter().value() == 2);
  CHECK(tx.protect(text, out).has_value());

  auto key = frames::base_key();
  const auto taken = std::move(key);
  CHECK(key.expose().empty());
  CHECK(sframe::sender::create(gcm, {}, std::move(key)).error() == error::invalid_key_length);
  CHECK(taken.expose().size() == 32);
}

TEST_CASE("base keys have 16 to 64 bytes") {
  for (std::size_t len = 0; len <= 70; ++len) {
    const auto made = sframe::base_key::create(octets(len, 1));
    REQUIRE(made.has_value() == (len >= 16 && len <= 64));
    if (!made) CHECK(made.error() == error::invalid_key_length);
  }
}

TEST_CASE("two KIDs of one base key have nothing in common") {
  auto a = frames::sender(gcm, 1), b = frames::sender(gcm, 2);
  const octets zeros(64), x = frames::protect(a, zeros), y = frames::protect(b, zeros);
  CHECK(frames::tail(x, 1) != frames::tail(y, 1));
}
