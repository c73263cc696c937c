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
/// What no table fixes (RFC 3551 6).
constexpr std::uint8_t dynamic_payload_type = 96;
constexpr std::chrono::milliseconds stall = 200ms, silence_limit = 6s;

class conversation {
 public:
  conversation(line& to_peer, media_sessions& sessions, const part& what)
      : line_(to_peer), sessions_(sessions), what_(what), own_(what.own) {}

  void run() {
    auto next = steady_clock::now(), last_heard = next;
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
  }

  void report(notes& told) const {
    told.write("sent", sent_);
    told.write("heard", heard_);
    told.write("heard bytes", heard_bytes_);
    told.write("refused", refused_);
    told.write("own", own_heard_);
  }
  const g711_streams& audio() const noexcept { return audio_; }

 private:
  void send_next() {
    std::array<std::uint8_t, media_stream::max_packet_len + srtp::max_padding_len + srtp::max_rtcp_overhead> buffer;
    std::size_t len = own_.write_rtp(sent_, buffer);
    if (what_.payload_lens != nullptr) {
      len = rtp_header_len + what_.payload_lens->at(static_cast<std::size_t>(sent_));
      buffer[1] = static_cast<std::uint8_t>((buffer[1] & 0x80) | dynamic_payload_type);
    }
    ++sent_;
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
    const auto payload = view->payload_without_padding();
    if (!payload) return ++refused_, true;
    ++heard_;
    heard_bytes_ += payload->size();
    audio_.add(*view);
    return true;
  }

  line& line_;
  media_sessions& sessions_;
  const part& what_;
  const media_stream& own_;
  g711_streams audio_;
  std::uint64_t sent_ = 0, heard_ = 0, heard_bytes_ = 0, refused_ = 0, own_heard_ = 0;
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

media_sessions make_sessions(const srtp::keying& write, const srtp::keying& read, const srtp::length_hiding& hiding) {
  return {checked(srtp::sender::create(write, {.length_hiding = hiding})), checked(srtp::receiver::create(read))};
}

void converse(line& to_peer, media_sessions& sessions, const part& what, notes& told) {
  conversation c(to_peer, sessions, what);
  c.run();
  c.report(told);
  told.write("provenance", name(sessions.send.provenance()));
  if (!what.wav_out.empty()) c.audio().write(what.wav_out);
}

}  // namespace examples
