// SPDX-License-Identifier: BSL-1.0
// The RTP and RTCP of a test call, each packet a function of its number, and one end's count of what it sent and got.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "../support/outcome.hpp"
#include "../support/rtp.hpp"
#include "../support/udp_socket.hpp"

namespace examples {

struct test_stream {
  static constexpr std::size_t min_payload_len = 20, max_payload_len = 460;
  static constexpr std::size_t max_packet_len = rtp_header_len + max_payload_len;
  static constexpr std::uint64_t packets_per_report = 10;
  static constexpr std::uint32_t ticks_per_packet = 160;  ///< 20 ms at 8000 Hz
  /// So that the sequence number soon wraps, and the ROC has to follow.
  static constexpr std::uint16_t first_sequence = 0x10000 - 500;

  std::uint32_t ssrc = 0;
  std::uint64_t packets = 0;

  std::uint64_t reports() const noexcept { return (packets + packets_per_report - 1) / packets_per_report; }

  /// Writes RTP packet n, at most max_packet_len bytes, and returns its length.
  std::size_t write_rtp(std::uint64_t n, sotto::mutable_bytes out) const noexcept {
    write_rtp_header({n == 0, 0, static_cast<std::uint16_t>(first_sequence + n), timestamp(n), ssrc},
                     out.first<rtp_header_len>());
    const std::size_t len =
        min_payload_len + static_cast<std::size_t>(n * 37 % (max_payload_len - min_payload_len + 1));
    std::uint64_t state = (std::uint64_t{ssrc} << 32) ^ n;
    for (std::size_t i = 0; i < len; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;  // Knuth's multiplier for 64 bits
      out[rtp_header_len + i] = static_cast<std::uint8_t>(state >> 56);
    }
    return rtp_header_len + len;
  }
  /// Writes sender report k, compound_report_len bytes. It goes before packet k * packets_per_report.
  void write_report(std::uint64_t k, sotto::mutable_bytes out) const noexcept {
    const std::uint64_t n = k * packets_per_report;
    // A sender without wall clock says 0 (RFC 3550 6.4.1).
    write_sender_report({ssrc, 0, timestamp(n), static_cast<std::uint32_t>(n), 0}, out.first<compound_report_len>());
  }

  bool is_rtp_of_this(sotto::const_bytes rtp) const noexcept {
    std::array<std::uint8_t, max_packet_len> sent;
    if (rtp.size() < rtp_header_len) return false;
    const std::uint64_t n = sotto::core::load_be32(&rtp[4]) / ticks_per_packet;
    return n < packets && equal(rtp, sotto::const_bytes(sent).first(write_rtp(n, sent)));
  }
  bool is_report_of_this(sotto::const_bytes rtcp) const noexcept {
    std::array<std::uint8_t, compound_report_len> sent;
    if (rtcp.size() != sent.size()) return false;
    write_report(sotto::core::load_be32(&rtcp[20]) / packets_per_report, sent);
    return equal(rtcp, sent);
  }

 private:
  static std::uint32_t timestamp(std::uint64_t n) noexcept { return static_cast<std::uint32_t>(n * ticks_per_packet); }
  static bool equal(sotto::const_bytes a, sotto::const_bytes b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
};

/// Sends one stream and receives the other, under the keys of the two directions.
class media_session {
 public:
  media_session(const sotto::srtp::dtls_srtp_keys& keys, const test_stream& own, const test_stream& peers, bool attack,
                udp_socket& socket)
      : sender_(made(sotto::srtp::sender::create(keys.write, {.lifetime = sotto::srtp::dtls_srtp_lifetime}))),
        receiver_(made(sotto::srtp::receiver::create(keys.read, {.lifetime = sotto::srtp::dtls_srtp_lifetime}))),
        own_(own),
        peers_(peers),
        attack_(attack),
        socket_(socket) {}

  const sotto::srtp::sender& sender() const noexcept { return sender_; }
  std::uint64_t sent() const noexcept { return sent_; }
  std::uint64_t reports_sent() const noexcept { return reports_sent_; }
  std::uint64_t altered() const noexcept { return altered_; }  ///< Accepted, but not what was sent: must stay 0
  const test_stream& peers() const noexcept { return peers_; }
  const outcomes& rtp() const noexcept { return rtp_; }
  const outcomes& rtcp() const noexcept { return rtcp_; }
  std::uint64_t refused() const noexcept { return rtp_.refused() + rtcp_.refused(); }
  bool all_sent() const noexcept { return sent_ == own_.packets; }
  /// Also what an attack adds, and must be refused.
  bool all_received() const noexcept {
    return rtp_.accepted == peers_.packets && rtcp_.accepted == peers_.reports() && refused() >= to_refuse();
  }
  bool good() const noexcept { return all_sent() && all_received() && altered_ == 0 && refused() == to_refuse(); }

  /// The next RTP packet, and the report that is due before it. Under attack, each packet behind a report comes three
  /// times: with a bit flipped, as it is, and once more.
  void send_next() {
    std::array<std::uint8_t, test_stream::max_packet_len + sotto::srtp::max_rtcp_overhead> buffer;
    const bool report_due = sent_ % test_stream::packets_per_report == 0;
    if (report_due) {
      own_.write_report(reports_sent_++, buffer);
      socket_.send(protected_by(sender_.protect_rtcp(buffer, compound_report_len)));
    }
    const std::size_t len = own_.write_rtp(sent_++, buffer);
    const auto wire = protected_by(sender_.protect(buffer, len));
    if (!attack_ || !report_due) return socket_.send(wire);
    wire.back() ^= 1;
    socket_.send(wire);
    wire.back() ^= 1;
    for (int copies = 0; copies < 2; ++copies) socket_.send(wire);
  }
  void take_rtp(sotto::mutable_bytes wire) {
    const auto rtp = receiver_.unprotect(wire);
    if (!rtp) return rtp_.refuse(rtp.error());
    ++rtp_.accepted;
    if (!peers_.is_rtp_of_this(*rtp)) ++altered_;
  }
  void take_rtcp(sotto::mutable_bytes wire) {
    const auto rtcp = receiver_.unprotect_rtcp(wire);
    if (!rtcp) return rtcp_.refuse(rtcp.error());
    ++rtcp_.accepted;
    if (!peers_.is_report_of_this(*rtcp)) ++altered_;
  }

 private:
  std::uint64_t to_refuse() const noexcept { return attack_ ? 2 * peers_.reports() : 0; }
  template <class Session>
  static Session made(sotto::result<Session>&& r) {
    if (!r) throw std::runtime_error(std::string("creating an SRTP session: ") + message(r.error()));
    return std::move(*r);
  }
  static sotto::mutable_bytes protected_by(const sotto::result<sotto::mutable_bytes>& wire) {
    // With one key, ever new indices and a buffer that is large enough, nothing can be refused.
    if (!wire) throw std::runtime_error(std::string("protecting a packet: ") + message(wire.error()));
    return *wire;
  }

  sotto::srtp::sender sender_;
  sotto::srtp::receiver receiver_;
  test_stream own_, peers_;
  bool attack_;
  udp_socket& socket_;
  std::uint64_t sent_ = 0, reports_sent_ = 0, altered_ = 0;
  outcomes rtp_, rtcp_;
};

}  // namespace examples
