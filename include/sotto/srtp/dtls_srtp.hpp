// SPDX-License-Identifier: BSL-1.0
// DTLS-SRTP (RFC 5764): what a TLS library's handshake needs to know of SRTP, and its exported keys by direction. DTLS
// itself, and the check of the peer's certificate, stay with that library and its user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "keying.hpp"
#include "master_keys.hpp"
#include "packet_index.hpp"
#include "profile.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The label under which the TLS library exports the keys, without context (RFC 5764 4.2).
inline constexpr std::string_view dtls_srtp_exporter_label = "EXTRACTOR-dtls_srtp";

/// Which end of the DTLS handshake this is; the client's keys protect what the client sends.
enum class dtls_role : std::uint8_t { client, server };

/// A profile's number and name in the use_srtp extension (RFC 5764 4.1.2, RFC 7714 14.2).
struct dtls_srtp_profile {
  srtp::profile profile;
  std::uint16_t number;
  std::string_view name;
};

/// Every profile that has a number.
inline constexpr dtls_srtp_profile dtls_srtp_profiles[] = {
    {profile::aes_cm_128_hmac_sha1_80, 0x0001, "SRTP_AES128_CM_HMAC_SHA1_80"},
    {profile::aes_cm_128_hmac_sha1_32, 0x0002, "SRTP_AES128_CM_HMAC_SHA1_32"},
    {profile::null_hmac_sha1_80, 0x0005, "SRTP_NULL_HMAC_SHA1_80"},
    {profile::null_hmac_sha1_32, 0x0006, "SRTP_NULL_HMAC_SHA1_32"},
    {profile::aead_aes_128_gcm, 0x0007, "SRTP_AEAD_AES_128_GCM"},
    {profile::aead_aes_256_gcm, 0x0008, "SRTP_AEAD_AES_256_GCM"},
};
/// The double profiles' numbers (RFC 8723 10.1): two keys of profile aead_aes_128_gcm or aead_aes_256_gcm for each
/// direction, which double_keying takes.
inline constexpr std::uint16_t dtls_srtp_double_aes_128_gcm = 0x0009;
inline constexpr std::uint16_t dtls_srtp_double_aes_256_gcm = 0x000a;

/// Errors: unsupported for numbers that aren't in the table, or profiles that DTLS can't negotiate.
inline result<profile> find_dtls_srtp_profile(std::uint16_t number) noexcept {
  for (const auto& p : dtls_srtp_profiles)
    if (p.number == number) return p.profile;
  return failure{error::unsupported};
}
inline result<std::uint16_t> dtls_srtp_number(profile wanted) noexcept {
  for (const auto& p : dtls_srtp_profiles)
    if (p.profile == wanted) return p.number;
  return failure{error::unsupported};
}

/// How many bytes to export: two keys and two salts. NULL profiles export the 16 + 14 bytes that their key derivation
/// starts from, as deployed implementations do; RFC 5764 says nothing of it.
constexpr std::size_t dtls_srtp_export_len(profile p) noexcept {
  return 2 * (std::size_t{parameters(p).key_len} + parameters(p).salt_len);
}

/// RFC 5764 4.1.2 allows a key of these profiles 2^31 packets of either kind, fewer than RFC 3711.
inline constexpr key_lifetime dtls_srtp_lifetime{std::uint64_t{1} << 31, std::uint64_t{1} << 31};

/// A key for each direction.
struct dtls_srtp_keys {
  dtls_keying write;  ///< For the sender.
  dtls_keying read;   ///< For the receiver.
};

/// The only maker of keying whose provenance is a DTLS handshake.
template <>
struct keying_source<provenance::dtls> {
  /// Splits what the exporter gave (secret; dtls_srtp_export_len(p) bytes) by role (RFC 5764 4.2). The MKI, if the
  /// handshake negotiated one, goes with both. The caller vouches that the handshake finished and that the peer's
  /// certificate has the fingerprint that was signalled. Errors: unsupported (a profile without number),
  /// invalid_key_length, invalid_mki_length.
  static result<dtls_srtp_keys> split(profile p, dtls_role role, const_bytes exported, const_bytes mki = {}) noexcept {
    if (const auto number = dtls_srtp_number(p); !number) return failure{number.error()};
    if (exported.size() != dtls_srtp_export_len(p)) return failure{error::invalid_key_length};
    const std::size_t key_len = parameters(p).key_len, salt_len = parameters(p).salt_len;
    const auto half = [&](bool clients) {
      const std::size_t n = clients ? 0 : 1;
      return dtls_keying::create(
          {p, exported.subspan(n * key_len, key_len), exported.subspan(2 * key_len + n * salt_len, salt_len), mki});
    };
    const bool is_client = role == dtls_role::client;
    auto write = half(is_client);
    if (!write) return failure{write.error()};
    auto read = half(!is_client);
    if (!read) return failure{read.error()};
    return dtls_srtp_keys{std::move(*write), std::move(*read)};
  }
};

/// keying_source<provenance::dtls>::split by its everyday name.
inline result<dtls_srtp_keys> split_dtls_srtp(profile p, dtls_role role, const_bytes exported,
                                              const_bytes mki = {}) noexcept {
  return keying_source<provenance::dtls>::split(p, role, exported, mki);
}

}  // namespace sotto::inline SOTTO_ABI::srtp
