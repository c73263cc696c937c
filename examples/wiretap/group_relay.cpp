// SPDX-License-Identifier: BSL-1.0
// The server of a group call: SRTP hop by hop, everything else passes through.
#include <optional>
#include <sotto/srtp/sdes.hpp>

#include "../support/forwarding.hpp"
#include "group.hpp"
#include "sdes_lines.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;

class group_server {
 public:
  explicit group_server(switchboard& board) : board_(board) {}

  void take(std::size_t from, sotto::mutable_bytes datagram) {
    if (is_media(datagram)) return forward(from, datagram);
    const auto message = text_of(datagram);
    if (message.starts_with("INVITE")) return admit(from, message);
    const auto start = message.find("sip:") + 4;
    const auto to = message.substr(start, message.find('@') - start);
    for (std::size_t i = 0; i < board_.size(); ++i)
      if (board_.name(i) == to) board_.send(i, datagram);
  }
  void report(notes& told) const {
    told.write("forwarded", forwarded_);
    told.write("rewritten", rewritten_);
    told.write("refused", refused_);
    told.write("dropped", sfu_.dropped());
  }

 private:
  /// A hop's keys stand in its signalling, as with any SFU that keys by SDES: the server needs them.
  void admit(std::size_t who, const std::string& invite) {
    const auto offer = crypto_line_in(invite);
    const auto made = sound(offer.answer());
    ids_[who] = sfu_.join(offer.keys[0]->keying, made.keys[0]->keying);
    answers_[who] = "200 OK\nFrom: room\n" + text_of(made) + "\n";
    // Nobody speaks before everybody is there to listen.
    if (++admitted_ < board_.size()) return;
    for (std::size_t to = 0; to < answers_.size(); ++to) board_.say(to, answers_[to]);
  }

  void forward(std::size_t from, sotto::mutable_bytes wire) {
    if (!ids_[from]) return;
    const auto everybody = [](std::size_t, const srtp::rtp_view&) { return true; };
    const auto done =
        sfu_.forward(*ids_[from], wire, everybody,
                     [&](std::size_t id, sotto::const_bytes out, const srtp::rtp_view& rtp) { deliver(id, out, rtp); });
    if (!done) ++refused_;  // whoever can send a datagram mustn't end the call
  }
  void deliver(std::size_t id, sotto::const_bytes out, const srtp::rtp_view& in) {
    for (std::size_t to = 0; to < ids_.size(); ++to)
      if (ids_[to] == id) board_.send_own(to, out);
    ++forwarded_;
    const auto sent = srtp::rtp_view::parse(out);
    if (!sent) return;
    rewritten_ += sent->ssrc() != in.ssrc() ? 1 : 0;
  }

  switchboard& board_;
  forwarder sfu_;
  std::array<std::optional<std::size_t>, group_names.size()> ids_;
  std::array<std::string, group_names.size()> answers_;
  std::size_t admitted_ = 0;
  std::uint64_t forwarded_ = 0, rewritten_ = 0, refused_ = 0;
};

}  // namespace

void serve_group(switchboard& board, notes& told) {
  group_server server(board);
  board.serve([&](std::size_t from, sotto::mutable_bytes datagram) { server.take(from, datagram); });
  server.report(told);
}

}  // namespace examples
