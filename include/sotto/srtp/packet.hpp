// SPDX-License-Identifier: BSL-1.0
// RTP and RTCP headers as they lie in a buffer (RFC 3550 5.1, 5.3.1, 6.4), read without ever leaving it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/strong.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// A synchronization source: the 32-bit name of one stream (RFC 3550 3).
using ssrc = strong<std::uint32_t, struct ssrc_tag>;
/// RTP's 16-bit packet number, which wraps (RFC 3550 5.1).
using sequence_number = strong<std::uint16_t, struct sequence_number_tag>;

/// What arrives on a port that RTP and RTCP share.
enum class packet_kind : std::uint8_t {
  neither,  ///< Shorter than 8 bytes, or not version 2: perhaps STUN or DTLS (RFC 7983).
  rtp,
  rtcp,
};

/// Tells RTP from RTCP, protected or not, by the packet type: the second byte of RTCP is 192 to 223, and RTP with RTCP
/// on one port avoids the payload types that look so (RFC 5761 4). Reads two bytes; says nothing about validity.
inline packet_kind classify(const_bytes packet) noexcept {
  if (packet.size() < 8 || packet[0] >> 6 != 2) return packet_kind::neither;
  return packet[1] >= 192 && packet[1] <= 223 ? packet_kind::rtcp : packet_kind::rtp;
}

/// An RTP packet whose header fits its buffer. Refers to the caller's bytes; padding is part of the payload, since a
/// protected packet encrypts it. Const calls may run on several threads at once.
class rtp_view {
 public:
  static constexpr std::size_t min_header_len = 12;

  /// Checks version, CSRC count and extension length against the length (RFC 3550 5.1, 5.3.1). An empty payload is
  /// fine. Errors: malformed_packet.
  static result<rtp_view> parse(const_bytes packet) noexcept {
    const std::size_t len = packet.size();
    if (len < min_header_len) return failure{error::malformed_packet};
    const std::uint8_t first = packet[0];
    if (first >> 6 != 2) return failure{error::malformed_packet};
    // At most 12 + 15 * 4 + 4 + 65535 * 4: no sum here wraps, even where size_t has 32 bits.
    std::size_t header_len = min_header_len + std::size_t{4} * (first & 0x0fu);
    if ((first & 0x10u) != 0) {
      if (len < header_len + 4) return failure{error::malformed_packet};
      header_len += 4 + std::size_t{4} * core::load_be16(packet.data() + header_len + 2);
    }
    if (len < header_len) return failure{error::malformed_packet};
    return rtp_view(packet, header_len);
  }

  /// Length of the fixed header, the CSRC list and the header extension.
  std::size_t header_len() const noexcept { return header_len_; }
  std::size_t csrc_count() const noexcept { return bytes_[0] & 0x0fu; }
  bool has_padding() const noexcept { return (bytes_[0] & 0x20u) != 0; }
  bool has_extension() const noexcept { return (bytes_[0] & 0x10u) != 0; }
  bool marker() const noexcept { return bytes_[1] >> 7 != 0; }
  std::uint8_t payload_type() const noexcept { return bytes_[1] & 0x7fu; }
  srtp::sequence_number sequence() const noexcept { return sequence_number(core::load_be16(bytes_.data() + 2)); }
  std::uint32_t timestamp() const noexcept { return core::load_be32(bytes_.data() + 4); }
  srtp::ssrc ssrc() const noexcept { return srtp::ssrc(core::load_be32(bytes_.data() + 8)); }

  /// The n-th contributing source; n < csrc_count(), or the result is SSRC 0.
  srtp::ssrc csrc(std::size_t n) const noexcept {
    return srtp::ssrc(n < csrc_count() ? core::load_be32(bytes_.data() + min_header_len + 4 * n) : 0);
  }
  /// The extension's 16 bits "defined by profile", or 0 without extension (RFC 8285: 0xBEDE or 0x100X).
  std::uint16_t extension_profile() const noexcept {
    return has_extension() ? core::load_be16(bytes_.data() + extension_offset()) : std::uint16_t{0};
  }
  /// The extension behind its 4-byte header; empty without extension.
  const_bytes extension() const noexcept {
    if (!has_extension()) return {};
    return bytes_.subspan(extension_offset() + 4, header_len_ - extension_offset() - 4);
  }

  /// Everything behind the header, padding included.
  const_bytes payload() const noexcept { return bytes_.subspan(header_len_); }
  /// The payload of an unprotected packet without its padding. Errors: malformed_packet if the padding count is zero or
  /// exceeds the payload.
  result<const_bytes> payload_without_padding() const noexcept {
    const const_bytes whole = payload();
    if (!has_padding()) return whole;
    if (whole.empty() || whole.back() == 0 || whole.back() > whole.size()) return failure{error::malformed_packet};
    return whole.first(whole.size() - whole.back());
  }

  const_bytes bytes() const noexcept { return bytes_; }

 private:
  rtp_view(const_bytes bytes, std::size_t header_len) noexcept : bytes_(bytes), header_len_(header_len) {}
  std::size_t extension_offset() const noexcept { return min_header_len + 4 * csrc_count(); }

  const_bytes bytes_;
  std::size_t header_len_;
};

/// An RTCP packet, compound or of reduced size (RFC 5506), seen through its first header. Refers to the caller's bytes.
class rtcp_view {
 public:
  /// What SRTCP leaves in the clear: the first word and the sender's SSRC (RFC 3711 3.4).
  static constexpr std::size_t min_header_len = 8;

  /// Checks that the first 8 bytes are there and say version 2; what follows is the application's business.
  /// Errors: malformed_packet.
  static result<rtcp_view> parse(const_bytes packet) noexcept {
    if (packet.size() < min_header_len || packet[0] >> 6 != 2) return failure{error::malformed_packet};
    return rtcp_view(packet);
  }

  /// Report or source count of the first packet.
  std::uint8_t count() const noexcept { return bytes_[0] & 0x1fu; }
  std::uint8_t packet_type() const noexcept { return bytes_[1]; }
  /// Length of the first packet as its header states it, in bytes, header included; may exceed the buffer.
  std::size_t stated_len() const noexcept { return 4 * (std::size_t{core::load_be16(bytes_.data() + 2)} + 1); }
  srtp::ssrc ssrc() const noexcept { return srtp::ssrc(core::load_be32(bytes_.data() + 4)); }
  const_bytes bytes() const noexcept { return bytes_; }

 private:
  explicit rtcp_view(const_bytes bytes) noexcept : bytes_(bytes) {}

  const_bytes bytes_;
};

}  // namespace sotto::inline SOTTO_ABI::srtp
