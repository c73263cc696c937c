// SPDX-License-Identifier: BSL-1.0
// What the ends tell each other before the call, as the SDP of an offer and an answer (RFC 8866, RFC 5763 5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "certificate.hpp"

namespace examples {

/// Who starts the DTLS handshake (RFC 4145 4): the offer leaves it open, the answer decides.
enum class setup : std::uint8_t { actpass, active, passive };

inline constexpr std::uint64_t max_packets = 1000000;

struct description {
  examples::setup setup = setup::actpass;
  std::uint16_t port = 0;               ///< Where this end takes DTLS, SRTP, SRTCP and STUN alike.
  examples::fingerprint fingerprint{};  ///< Of the certificate that this end will show.
  std::uint32_t ssrc = 0;               ///< Of the stream that this end will send.
  std::uint64_t packets =
      0;  ///< This example's own attribute: how many RTP packets each end sends, at most max_packets.
};

std::string to_text(const description& d);
/// Reads what to_text writes, in any order, and skips other lines. Throws std::runtime_error that names what is missing
/// or wrong.
description parse_description(std::string_view text);

}  // namespace examples
