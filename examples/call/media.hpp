// SPDX-License-Identifier: BSL-1.0
// The audio of a call as RTP packets. Every packet is a function of its number, so that the callee's check needs no
// copy.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp/packet.hpp>
#include <span>
#include <utility>
#include <vector>

#include "../support/g711.hpp"
#include "../support/rtp.hpp"

namespace examples {

/// What both ends know from the call's signalling.
struct stream_description {
  g711 law = g711::mu_law;
  std::uint32_t ssrc = 0;
  std::uint16_t first_sequence = 0;
  std::uint32_t first_timestamp = 0;
  std::uint64_t start_ntp = 0;  ///< When the call began, for sender reports.
};

class media_stream {
 public:
  static constexpr std::size_t samples_per_packet = g711_rate / 50;  ///< 20 ms
  static constexpr std::size_t max_packet_len = rtp_header_len + samples_per_packet;
  static constexpr std::uint64_t packets_per_report = 10;

  /// The samples, at least one, start again from the beginning until there are enough packets.
  media_stream(const stream_description& d, std::span<const std::int16_t> samples, std::uint64_t packets)
      : description_(d), packets_(packets), chunks_((samples.size() + samples_per_packet - 1) / samples_per_packet) {
    for (const auto s : samples) encoded_.push_back(encode(d.law, s));
  }

  const stream_description& description() const noexcept { return description_; }
  std::uint64_t packets() const noexcept { return packets_; }
  std::uint64_t reports() const noexcept { return (packets_ + packets_per_report - 1) / packets_per_report; }
  /// Where packet n's audio begins, in samples; that of packets() is the length of all audio.
  std::uint64_t position(std::uint64_t n) const noexcept {
    return n / chunks_ * encoded_.size() + n % chunks_ * samples_per_packet;
  }
  sotto::const_bytes payload(std::uint64_t n) const noexcept {
    const auto at = static_cast<std::size_t>(n % chunks_) * samples_per_packet;
    return sotto::const_bytes(encoded_).subspan(at, std::min(samples_per_packet, encoded_.size() - at));
  }

  /// The packet that a timestamp belongs to, if any.
  std::optional<std::uint64_t> packet_at(std::uint32_t timestamp) const noexcept {
    const std::uint32_t offset = timestamp - description_.first_timestamp;  // timestamps wrap
    const std::uint64_t rounds = offset / encoded_.size(), within = offset % encoded_.size();
    const std::uint64_t n = rounds * chunks_ + within / samples_per_packet;
    if (within % samples_per_packet != 0 || n >= packets_) return std::nullopt;
    return n;
  }

  /// Writes RTP packet n, at most max_packet_len bytes, and returns its length.
  std::size_t write_rtp(std::uint64_t n, sotto::mutable_bytes out) const noexcept {
    // The marker bit is for the start of a talkspurt (RFC 3551 4.1): here the first packet.
    write_rtp_header({n == 0, payload_type(description_.law),
                      static_cast<std::uint16_t>(description_.first_sequence + n), timestamp(n), description_.ssrc},
                     out.first<rtp_header_len>());
    const auto audio = payload(n);
    std::copy(audio.begin(), audio.end(), out.begin() + rtp_header_len);
    return rtp_header_len + audio.size();
  }

  /// Writes sender report k, compound_report_len bytes. It goes before packet k * packets_per_report.
  void write_report(std::uint64_t k, sotto::mutable_bytes out) const noexcept {
    const std::uint64_t n = k * packets_per_report;
    // Seconds in the upper 32 bits, fractions of 2^-32 s below: 2^32 / 8000 is 536870.912.
    const std::uint64_t elapsed = (position(n) << 32) / g711_rate;
    write_sender_report({description_.ssrc, description_.start_ntp + elapsed, timestamp(n),
                         static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(position(n))},
                        out.first<compound_report_len>());
  }

 private:
  std::uint32_t timestamp(std::uint64_t n) const noexcept {
    return static_cast<std::uint32_t>(description_.first_timestamp + position(n));
  }

  stream_description description_;
  std::uint64_t packets_;
  std::uint64_t chunks_;
  std::vector<std::uint8_t> encoded_;
};

}  // namespace examples
