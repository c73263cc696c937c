// SPDX-License-Identifier: BSL-1.0
// What a datagram is, on a port that several protocols share (RFC 7983, RFC 5761).
#pragma once

#include <cstdint>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "packet.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The protocols that RFC 7983 section 7 tells apart.
enum class datagram_kind : std::uint8_t {
  unknown,  ///< Empty, or of none of these: drop it.
  stun,
  zrtp,
  dtls,
  turn_channel,
  rtp,   ///< RTP or SRTP
  rtcp,  ///< RTCP or SRTCP
};

/// Looks at the first byte, and of RTP and RTCP at the second; says nothing about validity.
inline datagram_kind demultiplex(const_bytes datagram) noexcept {
  if (datagram.empty()) return datagram_kind::unknown;
  const std::uint8_t first = datagram[0];
  if (first <= 3) return datagram_kind::stun;
  if (first >= 16 && first <= 19) return datagram_kind::zrtp;
  if (first >= 20 && first <= 63) return datagram_kind::dtls;
  if (first >= 64 && first <= 79) return datagram_kind::turn_channel;
  switch (classify(datagram)) {
    case packet_kind::rtp: return datagram_kind::rtp;
    case packet_kind::rtcp: return datagram_kind::rtcp;
    case packet_kind::neither: break;
  }
  return datagram_kind::unknown;
}

}  // namespace sotto::inline SOTTO_ABI::srtp
