// SPDX-License-Identifier: BSL-1.0
// Keying, transforms and sessions leave nothing of their keys in memory when they end or are moved from.
#include <cstddef>
#include <memory>
#include <utility>

#include "keys.hpp"
#include "sotto/srtp.hpp"
#include "support/catch.hpp"
#include "support/remains.hpp"

namespace srtp = sotto::srtp;

namespace {

using keys::octets;

/// Whether at least `least_of_key` bytes in a row differ. All keys and salts are longer. What an object's padding
/// holds, at most seven bytes in a row, comes from the stack and may differ for other reasons, such as another return
/// address.
bool differ(const octets& a, const octets& b) {
  constexpr std::size_t least_of_key = 8;
  REQUIRE(a.size() == b.size());
  std::size_t in_a_row = 0;
  for (std::size_t i = 0; i < a.size() && in_a_row < least_of_key; ++i) in_a_row = a[i] != b[i] ? in_a_row + 1 : 0;
  return in_a_row == least_of_key;
}

/// The memory of a T in three states.
struct memory {
  octets alive, ended, moved_from;
};

template <class T, class Make>
memory memory_of(Make make, const keys::master& m) {
  const auto object = std::make_unique<support::remains<T>>(make(m));
  const octets alive = object->bytes();
  object->end();
  const auto moved = std::make_unique<support::remains<T>>(make(m));
  const auto taken = std::make_unique<T>(std::move(moved->object()));
  return {alive, object->bytes(), moved->bytes()};
}

/// Two objects that differ in nothing but their keys have left the same bytes when they ended or were moved from:
/// whatever stays, such as pointers to kernels and lengths, tells nothing of a key.
template <class T, class Make>
void forgets_its_key(srtp::profile p, Make make) {
  INFO(srtp::name(p));
  const memory one = memory_of<T>(make, keys::master(p, 0, 1));
  const memory other = memory_of<T>(make, keys::master(p, 0, 2));
  CHECK(differ(one.alive, other.alive));  // else there was nothing to forget
  CHECK_FALSE(differ(one.ended, other.ended));
  CHECK_FALSE(differ(one.moved_from, other.moved_from));
}

srtp::derived_session_keys session_keys(const keys::master& m) {
  return srtp::derived_session_keys(*srtp::key_derivation::create(m.key, m.salt), m.profile,
                                    srtp::key_label::rtp_encryption);
}

srtp::sender used_sender(const keys::master& m) {
  auto tx = srtp::sender::create(m.raw()).value();
  (void)keys::protect(tx, keys::rtp(1, 1, 40));
  (void)keys::protect_rtcp(tx, keys::rtcp(1, 40));
  return tx;
}

srtp::receiver used_receiver(const keys::master& m) {
  auto tx = used_sender(m);
  auto rx = srtp::receiver::create(m.raw()).value();
  CHECK(keys::receive(rx, keys::protect(tx, keys::rtp(1, 2, 40))) == 0);
  return rx;
}

}  // namespace

TEST_CASE("keying leaves no key behind") {
  for (const auto p : srtp::profiles)
    forgets_its_key<srtp::keying>(p, [](const keys::master& m) { return srtp::keying::create(m.raw()).value(); });
}

TEST_CASE("key derivation and its session keys leave no key behind") {
  for (const auto p : srtp::profiles) {
    forgets_its_key<srtp::key_derivation>(
        p, [](const keys::master& m) { return srtp::key_derivation::create(m.key, m.salt).value(); });
    forgets_its_key<srtp::derived_session_keys>(p, session_keys);
  }
}

TEST_CASE("transforms leave no key behind") {
  for (const auto p : srtp::profiles) {
    forgets_its_key<srtp::any_transform>(p, [](const keys::master& m) {
      const srtp::derived_session_keys k = session_keys(m);
      return srtp::any_transform::create(m.profile, k.expose(), k.expose()).value();
    });
  }
}

TEST_CASE("senders and receivers leave no key behind") {
  for (const auto p : srtp::profiles) {
    forgets_its_key<srtp::sender>(p, used_sender);
    forgets_its_key<srtp::receiver>(p, used_receiver);
  }
}

TEST_CASE("a master key that was removed leaves nothing") {
  for (const auto p : srtp::profiles) {
    INFO(srtp::name(p));
    const keys::master first(p, 4, 1);
    const auto with_second = [&](std::uint64_t seed) {
      keys::master second(p, 4, seed);
      second.mki = {0, 0, 0, 2};
      const auto rx = std::make_unique<support::remains<srtp::receiver>>(*srtp::receiver::create(first.raw()));
      REQUIRE(rx->object().add_key(second.raw()));
      const octets alive = rx->bytes();
      REQUIRE(rx->object().remove_key(second.mki));
      return memory{alive, rx->bytes(), {}};
    };
    const memory one = with_second(2), other = with_second(3);
    CHECK(differ(one.alive, other.alive));
    CHECK_FALSE(differ(one.ended, other.ended));
  }
}
