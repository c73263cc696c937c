// SPDX-License-Identifier: BSL-1.0
// The packets of a recorded call, by stream.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace examples {

struct recorded_packet {
  std::uint64_t microseconds = 0;  ///< Since 1970
  std::uint16_t from = 0, to = 0;  ///< UDP ports
  bool rtcp = false;
  std::vector<std::uint8_t> bytes;
};

/// Packets of one SSRC from one port, in the order of their arrival.
struct recorded_stream {
  std::uint32_t ssrc = 0;
  std::uint16_t from = 0;
  std::vector<recorded_packet> packets;
  /// The first RTP packet, or null.
  const recorded_packet* first_rtp() const noexcept;
};

struct recording {
  std::vector<recorded_stream> streams;
  std::size_t packets() const noexcept;
};

/// Reads a capture (pcap or pcapng; Ethernet and what else srtp_pcap reads). Throws std::runtime_error.
recording read_recording(const std::string& path);

}  // namespace examples
