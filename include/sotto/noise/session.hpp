// SPDX-License-Identifier: BSL-1.0
// What a finished handshake leaves: keys, once somebody has decided who the peer is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../crypto/end_to_end_secret.hpp"
#include "../crypto/x25519.hpp"
#include "handshake_state.hpp"
#include "options.hpp"
#include "transport.hpp"

namespace sotto::inline SOTTO_ABI::noise {

template <class Cipher, class Hash>
class basic_handshake;
template <class Cipher, class Hash>
class basic_undecided_session;

/// Both directions' transport messages and the secret for other protocols' keys. Move-only and wiped; one thread at a
/// time, but for send() and receive(), which two threads may use at once.
template <class Cipher, class Hash>
class basic_session {
 public:
  sending<Cipher>& send() noexcept { return send_; }
  receiving<Cipher>& receive() noexcept { return receive_; }

  /// The handshake hash, not secret, which is unlike that of any other handshake (Noise 11.2): 32 or 64 bytes.
  /// Refers to this object.
  std::span<const std::uint8_t, Hash::digest_len> handshake_hash() const& noexcept { return hash_; }
  std::span<const std::uint8_t, Hash::digest_len> handshake_hash() const&& = delete;
  /// The peer's static key, if the pattern gives it one.
  const std::optional<public_key>& remote_static() const noexcept { return remote_static_; }
  /// What keys for other protocols are derived from.
  const crypto::end_to_end_secret& secret() const noexcept { return secret_; }

 private:
  friend class basic_handshake<Cipher, Hash>;

  // keys: of both directions, initiator's first, each with the bytes of a hash
  basic_session(const_bytes keys, bool one_way, crypto::end_to_end_secret&& secret, const_bytes hash,
                const std::optional<public_key>& remote_static) noexcept
      : secret_(std::move(secret)), remote_static_(remote_static) {
    const bool initiator = secret_.role() == handshake_role::initiator;
    const const_bytes first = keys.first(detail::key_len);
    const const_bytes second = keys.subspan(Hash::digest_len, detail::key_len);
    if (initiator || !one_way) send_ = sending<Cipher>(initiator ? first : second);
    if (!initiator || !one_way) receive_ = receiving<Cipher>(initiator ? second : first);
    core::copy(hash_, hash.data(), Hash::digest_len);
  }

  sending<Cipher> send_;
  receiving<Cipher> receive_;
  crypto::end_to_end_secret secret_;
  std::optional<public_key> remote_static_;
  std::uint8_t hash_[Hash::digest_len];
};

/// A session whose peer could still be anybody: it has no keys to use until one of three calls, each of which ends it,
/// says who the peer is. Move-only and wiped; one thread at a time.
template <class Cipher, class Hash>
class basic_undecided_session {
 public:
  using session = basic_session<Cipher, Hash>;

  std::span<const std::uint8_t, Hash::digest_len> handshake_hash() const& noexcept { return inner_.handshake_hash(); }
  std::span<const std::uint8_t, Hash::digest_len> handshake_hash() const&& = delete;
  const std::optional<public_key>& remote_static() const noexcept { return inner_.remote_static(); }

  /// The peer has to have this key. Errors: identity_mismatch, after which the session is of no use to anybody.
  result<session> pin(const public_key& key) && noexcept {
    session ended(std::move(inner_));
    const auto& remote = ended.remote_static();
    if (!remote || !detail::same_key(*remote, key)) return failure{error::identity_mismatch};
    return ended;
  }
  /// Nobody knows who the peer is, and that will do.
  session accept_unverified() && noexcept { return std::move(inner_); }
  /// Two people compared what a short authentication string or the whole handshake hash has to be at both ends.
  session strings_compared_equal() && noexcept { return std::move(inner_); }

 private:
  friend class basic_handshake<Cipher, Hash>;
  explicit basic_undecided_session(session&& inner) noexcept : inner_(std::move(inner)) {}
  session inner_;
};

}  // namespace sotto::inline SOTTO_ABI::noise
