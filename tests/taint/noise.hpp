// SPDX-License-Identifier: BSL-1.0
// A Noise handshake whose static keys, ephemeral keys and psks are secret, with what both ends decide about it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "buffer.hpp"
#include "sotto/noise.hpp"

namespace taint {

/// Secret bytes, other ones for every key.
struct secret_random {
  std::uint8_t next = 1;
  sotto::result<void> operator()(sotto::mutable_bytes out) noexcept {
    std::fill(out.begin(), out.end(), next++);
    sotto_taint_secret(out.data(), out.size());
    return {};
  }
};

/// XX with psks: tokens of every kind but ss, a static key that is compared with the pinned one, a transport message
/// that is opened and one that is refused. What is on the wire is public.
template <class Handshake>
void run_handshake() {
  namespace noise = sotto::noise;
  using sotto::crypto::handshake_role;
  secret_random random;
  const auto first_key = noise::static_key::generate(random), second_key = noise::static_key::generate(random);
  insist(first_key.has_value() && second_key.has_value());
  buffer psk(32, buffer::hidden), wire(200), text(200, buffer::hidden), secret(32);
  const sotto::const_bytes psks[] = {{psk.data(), 32}, {psk.data(), 32}};
  const auto start = [&](handshake_role role, const noise::static_key& own, const noise::static_key& peer) {
    return Handshake::create({.pattern = noise::handshake_pattern::named("XXpsk0+psk3"),
                              .role = role,
                              .own = &own,
                              .peer = noise::peer_identity::pinned(peer.public_key()),
                              .psks = psks});
  };
  auto first = start(handshake_role::initiator, *first_key, *second_key);
  auto second = start(handshake_role::responder, *second_key, *first_key);
  insist(first.has_value() && second.has_value());
  for (std::size_t n = 0; n < 3; ++n) {
    auto &from = n == 1 ? *second : *first, &to = n == 1 ? *first : *second;
    const auto written = from.write_message({text.data(), 10}, {wire.data(), 200}, random);
    insist(written.has_value());
    wire.publish();
    insist(to.read_message(*written, {text.data() + 100, 100}).has_value());
    insist_secret(text.data() + 100, 10);
  }
  auto ours = std::move(*first).finish(), theirs = std::move(*second).finish();
  insist(ours.has_value() && theirs.has_value());
  insist(ours->secret().expand("label", {}, {secret.data(), 32}).has_value());
  insist_secret(secret.data(), 32);

  const auto sealed = ours->send().seal({text.data(), 50}, {wire.data(), 200});
  insist(sealed.has_value());
  wire.publish();
  wire.data()[3] ^= 1;
  insist(!theirs->receive().open(*sealed, {text.data() + 100, 100}).has_value());
  wire.data()[3] ^= 1;
  insist(theirs->receive().open(*sealed, {text.data() + 100, 100}).has_value());
  insist(ours->send().rekey().has_value());
}

inline void run_noise() {
  run_handshake<sotto::noise::handshake>();
  run_handshake<sotto::noise::basic_handshake<sotto::crypto::aes_gcm, sotto::crypto::sha512>>();
}

}  // namespace taint
