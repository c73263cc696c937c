// SPDX-License-Identifier: BSL-1.0
// RTP and RTCP headers read a field at a time, as RFC 3550 draws them: what the library's views are compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace fuzz {

/// Takes fields of up to 32 bits from the front of a packet. Once one is missing, `complete` is false for good.
class bit_reader {
 public:
  bit_reader(const std::uint8_t* data, std::size_t len) : data_(data), bits_(len * 8) {}

  std::uint32_t field(unsigned width) {
    std::uint32_t value = 0;
    for (; width != 0; --width, ++at_) {
      if (at_ >= bits_) {
        complete_ = false;
        return 0;
      }
      value = value << 1 | (data_[at_ / 8] >> (7 - at_ % 8) & 1u);
    }
    return value;
  }
  void skip_bytes(std::size_t len) {
    if (len > (bits_ - at_) / 8)
      complete_ = false;
    else
      at_ += len * 8;
  }
  bool complete() const { return complete_; }
  std::size_t position() const { return at_ / 8; }

 private:
  const std::uint8_t* data_;
  std::size_t bits_;
  std::size_t at_ = 0;
  bool complete_ = true;
};

/// RFC 3550 5.1 and 5.3.1.
struct rtp_fields {
  std::uint32_t padding, extension, marker, payload_type, sequence, timestamp, ssrc;
  std::vector<std::uint32_t> csrcs;
  std::uint32_t extension_profile = 0;
  std::size_t extension_from = 0, extension_len = 0;  // contents, behind the 4-byte header
  std::size_t header_len = 0;
};

inline std::optional<rtp_fields> read_rtp(const std::uint8_t* data, std::size_t len) {
  bit_reader r(data, len);
  if (r.field(2) != 2) return {};
  rtp_fields f{};
  f.padding = r.field(1);
  f.extension = r.field(1);
  const std::uint32_t csrc_count = r.field(4);
  f.marker = r.field(1);
  f.payload_type = r.field(7);
  f.sequence = r.field(16);
  f.timestamp = r.field(32);
  f.ssrc = r.field(32);
  for (std::uint32_t i = 0; i < csrc_count; ++i) f.csrcs.push_back(r.field(32));
  if (f.extension != 0) {
    f.extension_profile = r.field(16);
    f.extension_len = 4 * r.field(16);
    f.extension_from = r.position();
    r.skip_bytes(f.extension_len);
  }
  if (!r.complete()) return {};
  f.header_len = r.position();
  return f;
}

/// RFC 3550 6.4.1, as far as every RTCP packet has it.
struct rtcp_fields {
  std::uint32_t count, packet_type, length, ssrc;
};

inline std::optional<rtcp_fields> read_rtcp(const std::uint8_t* data, std::size_t len) {
  bit_reader r(data, len);
  if (r.field(2) != 2) return {};
  (void)r.field(1);  // padding
  rtcp_fields f{};
  f.count = r.field(5);
  f.packet_type = r.field(8);
  f.length = r.field(16);
  f.ssrc = r.field(32);
  if (!r.complete()) return {};
  return f;
}

}  // namespace fuzz
