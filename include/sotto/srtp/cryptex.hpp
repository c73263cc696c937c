// SPDX-License-Identifier: BSL-1.0
// Cryptex (RFC 9335): which packets it changes, and how a header's bytes move so that cipher inputs are contiguous.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "header_extension.hpp"
#include "packet.hpp"

namespace sotto::inline SOTTO_ABI::srtp::detail {

/// What an extension's first 16 bits say after encryption (RFC 9335 5.1): one- and two-byte form.
inline constexpr std::uint16_t cryptex_one_byte = 0xc0de;
inline constexpr std::uint16_t cryptex_two_byte = 0xc2de;

/// The fixed header and the 4 bytes in front of an extension's data: all that Cryptex leaves in the clear.
inline constexpr std::size_t cryptex_clear_len = rtp_view::min_header_len + 4;

constexpr bool is_cryptex(std::uint16_t defined_by_profile) noexcept {
  return defined_by_profile == cryptex_one_byte || defined_by_profile == cryptex_two_byte;
}

/// Whether a packet that is to be sent has anything for Cryptex: CSRCs, or an RFC 8285 extension.
inline bool has_cryptex_work(const rtp_view& p) noexcept { return p.csrc_count() != 0 || p.has_extension(); }
/// Whether Cryptex is defined for it: any extension is RFC 8285's (RFC 9335 5.1).
inline bool fits_cryptex(const rtp_view& p) noexcept {
  return !p.has_extension() || form_of(p.extension_profile()) != extension_form::other;
}

/// Puts the extension's 4-byte header in front of the CSRCs, as the cipher wants it, and back. packet points to a whole
/// RTP packet with csrc_len bytes of CSRCs (0 to 60) and an extension.
inline void extension_header_first(std::uint8_t* packet, std::size_t csrc_len) noexcept {
  std::uint8_t* const csrcs = packet + rtp_view::min_header_len;
  std::uint8_t header[4];
  std::memcpy(header, csrcs + csrc_len, 4);
  std::memmove(csrcs + 4, csrcs, csrc_len);
  std::memcpy(csrcs, header, 4);
}
inline void csrcs_first(std::uint8_t* packet, std::size_t csrc_len) noexcept {
  std::uint8_t* const csrcs = packet + rtp_view::min_header_len;
  std::uint8_t header[4];
  std::memcpy(header, csrcs, 4);
  std::memmove(csrcs, csrcs + 4, csrc_len);
  std::memcpy(csrcs + csrc_len, header, 4);
}

/// Marks a packet that has an extension as encrypted; one without gets an empty one in the 4 bytes that the caller has
/// freed behind its CSRCs.
inline void mark_cryptex(std::uint8_t* packet, std::size_t csrc_len) noexcept {
  std::uint8_t* const extension = packet + rtp_view::min_header_len + csrc_len;
  if ((packet[0] & 0x10u) == 0) {
    packet[0] = static_cast<std::uint8_t>(packet[0] | 0x10u);
    core::store_be32(extension, std::uint32_t{cryptex_one_byte} << 16);
    return;
  }
  const bool one_byte = form_of(core::load_be16(extension)) == extension_form::one_byte;
  core::store_be16(extension, one_byte ? cryptex_one_byte : cryptex_two_byte);
}
inline void unmark_cryptex(std::uint8_t* packet, std::size_t csrc_len) noexcept {
  std::uint8_t* const extension = packet + rtp_view::min_header_len + csrc_len;
  core::store_be16(extension,
                   core::load_be16(extension) == cryptex_one_byte ? std::uint16_t{0xbede} : std::uint16_t{0x1000});
}

}  // namespace sotto::inline SOTTO_ABI::srtp::detail
