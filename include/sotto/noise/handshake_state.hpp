// SPDX-License-Identifier: BSL-1.0
// One end's handshake, message by message: what the tokens of a pattern do (Noise 5.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/x25519.hpp"
#include "algorithms.hpp"
#include "handshake_keys.hpp"
#include "options.hpp"
#include "pattern.hpp"
#include "symmetric_state.hpp"

namespace sotto::inline SOTTO_ABI::noise::detail {

constexpr handshake_role other(handshake_role role) noexcept {
  return role == handshake_role::initiator ? handshake_role::responder : handshake_role::initiator;
}

/// Without telling where two keys differ: whoever may try keys shall not learn a pinned one byte by byte.
inline bool same_key(const public_key& a, const public_key& b) noexcept {
  return core::equal(a.bytes().data(), b.bytes().data(), crypto::x25519::key_len);
}

/// Noise's HandshakeState. A call that fails leaves it halfway; its owner clears it then. Move-only, wiped.
template <class Cipher, class Hash>
class handshake_state {
 public:
  explicit handshake_state(const handshake_options& options) noexcept
      : pattern_(options.pattern), role_(options.role), decision_(options.peer.how()) {
    symmetric_.begin(pattern_.name());
    symmetric_.mix_hash(options.prologue);
    keys_.own = options.own;
    if (options.own != nullptr) keys_.own_static = options.own->public_key();
    keys_.set_psks(options.psks);
    if (decision_ == peer_identity::decision::pinned) keys_.pinned = options.peer.key();
    if (pattern_.knows_static(other(role_))) keys_.remote_static = options.peer.key();
    for (const handshake_role of : {handshake_role::initiator, handshake_role::responder})
      if (pattern_.knows_static(of))
        symmetric_.mix_hash((of == role_ ? keys_.own_static : keys_.remote_static)->bytes());
  }

  bool finished() const noexcept { return next_ == pattern_.messages(); }
  bool own_turn() const noexcept { return !finished() && (next_ % 2 == 0) == (role_ == handshake_role::initiator); }
  const symmetric_state<Cipher, Hash>& symmetric() const noexcept { return symmetric_; }
  const handshake_keys& keys() const noexcept { return keys_; }
  const handshake_pattern& pattern() const noexcept { return pattern_; }
  handshake_role role() const noexcept { return role_; }
  peer_identity::decision decision() const noexcept { return decision_; }

  message_shape shape() const noexcept {
    return shape_of(pattern_.message(next_), symmetric_.has_key(), pattern_.psks() != 0);
  }

  template <random_source R>
  result<mutable_bytes> write(const_bytes payload, mutable_bytes out, R& random) noexcept {
    if (!own_turn()) return failure{error::out_of_turn};
    const auto [payload_at, overhead] = shape();
    if (payload.size() > max_message_len - overhead) return failure{error::message_too_long};
    if (out.size() < payload.size() + overhead) return failure{error::buffer_too_small};
    out = out.first(payload.size() + overhead);
    if (!core::same_or_disjoint(payload, out)) return failure{error::overlapping_buffers};
    if (!payload.empty()) std::memmove(out.data() + payload_at, payload.data(), payload.size());
    auto written = write_tokens(out, random);
    if (written) written = symmetric_.seal(out.subspan(payload_at), payload.size());
    if (!written) {
      core::wipe(out.data(), out.size());
      return failure{written.error()};
    }
    step();
    return out;
  }

