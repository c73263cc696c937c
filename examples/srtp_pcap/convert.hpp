// SPDX-License-Identifier: BSL-1.0
// From one capture to another: the work of srtp_pcap, apart from its command line.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "agreement.hpp"

namespace examples {

struct conversion {
  std::string in;
  std::string out;  ///< Empty: only count.
  std::string wav;  ///< Empty: no audio.
  bool protect = false;
  std::vector<std::uint16_t> ports;  ///< Empty: all.
  std::vector<std::uint32_t> ssrcs;  ///< Empty: all.
  std::optional<std::uint32_t> roc;  ///< Of every stream's first packet; none: 0, or 1 if the first ones are lost.
};

/// Converts and prints counts to `report`. True if every RTP and RTCP packet was converted, apart from repeated and
/// outdated ones, which networks produce. Throws std::runtime_error for files that can't be used.
bool convert_capture(const conversion& what, const agreement& agreed, std::ostream& report);

}  // namespace examples
