// SPDX-License-Identifier: BSL-1.0
// From one master key to six session keys: SRTP's key derivation (RFC 3711 4.3, RFC 6188 3, RFC 7714 11).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/aes_ctr.hpp"
#include "profile.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// What a derived key is for (RFC 3711 4.3.1, 4.3.2; RFC 6904 2.1).
enum class key_label : std::uint8_t {
  rtp_encryption = 0,
  rtp_authentication = 1,
  rtp_salt = 2,
  rtcp_encryption = 3,
  rtcp_authentication = 4,
  rtcp_salt = 5,
  rtp_header_encryption = 6,
  rtp_header_salt = 7,
};

/// AES-CM as a pseudo-random function keyed with a master key (RFC 3711 4.3.3). Move-only and wiped. Const calls may
/// run on several threads at once.
class key_derivation {
 public:
  /// RFC 3711 4.3.3: outputs have at most 2^23 bits.
  static constexpr std::size_t max_output_len = std::size_t{1} << 20;

  /// Takes a master key of 16, 24 or 32 bytes (secret) and a master salt of 14 bytes, or of 12, to which two zero bytes
  /// are appended (RFC 7714 11, erratum 4938). Errors: invalid_key_length, invalid_salt_length.
  static result<key_derivation> create(const_bytes master_key, const_bytes master_salt) noexcept {
    auto prf = crypto::aes_ctr::create(master_key);
    if (!prf) return failure{prf.error()};
    if (master_salt.size() != 12 && master_salt.size() != 14) return failure{error::invalid_salt_length};
    return key_derivation(std::move(*prf), master_salt);
  }

  /// Fills out (secret) with the key of this label. index_div_kdr is the packet index divided by the key derivation
  /// rate, 0 for rate 0, below 2^48; SRTCP's index takes the same place, as deployed implementations have it. Errors:
  /// invalid_argument (index_div_kdr, or more than max_output_len bytes); out is untouched then.
  result<void> derive(key_label label, std::uint64_t index_div_kdr, mutable_bytes out) const noexcept {
    if (index_div_kdr >> 48 != 0 || out.size() > max_output_len) return failure{error::invalid_argument};
    // x = key_id XOR master_salt, right-aligned in 14 bytes, with key_id = label || r; then times 2^16 (4.3.1, 4.3.3).
    std::uint8_t iv[crypto::aes_ctr::block_len];
    std::memcpy(iv, salt_.expose().bytes, sizeof iv);
    const core::wipe_at_exit guard(iv);
    const std::uint64_t key_id = (std::uint64_t{static_cast<std::uint8_t>(label)} << 48) | index_div_kdr;
    for (int i = 0; i < 7; ++i) iv[7 + i] ^= static_cast<std::uint8_t>(key_id >> (8 * (6 - i)));
    if (!out.empty()) std::memset(out.data(), 0, out.size());
    // Neither of apply's errors can occur in place.
    return prf_.apply(iv, out, out) ? result<void>{} : result<void>{failure{error::invalid_argument}};
  }

 private:
  struct shifted_salt {
    std::uint8_t bytes[crypto::aes_ctr::block_len];
  };

  key_derivation(crypto::aes_ctr&& prf, const_bytes salt) noexcept : prf_(std::move(prf)) {
    core::copy(salt_.expose().bytes, salt.data(), salt.size());
  }

  crypto::aes_ctr prf_;
  core::secret<shifted_salt> salt_;
};

/// Derives one key; the call for tests and tools. Parameters and errors as in key_derivation.
inline result<void> derive_key(const_bytes master_key, const_bytes master_salt, key_label label,
                               std::uint64_t index_div_kdr, mutable_bytes out) noexcept {
  const auto kdf = key_derivation::create(master_key, master_salt);
  if (!kdf) return failure{kdf.error()};
  return kdf->derive(label, index_div_kdr, out);
}

/// The session keys of one direction of RTP or RTCP, all secret. Refers to bytes held elsewhere.
struct session_keys {
  const_bytes cipher_key;
  const_bytes salt;
  const_bytes authentication_key = {};  ///< 20 bytes for HMAC profiles, unused by AEAD profiles
};

/// Session keys derived for a profile, held and wiped together.
class derived_session_keys {
 public:
  /// Derives the three keys whose labels start at `first`: rtp_encryption or rtcp_encryption. index_div_kdr is below
  /// 2^48.
  derived_session_keys(const key_derivation& kdf, profile p, key_label first, std::uint64_t index_div_kdr = 0) noexcept
      : derived_session_keys(kdf, p, first, label(first, 2), index_div_kdr) {
    (void)kdf.derive(label(first, 1), index_div_kdr, keys_.expose().authentication_key);
  }

  session_keys expose() const noexcept {
    const auto& k = keys_.expose();
    return {const_bytes(k.cipher_key).first(cipher_key_len_), const_bytes(k.salt).first(salt_len_),
            k.authentication_key};
  }

 protected:
  derived_session_keys(const key_derivation& kdf, profile p, key_label cipher_key, key_label salt,
                       std::uint64_t index_div_kdr) noexcept
      : cipher_key_len_(parameters(p).key_len), salt_len_(parameters(p).salt_len) {
    auto& k = keys_.expose();
    // These lengths are always in range.
    (void)kdf.derive(cipher_key, index_div_kdr, mutable_bytes(k.cipher_key).first(cipher_key_len_));
    (void)kdf.derive(salt, index_div_kdr, mutable_bytes(k.salt).first(salt_len_));
    // Salts may be public (RFC 3711 4.3.1, 9.2); crypto::aes_ctr branches on where an IV's counter wraps.
    core::reveal(const_bytes(k.salt).first(salt_len_));
  }

 private:
  struct block {
    std::uint8_t cipher_key[max_key_len];
    std::uint8_t salt[max_salt_len];
    std::uint8_t authentication_key[authentication_key_len];
  };
  static key_label label(key_label first, int n) noexcept {
    return static_cast<key_label>(static_cast<int>(first) + n);
  }

  core::secret<block> keys_;
  std::size_t cipher_key_len_;
  std::size_t salt_len_;
};

/// The keys of RFC 6904 2.1, as long as the profile's session keys; there is no authentication key.
class derived_header_keys : public derived_session_keys {
 public:
  derived_header_keys(const key_derivation& kdf, profile p, std::uint64_t index_div_kdr = 0) noexcept
      : derived_session_keys(kdf, p, key_label::rtp_header_encryption, key_label::rtp_header_salt, index_div_kdr) {}
};

}  // namespace sotto::inline SOTTO_ABI::srtp
