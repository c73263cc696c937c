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
#include "handshake_state.hpp"
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
/// wiped and every later call returns handshake_over. Points of low order, which Noise lets implementations refuse or
/// take (12.1), are refused: error::low_order_point.
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
    const auto written = state_.write(payload, out, random);
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
    const auto read = state_.read(message, payload_out);
    if (!read) end();
    return read;
  }

  /// All messages have passed.
  bool finished() const noexcept { return !over_ && state_.finished(); }
  /// The next message is this end's.
  bool own_turn() const noexcept { return !over_ && state_.own_turn(); }
  /// What the next message has beside its payload, in bytes; 0 if there is none.
  std::size_t message_overhead() const noexcept { return over_ || finished() ? 0 : state_.shape().overhead; }
  handshake_role role() const noexcept { return state_.role(); }
  const handshake_pattern& pattern() const noexcept { return state_.pattern(); }

  /// The hash of all that both ends have in common so far: 32 or 64 bytes, not secret; zeros once the handshake is
  /// over. Refers to this object.
  std::span<const std::uint8_t> handshake_hash() const& noexcept { return state_.symmetric().handshake_hash(); }
  std::span<const std::uint8_t> handshake_hash() const&& = delete;
  /// The peer's static key once it is known. Nobody vouches for it unless it was pinned.
  const std::optional<public_key>& remote_static() const noexcept { return state_.keys().remote_static; }

  /// The session, if the options decided about the peer's identity. Errors: out_of_turn (not finished, or the decision
  /// is left for later: finish_undecided), handshake_over; the handshake goes on then.
  result<session> finish() && noexcept {
    if (over_) return failure{error::handshake_over};
    if (!finished() || state_.decision() == peer_identity::decision::decide_later) return failure{error::out_of_turn};
    return end_with_session();
  }
  /// The session without its keys, if the decision was left for later. Errors: as finish.
  result<undecided_session> finish_undecided() && noexcept {
    if (over_) return failure{error::handshake_over};
    if (!finished() || state_.decision() != peer_identity::decision::decide_later) return failure{error::out_of_turn};
    return undecided_session(end_with_session());
  }

 private:
  static result<void> check(const handshake_options& options) noexcept {
    using decision = peer_identity::decision;
    const handshake_pattern& pattern = options.pattern;
    const handshake_role peer = detail::other(options.role);
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

  explicit basic_handshake(const handshake_options& options) noexcept : state_(options) {}

  void end() noexcept {
    state_.clear();
    over_ = true;
  }

  session end_with_session() noexcept {
    const auto identity = [](const std::optional<public_key>& key) {
      return key ? const_bytes(key->bytes()) : const_bytes();
    };
    const bool initiator = state_.role() == handshake_role::initiator;
    const const_bytes own = identity(state_.keys().own_static), peer = identity(state_.keys().remote_static);
    auto secret = crypto::end_to_end_source<basic_handshake>::make(
        state_.symmetric().export_secret().expose(), state_.role(), initiator ? own : peer, initiator ? peer : own);
    session made(state_.symmetric().split().expose(), state_.pattern().one_way(), std::move(secret),
                 state_.symmetric().handshake_hash(), state_.keys().remote_static);
    end();
    return made;
  }

  friend struct crypto::end_to_end_source<basic_handshake>;
  detail::handshake_state<Cipher, Hash> state_;
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
