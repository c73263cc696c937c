// SPDX-License-Identifier: BSL-1.0
// What stolen static keys open of a recorded handshake, pattern by pattern.
#include "wiretap/noise_replay.hpp"

#include <sotto/noise/patterns.hpp>
#include <sotto/noise/handshake.hpp>
#include <string>

#include "../../support/catch.hpp"
#include "../../support/pattern.hpp"
#include "support/key_text.hpp"

namespace {

namespace noise = sotto::noise;
using noise::static_key;
using sotto::crypto::handshake_role;
using bytes = std::vector<std::uint8_t>;

static_key key_of(std::uint64_t seed) {
  const auto secret = support::pattern_bytes(seed, 32);
  return static_key::from_secret(std::span<const std::uint8_t, 32>(secret.data(), 32));
}

/// An ephemeral key that is none: the same bytes each time.
struct fixed_random {
  bytes value;
  sotto::result<void> operator()(sotto::mutable_bytes out) noexcept {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = value[i % value.size()];
    return {};
  }
};

struct ends {
  static_key initiator = key_of(1), responder = key_of(2);
};

noise::handshake start(const noise::handshake_pattern& p, handshake_role role, const ends& who) {
  const auto peer = role == handshake_role::initiator ? handshake_role::responder : handshake_role::initiator;
  const auto& own = role == handshake_role::initiator ? who.initiator : who.responder;
  const auto& theirs = role == handshake_role::initiator ? who.responder : who.initiator;
  auto made = noise::handshake::create(
      {.pattern = p,
       .role = role,
       .own = p.has_static(role) ? &own : nullptr,
       .peer = p.has_static(peer) ? noise::peer_identity::pinned(theirs.public_key()) : noise::peer_identity::none()});
  REQUIRE(made);
  return std::move(*made);
}

bytes payload(std::size_t n) { return support::pattern_bytes(100 + n, 10 + n); }

/// As a signalling log has it, with whatever else such a log has.
std::string record(const noise::handshake_pattern& p, const ends& who, fixed_random initiators,
                   fixed_random responders) {
  auto a = start(p, handshake_role::initiator, who), b = start(p, handshake_role::responder, who);
  std::string log = "--- from caller\nINVITE sip:callee@example.org\na=noise:Noise_??_25519_ChaChaPoly_SHA256 ====\n";
  for (std::size_t n = 0; n < p.messages(); ++n) {
    bytes message(200), got(200);
    auto& writer = n % 2 == 0 ? a : b;
    auto& reader = n % 2 == 0 ? b : a;
    const auto written = writer.write_message(payload(n), message, n % 2 == 0 ? initiators : responders);
    REQUIRE(written);
    REQUIRE(reader.read_message(*written, got));
    log += "a=noise:Noise_" + std::string(p.name()) + "_25519_ChaChaPoly_SHA256 " + examples::encode_base64(*written) +
           "\nm=audio 1 RTP/SAVP 0\n";
  }
  return log;
}
std::string record(const noise::handshake_pattern& p, const ends& who) {
  return record(p, who, {support::pattern_bytes(3000, 32)}, {support::pattern_bytes(4000, 32)});
}

examples::replay_result replay(const std::string& log, const examples::stolen_keys& keys) {
  const auto all = examples::handshakes_in(log);
  REQUIRE(all.size() == 1);
  return examples::replay(all.front(), keys);
}
examples::stolen_keys both() { return {key_of(1), key_of(2)}; }

}  // namespace

TEST_CASE("with both static keys, one-way patterns open and no other does") {
  const ends who;
  for (const auto& p : {noise::patterns::N, noise::patterns::K, noise::patterns::X}) {
    const auto result = replay(record(p, who), both());
    CHECK(result.complete);
    REQUIRE(result.payloads.size() == 1);
    CHECK(result.payloads[0] == payload(0));
  }
  for (const auto& p : {noise::patterns::NN, noise::patterns::NK, noise::patterns::NX, noise::patterns::KN,
                        noise::patterns::KK, noise::patterns::KX, noise::patterns::XN, noise::patterns::XK,
                        noise::patterns::XX, noise::patterns::IN, noise::patterns::IK, noise::patterns::IX}) {
    const auto result = replay(record(p, who), both());
    if (result.complete || result.stopped.find("stops at ee of message 2") == std::string::npos || result.guesses < 5)
      FAIL(p.name() << ": " << result.stopped << ", " << result.guesses);
  }
}

TEST_CASE("what a first message carries opens with the responder's key where that is all it is encrypted to") {
  const ends who;
  const auto result = replay(record(noise::patterns::IK, who), both());
  CHECK_FALSE(result.complete);
  REQUIRE(result.payloads.size() == 1);
  CHECK(result.payloads[0] == payload(0));
}

TEST_CASE("the initiator's static key alone doesn't open what was sent to the responder's") {
  const ends who;
  const auto result = replay(record(noise::patterns::X, who), {key_of(1), std::nullopt});
  CHECK_FALSE(result.complete);
  CHECK(replay(record(noise::patterns::X, who), {std::nullopt, key_of(2)}).complete);
  CHECK_FALSE(replay(record(noise::patterns::X, who), {std::nullopt, key_of(5)}).complete);
}

TEST_CASE("the guesses find an ephemeral key that was none") {
  const ends who;
  const bytes static_secret = support::pattern_bytes(1, 32), other = support::pattern_bytes(4000, 32);
  const auto result = replay(record(noise::patterns::XX, who, {static_secret}, {other}), both());
  CHECK(result.complete);
  CHECK(result.payloads.size() == 3);
}

TEST_CASE("damaged messages end a replay, wherever they are cut") {
  const ends who;
  auto recorded = examples::handshakes_in(record(noise::patterns::X, who)).front();
  const auto whole = recorded.messages[0];
  for (std::size_t len = 0; len < whole.size(); ++len) {
    recorded.messages[0].assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(len));
    if (examples::replay(recorded, both()).complete) FAIL("cut to " << len);
  }
  recorded.messages.clear();
  CHECK_FALSE(examples::replay(recorded, both()).complete);
}