  result<mutable_bytes> read(const_bytes message, mutable_bytes out) noexcept {
    if (own_turn()) return failure{error::out_of_turn};
    const auto [payload_at, overhead] = shape();
    if (message.size() > max_message_len || message.size() < overhead) return failure{error::malformed_message};
    const bool in_place = out.data() == message.data();
    if (out.size() < message.size() - (in_place ? 0 : overhead)) return failure{error::buffer_too_small};
    if (!in_place) out = out.first(message.size() - overhead);
    if (!core::same_or_disjoint(message, out)) return failure{error::overlapping_buffers};
    if (const auto got = read_tokens(message); !got) return failure{got.error()};
    // In place, the cipher needs the payload to stay where it is until it is plain.
    const mutable_bytes text = in_place ? out.subspan(payload_at, message.size() - overhead) : out;
    if (const auto opened = symmetric_.open(message.subspan(payload_at), text); !opened) return failure{opened.error()};
    if (in_place && !text.empty()) std::memmove(out.data(), text.data(), text.size());
    step();
    return out.first(text.size());
  }

  void clear() noexcept {
    symmetric_.clear();
    keys_.forget_all();
  }

 private:
  template <random_source R>
  result<void> write_tokens(mutable_bytes out, R& random) noexcept {
    for (const token t : pattern_.message(next_)) {
      if (t == token::e) {
        auto made = static_key::generate(random);
        if (!made) return failure{made.error()};
        keys_.ephemeral.emplace(std::move(*made));
        core::copy(out.data(), keys_.ephemeral->public_key().bytes().data(), crypto::x25519::key_len);
        mix_ephemeral(out.first(crypto::x25519::key_len));
        out = out.subspan(crypto::x25519::key_len);
      } else if (t == token::s) {
        const mutable_bytes field = out.first(static_field_len());
        core::copy(field.data(), keys_.own_static->bytes().data(), crypto::x25519::key_len);
        if (const auto sealed = symmetric_.seal(field, crypto::x25519::key_len); !sealed) return sealed;
        out = out.subspan(field.size());
      } else if (const auto mixed = mix(t); !mixed) {
        return mixed;
      }
    }
    return {};
  }

  result<void> read_tokens(const_bytes message) noexcept {
    for (const token t : pattern_.message(next_)) {
      if (t == token::e) {
        const const_bytes field = message.first(crypto::x25519::key_len);
        keys_.remote_ephemeral.emplace(field.first<crypto::x25519::key_len>());
        mix_ephemeral(field);
        message = message.subspan(field.size());
      } else if (t == token::s) {
        const const_bytes field = message.first(static_field_len());
        if (const auto read = read_static(field); !read) return read;
        message = message.subspan(field.size());
      } else if (const auto mixed = mix(t); !mixed) {
        return mixed;
      }
    }
    return {};
  }

  result<void> read_static(const_bytes field) noexcept {
    std::uint8_t key[crypto::x25519::key_len];
    const core::wipe_at_exit guard(key);  // hidden from others on the way, so not left behind either
    if (const auto opened = symmetric_.open(field, key); !opened) return opened;
    keys_.remote_static.emplace(key);
    if (keys_.pinned && !same_key(*keys_.pinned, *keys_.remote_static)) return failure{error::identity_mismatch};
    return {};
  }

  std::size_t static_field_len() const noexcept {
    return crypto::x25519::key_len + (symmetric_.has_key() ? tag_len : 0);
  }

  // Noise 9.2: with psks, ephemeral keys are mixed into the key as well.
  void mix_ephemeral(const_bytes key) noexcept {
    symmetric_.mix_hash(key);
    if (pattern_.psks() != 0) symmetric_.mix_key(key);
  }

  result<void> mix(token t) noexcept {
    if (t == token::psk) {
      symmetric_.mix_key_and_hash(keys_.next_psk());
      return {};
    }
    const auto secret = keys_.agree(t, role_);
    if (!secret) return failure{secret.error()};
    symmetric_.mix_key(*secret);
    return {};
  }

  void step() noexcept {
    ++next_;
    if (finished()) keys_.forget_secrets();
  }

  symmetric_state<Cipher, Hash> symmetric_;
  handshake_keys keys_;
  handshake_pattern pattern_;
  handshake_role role_;
  peer_identity::decision decision_;
  std::size_t next_ = 0;
};

}  // namespace sotto::inline SOTTO_ABI::noise::detail
