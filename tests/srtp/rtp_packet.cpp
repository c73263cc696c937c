// SPDX-License-Identifier: BSL-1.0
// The RTP and RTCP views accept what RFC 3550 describes, refuse what contradicts its length, and read nothing else.
#include "sotto/srtp/packet.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/guard_pages.hpp"
#include "support/hex.hpp"
#include "support/pattern.hpp"
#include "keys.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;
using srtp::rtcp_view;
using srtp::rtp_view;

TEST_CASE("RTP header fields") {
  const auto packet =
      support::from_hex("b2e0 1234 01020304 cafebabe 00000001 00000002 bede0002 1122334455667788 aabb02");
  const auto view = rtp_view::parse(packet);
  REQUIRE(view.has_value());
  CHECK(view->header_len() == 12 + 8 + 4 + 8);
  CHECK(view->marker());
  CHECK(view->payload_type() == 0x60);
  CHECK(view->has_padding());
  CHECK(view->has_extension());
  CHECK(view->sequence() == srtp::sequence_number(0x1234));
  CHECK(view->timestamp() == 0x01020304);
  CHECK(view->ssrc() == srtp::ssrc(0xcafebabe));
  CHECK(view->csrc_count() == 2);
  CHECK(view->csrc(1) == srtp::ssrc(2));
  CHECK(view->csrc(2) == srtp::ssrc(0));
  CHECK(view->extension_profile() == 0xbede);
  CHECK(support::to_hex(view->extension()) == "1122334455667788");
  CHECK(support::to_hex(view->payload()) == "aabb02");
  CHECK(support::to_hex(*view->payload_without_padding()) == "aa");
  CHECK(view->bytes().data() == packet.data());
}

TEST_CASE("RTP header without options") {
  const auto packet = support::from_hex("8000 0001 00000000 00000005");
  const auto view = rtp_view::parse(packet);
  REQUIRE(view.has_value());
  CHECK(view->header_len() == 12);
  CHECK(view->payload().empty());
  CHECK(view->extension().empty());
  CHECK(view->extension_profile() == 0);
  CHECK(view->payload_without_padding()->empty());
  CHECK_FALSE(view->has_padding());
}

TEST_CASE("RTP padding is checked only where it is asked for") {
  for (const char* payload : {"", "0000", "aa03", "00ff"}) {
    const auto packet = support::from_hex(std::string("a000 0001 00000000 00000005") + payload);
    const auto view = rtp_view::parse(packet);
    REQUIRE(view.has_value());
    CHECK(code(view->payload_without_padding()) == code(error::malformed_packet));
  }
  const auto all_padding = support::from_hex("a000 0001 00000000 00000005 0002");
  CHECK(rtp_view::parse(all_padding)->payload_without_padding()->empty());
}

TEST_CASE("every CSRC count and extension length at every packet length, at a page's end") {
  support::guard_pages memory(4096);
  for (std::size_t csrcs = 0; csrcs <= 15; ++csrcs)
    for (const int words : {-1, 0, 1, 5, 65535}) {
      const std::size_t wanted =
          12 + 4 * csrcs + (words < 0 ? std::size_t{0} : std::size_t{4} + 4 * static_cast<std::size_t>(words));
      for (std::size_t len = 0; len <= 110; ++len) {
        octets packet = keys::rtp(7, 7, 120, csrcs, words);
        packet.resize(len);
        const std::uint8_t* p = memory.place(support::edge::end, packet);
        const auto view = rtp_view::parse({p, len});
        INFO(csrcs << " CSRCs, " << words << " words, " << len << " bytes");
        REQUIRE(view.has_value() == (len >= wanted));
        if (!view) {
          REQUIRE(view.error() == error::malformed_packet);
          continue;
        }
        REQUIRE(view->header_len() == wanted);
        REQUIRE(view->payload().size() == len - wanted);
        for (std::size_t i = 0; i < csrcs; ++i) (void)view->csrc(i);
        REQUIRE(view->extension().size() == (words < 0 ? 0 : 4 * static_cast<std::size_t>(words)));
      }
    }
}

TEST_CASE("RTP and RTCP of other versions are malformed") {
  for (const int first : {0x00, 0x40, 0xc0}) {
    octets packet = keys::rtp(1, 1, 20);
    packet[0] = static_cast<std::uint8_t>(first);
    CHECK(code(rtp_view::parse(packet)) == code(error::malformed_packet));
    CHECK(code(rtcp_view::parse(packet)) == code(error::malformed_packet));
    CHECK(srtp::classify(packet) == srtp::packet_kind::neither);
  }
}

TEST_CASE("RTCP header fields") {
  const auto packet = support::from_hex("81c8000d 4d617273 4e545031");
  const auto view = rtcp_view::parse(packet);
  REQUIRE(view.has_value());
  CHECK(view->count() == 1);
  CHECK(view->packet_type() == 200);
  CHECK(view->stated_len() == 56);
  CHECK(view->ssrc() == srtp::ssrc(0x4d617273));
  CHECK(view->bytes().size() == 12);
  CHECK(rtcp_view::parse(std::span(packet).first(8)).has_value());
  for (std::size_t len = 0; len < 8; ++len)
    CHECK(code(rtcp_view::parse(std::span(packet).first(len))) == code(error::malformed_packet));
}

TEST_CASE("classify follows RFC 5761 section 4") {
  octets packet(8, 0);
  for (int second = 0; second < 256; ++second) {
    packet[0] = 0x80;
    packet[1] = static_cast<std::uint8_t>(second);
    const bool control = second >= 192 && second <= 223;
    REQUIRE(srtp::classify(packet) == (control ? srtp::packet_kind::rtcp : srtp::packet_kind::rtp));
  }
  for (std::size_t len = 0; len < 8; ++len)
    CHECK(srtp::classify(std::span(packet).first(len)) == srtp::packet_kind::neither);
}
