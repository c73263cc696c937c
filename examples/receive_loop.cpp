// SPDX-License-Identifier: BSL-1.0
// What docs/using.md shows of a phone's socket: datagrams of several protocols on one port, and what to do with each.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <sotto/srtp.hpp>
#include <vector>

namespace {

namespace srtp = sotto::srtp;
using octets = std::vector<std::uint8_t>;

/// Stands for the rest of a phone, and counts what reaches it.
struct phone {
  int played = 0, reports = 0, to_dtls = 0, to_stun = 0, dropped = 0, rekeyings = 0;

  void play(sotto::const_bytes) { ++played; }
  void report(sotto::const_bytes) { ++reports; }
  void dtls(sotto::const_bytes) { ++to_dtls; }
  void stun(sotto::const_bytes) { ++to_stun; }
  void ask_for_a_new_key() { ++rekeyings; }
};

// docs/using.md: begin
void refused(phone& app, sotto::error why) {
  if (why == sotto::error::key_exhausted) app.ask_for_a_new_key();
  ++app.dropped;  // the network's doing, or an attacker's: never a reason to end the call
}

void receive(phone& app, srtp::receiver& rx, sotto::mutable_bytes datagram) {
  switch (srtp::demultiplex(datagram)) {
    case srtp::datagram_kind::rtp:
      if (const auto rtp = rx.unprotect(datagram))
        app.play(*rtp);
      else
        refused(app, rtp.error());
      break;
    case srtp::datagram_kind::rtcp:
      if (const auto rtcp = rx.unprotect_rtcp(datagram))
        app.report(*rtcp);
      else
        refused(app, rtcp.error());
      break;
    case srtp::datagram_kind::dtls: app.dtls(datagram); break;
    case srtp::datagram_kind::stun: app.stun(datagram); break;
    default: ++app.dropped;
  }
}
// docs/using.md: end

/// The packet as the other end protects it; empty if it couldn't.
octets sent(srtp::sender& tx, octets packet) {
  const std::size_t len = packet.size();
  const bool rtcp = srtp::demultiplex(packet) == srtp::datagram_kind::rtcp;
  packet.resize(len + (rtcp ? tx.rtcp_overhead() : tx.rtp_overhead()));
  const auto wire = rtcp ? tx.protect_rtcp(packet, len) : tx.protect(packet, len);
  if (!wire) return {};
  packet.resize(wire->size());
  return packet;
}

}  // namespace

int main() {
  // In a real program the keys come from the call's key agreement.
  constexpr std::array<std::uint8_t, 16> key{1, 2, 3};
  constexpr std::array<std::uint8_t, 12> salt{4, 5, 6};
  const srtp::raw_keying raw{.profile = srtp::profile::aead_aes_128_gcm, .key = key, .salt = salt};
  auto tx = srtp::sender::create(raw);
  auto rx = srtp::receiver::create(raw);
  if (!tx || !rx) return 1;

  const octets rtp = sent(*tx, {0x80, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7, 'h', 'i'});
  const octets rtcp = sent(*tx, {0x80, 201, 0, 1, 0, 0, 0, 7});
  octets forged(rtp);
  forged.back() ^= 1;
  const octets stun{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, dtls{22, 0xfe, 0xfd}, noise{255};

  phone app;
  for (octets datagram : {forged, rtp, rtp, rtcp, stun, dtls, noise, octets{}}) receive(app, *rx, datagram);
  std::printf("%d played, %d report, %d to STUN, %d to DTLS, %d dropped: a forged, a repeated, two meaningless\n",
              app.played, app.reports, app.to_stun, app.to_dtls, app.dropped);
  const bool right = app.played == 1 && app.reports == 1 && app.to_stun == 1 && app.to_dtls == 1 && app.dropped == 4;
  return right && app.rekeyings == 0 ? 0 : 1;
}
