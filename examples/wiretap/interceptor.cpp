// SPDX-License-Identifier: BSL-1.0
#include "interceptor.hpp"

#include <array>
#include <optional>
#include <sotto/noise/patterns.hpp>
#include <sotto/noise/short_authentication_commitment.hpp>
#include <sotto/srtp.hpp>
#include <stdexcept>
#include <vector>

#include "../srtp_pcap/audio.hpp"
#include "../support/keys.hpp"
#include "grinding.hpp"
#include "naive_string.hpp"
#include "noise_call.hpp"
#include "xx_end.hpp"

namespace examples {
namespace {

namespace noise = sotto::noise;
namespace srtp = sotto::srtp;
using sotto::crypto::handshake_role;

constexpr std::size_t caller = 0, callee = 1;

class interceptor {
 public:
  interceptor(switchboard& board, bool grinds, notes& told)
      : board_(board),
        told_(told),
        grinds_(grinds),
        legs_{begin(handshake_role::responder), begin(handshake_role::initiator)} {
    fill_random(randomness_.bytes);
    fill_random(revealed_);
  }

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
                            .own = &own_,
                            .peer = noise::peer_identity::accept_unverified()});
  }

  /// Towards the callee as the caller would: with a commitment if there was one.
  void start(const std::string& invite) {
    first_message_ = noise_message_in(invite);
    const auto payload = read_noise(legs_[caller], invite);
    if (!payload) throw std::runtime_error("the caller's first message");
    commits_ = payload->size() == noise::detail::commitment_len;
    std::array<std::uint8_t, noise::detail::commitment_len> commitment;
    noise::detail::commit(revealed_, own_.public_key(), {}, commitment);
    board_.say(callee,
               "INVITE sip:callee@example.org\nm=audio 49170 RTP/SAVP 0\n" +
                   write_noise(legs_[callee], commits_ ? sotto::const_bytes(commitment) : sotto::const_bytes()));
  }
  /// Towards the caller as the callee would. This leg's message 2 can still be chosen, the other's is settled.
  void answer(const std::string& ok) {
    if (!read_noise(legs_[callee], ok)) throw std::runtime_error("the callee's message");
    ground_answer chosen;
    const std::uint32_t wanted = naive_bits(legs_[callee].handshake_hash());
    if (grinds_) chosen = grind(own_, randomness_, first_message_, wanted);
    const auto payload = sotto::const_bytes(chosen.payload).first(commits_ ? chosen.payload.size() : 0);
    std::vector<std::uint8_t> out(payload.size() + legs_[caller].message_overhead());
    const auto written = legs_[caller].write_message(payload, out, randomness_);
    if (!written) throw std::runtime_error(message(written.error()));
    told_.write("ground", chosen.tried);
    told_.write("naive strings", naive_bits(legs_[caller].handshake_hash()) == wanted ? "equal" : "different");
    board_.say(caller, "200 OK\nm=audio 49172 RTP/SAVP 0\n" + noise_line(noise::patterns::XX, *written));
  }
  void confirm() {
    confirmed_ = true;
    board_.say(callee,
               "ACK sip:callee@example.org\n" +
                   write_noise(legs_[callee], sotto::const_bytes(revealed_).first(commits_ ? revealed_.size() : 0)));
    finish(callee);
  }
  void finish(std::size_t with, const std::string& ack) {
    if (!read_noise(legs_[with], ack)) throw std::runtime_error("the caller's last message");
    finish(with);
  }
  void finish(std::size_t with) {
    const auto session = std::move(legs_[with]).finish();
    if (!session) throw std::runtime_error(message(session.error()));
    const auto keys = media_keys(session->secret());
    sessions_[with].emplace(make_sessions(keys.write, keys.read));
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

  switchboard& board_;
  notes& told_;
  bool grinds_, commits_ = false, confirmed_ = false;
  noise::static_key own_ = two_identities().caller;
  chosen_randomness randomness_;
  std::array<std::uint8_t, noise::detail::random_number_len> revealed_;
  std::vector<std::uint8_t> first_message_;
  std::array<noise::handshake, 2> legs_;
  std::array<std::optional<media_sessions>, 2> sessions_;
  g711_streams audio_;
  std::uint64_t opened_ = 0;
};

}  // namespace

void intercept(switchboard& board, const std::string& wav_out, bool grinds, notes& told) {
  interceptor middle(board, grinds, told);
  board.serve([&](std::size_t from, sotto::mutable_bytes datagram) { middle.take(from, datagram); });
  told.write("opened", middle.opened());
  middle.audio().write(wav_out);
}

}  // namespace examples
