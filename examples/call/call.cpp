// SPDX-License-Identifier: BSL-1.0
// Caller, relay and callee take turns in one thread, so that a run depends on its seed only, and never waits for a
// datagram that isn't coming.
#include "call.hpp"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <thread>

#include "../support/keys.hpp"
#include "../support/pcap_file.hpp"
#include "../support/wav.hpp"
#include "latency_table.hpp"
#include "parties.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;
using namespace std::chrono_literals;

/// Seconds from 1900, where NTP's time starts, to 1970.
constexpr std::uint64_t ntp_offset = 2208988800u;

stream_description describe(const call_options& o) {
  std::array<std::uint8_t, 10> random;
  fill_random(random);
  stream_description d;
  d.law = o.law;
  d.ssrc = sotto::core::load_be32(&random[0]);
  d.first_timestamp = sotto::core::load_be32(&random[4]);
  // Below 2^15: had the first packets after a wrap been lost, the callee couldn't know that there was one (RFC
  // 3711 3.3.1).
  d.first_sequence = o.first_sequence.value_or(sotto::core::load_be16(&random[8]) & 0x7fff);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  d.start_ntp = (static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count()) + ntp_offset)
                << 32;
  return d;
}

/// What went over the wire, as a capture file; without a path nothing.
class recording {
 public:
  recording(const std::string& path, const udp_link& link) : from_(link.a.port()), to_(link.b.port()) {
    if (!path.empty()) file_ = std::make_unique<pcap_file>(path, linktype_raw_ip);
  }
  void write(std::uint64_t microseconds, sotto::const_bytes datagram) {
    if (!file_) return;
    make_loopback_frame(from_, to_, datagram, frame_);
    file_->write(microseconds, frame_);
  }
  void close() {
    if (file_) file_->close();
  }

 private:
  std::uint16_t from_, to_;
  std::unique_ptr<pcap_file> file_;
  std::vector<std::uint8_t> frame_;
};

class call {
 public:
  call(const call_options& o, const media_stream& media, srtp::sender&& tx, srtp::receiver&& rx)
      : options_(o),
        media_(media),
        relay_(o.rates, first_hop_.b, second_hop_.a),
        caller_(std::move(tx), media, first_hop_.a, watch_),
        callee_(std::move(rx), media, second_hop_.b, watch_),
        plain_(o.rtp_capture, first_hop_),
        wire_(o.srtp_capture, first_hop_) {}

  void run() {
    const auto start = std::chrono::steady_clock::now();
    packet_buffer buffer;
    for (std::uint64_t n = 0; n < media_.packets(); ++n) {
      const std::chrono::microseconds audio_time(media_.position(n) * 1000000 / g711_rate);
      if (options_.realtime) std::this_thread::sleep_until(start + audio_time);
      const std::uint64_t stamp = (media_.description().start_ntp >> 32) - ntp_offset;
      const std::uint64_t at = stamp * 1000000 + static_cast<std::uint64_t>(audio_time.count());
      const auto plain = [&](sotto::const_bytes packet) { plain_.write(at, packet); };
      if (n % media_stream::packets_per_report == 0)
        pass_on(at, caller_.send_report(n / media_stream::packets_per_report, buffer, plain));
      pass_on(at, caller_.send_rtp(n, buffer, plain));
    }
    relay_.flush();
    deliver();
    plain_.close();
    wire_.close();
  }

  bool report() const;
  const std::vector<bool>& arrived() const noexcept { return callee_.arrived(); }
  const std::vector<std::int16_t>& audio() const noexcept { return callee_.audio(); }

 private:
  void pass_on(std::uint64_t at, sotto::const_bytes wire) {
    wire_.write(at, wire);
    if (!relay_.step(patience)) lose(1);
    deliver();
  }
  /// Loopback delivers at once; what isn't there after `patience` was lost by the system.
  void deliver() {
    while (callee_.received() + lost_behind_relay_ < relay_.counts().forwarded)
      if (!callee_.step(patience)) lose(1), ++lost_behind_relay_;
  }
  void lose(std::uint64_t count) {
    lost_by_system_ += count;
    if (lost_by_system_ > 10) throw std::runtime_error("the system's loopback loses datagrams; is it up?");
  }

