// SPDX-License-Identifier: BSL-1.0
// Opens the streams of a recorded call with keys that were found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../srtp_pcap/agreement.hpp"
#include "../srtp_pcap/audio.hpp"
#include "recording.hpp"

namespace examples {

class opener {
 public:
  explicit opener(const recording& call) : call_(call), opened_(call.streams.size()) {}

  /// Tries keys on every stream that isn't open yet, and opens what they fit. Returns how many streams.
  std::size_t try_keys(const agreement& keys);
  /// The number of packets that were opened so far.
  std::size_t packets() const noexcept;
  bool all() const noexcept { return packets() == call_.packets() && packets() != 0; }
  /// Payloads of opened packets whose type no table fixes: perhaps they are encrypted once more.
  const std::vector<std::vector<std::uint8_t>>& inner() const noexcept { return inner_; }
  /// Writes the G.711 audio; see g711_streams.
  std::vector<std::string> write_audio(const std::string& path) const { return audio_.write(path); }

 private:
  void keep(const sotto::srtp::rtp_view& rtp);

  const recording& call_;
  std::vector<std::size_t> opened_;  ///< Packets of each stream
  g711_streams audio_;
  std::vector<std::vector<std::uint8_t>> inner_;
};

}  // namespace examples
