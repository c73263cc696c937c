// SPDX-License-Identifier: BSL-1.0
// The G.711 audio of RTP streams, put in order by time stamp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <sotto/srtp/packet.hpp>
#include <string>
#include <vector>

#include "../support/g711.hpp"
#include "../support/wav.hpp"

namespace examples {

class g711_streams {
 public:
  /// Takes packets of payload types 0 and 8, and ignores others.
  void add(const sotto::srtp::rtp_view& rtp) {
    const auto type = rtp.payload_type();
    const auto payload = rtp.payload_without_padding();
    if ((type != payload_type_pcmu && type != payload_type_pcma) || !payload || payload->empty()) return;
    stream& s = streams_[rtp.ssrc().value()];
    if (s.chunks.empty()) s.timestamp = rtp.timestamp();

    const auto moved = static_cast<std::int32_t>(rtp.timestamp() - s.timestamp);  // time stamps wrap
    // A jump of more than a minute is a restart, or a lie: go on where the audio ends.
    const bool jump = moved > longest_pause || moved < -longest_pause;
    s.position = jump ? s.end : s.position + moved;
    s.timestamp = rtp.timestamp();
    if (s.position - s.begin > longest_audio) return;

    const g711 law = type == payload_type_pcmu ? g711::mu_law : g711::a_law;
    chunk c{s.position, {}};
    for (const auto code : *payload) c.samples.push_back(decode(law, code));
    s.begin = std::min(s.begin, s.position);
    s.end = std::max(s.end, s.position + static_cast<std::int64_t>(c.samples.size()));
    s.chunks.push_back(std::move(c));
  }

  /// One stream goes to the path itself, several go to path-<SSRC> each. Returns the files written.
  std::vector<std::string> write(const std::string& path) const {
    std::vector<std::string> written;
    for (const auto& [ssrc, s] : streams_) {
      std::vector<std::int16_t> samples(static_cast<std::size_t>(s.end - s.begin));  // silence where nothing arrived
      for (const auto& c : s.chunks)
        std::copy(c.samples.begin(), c.samples.end(),
                  samples.begin() + static_cast<std::ptrdiff_t>(c.position - s.begin));
      written.push_back(streams_.size() == 1 ? path : with_ssrc(path, ssrc));
      write_wav(written.back(), g711_rate, samples);
    }
    return written;
  }

 private:
  static constexpr std::int64_t longest_pause = 60 * std::int64_t{g711_rate};
  static constexpr std::int64_t longest_audio = 6 * 60 * longest_pause;

  struct chunk {
    std::int64_t position;
    std::vector<std::int16_t> samples;
  };
  struct stream {
    std::uint32_t timestamp = 0;
    std::int64_t position = 0, begin = 0, end = 0;  // in samples from the first packet
    std::vector<chunk> chunks;
  };

  static std::string with_ssrc(const std::string& path, std::uint32_t ssrc) {
    char suffix[16];
    std::snprintf(suffix, sizeof suffix, "-%08x", static_cast<unsigned>(ssrc));
    const auto dot = path.rfind('.'), slash = path.rfind('/');
    const bool has_extension = dot != path.npos && (slash == path.npos || dot > slash + 1);
    return has_extension ? path.substr(0, dot) + suffix + path.substr(dot) : path + suffix;
  }

  std::map<std::uint32_t, stream> streams_;
};

}  // namespace examples
