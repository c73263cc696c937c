// SPDX-License-Identifier: BSL-1.0
// What may be agreed for a session beyond RFC 3711's defaults. Both ends must have agreed on the same.
#pragma once

#include <cstdint>

#include "../core/abi.hpp"
#include "../core/result.hpp"
#include "header_extension.hpp"
#include "packet_index.hpp"
#include "profile.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// Cryptex (RFC 9335): encryption of all CSRCs and header extensions.
enum class cryptex : std::uint8_t {
  off,       ///< Never sent, and not recognised.
  on,        ///< Sent for every packet with CSRCs or RFC 8285 extensions; packets without it are accepted.
  required,  ///< As on, but CSRCs and extensions in the clear are refused: error::unencrypted_header.
};

/// How packets carry their ROC, so that a receiver that joins late finds it (RFC 4771). Never for SRTCP, which carries
/// its index anyway.
enum class roc_carriage_mode : std::uint8_t {
  none,
  /// HMAC profiles: RFC 4771's mode 2, a ROC in front of the MAC, which loses its last four bytes, in every R-th
  /// packet. AEAD profiles: the ROC behind the MKI (RFC 7714 7.1), authenticated as part of the IV.
  authenticated,
  /// RFC 4771's mode 1: packets between those with a ROC have no MAC at all.
  mode_1,
  /// RFC 4771's mode 3: no packet has a MAC, and anyone can set a receiver's ROC.
  mode_3,
};

/// The mode with its rate and the consent that modes 1 and 3 need.
struct roc_carriage {
  roc_carriage_mode mode = roc_carriage_mode::none;
  std::uint16_t rate = 1;  ///< R, from 1: packets whose sequence number is a multiple of it carry the ROC.
  /// Modes 1 (R > 1) and 3 let forged packets through, and let them move the ROC and the replay window.
  bool accept_unauthenticated_packets = false;
};

/// Beyond the defaults; see the standards named.
struct protection_options {
  /// RFC 6904: elements of extensions to encrypt. Not together with Cryptex in one packet: Cryptex has precedence.
  extension_ids encrypted_extensions = {};
  srtp::cryptex cryptex = srtp::cryptex::off;
  /// RFC 4568 6.3.2: false sends RTP payloads in the clear, authenticated, and expects them so.
  bool encrypt_rtp = true;
  /// RFC 3711 4.3.1: 0, or a power of two up to 2^24: how many packets share session keys.
  std::uint32_t key_derivation_rate = 0;
  srtp::roc_carriage roc_carriage = {};
};

/// Whether the options contradict themselves, a standard or the profile. Errors: invalid_argument; unsupported for a
/// ROC in a 32-bit tag, which would leave no MAC, and for modes 1 and 3 with AEAD profiles (or NULL profiles, mode 3).
constexpr result<void> check(const protection_options& o, profile p) noexcept {
  const std::uint32_t rate = o.key_derivation_rate;
  if (rate > (std::uint32_t{1} << 24) || (rate & (rate - 1)) != 0) return failure{error::invalid_argument};
  const srtp::roc_carriage& c = o.roc_carriage;
  if (c.rate == 0) return failure{error::invalid_argument};
  // Cryptex exists to encrypt; in the clear it would only announce itself.
  if (o.cryptex != cryptex::off && (!o.encrypt_rtp || parameters(p).cipher == cipher::null_hmac_sha1))
    return failure{error::unsupported};
  const bool unauthenticated =
      c.mode == roc_carriage_mode::mode_3 || (c.mode == roc_carriage_mode::mode_1 && c.rate > 1);
  if (unauthenticated && !c.accept_unauthenticated_packets) return failure{error::invalid_argument};
  if (c.mode == roc_carriage_mode::mode_1 || c.mode == roc_carriage_mode::mode_3)
    if (is_aead(parameters(p).cipher)) return failure{error::unsupported};
  if ((c.mode == roc_carriage_mode::authenticated || c.mode == roc_carriage_mode::mode_1) &&
      parameters(p).rtp_tag_len <= 4)
    return failure{error::unsupported};
  return {};
}

}  // namespace sotto::inline SOTTO_ABI::srtp
