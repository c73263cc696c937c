// SPDX-License-Identifier: BSL-1.0
// Writing RTP headers and RTCP sender reports (RFC 3550 5.1, 6.4.1, 6.5). Reading them is sotto::srtp's packet.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sotto/core/bytes.hpp>
#include <string_view>

namespace examples {

inline constexpr std::size_t rtp_header_len = 12;

struct rtp_header {
  bool marker;
  std::uint8_t payload_type;
  std::uint16_t sequence;
  std::uint32_t timestamp;
  std::uint32_t ssrc;
};

inline void write_rtp_header(const rtp_header& h, std::span<std::uint8_t, rtp_header_len> out) {
  out[0] = 0x80;  // version 2, no padding, no extension, no CSRC
  out[1] = static_cast<std::uint8_t>((h.marker ? 0x80 : 0) | (h.payload_type & 0x7f));
  sotto::core::store_be16(&out[2], h.sequence);
  sotto::core::store_be32(&out[4], h.timestamp);
  sotto::core::store_be32(&out[8], h.ssrc);
}

struct sender_report {
  std::uint32_t ssrc;
  std::uint64_t ntp_time;  ///< Seconds since 1900 in the upper half, their fraction in the lower.
  std::uint32_t rtp_time;
  std::uint32_t packet_count;
  std::uint32_t octet_count;
};

/// Sender report and the SDES chunk with a CNAME that RFC 3550 6.1 wants beside it.
inline constexpr std::string_view cname = "call@127.0.0.1";
inline constexpr std::size_t sender_report_len = 28;
inline constexpr std::size_t sdes_len = (4 + 4 + 2 + cname.size() + 4) / 4 * 4;  // one to four zeros end the list
inline constexpr std::size_t compound_report_len = sender_report_len + sdes_len;

inline void write_sender_report(const sender_report& r, std::span<std::uint8_t, compound_report_len> out) {
  using namespace sotto::core;
  std::memset(out.data(), 0, out.size());
  out[0] = 0x80;  // version 2, no report blocks
  out[1] = 200;   // SR
  store_be16(&out[2], sender_report_len / 4 - 1);
  store_be32(&out[4], r.ssrc);
  store_be64(&out[8], r.ntp_time);
  store_be32(&out[16], r.rtp_time);
  store_be32(&out[20], r.packet_count);
  store_be32(&out[24], r.octet_count);
  std::uint8_t* const sdes = out.data() + sender_report_len;
  sdes[0] = 0x81;  // one chunk
  sdes[1] = 202;   // SDES
  store_be16(sdes + 2, sdes_len / 4 - 1);
  store_be32(sdes + 4, r.ssrc);
  sdes[8] = 1;  // CNAME
  sdes[9] = static_cast<std::uint8_t>(cname.size());
  std::memcpy(sdes + 10, cname.data(), cname.size());
}

}  // namespace examples
