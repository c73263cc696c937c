// SPDX-License-Identifier: BSL-1.0
// The RTP and RTCP views on arbitrary bytes: nothing outside the buffer, and the same answers as a reader of single
// fields.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "sotto/srtp/packet.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/rtp_reference.hpp"

namespace {

namespace srtp = sotto::srtp;
using fuzz::buffer;
using fuzz::bytes;
using fuzz::require;

/// A span that an accessor returned lies where it should; an empty one may lie anywhere in the packet, or be null.
bool is_piece(sotto::const_bytes piece, const buffer& packet, std::size_t from, std::size_t len) {
  if (piece.size() != len) return false;
  if (len == 0 && piece.data() == nullptr) return true;
  return piece.data() == packet.data() + from && from + len <= packet.size();
}

void check_padding(const srtp::rtp_view& view, const buffer& packet, const fuzz::rtp_fields& f) {
  const std::size_t len = packet.size() - f.header_len;
  std::size_t padding = 0;
  bool valid = true;
  if (f.padding != 0) {
    padding = len == 0 ? 0 : packet.data()[packet.size() - 1];
    valid = padding != 0 && padding <= len;
  }
  const auto payload = view.payload_without_padding();
  require(payload.has_value() == valid, "RTP: wrong verdict on padding");
  if (valid)
    require(is_piece(*payload, packet, f.header_len, len - padding), "RTP: wrong payload without padding");
  else
    require(payload.error() == sotto::error::malformed_packet, "RTP: wrong error for padding");
}

void check_rtp(const buffer& packet) {
  const auto view = srtp::rtp_view::parse(packet.span());
  const auto expected = fuzz::read_rtp(packet.data(), packet.size());
  require(view.has_value() == expected.has_value(),
          expected ? "RTP: refused a good header" : "RTP: accepted a bad header");
  if (!expected) {
    require(view.error() == sotto::error::malformed_packet, "RTP: wrong error");
    return;
  }
  const fuzz::rtp_fields& f = *expected;
  require(view->header_len() == f.header_len, "RTP: header_len");
  require(view->csrc_count() == f.csrcs.size(), "RTP: csrc_count");
  require(view->has_padding() == (f.padding != 0), "RTP: has_padding");
  require(view->has_extension() == (f.extension != 0), "RTP: has_extension");
  require(view->marker() == (f.marker != 0), "RTP: marker");
  require(view->payload_type() == f.payload_type, "RTP: payload_type");
  require(view->sequence().value() == f.sequence, "RTP: sequence");
  require(view->timestamp() == f.timestamp, "RTP: timestamp");
  require(view->ssrc().value() == f.ssrc, "RTP: ssrc");
  for (std::size_t n = 0; n < 20; ++n)
    require(view->csrc(n).value() == (n < f.csrcs.size() ? f.csrcs[n] : 0), "RTP: csrc");
  require(view->csrc(SIZE_MAX).value() == 0, "RTP: csrc beyond all counts");
  require(view->extension_profile() == f.extension_profile, "RTP: extension_profile");
  require(is_piece(view->extension(), packet, f.extension_from, f.extension_len), "RTP: extension");
  require(is_piece(view->payload(), packet, f.header_len, packet.size() - f.header_len), "RTP: payload");
  require(is_piece(view->bytes(), packet, 0, packet.size()), "RTP: bytes");
  check_padding(*view, packet, f);
}

void check_rtcp(const buffer& packet) {
  const auto view = srtp::rtcp_view::parse(packet.span());
  const auto expected = fuzz::read_rtcp(packet.data(), packet.size());
  require(view.has_value() == expected.has_value(),
          expected ? "RTCP: refused a good header" : "RTCP: accepted a bad one");
  if (!expected) {
    require(view.error() == sotto::error::malformed_packet, "RTCP: wrong error");
    return;
  }
  require(view->count() == expected->count, "RTCP: count");
  require(view->packet_type() == expected->packet_type, "RTCP: packet_type");
  require(view->stated_len() == 4 * std::size_t{expected->length} + 4, "RTCP: stated_len");
  require(view->ssrc().value() == expected->ssrc, "RTCP: ssrc");
  require(is_piece(view->bytes(), packet, 0, packet.size()), "RTCP: bytes");
}

/// RFC 5761 4: RTCP's packet types 192 to 223 are payload types 64 to 95 with the marker bit.
void check_kind(const buffer& packet) {
  const srtp::packet_kind kind = srtp::classify(packet.span());
  const auto f = fuzz::read_rtcp(packet.data(), packet.size());
  srtp::packet_kind expected = srtp::packet_kind::neither;
  if (f) {
    const bool marker = f->packet_type >= 128;
    const std::uint32_t payload_type = f->packet_type % 128;
    expected = marker && payload_type >= 64 && payload_type <= 95 ? srtp::packet_kind::rtcp : srtp::packet_kind::rtp;
  }
  require(kind == expected, "classify: wrong kind");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  const bytes content(data, data + len);
  // Views promise nothing about alignment: let the length choose one.
  const buffer packet(content, len % 5);
  check_kind(packet);
  check_rtp(packet);
  check_rtcp(packet);
  require(packet.holds(content), "a view wrote to its packet");
  return 0;
}
