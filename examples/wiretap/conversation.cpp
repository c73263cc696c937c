// SPDX-License-Identifier: BSL-1.0
// The talking itself.
#include "conversation.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

#include "../srtp_pcap/audio.hpp"
#include "../support/keys.hpp"
#include "../support/outcome.hpp"
#include "../support/wav.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// A packet stands for 20 ms and is sent after one: calls of the demo run twenty times as fast as life.
constexpr auto pace = 1ms;
/// How far an end may send ahead of what it hears, so that no socket's buffer overflows on a busy machine.
constexpr std::uint64_t packets_ahead = 32;
constexpr std::chrono::milliseconds stall = 200ms, silence_limit = 3s;

class conversation {
 public:
  conversation(line& to_peer, media_sessions& sessions, const media_stream& own)
      : line_(to_peer), sessions_(sessions), own_(own) {}

  void run() {
    auto next = steady_clock::now(), last_heard = next;
    // What comes behind the last packet (the relay may send something back) has a moment to arrive.
    while (!(sent_ == own_.packets() && heard_ >= own_.packets())) {
      const auto now = steady_clock::now();
      if (now - last_heard > silence_limit) break;
      const bool may_send = sent_ < own_.packets() && sent_ < heard_ + packets_ahead;
      if (may_send && now >= next) {
        send_next();
        next += pace;
      }
      if (take(may_send ? pace : stall)) last_heard = steady_clock::now();
    }
    while (take(50ms)) {
    }
  }

  void report(notes& told) const {
    told.write("sent", sent_);
    told.write("heard", heard_);
    told.write("refused", refused_);
    told.write("own", own_heard_);
  }
  const g711_streams& audio() const noexcept { return audio_; }

 private:
  void send_next() {
    std::array<std::uint8_t, media_stream::max_packet_len + srtp::max_rtcp_overhead> buffer;
    const std::size_t len = own_.write_rtp(sent_++, buffer);
    const auto wire = sessions_.send.protect(buffer, len);
    if (!wire) throw std::runtime_error(std::string("protecting a packet: ") + message(wire.error()));
    line_.send(*wire);
  }
  /// False if nothing came.
  bool take(std::chrono::milliseconds timeout) {
    auto packet = line_.receive(timeout);
    if (!packet) return false;
    const auto rtp = sessions_.receive.unprotect(*packet);
    const auto view = rtp ? srtp::rtp_view::parse(*rtp) : sotto::result<srtp::rtp_view>(sotto::failure{rtp.error()});
    if (!view) return ++refused_, true;
    if (view->ssrc().value() == own_.description().ssrc) return ++own_heard_, true;
    ++heard_;
    audio_.add(*view);
    return true;
  }

  line& line_;
  media_sessions& sessions_;
  const media_stream& own_;
  g711_streams audio_;
  std::uint64_t sent_ = 0, heard_ = 0, refused_ = 0, own_heard_ = 0;
};

template <class Session>
Session checked(sotto::result<Session>&& made) {
  if (!made) throw std::runtime_error(std::string("creating an SRTP session: ") + message(made.error()));
  return std::move(*made);
}

}  // namespace

std::vector<std::int16_t> speech_of(const std::string& wav, std::size_t speaker) {
  auto samples = read_wav(wav).samples;
  if (samples.size() < media_stream::samples_per_packet) throw std::runtime_error(wav + ": too short");
  const std::size_t start = speaker * samples.size() / 3;
  std::rotate(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(start % samples.size()), samples.end());
  return samples;
}

media_stream make_stream(const std::vector<std::int16_t>& samples) {
  std::array<std::uint8_t, 10> random;
  fill_random(random);
  stream_description d;
  d.ssrc = sotto::core::load_be32(&random[0]);
  d.first_timestamp = sotto::core::load_be32(&random[4]);
  d.first_sequence = sotto::core::load_be16(&random[8]) & 0x7fff;
  return media_stream(d, samples,
                      (samples.size() + media_stream::samples_per_packet - 1) / media_stream::samples_per_packet);
}

media_sessions make_sessions(const srtp::keying& write, const srtp::keying& read) {
  return {checked(srtp::sender::create(write)), checked(srtp::receiver::create(read))};
}

void converse(line& to_peer, media_sessions& sessions, const media_stream& own, const std::string& wav_out,
              notes& told) {
  conversation c(to_peer, sessions, own);
  c.run();
  c.report(told);
  told.write("provenance", name(sessions.send.provenance()));
  c.audio().write(wav_out);
}

}  // namespace examples
