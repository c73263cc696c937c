// SPDX-License-Identifier: BSL-1.0
// Why a commitment: 20 bits of a handshake hash hold off somebody in the middle for a second, whichever hash it is.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "noise/middle.hpp"
#include "sotto/noise/short_authentication_string.hpp"
#include "support/catch.hpp"

namespace noise = sotto::noise;
using middle::half;
using middle::open_state;
using rig::octets;

namespace {

#if defined(SOTTO_TEST_SUBSET)
constexpr unsigned width = 14;  // a million tries take minutes where a try is slow
#else
constexpr unsigned width = 20;
#endif

/// The planted mistake: a short string straight from a hash that both ends have.
std::uint32_t naive_string(sotto::const_bytes hash) { return sotto::core::load_be32(hash.data()) >> (32 - width); }

/// Seals numbers under copies of a state until the hash behind one has the wanted string: the payload's bytes, which go
/// out as if an application had sent them.
std::optional<octets> grind(const open_state& before, std::uint32_t wanted, std::uint64_t& tries) {
  const auto cipher = sotto::crypto::chacha20_poly1305::create(before.k);
  const auto nonce = open_state::nonce(before.n);
  std::array<std::uint8_t, 8> payload{};
  std::array<std::uint8_t, 24> sealed{};
  for (tries = 1; tries < std::uint64_t{64} << width; ++tries) {
    sotto::core::store_be64(payload.data(), tries);
    if (!cipher->seal(nonce, before.h, payload, sealed)) return std::nullopt;
    if (naive_string(middle::sha256(before.h, sealed)) == wanted) return rig::to_bytes(payload);
  }
  return std::nullopt;
}

/// Two people whose handshakes accept anybody, as the string is to show who it is.
struct people {
  noise::static_key caller_key = rig::key_of(1), callee_key = rig::key_of(2);
  noise::handshake caller = end(noise::handshake_role::initiator, caller_key);
  noise::handshake callee = end(noise::handshake_role::responder, callee_key);
  rig::seeded_random random{7};
  octets buffer = octets(400), payload = octets(400);

  static noise::handshake end(noise::handshake_role role, const noise::static_key& key) {
    return *noise::handshake::create(
        {.pattern = noise::patterns::XX, .role = role, .own = &key, .peer = noise::peer_identity::decide_later()});
  }
  octets sent_by(noise::handshake& end) {
    const auto message = end.write_message({}, buffer, random);
    REQUIRE(message.has_value());
    return rig::to_bytes(*message);
  }
  void taken_by(noise::handshake& end, const octets& message) {
    REQUIRE(end.read_message(message, payload).has_value());
  }
};

/// Both ends talk to the attacker and are content.
void both_are_fooled(people& p, const half& a, const half& b) {
  REQUIRE((p.caller.finished() && p.callee.finished()));
  CHECK(*p.caller.remote_static() == a.own());
  CHECK(*p.callee.remote_static() == b.own());
  auto caller = *std::move(p.caller).finish_undecided();
  auto callee = *std::move(p.callee).finish_undecided();
  // What a commitment or sixty digits would have shown.
  const noise::long_authentication_string first(caller), second(callee);
  CHECK(first.digits() != second.digits());
}

}  // namespace

TEST_CASE("naive strings: from the final hash, broken by trying messages 3") {
  people p;
  half a(11, 12), b(13, 14);
  // The caller's handshake runs to its end: its string is what it is.
  REQUIRE(a.read_1(p.sent_by(p.caller)).has_value());
  p.taken_by(p.caller, a.write_2({}));
  REQUIRE(a.read_3(p.sent_by(p.caller)).has_value());
  const std::uint32_t callers = naive_string(p.caller.handshake_hash());
  CHECK(callers == naive_string(a.state.h));

  // The callee's lacks one message, which the attacker writes.
  p.taken_by(p.callee, b.write_1({}));
  REQUIRE(b.read_2(p.sent_by(p.callee)).has_value());
  const octets beginning = b.begin_3();
  std::uint64_t tries = 0;
  const auto payload = grind(b.state, callers, tries);
  REQUIRE(payload.has_value());
  p.taken_by(p.callee, half::append(beginning, b.state.seal(*payload)));
  INFO(tries << " tries");
  CHECK(naive_string(p.callee.handshake_hash()) == callers);
  CHECK(tries > 1);
  both_are_fooled(p, a, b);
}

TEST_CASE("naive strings: from the hash after message 2, broken by trying messages 2") {
  people p;
  half a(11, 12), b(13, 14);
  p.taken_by(p.callee, b.write_1({}));
  REQUIRE(b.read_2(p.sent_by(p.callee)).has_value());
  const std::uint32_t callees = naive_string(p.callee.handshake_hash());

  REQUIRE(a.read_1(p.sent_by(p.caller)).has_value());
  const octets beginning = a.begin_2();
  std::uint64_t tries = 0;
  const auto payload = grind(a.state, callees, tries);
  REQUIRE(payload.has_value());
  p.taken_by(p.caller, half::append(beginning, a.state.seal(*payload)));
  INFO(tries << " tries");
  CHECK(naive_string(p.caller.handshake_hash()) == callees);
  CHECK(tries > 1);
  REQUIRE(a.read_3(p.sent_by(p.caller)).has_value());
  p.taken_by(p.callee, b.write_3({}));
  both_are_fooled(p, a, b);
}
