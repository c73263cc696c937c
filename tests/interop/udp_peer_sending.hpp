// SPDX-License-Identifier: BSL-1.0
// Mu-law audio as SRTP, with an SRTCP report before it and a BYE behind it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <sotto/srtp.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/g711.hpp"
#include "support/rtp.hpp"
#include "udp_peer_socket.hpp"

namespace interop {

inline constexpr std::uint32_t our_ssrc = 0x534f5454;
/// The sequence number wraps on the way: peers have to count ROCs as we do.
inline constexpr std::uint16_t first_sequence = 65500;
inline constexpr std::size_t samples_per_packet = 160;  // 20 ms

class sending {
 public:
  sending(sotto::srtp::sender tx, std::uint16_t rtp_port, std::uint16_t rtcp_port)
      : tx_(std::move(tx)), rtp_port_(rtp_port), rtcp_port_(rtcp_port) {}

  void send(sotto::const_bytes audio) {
    using namespace std::chrono_literals;
    send_report(false);
    auto next = std::chrono::steady_clock::now();
    for (std::size_t at = 0; at < audio.size(); at += samples_per_packet) {
      send_rtp(audio.subspan(at, std::min(samples_per_packet, audio.size() - at)), at);
      // Twenty times as fast as it is spoken, so that peers can keep up on a busy machine.
      std::this_thread::sleep_until(next += 1ms);
    }
    send_report(true);
    std::printf("sent: RTP %zu, RTCP %zu\n", packets_, reports_);
  }

  /// All RTCP as it was before it was protected.
  sotto::const_bytes rtcp() const noexcept { return rtcp_; }

 private:
  void send_rtp(sotto::const_bytes payload, std::size_t position) {
    std::vector<std::uint8_t> packet(examples::rtp_header_len + payload.size() + sotto::srtp::max_rtp_overhead);
    const examples::rtp_header header{.marker = packets_ == 0,
                                      .payload_type = examples::payload_type_pcmu,
                                      .sequence = static_cast<std::uint16_t>(first_sequence + packets_),
                                      .timestamp = static_cast<std::uint32_t>(position),
                                      .ssrc = our_ssrc};
    examples::write_rtp_header(header, std::span(packet).first<examples::rtp_header_len>());
    sotto::core::copy(packet.data() + examples::rtp_header_len, payload.data(), payload.size());
    transmit(tx_.protect(sotto::mutable_bytes(packet), examples::rtp_header_len + payload.size()), rtp_port_);
    ++packets_;
    octets_ += payload.size();
  }

  void send_report(bool bye) {
    constexpr std::size_t bye_len = 8, most = examples::compound_report_len + bye_len;
    std::vector<std::uint8_t> packet(most + sotto::srtp::max_rtcp_overhead);
    examples::write_sender_report({.ssrc = our_ssrc,
                                   .ntp_time = std::uint64_t{0xe0000000} << 32,
                                   .rtp_time = static_cast<std::uint32_t>(octets_),
                                   .packet_count = static_cast<std::uint32_t>(packets_),
                                   .octet_count = static_cast<std::uint32_t>(octets_)},
                                  std::span(packet).first<examples::compound_report_len>());
    std::uint8_t* const end = packet.data() + examples::compound_report_len;
    end[0] = 0x81;  // version 2, one SSRC (RFC 3550 6.6)
    end[1] = rtcp_bye;
    sotto::core::store_be16(end + 2, bye_len / 4 - 1);
    sotto::core::store_be32(end + 4, our_ssrc);
    const std::size_t len = bye ? most : examples::compound_report_len;
    rtcp_.insert(rtcp_.end(), packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(len));
    transmit(tx_.protect_rtcp(sotto::mutable_bytes(packet), len), rtcp_port_);
    ++reports_;
  }

  void transmit(const sotto::result<sotto::mutable_bytes>& wire, std::uint16_t port) {
    if (!wire) throw std::runtime_error(message(wire.error()));
    socket_.send(*wire, port);
  }

  sotto::srtp::sender tx_;
  udp_socket socket_;
  std::uint16_t rtp_port_, rtcp_port_;
  std::size_t packets_ = 0, octets_ = 0, reports_ = 0;
  std::vector<std::uint8_t> rtcp_;
};

}  // namespace interop
