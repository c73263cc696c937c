// SPDX-License-Identifier: BSL-1.0
// The two ends of the call. Each holds one session of the library and times it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../support/outcome.hpp"
#include "../support/stopwatch.hpp"
#include "../support/udp_socket.hpp"
#include "media.hpp"

namespace examples {

/// Room for the longest packet of the call in any profile.
using packet_buffer = std::array<std::uint8_t, media_stream::max_packet_len + sotto::srtp::max_rtcp_overhead>;

/// Protects the packets of a stream and sends them.
class caller {
 public:
  caller(sotto::srtp::sender&& session, const media_stream& media, udp_socket& socket, const stopwatch& watch)
      : session_(std::move(session)), media_(media), socket_(socket), watch_(watch) {
    times_.reserve(static_cast<std::size_t>(media.packets()));
  }

  const sotto::srtp::sender& session() const noexcept { return session_; }
  const std::vector<std::uint64_t>& times() const noexcept { return times_; }

  /// Returns the protected packet, which lies in the buffer. So does, before it is protected, what `plain` is told of.
  template <class Plain>
  sotto::const_bytes send_rtp(std::uint64_t n, packet_buffer& buffer, Plain&& plain) {
    const std::size_t len = media_.write_rtp(n, buffer);
    plain(sotto::const_bytes(buffer).first(len));
    const auto start = watch_.now();
    const auto wire = session_.protect(buffer, len);
    times_.push_back(watch_.now() - start);
    return send(wire);
  }
  template <class Plain>
  sotto::const_bytes send_report(std::uint64_t k, packet_buffer& buffer, Plain&& plain) {
    media_.write_report(k, buffer);
    plain(sotto::const_bytes(buffer).first(compound_report_len));
    return send(session_.protect_rtcp(buffer, compound_report_len));
  }

 private:
  sotto::const_bytes send(const sotto::result<sotto::mutable_bytes>& wire) {
    // With one key, ever new indices and a buffer that is large enough, nothing can be refused.
    if (!wire) throw std::runtime_error(std::string("protecting a packet: ") + message(wire.error()));
    socket_.send(*wire);
    return *wire;
  }

  sotto::srtp::sender session_;
  const media_stream& media_;
  udp_socket& socket_;
  const stopwatch& watch_;
  std::vector<std::uint64_t> times_;
};

/// Receives, unprotects, decodes, and compares each accepted packet with the one that was protected.
class callee {
 public:
  callee(sotto::srtp::receiver&& session, const media_stream& media, udp_socket& socket, const stopwatch& watch)
      : session_(std::move(session)),
        media_(media),
        socket_(socket),
        watch_(watch),
        arrived_(static_cast<std::size_t>(media.packets())),
        audio_(static_cast<std::size_t>(media.position(media.packets()))) {
    times_.reserve(2 * arrived_.size());
  }

  const sotto::srtp::receiver& session() const noexcept { return session_; }
  const std::vector<std::uint64_t>& times() const noexcept { return times_; }  ///< Of accepted RTP packets
  const std::vector<bool>& arrived() const noexcept { return arrived_; }
  const std::vector<std::int16_t>& audio() const noexcept { return audio_; }  ///< Silence where nothing arrived
  std::uint64_t received() const noexcept { return received_; }
  std::uint64_t neither() const noexcept { return neither_; }  ///< Neither RTP nor RTCP
  std::uint64_t altered() const noexcept { return altered_; }  ///< Accepted, but not what was sent: must stay 0
  const outcomes& rtp() const noexcept { return rtp_; }
  const outcomes& rtcp() const noexcept { return rtcp_; }

  /// Takes the next datagram; false if none came in time.
  bool step(std::chrono::milliseconds timeout) {
    std::array<std::uint8_t, 2048> buffer;
    const auto len = socket_.receive(buffer, timeout);
    if (!len) return false;
    ++received_;
    const auto datagram = sotto::mutable_bytes(buffer).first(*len);
    switch (sotto::srtp::classify(datagram)) {
      case sotto::srtp::packet_kind::rtp: take_rtp(datagram); break;
      case sotto::srtp::packet_kind::rtcp: take_rtcp(datagram); break;
      case sotto::srtp::packet_kind::neither: ++neither_; break;
    }
    return true;
  }

 private:
  void take_rtp(sotto::mutable_bytes wire) {
    const auto start = watch_.now();
    const auto rtp = session_.unprotect(wire);
    const auto stop = watch_.now();
    if (!rtp) return rtp_.refuse(rtp.error());
    ++rtp_.accepted;
    times_.push_back(stop - start);

    const auto view = sotto::srtp::rtp_view::parse(*rtp);
    const auto n = view ? media_.packet_at(view->timestamp()) : std::nullopt;
    std::array<std::uint8_t, media_stream::max_packet_len> sent;
    if (!n || !equal(*rtp, sotto::const_bytes(sent).first(media_.write_rtp(*n, sent)))) {
      ++altered_;
      return;
    }
    arrived_[static_cast<std::size_t>(*n)] = true;
    auto at = static_cast<std::size_t>(media_.position(*n));
    for (const auto code : view->payload()) audio_[at++] = decode(media_.description().law, code);
  }

  void take_rtcp(sotto::mutable_bytes wire) {
    const auto rtcp = session_.unprotect_rtcp(wire);
    if (!rtcp) return rtcp_.refuse(rtcp.error());
    ++rtcp_.accepted;
    // The report says how many packets went before it, and so which report it is.
    std::array<std::uint8_t, compound_report_len> sent{};
    if (rtcp->size() == sent.size())
      media_.write_report(sotto::core::load_be32(rtcp->data() + 20) / media_stream::packets_per_report, sent);
    if (!equal(*rtcp, sent)) ++altered_;
  }

  static bool equal(sotto::const_bytes a, sotto::const_bytes b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

  sotto::srtp::receiver session_;
  const media_stream& media_;
  udp_socket& socket_;
  const stopwatch& watch_;
  std::vector<bool> arrived_;
  std::vector<std::int16_t> audio_;
  std::vector<std::uint64_t> times_;
  std::uint64_t received_ = 0, neither_ = 0, altered_ = 0;
  outcomes rtp_, rtcp_;
};

}  // namespace examples
