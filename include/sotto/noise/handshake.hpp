// SPDX-License-Identifier: BSL-1.0
// The handshakes of the Noise Protocol Framework, revision 34 (noiseprotocol.org), over X25519, without I/O and
// allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/chacha20_poly1305.hpp"
#include "../crypto/end_to_end_secret.hpp"
#include "../crypto/sha2.hpp"
#include "../crypto/x25519.hpp"
#include "algorithms.hpp"
#include "handshake_keys.hpp"
#include "options.hpp"
#include "pattern.hpp"
#include "session.hpp"
#include "symmetric_state.hpp"

namespace sotto::inline SOTTO_ABI::noise {

/// One end of a handshake: messages are written and read in turns until finished(), then finish() gives a session.
/// Cipher is crypto::chacha20_poly1305 or crypto::aes_gcm (256-bit keys), Hash crypto::sha256 or crypto::sha512.
/// Move-only and wiped; one thread at a time.
///
/// A call to write_message or read_message that fails ends the handshake, whatever the reason: all its secrets are
/// wiped and every later call returns handshake_over. Points of low order, which Noise leaves to implementations
/// (12.1), count as failures: error::low_order_point.
///
/// How much a payload is protected depends on the pattern and the message (Noise 7.7): the first ones may be sent in
/// the clear, and what a message carries before finished() may be a replay.
template <class Cipher, class Hash>
class basic_handshake {
 public:
  using session = basic_session<Cipher, Hash>;
  using undecided_session = basic_undecided_session<Cipher, Hash>;

  /// Starts a handshake. Errors: invalid_argument if the own static key, the peer's identity or the psks aren't those
  /// that the pattern wants: a key of one's own exactly if it has one for this role; none() exactly if it has none for
  /// the peer; the peer's key if it is known beforehand; as many psks as modifiers. invalid_key_length for a psk that
  /// has not 32 bytes.
  static result<basic_handshake> create(const handshake_options& options) noexcept {
    if (const auto checked = check(options); !checked) return failure{checked.error()};
    return basic_handshake(options);
  }

  basic_handshake(basic_handshake&& other) noexcept
      : state_(std::move(other.state_)), over_(std::exchange(other.over_, true)) {}
  basic_handshake& operator=(basic_handshake&& other) noexcept {
    if (this != &other) {
      state_ = std::move(other.state_);
      over_ = std::exchange(other.over_, true);
    }
    return *this;
  }

  /// Writes this end's next message (payload.size() + message_overhead() bytes, 65535 at most) to the start of out,
  /// which it returns. The payload is the start of out or disjoint; the random source, the system's by default, gives
  /// the ephemeral key. Errors: out_of_turn, message_too_long, buffer_too_small, overlapping_buffers, low_order_point,
  /// the random source's; the handshake is over then and out's bytes, if any were written, are zero. handshake_over
  /// also for a handshake that is finished, which it leaves as it is. Noise 5.3.
  template <random_source R>
  result<mutable_bytes> write_message(const_bytes payload, mutable_bytes out, R& random) noexcept {
    if (over_ || finished()) return failure{error::handshake_over};
    const auto written = try_write(payload, out, random);
    if (!written) end();
    return written;
  }
  result<mutable_bytes> write_message(const_bytes payload, mutable_bytes out) noexcept {
    system_random random;
    return write_message(payload, out, random);
  }

  /// Reads the peer's next message, any bytes at all, and writes its payload (message.size() - message_overhead()
  /// bytes) to the start of payload_out, which it returns. payload_out is the start of the message's own buffer, and as
  /// long as the message then, or disjoint. Errors: out_of_turn, malformed_message (shorter than its parts or longer
  /// than 65535 bytes), authentication_failed, identity_mismatch, low_order_point, buffer_too_small,
  /// overlapping_buffers; the handshake is over then and payload_out untouched. handshake_over as for write_message.
  /// Noise 5.3.
  result<mutable_bytes> read_message(const_bytes message, mutable_bytes payload_out) noexcept {
    if (over_ || finished()) return failure{error::handshake_over};
    const auto read = try_read(message, payload_out);
    if (!read) end();
    return read;
  }

  /// All messages have passed.
  bool finished() const noexcept { return !over_ && state_.next == state_.pattern.messages(); }
  /// The next message is this end's.
  bool own_turn() const noexcept {
    return !over_ && !finished() && (state_.next % 2 == 0) == (state_.role == handshake_role::initiator);
  }
  /// What the next message has beside its payload, in bytes; 0 if there is none.
  std::size_t message_overhead() const noexcept { return over_ || finished() ? 0 : shape().overhead; }
  handshake_role role() const noexcept { return state_.role; }
  const handshake_pattern& pattern() const noexcept { return state_.pattern; }

  /// The hash of all that both ends have in common so far: 32 or 64 bytes, not secret; zeros once the handshake is
  /// over.
  std::span<const std::uint8_t> handshake_hash() const noexcept { return state_.symmetric.handshake_hash(); }
  /// The peer's static key once it is known. Nobody vouches for it unless it was pinned.
  const std::optional<public_key>& remote_static() const noexcept { return state_.keys.remote_static; }

