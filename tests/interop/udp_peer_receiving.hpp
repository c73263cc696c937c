// SPDX-License-Identifier: BSL-1.0
// SRTP and SRTCP on one port, unprotected, counted, and the audio put in order.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <sotto/srtp.hpp>
#include <utility>
#include <vector>

#include "support/g711.hpp"
#include "udp_peer_socket.hpp"

namespace interop {

class receiving {
 public:
  explicit receiving(sotto::srtp::receiver rx) : rx_(std::move(rx)) {}

  std::uint16_t port() const { return socket_.port(); }

  /// Until standard input ends and all that was sent before is read: whoever started us knows when the sender ended.
  /// False if that doesn't happen in time.
  bool receive(std::chrono::seconds limit) {
    using namespace std::chrono_literals;
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::vector<std::uint8_t> buffer(65536);
    for (bool ended = false; std::chrono::steady_clock::now() < deadline;) {
      const auto len = socket_.receive(buffer, ended ? 0ms : 20ms);
      if (len)
        take(sotto::mutable_bytes(buffer).first(*len));
      else if (ended)
        return true;
      else
        ended = input_ended();
    }
    return false;
  }

  /// Prints the counts. True if everything was accepted and nothing is missing.
  bool report() const {
    const std::size_t expected =
        payloads_.empty() ? 0 : static_cast<std::size_t>(payloads_.rbegin()->first - payloads_.begin()->first + 1);
    std::printf(
        "received: RTP %zu accepted, %zu refused, %zu missing, %zu of another payload type; RTCP %zu accepted, "
        "%zu refused, of types",
        rtp_, rtp_refused_, expected - payloads_.size(), other_payload_types_, rtcp_, rtcp_refused_);
    for (const auto& [type, count] : rtcp_types_) std::printf(" %u (%zu)", unsigned{type}, count);
    std::printf("; highest index %llu\n", static_cast<unsigned long long>(highest_.value_or(0)));
    return rtp_ != 0 && rtp_refused_ + rtcp_refused_ + other_payload_types_ == 0 && expected == payloads_.size();
  }

  std::vector<std::uint8_t> audio() const {
    std::vector<std::uint8_t> all;
    for (const auto& [sequence, payload] : payloads_) all.insert(all.end(), payload.begin(), payload.end());
    return all;
  }

 private:
  void take(sotto::mutable_bytes datagram) {
    if (sotto::srtp::classify(datagram) == sotto::srtp::packet_kind::rtcp)
      take_rtcp(datagram);
    else
      take_rtp(datagram);
  }

  void take_rtp(sotto::mutable_bytes datagram) {
    const auto packet = rx_.unprotect(datagram);
    const auto rtp = packet ? sotto::srtp::rtp_view::parse(*packet) : sotto::failure{packet.error()};
    if (!rtp) return refuse("RTP", rtp_refused_, rtp.error());
    ++rtp_;
    if (rtp->payload_type() != examples::payload_type_pcmu) return void(++other_payload_types_);
    // The latest packet's own index: the highest one's ROC fits, since loopback keeps the order.
    if (const auto highest = rx_.highest_index(rtp->ssrc())) highest_ = highest->value();
    const auto payload = rtp->payload_without_padding();
    if (!payload) return refuse("RTP", rtp_refused_, payload.error());
    const auto behind = static_cast<std::int16_t>(static_cast<std::uint16_t>(*highest_) - rtp->sequence().value());
    payloads_[static_cast<std::int64_t>(*highest_) - behind].assign(payload->begin(), payload->end());
  }

  void take_rtcp(sotto::mutable_bytes datagram) {
    const auto packet = rx_.unprotect_rtcp(datagram);
    if (!packet) return refuse("RTCP", rtcp_refused_, packet.error());
    ++rtcp_;
    for (std::size_t at = 0; packet->size() - at >= 4;) {  // RFC 3550 6.4: a length in words, less one
      const std::uint8_t type = (*packet)[at + 1];
      ++rtcp_types_[type];
      const std::size_t len = 4 + std::size_t{4} * sotto::core::load_be16(packet->data() + at + 2);
      if (len > packet->size() - at) return refuse("RTCP", rtcp_refused_, sotto::error::malformed_packet);
      at += len;
      if (type == rtcp_bye) std::printf("bye\n"), std::fflush(stdout);  // some wait for it
    }
  }

  static void refuse(const char* kind, std::size_t& count, sotto::error why) {
    if (count++ == 0) std::printf("first refused %s: %s\n", kind, message(why));
  }

  sotto::srtp::receiver rx_;
  udp_socket socket_;
  std::map<std::int64_t, std::vector<std::uint8_t>> payloads_;  // by index
  std::map<std::uint8_t, std::size_t> rtcp_types_;
  std::optional<std::uint64_t> highest_;
  std::size_t rtp_ = 0, rtp_refused_ = 0, rtcp_ = 0, rtcp_refused_ = 0, other_payload_types_ = 0;
};

}  // namespace interop
