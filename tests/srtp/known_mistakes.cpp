// SPDX-License-Identifier: BSL-1.0
// What SRTP implementations got wrong before, each with the test that keeps it out. The tests below and in
// known_mistakes_headers.cpp bear the mistake's name; the other mistakes are tested elsewhere:
//
//   ROC updated before authentication: receiver.cpp "the ROC moves only with authentic packets"
//   unauthenticated SSRCs growing memory: forged_streams.cpp "a flood of forged SSRCs finds room and takes none"
//   losing sync when a stream starts near 65535: rollover_counter.cpp "a stream that starts near 65535 and loses its
//     first packets"
//   ROC setters that are invisibly pending: rollover_counter.cpp "a ROC that is set is pending, visibly, until a packet
//     confirms it"
//   16-byte overflow in out-of-place SRTCP with E = 0: packet_protection.cpp "out of place equals in place, and neither
//     touches a byte outside, at many lengths"
//   MKI with unequal RTP and RTCP tag lengths: packet_protection.cpp "trailers lie as the RFCs draw them"
//   two-byte header extensions under RFC 6904: header_extension.cpp "chosen elements are encrypted in every profile,
//   the
//     others stay"
//   size_t wrap in len - tag - mki: receiver.cpp "every truncation is refused by name"
//   lifetime and session parameters in a=crypto: sdes.cpp "lifetimes", sdes.cpp "session parameters"
//   a=crypto lines of every malformed kind: sdes.cpp "every kind of fault, and where it is"
//   96-bit GCM salt padded on the wrong side: key_derivation.cpp "a 96-bit salt is followed by two zero bytes"
//   SRTP index at 2^48 - 1: sender.cpp "the last SRTP index is 2^48 - 1", receiver.cpp "nothing comes before ROC 0, and
//     nothing after ROC 2^32 - 1"
//   keystream used twice after a restart: sender.cpp "state moves to another sender and takes everything along"
//   MKI unknown, truncated, longer than the packet: master_keys.cpp "an MKI that is unknown, truncated, or longer than
//     the packet"
//   Cryptex length beyond the packet: cryptex.cpp "an extension beyond the packet is malformed, Cryptex or not"
//
// Wrong results at some lengths or with some processor features only: tests/kernels and tests/crypto/dispatch.cpp.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "keys.hpp"
#include "sotto/srtp.hpp"
#include "support/catch.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

constexpr srtp::profile some_profiles[] = {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80,
                                           srtp::profile::aead_chacha20_poly1305};

/// Every option that has a path of its own through the packets.
std::vector<srtp::protection_options> every_option() {
  std::vector<srtp::protection_options> all(5);
  all[1].encrypted_extensions = srtp::extension_ids(5);
  all[2].cryptex = srtp::cryptex::on;
  all[3].roc_carriage = {srtp::roc_carriage_mode::authenticated, 1};
  all[4].key_derivation_rate = 1;
  return all;
}

octets protect(srtp::sender& tx, const octets& packet) {
  octets out(packet.size() + tx.rtp_overhead());
  const auto wire = tx.protect(packet, out);
  REQUIRE(wire);
  return keys::to_bytes(*wire);
}

}  // namespace

TEST_CASE("replay window shared between SSRCs: what one stream received is fresh in another") {
  using receiver = srtp::basic_receiver<srtp::any_transform, 4, 64>;
  for (const auto p : some_profiles) {
    const keys::master m(p);
    auto tx = srtp::sender::create(m.raw());
    auto rx = receiver::create(m.raw());
    REQUIRE((tx && rx));
    octets first[2], first_report[2];
    for (const std::uint32_t s : {0u, 1u}) {
      first[s] = keys::protect(*tx, keys::rtp(s, 100, 20));
      first_report[s] = keys::protect_rtcp(*tx, keys::rtcp(s, 28));
    }
    // Stream 0 goes far ahead before stream 1 begins with the same indices.
    CHECK(keys::receive(*rx, first[0]) == 0);
    CHECK(keys::receive_rtcp(*rx, first_report[0]) == 0);
    for (std::uint16_t seq = 101; seq < 300; ++seq) {
      CHECK(keys::receive(*rx, keys::protect(*tx, keys::rtp(0, seq, 20))) == 0);
      CHECK(keys::receive_rtcp(*rx, keys::protect_rtcp(*tx, keys::rtcp(0, 28))) == 0);
    }
    CHECK(keys::receive(*rx, first[1]) == 0);
    CHECK(keys::receive_rtcp(*rx, first_report[1]) == 0);
    CHECK(keys::receive(*rx, first[1]) == code(error::replayed));
    CHECK(keys::receive_rtcp(*rx, first_report[1]) == code(error::replayed));
    CHECK(keys::receive(*rx, first[0]) == code(error::too_old));
    CHECK(keys::receive_rtcp(*rx, first_report[0]) == code(error::too_old));
  }
}

