// SPDX-License-Identifier: BSL-1.0
// Handshakes and sessions leave no secret in memory when they fail, finish, end or are moved from.
#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <utility>

#include "ends.hpp"
#include "support/remains.hpp"

using namespace ends;
using support::remains;

namespace {

// Four messages and five psks: every secret that a handshake can have.
const noise::handshake_pattern all = noise::handshake_pattern::named("X1X1psk0+psk1+psk2+psk3+psk4");
const octets ephemeral = support::pattern_bytes(77, 32);

constexpr std::size_t words(std::size_t bytes) { return bytes / sizeof(void*); }
/// Chaining key, hash, key, ephemeral scalar.
constexpr std::size_t state_words = words(32 + 32 + 32 + 32);

/// Whether an object's memory has these bytes anywhere.
template <class T>
bool holds(remains<T>& r, const_bytes secret) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(&r.object());
  __asm__ volatile("" : "+r"(p) : : "memory");
  return std::search(p, p + sizeof(T), secret.begin(), secret.end()) != p + sizeof(T);
}

/// An initiator that waits for the second message, with its ephemeral key known, and the responder.
struct halfway {
  identities ids{all};
  remains<noise::handshake> initiator{*noise::handshake::create(ids.options(all, handshake_role::initiator))};
  noise::handshake responder = *noise::handshake::create(ids.options(all, handshake_role::responder));

  halfway() {
    octets first(100);
    fixed_random random{ephemeral};
    const auto written = initiator.object().write_message({}, first, random);
    REQUIRE(written.has_value());
    REQUIRE(refusal(responder, *written) == std::nullopt);
  }
  bool holds_secrets() {
    bool any = holds(initiator, ephemeral);
    for (const octets& psk : ids.psks) any = any || holds(initiator, psk);
    return any;
  }
};

}  // namespace

TEST_CASE("a handshake that failed holds no secret any more, and its buffers never did") {
  for (const bool write : {false, true}) {
    halfway h;
    REQUIRE(holds(h.initiator, ephemeral));
    for (const octets& psk : h.ids.psks) REQUIRE(holds(h.initiator, psk));
    const octets hash(h.initiator.object().handshake_hash().begin(), h.initiator.object().handshake_hash().end());
    REQUIRE(holds(h.initiator, hash));
    const std::size_t alive = h.initiator.nonzero_words();

    octets out(300, 0xaa);
    if (write)
      CHECK(h.initiator.object().write_message({}, out).error() == error::out_of_turn);
    else
      CHECK(h.initiator.object().read_message(octets(200), out).error() == error::low_order_point);
    CHECK(out == octets(300, 0xaa));
    CHECK_FALSE(h.holds_secrets());
    CHECK_FALSE(holds(h.initiator, hash));
    CHECK(h.initiator.nonzero_words() + state_words + words(5 * 32) <= alive);
    CHECK(holds(h.initiator, octets(128)));  // the state is zeros in one piece
  }
}

TEST_CASE("a handshake that ended or was moved from holds no secret any more") {
  halfway ended, moved;
  const std::size_t first = ended.initiator.nonzero_words(), second = moved.initiator.nonzero_words();
  ended.initiator.end();
  CHECK(ended.initiator.nonzero_words() + state_words + words(5 * 32) <= first);

  const noise::handshake taken = std::move(moved.initiator.object());
  CHECK_FALSE(moved.holds_secrets());
  CHECK(moved.initiator.nonzero_words() + state_words + words(5 * 32) <= second);
}

TEST_CASE("ephemeral key and psks are gone with the last message, the rest with finish") {
  halfway h;
  for (std::size_t i = 1; i < all.messages(); ++i) {
    CHECK(holds(h.initiator, ephemeral));
    auto& from = i % 2 == 0 ? h.initiator.object() : h.responder;
    REQUIRE(refusal(i % 2 == 0 ? h.responder : h.initiator.object(), write(from)) == std::nullopt);
  }
  CHECK_FALSE(h.holds_secrets());
  const octets hash(h.initiator.object().handshake_hash().begin(), h.initiator.object().handshake_hash().end());
  REQUIRE(holds(h.initiator, hash));
  const std::size_t alive = h.initiator.nonzero_words();
  auto made = std::move(h.initiator.object()).finish();
  REQUIRE(made.has_value());
  CHECK_FALSE(holds(h.initiator, hash));
  CHECK(h.initiator.nonzero_words() + words(3 * 32) <= alive);
}

TEST_CASE("a session that ended or was moved from leaves no key behind") {
  const auto make = [] {
    const identities ids(noise::patterns::XX);
    pair<> p(ids, noise::patterns::XX);
    pass(p, 3);
    return std::move(*std::move(p.initiator).finish());
  };
  // Two keys of 32 bytes, and the states of the secret's HMAC.
  constexpr std::size_t keys = words(2 * 32 + 2 * 32);
  remains<noise::session> ended(make()), moved(make());
  const std::size_t first = ended.nonzero_words(), second = moved.nonzero_words();
  ended.end();
  CHECK(ended.nonzero_words() + keys <= first);
  const noise::session taken = std::move(moved.object());
  CHECK(moved.nonzero_words() + keys <= second);
}

TEST_CASE("rekeying overwrites the old key") {
  const identities ids(noise::patterns::XX);
  pair<> p(ids, noise::patterns::XX);
  pass(p, 3);
  remains<noise::session> s(std::move(*std::move(p.initiator).finish()));
  const auto* memory = reinterpret_cast<const std::uint8_t*>(&s.object().send());
  const octets before(memory, memory + sizeof(s.object().send()));
  REQUIRE(s.object().send().rekey().has_value());
  octets after(memory, memory + sizeof(s.object().send()));
  const std::size_t changed = static_cast<std::size_t>(
      std::inner_product(before.begin(), before.end(), after.begin(), 0, std::plus<>(), std::not_equal_to<>()));
  CHECK(changed >= 24);  // 32 bytes, some of which may happen to be equal
}
