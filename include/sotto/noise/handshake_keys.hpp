// SPDX-License-Identifier: BSL-1.0
// The keys that one end of a handshake has at hand, and which two of them a token agrees on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/x25519.hpp"
#include "algorithms.hpp"
#include "options.hpp"
#include "pattern.hpp"

namespace sotto::inline SOTTO_ABI::noise::detail {

inline constexpr std::size_t max_psks = handshake_pattern::max_psks;

/// Noise's s, e, rs, re and psks. Move-only, wiped.
struct handshake_keys {
  const static_key* own = nullptr;
  std::optional<public_key> own_static;  // own's, for when own is gone
  std::optional<public_key> pinned;
  std::optional<static_key> ephemeral;
  std::optional<public_key> remote_static;
  std::optional<public_key> remote_ephemeral;

  void set_psks(std::span<const const_bytes> list) noexcept {
    for (std::size_t i = 0; i < list.size(); ++i) core::copy(psks_.expose().of[i], list[i].data(), psk_len);
  }
  /// The next one that the pattern has a token for.
  const_bytes next_psk() noexcept { return psks_.expose().of[next_psk_++]; }

  /// What ee, es, se or ss agrees on. Errors: low_order_point; invalid_argument if own was moved from.
  result<crypto::x25519::shared_secret> agree(token t, handshake_role role) const noexcept {
    const bool initiator = role == handshake_role::initiator;
    const bool with_own_static = t == token::ss || t == (initiator ? token::se : token::es);
    const bool with_peer_static = t == token::ss || t == (initiator ? token::es : token::se);
    const static_key* const ours = with_own_static ? own : (ephemeral ? &*ephemeral : nullptr);
    const auto& theirs = with_peer_static ? remote_static : remote_ephemeral;
    if (ours == nullptr || !theirs) return failure{error::invalid_argument};
    return ours->agree(*theirs);
  }

  /// Once the last message has passed, or none will.
  void forget_secrets() noexcept {
    ephemeral.reset();
    psks_.clear();
    own = nullptr;
  }
  void forget_all() noexcept {
    forget_secrets();
    own_static.reset();
    pinned.reset();
    remote_static.reset();
    remote_ephemeral.reset();
  }

 private:
  struct psk_block {
    std::uint8_t of[max_psks][psk_len];
  };
  core::secret<psk_block> psks_;
  std::size_t next_psk_ = 0;
};

/// How many bytes a message has in front of its payload, and beside it in all.
struct message_shape {
  std::size_t payload_at = 0;
  std::size_t overhead = 0;
};

constexpr message_shape shape_of(std::span<const token> tokens, bool has_key, bool with_psk) noexcept {
  message_shape shape;
  for (const token t : tokens) {
    if (t == token::e) shape.payload_at += crypto::x25519::key_len;
    if (t == token::s) shape.payload_at += crypto::x25519::key_len + (has_key ? tag_len : 0);
    has_key = has_key || (t == token::e ? with_psk : t != token::s);
  }
  shape.overhead = shape.payload_at + (has_key ? tag_len : 0);
  return shape;
}

}  // namespace sotto::inline SOTTO_ABI::noise::detail