  void print_traffic() const;
  void print_outcomes() const;
  bool check_counts() const;

  static constexpr auto patience = 200ms;

  const call_options& options_;
  const media_stream& media_;
  const stopwatch watch_;
  udp_link first_hop_, second_hop_;
  relay relay_;
  caller caller_;
  callee callee_;
  recording plain_, wire_;
  std::uint64_t lost_by_system_ = 0, lost_behind_relay_ = 0;
};

void print_percentiles(const char* what, const std::vector<std::uint64_t>& times, const stopwatch& watch) {
  const auto p = percentiles_of(times, watch);
  std::printf("  %-9s  p50 %.0f  p99 %.0f  p99.9 %.0f ns, %zu packets\n", what, p.p50, p.p99, p.p999, times.size());
}

void call::print_traffic() const {
  const auto& r = relay_.counts();
  const auto& rates = options_.rates;
  std::printf("Relay on 127.0.0.1 (seed %" PRIu64
              "; loss %g %%, duplicates %g %%, reordering %g %%, tampering %g %%)\n",
              rates.seed, 100 * rates.loss, 100 * rates.duplicate, 100 * rates.reorder, 100 * rates.tamper);
  std::printf("  %" PRIu64 " datagrams in, %" PRIu64 " dropped, %" PRIu64 " doubled, %" PRIu64 " delayed, %" PRIu64
              " altered by one bit, %" PRIu64 " out\n",
              r.received, r.dropped, r.duplicated, r.delayed, r.tampered, r.forwarded);
  if (lost_by_system_ != 0) std::printf("  %" PRIu64 " more lost by the system\n", lost_by_system_);
}

void call::print_outcomes() const {
  const auto& rtp = callee_.rtp();
  const auto& rtcp = callee_.rtcp();
  const auto line = [](const char* what, std::uint64_t a, std::uint64_t b) {
    std::printf("  %-24s %8" PRIu64 " %8" PRIu64 "\n", what, a, b);
  };
  std::printf("Callee                         SRTP    SRTCP\n");
  line("accepted", rtp.accepted, rtcp.accepted);
  for (std::size_t cause = 0; cause < outcomes::causes; ++cause) {
    const auto e = static_cast<sotto::error>(cause);
    const bool always =
        e == sotto::error::authentication_failed || e == sotto::error::replayed || e == sotto::error::too_old;
    if (always || rtp.refused(e) + rtcp.refused(e) != 0) line(name(e), rtp.refused(e), rtcp.refused(e));
  }
  line("lost (never intact)", media_.packets() - std::min(rtp.accepted, media_.packets()),
       media_.reports() - std::min(rtcp.accepted, media_.reports()));
  if (callee_.neither() != 0) std::printf("  %-24s %8" PRIu64 "\n", "no longer RTP or RTCP", callee_.neither());
}

/// All that the relay passed on intact was accepted, and nothing else: duplicates and altered packets were refused.
bool call::check_counts() const {
  const auto& r = relay_.counts();
  const std::uint64_t must = r.intact_rtp + r.intact_rtcp, did = callee_.rtp().accepted + callee_.rtcp().accepted;
  const bool complete = did <= must && must - did <= lost_by_system_;
  if (!complete) std::printf("FAILED: %" PRIu64 " packets had to be accepted, %" PRIu64 " were\n", must, did);
  if (callee_.altered() != 0)
    std::printf("FAILED: %" PRIu64 " accepted packets differ from those sent\n", callee_.altered());
  const auto s = callee_.session().statistics();
  const bool counted = s.rtp_packets == callee_.rtp().accepted && s.rtcp_packets == callee_.rtcp().accepted &&
                       s.refused() == callee_.rtp().refused() + callee_.rtcp().refused();
  if (!counted) std::printf("FAILED: the receiver's own statistics differ\n");
  return complete && callee_.altered() == 0 && counted;
}