TEST_CASE("plaintext written before the tag is checked: not with any option, in place or out of place") {
  for (const auto p : some_profiles)
    for (const auto& o : every_option()) {
      const keys::master m(p, 2);
      auto tx = srtp::sender::create(m.raw(), {.protection = o});
      auto rx = srtp::receiver::create(m.raw(), {.protection = o});
      REQUIRE((tx && rx));
      const octets wire = protect(*tx, keys::rtp(1, 8, 64, 2, 3));
      for (std::size_t i = 0; i < wire.size(); ++i) {
        octets forged = wire;
        forged[i] ^= 0x21;
        const octets sent = forged;
        REQUIRE_FALSE(rx->unprotect(forged));
        REQUIRE(forged == sent);
        octets out(wire.size(), 0xa5);
        REQUIRE_FALSE(rx->unprotect(sent, out));
        // Cryptex may leave bytes of the packet there, still protected.
        const bool untouched = out == octets(out.size(), 0xa5);
        const std::size_t len = wire.size() - rx->rtp_overhead();
        REQUIRE((untouched || (o.cryptex == srtp::cryptex::on && std::equal(&out[0], &out[len], &sent[0]))));
      }
      CHECK(rx->stream_count() == 0);
      CHECK(keys::receive(*rx, wire) == 0);
    }
}

TEST_CASE("CSRC count and extension length beyond the packet: the room behind it is no packet") {
  for (const auto p : some_profiles)
    for (const auto& o : every_option()) {
      const keys::master m(p);
      auto tx = srtp::sender::create(m.raw(), {.protection = o});
      REQUIRE(tx);
      for (std::size_t csrcs = 0; csrcs <= 15; ++csrcs)
        for (const int words : {-1, 0, 1, 5}) {
          octets buffer = keys::rtp(1, 8, 100, csrcs, words);
          const std::size_t header = buffer.size() - 100;
          const octets before = buffer;
          for (std::size_t len = 0; len < header; ++len)
            REQUIRE(code(tx->protect(buffer, len)) == code(error::malformed_packet));
          REQUIRE(buffer == before);
        }
      CHECK(tx->stream_count() == 0);
    }
}

TEST_CASE("SRTCP index at 2^31 - 1: received once, and nothing follows it") {
  for (const auto p : some_profiles) {
    const keys::master m(p);
    srtp::sender_state ss;
    REQUIRE(ss.add_stream(srtp::ssrc(1), srtp::packet_index(0), srtp::srtcp_index_end - 2));
    auto tx = srtp::sender::resume(m.raw(), std::move(ss));
    auto rx = srtp::receiver::create(m.raw());
    REQUIRE((tx && rx));
    const octets report = keys::rtcp(1, 28);
    auto begin = srtp::sender::create(m.raw());
    const octets zero = keys::protect_rtcp(*begin, report);
    const octets last_but_one = keys::protect_rtcp(*tx, report), last = keys::protect_rtcp(*tx, report);
    CHECK(keys::receive_rtcp(*rx, last) == 0);
    CHECK(keys::receive_rtcp(*rx, last_but_one) == 0);
    CHECK(keys::receive_rtcp(*rx, last) == code(error::replayed));
    CHECK(keys::receive_rtcp(*rx, zero) == code(error::too_old));
    // The E flag above the index is no part of it.
    octets out(report.size() + tx->rtcp_overhead());
    CHECK(code(tx->protect_rtcp(report, out)) == code(error::key_exhausted));
    CHECK(code(tx->protect_rtcp(report, out)) == code(error::key_exhausted));
  }
}

TEST_CASE("keystream used twice: no retransmission with a changed header or payload") {
  for (const auto p : some_profiles)
    for (const auto& o : every_option()) {
      const keys::master m(p);
      auto tx = srtp::sender::create(m.raw(), {.protection = o});
      REQUIRE(tx);
      const octets plain = keys::rtp(1, 8, 40);
      const octets wire = protect(*tx, plain);
      std::vector<octets> again(5, plain);
      again[1][1] |= 0x80;  // marker
      again[2][4] ^= 1;     // timestamp
      again[3] = keys::rtp(1, 8, 40, 1, 1);
      again[4].back() ^= 1;
      for (const octets& packet : again) {
        octets out(packet.size() + tx->rtp_overhead(), 0xa5);
        const octets untouched = out;
        CHECK(code(tx->protect(packet, out)) == code(error::index_used));
        CHECK(code(tx->protect(packet, out, srtp::packet_index(8))) == code(error::index_used));
        CHECK(out == untouched);
        const auto header = sotto::const_bytes(packet).first(12);
        const sotto::const_bytes rest[] = {sotto::const_bytes(packet).subspan(12)};
        if (packet[0] == 0x80) CHECK(code(tx->protect(header, rest, out)) == code(error::index_used));
      }
      // At another ROC it is another index, and the key stream is new.
      octets out(plain.size() + tx->rtp_overhead());
      const auto later = tx->protect(plain, out, srtp::packet_index(65536 + 8));
      REQUIRE(later);
      CHECK_FALSE(std::equal(&wire[12], &wire[52], later->begin() + 12));
    }
}
