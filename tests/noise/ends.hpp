// SPDX-License-Identifier: BSL-1.0
// Two ends of a handshake for tests: keys, options, and messages between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "sotto/noise.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"

namespace ends {

namespace noise = sotto::noise;
using sotto::const_bytes;
using sotto::error;
using sotto::mutable_bytes;
using sotto::crypto::handshake_role;
using octets = std::vector<std::uint8_t>;

inline noise::static_key static_key_of(const_bytes secret) {
  return noise::static_key::from_secret(std::span<const std::uint8_t, 32>(secret.data(), 32));
}

/// Gives the same bytes whenever it is asked.
struct fixed_random {
  octets bytes;
  sotto::result<void> operator()(mutable_bytes out) const noexcept {
    if (out.size() != bytes.size()) return sotto::failure{error::random_unavailable};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = bytes[i];
    return {};
  }
};

inline handshake_role other(handshake_role role) {
  return role == handshake_role::initiator ? handshake_role::responder : handshake_role::initiator;
}

/// The keys of both ends, from which options for any pattern are made.
struct identities {
  noise::static_key initiator = static_key_of(support::pattern_bytes(11, 32));
  noise::static_key responder = static_key_of(support::pattern_bytes(12, 32));
  octets prologue = support::pattern_bytes(13, 20);
  std::vector<octets> psks;
  std::vector<const_bytes> psk_list;

  explicit identities(const noise::handshake_pattern& pattern) {
    for (std::size_t i = 0; i < pattern.psks(); ++i) psks.push_back(support::pattern_bytes(14 + unsigned(i), 32));
    psk_list.assign(psks.begin(), psks.end());
  }

  const noise::static_key& of(handshake_role role) const {
    return role == handshake_role::initiator ? initiator : responder;
  }
  noise::handshake_options options(const noise::handshake_pattern& pattern, handshake_role role) const {
    const bool peer_has_key = pattern.has_static(other(role));
    return {.pattern = pattern,
            .role = role,
            .prologue = prologue,
            .own = pattern.has_static(role) ? &of(role) : nullptr,
            .peer = peer_has_key ? noise::peer_identity::pinned(of(other(role)).public_key())
                                 : noise::peer_identity::none(),
            .psks = psk_list};
  }
};

/// Both ends of one handshake.
template <class Handshake = noise::handshake>
struct pair {
  Handshake initiator, responder;

  pair(const identities& ids, const noise::handshake_pattern& pattern)
      : initiator(*Handshake::create(ids.options(pattern, handshake_role::initiator))),
        responder(*Handshake::create(ids.options(pattern, handshake_role::responder))) {}
  Handshake& writer(std::size_t n) { return n % 2 == 0 ? initiator : responder; }
  Handshake& reader(std::size_t n) { return n % 2 == 0 ? responder : initiator; }
};

/// The next message with a payload of its own.
template <class Handshake>
octets write(Handshake& from, std::size_t payload_len = 5) {
  octets out(payload_len + from.message_overhead());
  const auto written = from.write_message(support::pattern_bytes(99, payload_len), out);
  REQUIRE(written.has_value());
  REQUIRE(written->size() == out.size());
  return out;
}

/// Why a message isn't read; nothing if it is.
template <class Handshake>
std::optional<error> refusal(Handshake& to, const_bytes message) {
  octets payload(message.size());
  const auto read = to.read_message(message, payload);
  if (read) return std::nullopt;
  return read.error();
}

/// Passes messages until n of them have passed.
template <class Handshake>
void pass(pair<Handshake>& p, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) REQUIRE(refusal(p.reader(i), write(p.writer(i))) == std::nullopt);
}

/// A handshake that ended: nothing goes on, and nothing is left to see.
template <class Handshake>
void check_over(Handshake& h) {
  octets out(300);
  CHECK(h.write_message({}, out).error() == error::handshake_over);
  CHECK(h.read_message(out, out).error() == error::handshake_over);
  CHECK(std::move(h).finish().error() == error::handshake_over);
  CHECK(std::move(h).finish_undecided().error() == error::handshake_over);
  CHECK_FALSE(h.finished());
  CHECK_FALSE(h.own_turn());
  CHECK(h.message_overhead() == 0);
  CHECK_FALSE(h.remote_static().has_value());
}

constexpr std::string_view all_patterns[] = {"N",    "K",   "X",   "NN",   "KN",   "NK",  "KK",  "NX",   "KX",  "XN",
                                             "IN",   "XK",  "IK",  "XX",   "IX",   "NK1", "NX1", "X1N",  "X1K", "XK1",
                                             "X1K1", "X1X", "XX1", "X1X1", "K1N",  "K1K", "KK1", "K1K1", "K1X", "KX1",
                                             "K1X1", "I1N", "I1K", "IK1",  "I1K1", "I1X", "IX1", "I1X1"};

}  // namespace ends
