// SPDX-License-Identifier: BSL-1.0
// Which frames of a capture are RTP or RTCP to convert, and why the others aren't.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp/packet.hpp>

#include "../support/udp_frame.hpp"
#include "capture.hpp"
#include "convert.hpp"

namespace examples {

struct media_packet {
  udp_frame frame;
  bool rtcp;
  std::uint32_t ssrc;
};

/// Frames that aren't RTP or RTCP, by reason.
struct bystanders {
  std::uint64_t frames = 0, not_udp = 0, fragments = 0, cut_short = 0, malformed = 0, not_media = 0, not_selected = 0;
};

class sifter {
 public:
  explicit sifter(const conversion& what) : what_(what) {}

  std::optional<media_packet> sift(link_layer link, const captured_frame& captured) {
    ++counts_.frames;
    const auto found = find_udp(link, captured.bytes);
    switch (found.kind) {
      case frame_kind::udp: break;
      case frame_kind::other:
        return ++(captured.cut_short && captured.bytes.empty() ? counts_.cut_short : counts_.not_udp), std::nullopt;
      case frame_kind::fragment: return ++counts_.fragments, std::nullopt;
      case frame_kind::cut_short: return ++counts_.cut_short, std::nullopt;
      case frame_kind::malformed: return ++counts_.malformed, std::nullopt;
    }
    const auto kind = sotto::srtp::classify(found.payload);
    const bool rtcp = kind == sotto::srtp::packet_kind::rtcp;
    if (kind == sotto::srtp::packet_kind::neither ||
        (!rtcp && found.payload.size() < sotto::srtp::rtp_view::min_header_len))
      return ++counts_.not_media, std::nullopt;
    const std::uint32_t ssrc = sotto::core::load_be32(found.payload.data() + (rtcp ? 4 : 8));
    const auto listed = [](const auto& list, auto value) {
      return std::find(list.begin(), list.end(), value) != list.end();
    };
    const bool port =
        what_.ports.empty() || listed(what_.ports, found.source_port) || listed(what_.ports, found.destination_port);
    if (!port || (!what_.ssrcs.empty() && !listed(what_.ssrcs, ssrc))) return ++counts_.not_selected, std::nullopt;
    return media_packet{found, rtcp, ssrc};
  }

  const bystanders& counts() const noexcept { return counts_; }

 private:
  const conversion& what_;
  bystanders counts_;
};

inline std::ostream& operator<<(std::ostream& out, const bystanders& b) {
  out << b.frames << " frames";
  const auto part = [&](std::uint64_t n, const char* reason) {
    if (n != 0) out << ", " << n << ' ' << reason;
  };
  part(b.not_udp, "not UDP");
  part(b.fragments, "IP fragments");
  part(b.cut_short, "cut short by the recording");
  part(b.malformed, "with contradictory lengths");
  part(b.not_media, "UDP but neither RTP nor RTCP");
  part(b.not_selected, "not selected");
  return out;
}

}  // namespace examples