  /// The session, if the options decided about the peer's identity. Errors: out_of_turn (not finished, or the decision
  /// is left for later: finish_undecided), handshake_over; the handshake goes on then.
  result<session> finish() && noexcept {
    if (over_) return failure{error::handshake_over};
    if (!finished() || state_.decision == peer_identity::decision::decide_later) return failure{error::out_of_turn};
    return end_with_session();
  }
  /// The session without its keys, if the decision was left for later. Errors: as finish.
  result<undecided_session> finish_undecided() && noexcept {
    if (over_) return failure{error::handshake_over};
    if (!finished() || state_.decision != peer_identity::decision::decide_later) return failure{error::out_of_turn};
    return undecided_session(end_with_session());
  }

 private:
  using token = detail::token;
  struct state {
    detail::symmetric_state<Cipher, Hash> symmetric;
    detail::handshake_keys keys;
    std::optional<public_key> own_static;  // own's, which may be gone when the session is made
    std::optional<public_key> pinned;
    handshake_pattern pattern;
    handshake_role role;
    peer_identity::decision decision;
    std::size_t next = 0;
  };

  static handshake_role other(handshake_role role) noexcept {
    return role == handshake_role::initiator ? handshake_role::responder : handshake_role::initiator;
  }

  static result<void> check(const handshake_options& options) noexcept {
    using decision = peer_identity::decision;
    const handshake_pattern& pattern = options.pattern;
    const handshake_role peer = other(options.role);
    const bool has_key = options.peer.key().has_value();
    if (pattern.has_static(options.role) != (options.own != nullptr)) return failure{error::invalid_argument};
    if (pattern.has_static(peer) == (options.peer.how() == decision::none)) return failure{error::invalid_argument};
    if (pattern.knows_static(peer) ? !has_key : has_key && options.peer.how() != decision::pinned)
      return failure{error::invalid_argument};
    if (pattern.psks() != options.psks.size()) return failure{error::invalid_argument};
    for (const const_bytes psk : options.psks)
      if (psk.size() != psk_len) return failure{error::invalid_key_length};
    return {};
  }

  // Noise 5.3, Initialize.
  explicit basic_handshake(const handshake_options& options) noexcept
      : state_{{}, {}, {}, {}, options.pattern, options.role, options.peer.how()} {
    state& s = state_;
    s.symmetric.begin(s.pattern.name());
    s.symmetric.mix_hash(options.prologue);
    s.keys.own = options.own;
    if (options.own != nullptr) s.own_static = options.own->public_key();
    s.keys.set_psks(options.psks);
    if (s.decision == peer_identity::decision::pinned) s.pinned = options.peer.key();
    if (s.pattern.knows_static(other(s.role))) s.keys.remote_static = options.peer.key();
    for (const handshake_role of : {handshake_role::initiator, handshake_role::responder})
      if (s.pattern.knows_static(of))
        s.symmetric.mix_hash((of == s.role ? s.own_static : s.keys.remote_static)->bytes());
  }

  detail::message_shape shape() const noexcept {
    return detail::shape_of(state_.pattern.message(state_.next), state_.symmetric.has_key(),
                            state_.pattern.psks() != 0);
  }

  template <random_source R>
  result<mutable_bytes> try_write(const_bytes payload, mutable_bytes out, R& random) noexcept {
    if (!own_turn()) return failure{error::out_of_turn};
    const auto [payload_at, overhead] = shape();
    if (payload.size() > max_message_len - overhead) return failure{error::message_too_long};
    if (out.size() < payload.size() + overhead) return failure{error::buffer_too_small};
    out = out.first(payload.size() + overhead);
    if (!core::same_or_disjoint(payload, out)) return failure{error::overlapping_buffers};
    if (!payload.empty()) std::memmove(out.data() + payload_at, payload.data(), payload.size());
    auto written = write_tokens(out, random);
    if (written) written = state_.symmetric.seal(out.subspan(payload_at), payload.size());
    if (!written) {
      core::wipe(out.data(), out.size());
      return failure{written.error()};
    }
    step();
    return out;
  }

  template <random_source R>
  result<void> write_tokens(mutable_bytes out, R& random) noexcept {
    for (const token t : state_.pattern.message(state_.next)) {
      if (t == token::e) {
        auto made = static_key::generate(random);
        if (!made) return failure{made.error()};
        state_.keys.ephemeral.emplace(std::move(*made));
        core::copy(out.data(), state_.keys.ephemeral->public_key().bytes().data(), crypto::x25519::key_len);
        mix_ephemeral(out.first(crypto::x25519::key_len));
        out = out.subspan(crypto::x25519::key_len);
      } else if (t == token::s) {
        const mutable_bytes field = out.first(static_field_len());
        core::copy(field.data(), state_.own_static->bytes().data(), crypto::x25519::key_len);
        if (const auto sealed = state_.symmetric.seal(field, crypto::x25519::key_len); !sealed) return sealed;
        out = out.subspan(field.size());
      } else if (const auto mixed = mix(t); !mixed) {
        return mixed;
      }
    }
    return {};
  }

