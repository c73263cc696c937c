// SPDX-License-Identifier: BSL-1.0
#include "call_end.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <optional>
#include <sotto/srtp/demultiplexer.hpp>
#include <string>

#include "../support/keys.hpp"
#include "../support/outcome.hpp"
#include "../support/udp_socket.hpp"
#include "description.hpp"
#include "dtls_connection.hpp"
#include "media.hpp"
#include "stun_checks.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds handshake_limit = 15s, silence_limit = 3s, stall = 100ms;
/// How far an end may send ahead of what it receives. Both ends do the same, so that at most twice as many packets wait
/// in a socket's buffer, and the slower end sets the pace.
constexpr std::uint64_t packets_ahead = 32;

struct datagram_counts {
  std::uint64_t dtls = 0, stun = 0, rtp = 0, rtcp = 0, other = 0;
};

/// The keys of both directions; the bytes they came from don't outlive this call.
srtp::dtls_srtp_keys agree(const dtls_connection& dtls, srtp::dtls_role role) {
  const auto profile = dtls.profile();
  std::array<std::uint8_t, 2 * (srtp::max_key_len + srtp::max_salt_len)> exported;
  const sotto::core::wipe_at_exit wipe(exported);
  const auto material = sotto::mutable_bytes(exported).first(srtp::dtls_srtp_export_len(profile));
  dtls.export_keys(material);
  auto keys = srtp::split_dtls_srtp(profile, role, material);
  if (!keys) throw std::runtime_error(std::string("splitting the exported keys: ") + message(keys.error()));
  return std::move(*keys);
}

class call_end {
 public:
  call_end(const end_options& o, signalling& line) : options_(o), name_(is_client() ? "client" : "server") {
    exchange_descriptions(line);
    socket_.connect(theirs_.port);
    dtls_.emplace(dtls_options{o.role, o.profiles, theirs_.fingerprint}, certificate_, socket_);
  }

  bool run() {
    stun_.ask();
    shake_hands();
    media_.emplace(agree(*dtls_, options_.role), test_stream{own_.ssrc, own_.packets},
                   test_stream{theirs_.ssrc, theirs_.packets}, options_.attack, socket_);
    print_agreement();
    exchange_media();
    const bool good = report();
    dtls_->close();
    return good;
  }

 private:
  bool is_client() const noexcept { return options_.role == srtp::dtls_role::client; }

  /// The client offers, the server answers that it will be the passive end.
  void exchange_descriptions(signalling& line) {
    std::array<std::uint8_t, 4> random;
    fill_random(random);
    own_ = {is_client() ? setup::actpass : setup::passive, socket_.port(), fingerprint_of(*certificate_.x509),
            sotto::core::load_be32(random.data()), options_.packets};
    if (options_.wrong_fingerprint) own_.fingerprint[0] ^= 1;
    if (is_client()) line.send(to_text(own_));
    theirs_ = parse_description(line.receive());
    if (theirs_.setup != (is_client() ? setup::passive : setup::actpass))
      throw handshake_error("the peer wants the same part in the handshake");
    if (is_client()) return;
    own_.packets = theirs_.packets;
    line.send(to_text(own_));
  }

  void shake_hands() {
    const auto limit = steady_clock::now() + handshake_limit;
    dtls_->start();
    while (!dtls_->established()) {
      if (steady_clock::now() > limit) throw handshake_error("DTLS handshake: the peer doesn't answer");
      step(dtls_->patience(stall));
      dtls_->expire();
    }
  }

  void exchange_media() {
    auto last_heard = steady_clock::now();
    std::uint64_t allowed = packets_ahead;
    while (!(media_->all_sent() && media_->all_received() && stun_.all_answered())) {
      if (dtls_->closed_by_peer()) return;
      const bool may_send = !media_->all_sent() && media_->sent() < allowed;
      if (may_send) send_next();
      const bool heard = step(may_send ? 0ms : stall);
      const auto now = steady_clock::now();
      if (heard) last_heard = now;
      if (now - last_heard > silence_limit) return;
      allowed = std::max(allowed, media_->rtp().accepted + packets_ahead);
      // Something was lost, here or there: go on all the same.
      if (!heard && !may_send) allowed += packets_ahead;
    }
  }
  void send_next() {
    // As RFC 7675 does to see whether the peer still wants to hear from us.
    if (media_->sent() == own_.packets / 2) stun_.ask();
    media_->send_next();
  }

  /// Takes the next datagram, whatever it is; false if none came in time.
  bool step(std::chrono::milliseconds timeout) {
    std::array<std::uint8_t, 2048> buffer;
    const auto len = socket_.receive(buffer, timeout);
    if (!len) return false;
    const auto datagram = sotto::mutable_bytes(buffer).first(*len);
    switch (srtp::demultiplex(datagram)) {
      case srtp::datagram_kind::dtls:
        ++counts_.dtls;
        dtls_->take(datagram);
        break;
      case srtp::datagram_kind::stun:
        ++counts_.stun;
        stun_.take(datagram, theirs_.port);
        break;
      // Before the handshake ends nothing may be accepted (RFC 5764 5.1).
      case srtp::datagram_kind::rtp:
        ++counts_.rtp;
        if (media_) media_->take_rtp(datagram);
        break;
      case srtp::datagram_kind::rtcp:
        ++counts_.rtcp;
        if (media_) media_->take_rtcp(datagram);
        break;
      default: ++counts_.other; break;
    }
    return true;
  }

  void print_agreement() const {
    std::printf("%s: %s with %s\n", name_, dtls_->version(), dtls_->cipher());
    std::printf("%s: fingerprint verified: sha-256 %s\n", name_, to_text(theirs_.fingerprint).c_str());
    const auto& session = media_->sender();
    std::printf("%s: negotiated profile %s, kernel %s\n", name_, std::string(name(session.profile())).c_str(),
                session.kernel_name());
    std::printf("%s: keys: provenance %s, as trustworthy as the signalling that brought the fingerprint\n", name_,
                name(session.provenance()));
  }

  bool report() const {
    const auto& m = *media_;
    std::printf("%s: sent %" PRIu64 " RTP and %" PRIu64 " RTCP packets\n", name_, m.sent(), m.reports_sent());
    std::printf("%s: received %" PRIu64 " of %" PRIu64 " RTP and %" PRIu64 " of %" PRIu64 " RTCP packets, %" PRIu64
                " not as sent; refused %" PRIu64 ": %" PRIu64 " forged, %" PRIu64 " replayed\n",
                name_, m.rtp().accepted, m.peers().packets, m.rtcp().accepted, m.peers().reports(), m.altered(),
                m.refused(), m.rtp().refused(sotto::error::authentication_failed),
                m.rtp().refused(sotto::error::replayed));
    std::printf("%s: on one port: %" PRIu64 " DTLS, %" PRIu64 " SRTP, %" PRIu64 " SRTCP, %" PRIu64 " STUN, %" PRIu64
                " other datagrams; %u of %u STUN requests answered\n",
                name_, counts_.dtls, counts_.rtp, counts_.rtcp, counts_.stun, counts_.other, stun_.answered(),
                stun_.asked());
    return m.good() && stun_.all_answered() && counts_.other == 0;
  }

  end_options options_;
  const char* name_;
  certificate certificate_ = make_certificate();
  udp_socket socket_;
  stun_checks stun_{socket_};
  description own_, theirs_;
  std::optional<dtls_connection> dtls_;
  std::optional<media_session> media_;
  datagram_counts counts_;
};

}  // namespace

bool run_end(const end_options& o, signalling& line) { return call_end(o, line).run(); }

}  // namespace examples
