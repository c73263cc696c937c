// SPDX-License-Identifier: BSL-1.0
#include "interceptor.hpp"

#include <optional>
#include <sotto/noise/patterns.hpp>
#include <sotto/srtp.hpp>
#include <stdexcept>

#include "../srtp_pcap/audio.hpp"
#include "noise_call.hpp"
#include "strings.hpp"

namespace examples {
namespace {

namespace noise = sotto::noise;
namespace srtp = sotto::srtp;
using sotto::crypto::handshake_role;

constexpr std::size_t caller = 0, callee = 1;

class interceptor {
 public:
  interceptor(switchboard& board, notes& told)
      : board_(board), told_(told), legs_{begin(handshake_role::responder), begin(handshake_role::initiator)} {}

  void take(std::size_t from, sotto::mutable_bytes datagram) {
    if (is_media(datagram)) return pass_on(from, datagram);
    const auto message = text_of(datagram);
    if (message.starts_with("INVITE")) return start(message);
    if (message.starts_with("200 OK")) return answer(message);
    if (message.starts_with("ACK") && from == caller) finish(caller, message);
    // Whatever the caller thinks of it, the callee is still to be won.
    if (from == caller && !confirmed_) confirm();
    if (message.starts_with("BYE")) board_.forward(from, datagram);
  }
  const g711_streams& audio() const noexcept { return audio_; }
  std::uint64_t opened() const noexcept { return opened_; }

 private:
  noise::handshake begin(handshake_role role) {
    return begin_handshake({.pattern = noise::patterns::XX,
                            .role = role,
                            .own = &own_.caller,
                            .peer = noise::peer_identity::accept_unverified()});
  }

  /// Towards the callee as the caller would.
  void start(const std::string& invite) {
    if (!read_noise(legs_[caller], invite)) throw std::runtime_error("the caller's first message");
    say(callee, "INVITE sip:callee@example.org\nm=audio 49170 RTP/SAVP 0\n" + write_noise(legs_[callee]));
  }
  /// Towards the caller as the callee would.
  void answer(const std::string& ok) {
    if (!read_noise(legs_[callee], ok)) throw std::runtime_error("the callee's message");
    say(caller, "200 OK\nm=audio 49172 RTP/SAVP 0\n" + write_noise(legs_[caller]));
  }
  void confirm() {
    confirmed_ = true;
    say(callee, "ACK sip:callee@example.org\n" + write_noise(legs_[callee]));
    finish(callee);
  }
  void finish(std::size_t with, const std::string& ack) {
    if (!read_noise(legs_[with], ack)) throw std::runtime_error("the caller's last message");
    finish(with);
  }
  void finish(std::size_t with) {
    const auto session = std::move(legs_[with]).finish();
    if (!session) throw std::runtime_error(message(session.error()));
    told_.write(with == caller ? "caller string" : "callee string", string_to_compare(session->handshake_hash()));
    const auto keys = srtp::derive_end_to_end_keys(noise_call_profile, session->secret());
    if (!keys) throw std::runtime_error(message(keys.error()));
    sessions_[with].emplace(make_sessions(keys->write, keys->read));
  }

  void pass_on(std::size_t from, sotto::mutable_bytes srtp_packet) {
    auto &in = sessions_[from], &out = sessions_[1 - from];
    if (!in || !out) return;
    const auto rtp = in->receive.unprotect(srtp_packet);
    if (!rtp) return;
    ++opened_;
    if (const auto view = srtp::rtp_view::parse(*rtp)) audio_.add(*view);
    std::vector<std::uint8_t> wire(rtp->size() + srtp::max_rtcp_overhead);
    const auto sent = out->send.protect(*rtp, wire);
    if (sent) board_.send(1 - from, *sent);
  }

  void say(std::size_t to, const std::string& text) { board_.send(to, bytes_of(text)); }

  switchboard& board_;
  notes& told_;
  two_identities own_;  // one would do
  std::array<noise::handshake, 2> legs_;
  std::array<std::optional<media_sessions>, 2> sessions_;
  g711_streams audio_;
  bool confirmed_ = false;
  std::uint64_t opened_ = 0;
};

}  // namespace

void intercept(switchboard& board, const std::string& wav_out, notes& told) {
  interceptor middle(board, told);
  board.serve([&](std::size_t from, sotto::mutable_bytes datagram) { middle.take(from, datagram); });
  told.write("opened", middle.opened());
  middle.audio().write(wav_out);
}

}  // namespace examples
