// SPDX-License-Identifier: BSL-1.0
// Master keys on their way into a session, and who else may hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "profile.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// Where a master key came from, and therefore who may know it.
enum class provenance : std::uint8_t {
  raw,             ///< Bytes from the application, which alone knows who else has them.
  server_visible,  ///< Passed through a signalling server (SDES, RFC 4568): whoever runs it can decrypt.
  dtls,            ///< Exported from DTLS (RFC 5764): as trustworthy as the certificate's fingerprint.
  end_to_end,      ///< Agreed between the ends of a handshake: no listener has it, and nobody in the middle
                   ///< if the peer's key was pinned or strings were compared. Never made from bytes.
};

/// RFC 3711 allows longer identifiers only in theory; SDES caps them at 128 bytes (RFC 4568 6.1).
inline constexpr std::size_t max_mki_len = 128;

/// What the application has as bytes. Refers to them, and only until the call returns.
struct raw_keying {
  srtp::profile profile;
  const_bytes key;       ///< Secret master key: 16, 24 or 32 bytes, as the profile says.
  const_bytes salt;      ///< Master salt: 14 bytes, or 12 for AEAD profiles (RFC 7714 12).
  const_bytes mki = {};  ///< Master key identifier of 0 to 128 bytes, not secret; carried by every packet if not empty.
};

template <provenance From>
class keying_from;

/// A master key with its salt, MKI, profile and provenance. Move-only, wiped on move and at the end; never compared or
/// printed. Concurrent reads are safe.
class keying {
 public:
  /// Copies the bytes; provenance raw. Errors: unsupported (no such profile), invalid_key_length, invalid_salt_length,
  /// invalid_mki_length.
  static result<keying> create(const raw_keying& raw) noexcept { return create(raw, srtp::provenance::raw); }

  keying(keying&&) noexcept = default;
  keying& operator=(keying&&) noexcept = default;

  srtp::profile profile() const noexcept { return profile_; }
  srtp::provenance provenance() const noexcept { return provenance_; }
  /// The secret master key; empty after a move.
  const_bytes expose_key() const noexcept { return key_.expose(); }
  const_bytes expose_salt() const noexcept { return salt_.expose(); }
  const_bytes mki() const noexcept { return {mki_, mki_len_}; }

 private:
  template <srtp::provenance>
  friend class keying_from;

  static result<keying> create(const raw_keying& raw, srtp::provenance from) noexcept {
    const profile_parameters wanted = parameters(raw.profile);
    if (wanted.cipher == cipher::none) return failure{error::unsupported};
    // What came out of a negotiation has a registered profile.
    if ((from == srtp::provenance::server_visible || from == srtp::provenance::dtls) && !is_registered(raw.profile))
      return failure{error::unsupported};
    if (raw.key.size() != wanted.key_len) return failure{error::invalid_key_length};
    if (raw.salt.size() != wanted.salt_len) return failure{error::invalid_salt_length};
    if (raw.mki.size() > max_mki_len) return failure{error::invalid_mki_length};
    return keying(raw, from);
  }
  keying(const raw_keying& raw, srtp::provenance from) noexcept
      : key_(raw.key), salt_(raw.salt), mki_len_(raw.mki.size()), profile_(raw.profile), provenance_(from) {
    core::copy(mki_, raw.mki.data(), raw.mki.size());
  }

  core::secret_bytes<max_key_len> key_;
  core::secret_bytes<max_salt_len> salt_;
  std::uint8_t mki_[max_mki_len]{};
  std::size_t mki_len_;
  srtp::profile profile_;
  srtp::provenance provenance_;
};

/// The only maker of keys of provenance From: each kind of key agreement specialises it in its own header.
template <provenance From>
struct keying_source;

/// Keying whose provenance the compiler checks. Converts to `keying`, which remembers the provenance; nothing converts
/// back, and bytes become one only inside keying_source<From>. Those whose profile was negotiated, server_visible and
/// dtls, take registered profiles only (error unsupported).
template <provenance From>
class keying_from : public keying {
  static_assert(From != srtp::provenance::raw, "raw bytes make a plain keying");

 private:
  friend struct keying_source<From>;
  explicit keying_from(keying&& made) noexcept : keying(std::move(made)) {}
  static result<keying_from> create(const raw_keying& raw) noexcept {
    auto made = keying::create(raw, From);
    if (!made) return failure{made.error()};
    return keying_from(std::move(*made));
  }
};

using server_visible_keying = keying_from<provenance::server_visible>;
using dtls_keying = keying_from<provenance::dtls>;
using end_to_end_keying = keying_from<provenance::end_to_end>;

}  // namespace sotto::inline SOTTO_ABI::srtp
