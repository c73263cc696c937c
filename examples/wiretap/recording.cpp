// SPDX-License-Identifier: BSL-1.0
#include "recording.hpp"

#include <algorithm>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp/packet.hpp>

#include "../srtp_pcap/capture.hpp"
#include "../support/udp_frame.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;

recorded_stream& stream_of(recording& all, std::uint32_t ssrc, std::uint16_t from) {
  const auto is_it = [&](const recorded_stream& s) { return s.ssrc == ssrc && s.from == from; };
  const auto found = std::find_if(all.streams.begin(), all.streams.end(), is_it);
  if (found != all.streams.end()) return *found;
  all.streams.push_back({ssrc, from, {}});
  return all.streams.back();
}

void add(recording& all, const timeval& time, const udp_frame& frame) {
  const auto kind = srtp::classify(frame.payload);
  const bool rtcp = kind == srtp::packet_kind::rtcp;
  if (kind == srtp::packet_kind::neither || (!rtcp && !srtp::rtp_view::parse(frame.payload))) return;
  const std::uint32_t ssrc = sotto::core::load_be32(frame.payload.data() + (rtcp ? 4 : 8));
  const auto at = static_cast<std::uint64_t>(time.tv_sec) * 1000000 + static_cast<std::uint64_t>(time.tv_usec);
  stream_of(all, ssrc, frame.source_port)
      .packets.push_back(
          {at, frame.source_port, frame.destination_port, rtcp, {frame.payload.begin(), frame.payload.end()}});
}

}  // namespace

const recorded_packet* recorded_stream::first_rtp() const noexcept {
  for (const auto& p : packets)
    if (!p.rtcp) return &p;
  return nullptr;
}

std::size_t recording::packets() const noexcept {
  std::size_t sum = 0;
  for (const auto& s : streams) sum += s.packets.size();
  return sum;
}

recording read_recording(const std::string& path) {
  capture_reader in(path);
  recording all;
  captured_frame captured;
  while (in.next(captured)) {
    // Files with nanoseconds keep them where the microseconds would be.
    if (in.nanoseconds()) captured.time.tv_usec /= 1000;
    const auto frame = find_udp(in.link(), captured.bytes);
    if (frame.kind == frame_kind::udp) add(all, captured.time, frame);
  }
  return all;
}

}  // namespace examples