/// Compares the file that was written, not what was to be written.
bool check_audio(const std::string& path, const media_stream& media, const std::vector<bool>& arrived,
                 const std::vector<std::int16_t>& original) {
  const auto written = read_wav(path);
  if (written.rate != g711_rate || written.samples.size() != media.position(media.packets())) {
    std::printf("FAILED: %s has another length or rate than the call\n", path.c_str());
    return false;
  }
  const g711 law = media.description().law;
  std::uint64_t heard = 0, equal = 0, silent = 0;
  std::size_t at = 0;
  for (std::uint64_t n = 0; n < media.packets(); ++n) {
    bool same = true;
    const bool here = arrived[static_cast<std::size_t>(n)];
    for (std::size_t left = media.payload(n).size(); left != 0; --left, ++at)
      same &= written.samples[at] == (here ? decode(law, encode(law, original[at % original.size()])) : 0);
    if (here) ++heard;
    if (here && same) ++equal;
    if (!here && same) ++silent;
  }
  if (heard == 0) {
    std::printf("FAILED: no packet arrived intact, so there is no audio to compare\n");
    return false;
  }
  const bool good = equal == heard && silent == media.packets() - heard;
  std::printf("%saudio equal in %" PRIu64 " of %" PRIu64 " packets that arrived, silence for the other %" PRIu64
              " (%s)\n",
              good ? "" : "FAILED: ", equal, heard, media.packets() - heard, path.c_str());
  return good;
}

bool call::report() const {
  print_traffic();
  print_outcomes();
  std::printf("Times by %s, in steps of %.1f ns, %.1f ns of its own subtracted; in the call, between system calls:\n",
              watch_.name(), watch_.step_ns(), watch_.cost_ns());
  print_percentiles("protect", caller_.times(), watch_);
  print_percentiles("unprotect", callee_.times(), watch_);
  const bool table = options_.table_packets == 0 || print_latency_table(options_.table_packets, watch_);
  if (!table) std::printf("FAILED: a packet of the table was refused\n");

  std::printf(
      "Who holds the keys: in this program both ends share a key made on the spot, so nobody else has it. How two\n"
      "machines agree on one, and what a recording gives away if it passed through a server, is wiretap's story.\n");
  return check_counts() && table;
}

}  // namespace

bool run_call(const call_options& o) {
  const auto audio = read_wav(o.wav_in);
  if (audio.rate != g711_rate)
    throw std::runtime_error(o.wav_in + ": G.711 has 8000 samples per second, this file " + std::to_string(audio.rate) +
                             " (try: sox in.wav -r 8000 out.wav)");
  if (audio.samples.empty()) throw std::runtime_error(o.wav_in + ": no samples");

  const std::uint64_t in_file =
      (audio.samples.size() + media_stream::samples_per_packet - 1) / media_stream::samples_per_packet;
  const media_stream media(describe(o), audio.samples, o.packets.value_or(in_file));

  const auto keys = o.key_file.empty() ? random_keying(o.profile) : keying_from_file(o.profile, o.key_file);
  auto tx = srtp::sender::create(keys);
  auto rx = srtp::receiver::create(keys);
  if (!tx || !rx) throw std::runtime_error("creating a session failed");

  std::printf("%s: %.1f s of speech as G.711 %s, %" PRIu64 " packets of 20 ms, %" PRIu64 " sender reports\n",
              o.wav_in.c_str(), static_cast<double>(media.position(media.packets())) / g711_rate, name(o.law),
              media.packets(), media.reports());
  std::printf("%s%s, kernel %s, %zu bytes more per SRTP packet, %zu per SRTCP\n",
              std::string(name(tx->profile())).c_str(), is_registered(tx->profile()) ? "" : " (private use)",
              tx->kernel_name(), tx->rtp_overhead(), tx->rtcp_overhead());
  std::printf("Keys: provenance %s, %s\n", name(tx->provenance()),
              o.key_file.empty() ? "made by the system's random source" : "read from a file");

  call one(o, media, std::move(*tx), std::move(*rx));
  one.run();
  write_wav(o.wav_out, g711_rate, one.audio());
  const bool counts = one.report();
  return check_audio(o.wav_out, media, one.arrived(), audio.samples) && counts;
}

}  // namespace examples
