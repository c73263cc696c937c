// SPDX-License-Identifier: BSL-1.0
// Keys, senders and receivers leave nothing of their secrets in memory when they end or are moved from.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "frames.hpp"
#include "support/remains.hpp"

namespace sframe = sotto::sframe;
using frames::octets;

namespace {

/// `harmless` words may stay: pointers to kernels, numbers, flags, the window's bits.
template <class T, class Make>
void leaves_only(std::size_t harmless, Make make) {
  const auto ended = std::make_unique<support::remains<T>>(make());
  CHECK(ended->nonzero_words() > harmless + 3);
  ended->end();
  CHECK(ended->nonzero_words() <= harmless);

  const auto moved = std::make_unique<support::remains<T>>(make());
  const auto taken = std::make_unique<T>(std::move(moved->object()));
  CHECK(moved->nonzero_words() <= harmless);

  // Assigning over an object, too, ends what it held.
  const auto source = std::make_unique<support::remains<T>>(make());
  *taken = std::move(source->object());
  CHECK(source->nonzero_words() <= harmless);
}

}  // namespace

TEST_CASE("base keys leave nothing behind") {
  leaves_only<sframe::base_key>(1, [] { return sframe::base_key::create(octets(64, 0xaa)).value(); });
  leaves_only<sframe::base_key>(1,
                                [] { return frames::base_key().next(sframe::cipher_suite::aes_256_gcm_sha512_128); });
}

TEST_CASE("ciphers, senders and receivers leave no key behind") {
  for (const auto& c : frames::table) {
    INFO(sframe::name(c.suite));
    leaves_only<sframe::detail::frame_cipher>(
        6, [&] { return sframe::detail::frame_cipher::create(c.suite, {}, frames::base_key()).value(); });
    leaves_only<sframe::sender>(9, [&] { return frames::sender(c.suite, 300, 300); });
    leaves_only<sframe::receiver>(10, [&] {
      auto rx = frames::receiver(c.suite);
      CHECK(frames::answer(rx, frames::numbered(c.suite, 0)) == 0);
      return rx;
    });
    leaves_only<sframe::ratchet_sender>(11, [&] {
      return sframe::ratchet_sender::create(c.suite, 3, frames::base_key(), sframe::step_bits(4)).value();
    });
    leaves_only<sframe::ratchet_receiver>(26, [&] {
      auto tx = sframe::ratchet_sender::create(c.suite, 3, frames::base_key(), sframe::step_bits(4)).value();
      auto rx = sframe::ratchet_receiver::create(c.suite, tx.kid(), frames::base_key()).value();
      REQUIRE(tx.ratchet());
      CHECK(frames::answer(rx, frames::protect(tx, {1})) == 0);
      CHECK(rx.has_previous());
      return rx;
    });
  }
}

TEST_CASE("the key of a step that is gone is wiped") {
  const auto memory = std::make_unique<support::remains<sframe::ratchet_sender>>(
      sframe::ratchet_sender::create(sframe::cipher_suite::aes_128_gcm_sha256_128, 3, frames::base_key(),
                                     sframe::step_bits(4))
          .value());
  const auto holds = [&](const octets& what) {
    const octets bytes = frames::snapshot(memory->object());
    return std::search(bytes.begin(), bytes.end(), what.begin(), what.end()) != bytes.end();
  };
  const octets first = frames::base_key_bytes();
  CHECK(holds(first));
  REQUIRE(memory->object().ratchet());
  CHECK_FALSE(holds(first));
  CHECK_FALSE(holds(frames::first(first, 8)));
  CHECK(holds(frames::copy(memory->object().current_key().expose())));
}

TEST_CASE("a sender that is removed from a group leaves nothing") {
  using group = sframe::basic_group_receiver<2, 64>;
  const auto memory =
      std::make_unique<support::remains<group>>(group::create(sframe::cipher_suite::aes_128_gcm_sha256_128).value());
  REQUIRE(memory->object().add_sender(sframe::key_id(1), frames::base_key()));
  CHECK(memory->nonzero_words() > 40);
  REQUIRE(memory->object().remove_sender(sframe::key_id(1)));
  CHECK(memory->nonzero_words() <= 8);
}
