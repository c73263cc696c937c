// SPDX-License-Identifier: BSL-1.0
// What a handshake starts with, above all: who the peer has to be.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../crypto/end_to_end_secret.hpp"
#include "../crypto/x25519.hpp"
#include "pattern.hpp"

namespace sotto::inline SOTTO_ABI::noise {

using crypto::x25519::public_key;
using crypto::x25519::static_key;

/// The decision about the peer's identity, without which there is no handshake: a static key that nobody vouched for
/// may as well be the one of somebody in the middle. A plain value, not secret.
class peer_identity {
 public:
  enum class decision : std::uint8_t {
    pinned,             ///< The peer has this key, or the handshake fails.
    decide_later,       ///< The session has no keys before somebody has decided.
    accept_unverified,  ///< Any key will do: safe from listeners, not from somebody in the middle.
    none,               ///< The pattern gives the peer no static key.
  };

  /// The only peer for whom the handshake goes on: it ends with identity_mismatch as soon as another key arrives,
  /// before this end sends anything further.
  static peer_identity pinned(const public_key& key) noexcept { return peer_identity(decision::pinned, key); }
  /// Finishing gives an undecided session, without keys. The key is for patterns that need it from the start: what
  /// somebody said to be the peer's.
  static peer_identity decide_later() noexcept { return peer_identity(decision::decide_later, std::nullopt); }
  static peer_identity decide_later(const public_key& key) noexcept {
    return peer_identity(decision::decide_later, key);
  }
  /// As decide_later, and any key is taken for good.
  static peer_identity accept_unverified() noexcept { return peer_identity(decision::accept_unverified, std::nullopt); }
  static peer_identity accept_unverified(const public_key& key) noexcept {
    return peer_identity(decision::accept_unverified, key);
  }
  /// For patterns in which the peer has no static key, so that only a psk or nothing at all tells who it is.
  static peer_identity none() noexcept { return peer_identity(decision::none, std::nullopt); }

  decision how() const noexcept { return how_; }
  const std::optional<public_key>& key() const noexcept { return key_; }

 private:
  peer_identity(decision how, std::optional<public_key> key) noexcept : key_(key), how_(how) {}
  std::optional<public_key> key_;
  decision how_;
};

/// What both ends have to agree about (pattern, prologue, psks), and this end's part. Refers to the prologue and the
/// psks until create returns, and to the static key until the handshake ends.
struct handshake_options {
  handshake_pattern pattern;
  handshake_role role;
  const_bytes prologue = {};               ///< What both ends know already and want confirmed (Noise 6): any length.
  const static_key* own = nullptr;         ///< This end's static key, exactly if the pattern has one for it.
  peer_identity peer;                      ///< Has no default.
  std::span<const const_bytes> psks = {};  ///< 32 bytes each, secret, as many as the name has modifiers, in its order.
};

}  // namespace sotto::inline SOTTO_ABI::noise
