// SPDX-License-Identifier: BSL-1.0
// SRTP's protection profiles: which cipher, and how long keys, salts and tags are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../core/abi.hpp"
#include "../core/result.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The profiles by their IANA names (RFC 3711, 4568, 5764, 6188, 7714), and from 128 on those for private use.
enum class profile : std::uint8_t {
  null_hmac_sha1_80 = 1,  ///< Authentication only.
  null_hmac_sha1_32,      ///< Authentication only; 32-bit tags on RTP.
  aes_cm_128_hmac_sha1_80,
  aes_cm_128_hmac_sha1_32,
  aes_192_cm_hmac_sha1_80,
  aes_192_cm_hmac_sha1_32,
  aes_256_cm_hmac_sha1_80,
  aes_256_cm_hmac_sha1_32,
  aead_aes_128_gcm,
  aead_aes_256_gcm,
  /// Private use between ends that agreed on it: no registry has an SRTP profile with ChaCha20-Poly1305, so no SDES
  /// line and no DTLS handshake can name it, and keying of these provenances refuses it. Built exactly as RFC 7714
  /// builds AEAD_AES_256_GCM, with RFC 8439's AEAD in place of AES-GCM: 256-bit keys, 96-bit salts, the same IVs,
  /// 128-bit tags. That includes key derivation with AES in counter mode (RFC 7714 11, RFC 6188): packets need no AES,
  /// new keys do.
  aead_chacha20_poly1305 = 128,
};

/// What encrypts and authenticates a profile's packets.
enum class cipher : std::uint8_t {
  none,               ///< No profile.
  null_hmac_sha1,     ///< RFC 3711 4.1.3 and 4.2.1
  aes_cm_hmac_sha1,   ///< RFC 3711 4.1.1 and 4.2.1
  aes_gcm,            ///< RFC 7714
  chacha20_poly1305,  ///< RFC 8439, laid out as in RFC 7714
};

/// Whether a cipher authenticates by itself, so that packets are laid out as in RFC 7714.
constexpr bool is_aead(cipher c) noexcept { return c == cipher::aes_gcm || c == cipher::chacha20_poly1305; }

/// A profile's constants; lengths in bytes.
struct profile_parameters {
  std::string_view name;  ///< As name(profile) returns it
  srtp::cipher cipher;
  std::uint8_t key_len;   ///< Master key, and session cipher key
  std::uint8_t salt_len;  ///< Master salt, and session salt
  std::uint8_t rtp_tag_len;
  std::uint8_t rtcp_tag_len;  ///< 10 for the _32 profiles too: RFC 4568 6.2, RFC 5764 4.1.2, RFC 6188 4
};

/// HMAC-SHA1's session authentication key (RFC 3711 5.2), in bytes.
inline constexpr std::size_t authentication_key_len = 20;
inline constexpr std::size_t max_key_len = 32;
inline constexpr std::size_t max_salt_len = 14;

/// Every profile, in the order of the enumeration.
inline constexpr profile profiles[] = {
    profile::null_hmac_sha1_80,       profile::null_hmac_sha1_32,       profile::aes_cm_128_hmac_sha1_80,
    profile::aes_cm_128_hmac_sha1_32, profile::aes_192_cm_hmac_sha1_80, profile::aes_192_cm_hmac_sha1_32,
    profile::aes_256_cm_hmac_sha1_80, profile::aes_256_cm_hmac_sha1_32, profile::aead_aes_128_gcm,
    profile::aead_aes_256_gcm,        profile::aead_chacha20_poly1305};

/// The constants of a profile; a value outside the enumeration has cipher::none. The NULL profiles have no cipher key,
/// but derive their authentication keys from a 128-bit master key and a 112-bit salt, as deployed implementations do.
constexpr profile_parameters parameters(profile p) noexcept {
  switch (p) {
    case profile::null_hmac_sha1_80: return {"NULL_HMAC_SHA1_80", cipher::null_hmac_sha1, 16, 14, 10, 10};
    case profile::null_hmac_sha1_32: return {"NULL_HMAC_SHA1_32", cipher::null_hmac_sha1, 16, 14, 4, 10};
    case profile::aes_cm_128_hmac_sha1_80: return {"AES_CM_128_HMAC_SHA1_80", cipher::aes_cm_hmac_sha1, 16, 14, 10, 10};
    case profile::aes_cm_128_hmac_sha1_32: return {"AES_CM_128_HMAC_SHA1_32", cipher::aes_cm_hmac_sha1, 16, 14, 4, 10};
    case profile::aes_192_cm_hmac_sha1_80: return {"AES_192_CM_HMAC_SHA1_80", cipher::aes_cm_hmac_sha1, 24, 14, 10, 10};
    case profile::aes_192_cm_hmac_sha1_32: return {"AES_192_CM_HMAC_SHA1_32", cipher::aes_cm_hmac_sha1, 24, 14, 4, 10};
    case profile::aes_256_cm_hmac_sha1_80: return {"AES_256_CM_HMAC_SHA1_80", cipher::aes_cm_hmac_sha1, 32, 14, 10, 10};
    case profile::aes_256_cm_hmac_sha1_32: return {"AES_256_CM_HMAC_SHA1_32", cipher::aes_cm_hmac_sha1, 32, 14, 4, 10};
    case profile::aead_aes_128_gcm: return {"AEAD_AES_128_GCM", cipher::aes_gcm, 16, 12, 16, 16};
    case profile::aead_aes_256_gcm: return {"AEAD_AES_256_GCM", cipher::aes_gcm, 32, 12, 16, 16};
    case profile::aead_chacha20_poly1305: return {"aead_chacha20_poly1305", cipher::chacha20_poly1305, 32, 12, 16, 16};
  }
  return {"", cipher::none, 0, 0, 0, 0};
}

/// Whether IANA's registries have the profile, so that signalling may offer it.
constexpr bool is_registered(profile p) noexcept {
  return p != profile::aead_chacha20_poly1305 && parameters(p).cipher != cipher::none;
}

/// The name for messages and menus: the IANA name, e.g. "AEAD_AES_128_GCM"; of a private profile its enumerator's, in
/// lower case as no registered name is; empty for a value outside the enumeration.
constexpr std::string_view name(profile p) noexcept { return parameters(p).name; }

/// The name for signalling, e.g. "AEAD_AES_128_GCM"; empty for a private profile, which signalling can't name.
constexpr std::string_view iana_name(profile p) noexcept { return is_registered(p) ? name(p) : std::string_view{}; }

/// The profile of an IANA name, upper case as registered; never a private one. Errors: unsupported.
inline result<profile> find_profile(std::string_view registered) noexcept {
  for (const profile p : profiles)
    if (is_registered(p) && name(p) == registered) return p;
  return failure{error::unsupported};
}

}  // namespace sotto::inline SOTTO_ABI::srtp
