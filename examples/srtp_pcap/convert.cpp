// SPDX-License-Identifier: BSL-1.0
// Reads the capture twice: first to learn its streams, then to convert them.
#include "convert.hpp"

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <map>
#include <optional>
#include <ostream>
#include <sotto/srtp.hpp>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "../support/outcome.hpp"
#include "audio.hpp"
#include "capture.hpp"
#include "sifter.hpp"
#include "transcoder.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;

struct tally {
  outcomes rtp, rtcp;
};
using tallies = std::map<std::uint32_t, tally>;

/// First reading: which SSRCs there are.
tallies find_streams(const conversion& what) {
  capture_reader in(what.in);
  sifter sift(what);
  tallies streams;
  captured_frame captured;
  while (in.next(captured))
    if (const auto packet = sift.sift(in.link(), captured)) streams.try_emplace(packet->ssrc);
  if (!streams.empty()) return streams;
  std::string found = "nothing";
  if (sift.counts().frames != 0) {
    std::ostringstream text;
    text << sift.counts();
    found = text.str();
  }
  throw std::runtime_error(what.in + ": no RTP or RTCP to convert: " + found +
                           (in.damage().empty() ? "" : "; " + in.damage()));
}

void print_outcomes(std::ostream& report, const outcomes& o) {
  report << o.accepted << " accepted";
  for (std::size_t cause = 0; cause < outcomes::causes; ++cause)
    if (const auto n = o.refused(static_cast<sotto::error>(cause)); n != 0)
      report << ", " << n << ' ' << name(static_cast<sotto::error>(cause));
}

void print_streams(std::ostream& report, const tallies& streams) {
  constexpr std::size_t most = 20;
  outcomes rtp, rtcp;
  std::size_t printed = 0;
  for (const auto& [ssrc, t] : streams) {
    rtp.add(t.rtp);
    rtcp.add(t.rtcp);
    if (++printed > most) continue;
    report << "  SSRC 0x" << std::hex << std::setfill('0') << std::setw(8) << ssrc << std::dec << std::setfill(' ')
           << ": RTP ";
    print_outcomes(report, t.rtp);
    report << "; RTCP ";
    print_outcomes(report, t.rtcp);
    report << '\n';
  }
  if (streams.size() > most) report << "  and " << streams.size() - most << " more SSRCs\n";
  report << "RTP: ";
  print_outcomes(report, rtp);
  report << "\nRTCP: ";
  print_outcomes(report, rtcp);
  report << '\n';
}

/// Networks repeat packets, and no conversion could be right for those.
bool is_repetition(sotto::error e) {
  return e == sotto::error::replayed || e == sotto::error::too_old || e == sotto::error::index_used;
}

bool same_file(const std::string& a, const std::string& b) {
  std::error_code none;
  return std::filesystem::equivalent(a, b, none) && !none;
}

/// Recordings that began after a stream's sequence numbers wrapped fail as a whole, and look like a wrong key.
bool a_stream_failed(const tallies& streams) {
  return std::any_of(streams.begin(), streams.end(), [](const auto& s) {
    const auto& rtp = s.second.rtp;
    return rtp.accepted == 0 && rtp.refused(sotto::error::authentication_failed) != 0;
  });
}

}  // namespace

bool convert_capture(const conversion& what, const agreement& agreed, std::ostream& report) {
  if (!what.out.empty() && same_file(what.in, what.out)) throw std::runtime_error(what.out + ": is also the input");
  tallies streams = find_streams(what);
  transcoder coder(what.protect, agreed, streams.size());
  if (what.roc)
    for (const auto& [ssrc, unused] : streams) coder.set_roc(srtp::ssrc(ssrc), srtp::rollover_counter(*what.roc));

  capture_reader in(what.in);
  std::optional<capture_writer> out;
  if (!what.out.empty()) out.emplace(what.out, in);
  sifter sift(what);
  g711_streams audio;
  captured_frame captured;
  std::vector<std::uint8_t> converted(65536 + srtp::max_rtcp_overhead), frame;
  bool complete = true;
  while (in.next(captured)) {
    const auto packet = sift.sift(in.link(), captured);
    if (!packet) {
      if (out) out->write(captured.time, captured.bytes);
      continue;
    }
    const auto found = streams.find(packet->ssrc);
    if (found == streams.end()) throw std::runtime_error(what.in + ": changed while it was read");
    outcomes& count = packet->rtcp ? found->second.rtcp : found->second.rtp;
    const auto result = coder.convert(packet->rtcp, packet->frame.payload, converted);
    if (!result || !replace_payload(captured.bytes, packet->frame, *result, frame)) {
      const auto cause = result ? sotto::error::packet_too_long : result.error();
      count.refuse(cause);
      complete &= is_repetition(cause);
      continue;
    }
    ++count.accepted;
    if (out) out->write(captured.time, frame);
    if (!what.wav.empty() && !packet->rtcp)
      if (const auto rtp = srtp::rtp_view::parse(*result)) audio.add(*rtp);
  }
  if (out) out->close();

  report << what.in << ": " << sift.counts() << "; " << streams.size() << " SSRC" << (streams.size() == 1 ? "" : "s")
         << '\n'
         << (what.protect ? "protected" : "unprotected") << " as " << name(agreed.keys.front().keying.profile())
         << ", kernel " << coder.kernel_name() << '\n';
  if (!agreed.description.empty()) report << agreed.description << '\n';
  print_streams(report, streams);
  if (!what.protect && a_stream_failed(streams))
    report << "A stream of which nothing authenticates has another key or profile, or its recording began after its "
              "sequence\n"
              "numbers had wrapped: streams are taken to start with a rollover counter of "
           << what.roc.value_or(0) << "; see --roc.\n";
  if (!in.damage().empty()) report << "The capture is damaged, its rest was left out: " << in.damage() << '\n';
  if (!what.wav.empty()) {
    const auto written = audio.write(what.wav);
    for (const auto& path : written) report << "audio: " << path << '\n';
    if (written.empty()) report << "audio: no G.711 (payload types 0 and 8), no file written\n";
  }
  return complete && in.damage().empty();
}

}  // namespace examples