  result<mutable_bytes> try_read(const_bytes message, mutable_bytes out) noexcept {
    if (own_turn()) return failure{error::out_of_turn};
    const auto [payload_at, overhead] = shape();
    if (message.size() > max_message_len || message.size() < overhead) return failure{error::malformed_message};
    const bool in_place = out.data() == message.data();
    if (out.size() < message.size() - (in_place ? 0 : overhead)) return failure{error::buffer_too_small};
    if (!in_place) out = out.first(message.size() - overhead);
    if (!core::same_or_disjoint(message, out)) return failure{error::overlapping_buffers};
    if (const auto read = read_tokens(message); !read) return failure{read.error()};
    // In place, the cipher needs the payload to stay where it is until it is plain.
    const mutable_bytes text = in_place ? out.subspan(payload_at, message.size() - overhead) : out;
    if (const auto opened = state_.symmetric.open(message.subspan(payload_at), text); !opened)
      return failure{opened.error()};
    if (in_place && !text.empty()) std::memmove(out.data(), text.data(), text.size());
    step();
    return out.first(text.size());
  }

  result<void> read_tokens(const_bytes message) noexcept {
    for (const token t : state_.pattern.message(state_.next)) {
      if (t == token::e) {
        const const_bytes field = message.first(crypto::x25519::key_len);
        state_.keys.remote_ephemeral.emplace(field.first<crypto::x25519::key_len>());
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
    if (const auto opened = state_.symmetric.open(field, key); !opened) return opened;
    state_.keys.remote_static.emplace(key);
    if (state_.pinned && !detail::same_key(*state_.pinned, *state_.keys.remote_static))
      return failure{error::identity_mismatch};
    return {};
  }

  std::size_t static_field_len() const noexcept {
    return crypto::x25519::key_len + (state_.symmetric.has_key() ? tag_len : 0);
  }

  // Noise 9.2: with psks, ephemeral keys are mixed into the key as well.
  void mix_ephemeral(const_bytes key) noexcept {
    state_.symmetric.mix_hash(key);
    if (state_.pattern.psks() != 0) state_.symmetric.mix_key(key);
  }

  result<void> mix(token t) noexcept {
    if (t == token::psk) {
      state_.symmetric.mix_key_and_hash(state_.keys.next_psk());
      return {};
    }
    const auto secret = state_.keys.agree(t, state_.role);
    if (!secret) return failure{secret.error()};
    state_.symmetric.mix_key(*secret);
    return {};
  }

  void step() noexcept {
    ++state_.next;
    if (finished()) state_.keys.forget_secrets();
  }

  void end() noexcept {
    state_.symmetric.clear();
    state_.keys.forget_all();
    state_.own_static.reset();
    state_.pinned.reset();
    over_ = true;
  }

  session end_with_session() noexcept {
    const auto identity = [](const std::optional<public_key>& key) {
      return key ? const_bytes(key->bytes()) : const_bytes();
    };
    const bool initiator = state_.role == handshake_role::initiator;
    const const_bytes own = identity(state_.own_static), peer = identity(state_.keys.remote_static);
    auto secret = crypto::end_to_end_source<basic_handshake>::make(
        state_.symmetric.export_secret().expose(), state_.role, initiator ? own : peer, initiator ? peer : own);
    session made(state_.symmetric.split().expose(), state_.pattern.one_way(), std::move(secret),
                 state_.symmetric.handshake_hash(), state_.keys.remote_static);
    end();
    return made;
  }

  friend struct crypto::end_to_end_source<basic_handshake>;
  state state_;
  bool over_ = false;
};

/// The handshake for those who have no reason to choose: ChaChaPoly and SHA256.
using handshake = basic_handshake<crypto::chacha20_poly1305, crypto::sha256>;
using session = handshake::session;
using undecided_session = handshake::undecided_session;

}  // namespace sotto::inline SOTTO_ABI::noise

namespace sotto::inline SOTTO_ABI::crypto {

/// Noise's: the key is the first 32 bytes of symmetric_state::export_secret, the identities are the static public keys.
template <class Cipher, class Hash>
struct end_to_end_source<noise::basic_handshake<Cipher, Hash>> {
 private:
  friend class noise::basic_handshake<Cipher, Hash>;
  static end_to_end_secret make(const_bytes secret, handshake_role role, const_bytes initiator,
                                const_bytes responder) noexcept {
    // As long as SHA-256 wants it, whichever hash the handshake has.
    auto key = hkdf<sha256>::prk::from_uniform_key(secret.first(sha256::digest_len));
    return end_to_end_secret(std::move(*key), role, initiator, responder);
  }
};

}  // namespace sotto::inline SOTTO_ABI::crypto
