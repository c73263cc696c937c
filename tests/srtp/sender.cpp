// SPDX-License-Identifier: BSL-1.0
// The sender: no index twice, limits that hold, refusals that change nothing, and state that can move on.
#include "sotto/srtp/sender.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iostream>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "keys.hpp"
#include "sotto/srtp/receiver.hpp"
#include "support/catch.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

const keys::master gcm(srtp::profile::aead_aes_128_gcm);

template <class Sender>
int send(Sender& tx, std::uint32_t ssrc, std::uint16_t seq) {
  octets buffer = keys::rtp(ssrc, seq, 20);
  const std::size_t len = buffer.size();
  buffer.resize(len + tx.rtp_overhead());
  return code(tx.protect(buffer, len));
}
template <class Sender>
int send_rtcp(Sender& tx, std::uint32_t ssrc) {
  octets buffer = keys::rtcp(ssrc, 28);
  const std::size_t len = buffer.size();
  buffer.resize(len + tx.rtcp_overhead());
  return code(tx.protect_rtcp(buffer, len));
}

srtp::sender at(std::uint32_t ssrc, std::uint64_t next, std::uint64_t next_rtcp = 0) {
  srtp::sender_state s;
  REQUIRE(s.add_stream(srtp::ssrc(ssrc), srtp::packet_index(next), next_rtcp).has_value());
  auto tx = srtp::sender::resume(gcm.raw(), std::move(s));
  REQUIRE(tx.has_value());
  return std::move(*tx);
}

}  // namespace

TEST_CASE("every profile goes through, bytes of either type, and counts") {
  for (const auto p : srtp::profiles)
    for (const bool encrypt_rtcp : {true, false}) {
      const keys::master m(p, 5);
      auto tx = srtp::sender::create(m.raw(), {.srtcp_encryption = encrypt_rtcp});
      auto rx = srtp::receiver::create(m.raw());
      REQUIRE(tx.has_value());
      REQUIRE(rx.has_value());
      INFO(srtp::name(p));
      for (std::uint16_t seq = 65530; seq != 10; ++seq) {
        const octets plain = keys::rtp(4, seq, seq % 50);
        std::vector<std::byte> buffer(plain.size() + tx->rtp_overhead());
        std::memcpy(buffer.data(), plain.data(), plain.size());
        const auto wire = tx->protect(std::span(buffer), plain.size());
        REQUIRE(wire.has_value());
        REQUIRE(wire->size() == buffer.size());
        const auto back = rx->unprotect(*wire);
        REQUIRE(back.has_value());
        REQUIRE(back->size() == plain.size());
        CHECK(std::memcmp(back->data(), plain.data(), plain.size()) == 0);
        const octets report = keys::rtcp(4, 28);
        octets srtcp = keys::protect_rtcp(*tx, report);
        const auto again = rx->unprotect_rtcp(srtcp);
        REQUIRE(again.has_value());
        CHECK(keys::to_bytes(*again) == report);
      }
      CHECK(tx->statistics().rtp_packets == 16);
      CHECK(rx->statistics().rtp_packets == 16);
      CHECK(rx->statistics(srtp::ssrc(4))->rtcp_packets == 16);
      CHECK(rx->highest_index(srtp::ssrc(4))->value() == 0x10009);
      CHECK(tx->highest_index(srtp::ssrc(4))->value() == 0x10009);
      CHECK(tx->statistics().refused() == 0);
    }
}

TEST_CASE("an index is protected once") {
  auto tx = srtp::sender::create(gcm.raw());
  CHECK(send(*tx, 1, 5000) == 0);
  CHECK(send(*tx, 1, 5000) == code(error::index_used));
  CHECK(send(*tx, 1, 4999) == 0);
  CHECK(send(*tx, 1, 4999) == code(error::index_used));
  CHECK(send(*tx, 1, 5000 - 1023) == 0);
  CHECK(send(*tx, 1, 5000 - 1024) == code(error::too_old));
  CHECK(send(*tx, 2, 5000) == 0);
  CHECK(tx->statistics(srtp::ssrc(1))->index_used == 2);
  CHECK(tx->statistics(srtp::ssrc(1))->too_old == 1);
  CHECK(tx->statistics().refused(error::index_used) == 2);
  CHECK(tx->statistics().refused() == 3);
}

TEST_CASE("a stream that starts near 65535") {
  auto tx = srtp::sender::create(gcm.raw());
  auto rx = srtp::receiver::create(gcm.raw());
  std::vector<octets> wires;
  for (const std::uint16_t seq : std::initializer_list<std::uint16_t>{65534, 65535, 0, 1, 2})
    wires.push_back(keys::protect(*tx, keys::rtp(1, seq, 20)));
  CHECK(tx->highest_index(srtp::ssrc(1))->value() == 0x10002);
  for (const std::size_t i : {1u, 0u, 3u, 2u, 4u}) CHECK(rx->unprotect(wires[i]).has_value());
  CHECK(rx->highest_index(srtp::ssrc(1))->value() == 0x10002);
}

TEST_CASE("nothing comes before a stream that starts at 0") {
  auto tx = srtp::sender::create(gcm.raw());
  CHECK(send(*tx, 1, 0) == 0);
  CHECK(send(*tx, 1, 65535) == code(error::too_old));
  CHECK(send(*tx, 1, 1) == 0);
}

TEST_CASE("the last SRTP index is 2^48 - 1") {
  auto tx = at(1, srtp::packet_index_end - 2);
  CHECK(send(tx, 1, 65534) == 0);
  CHECK(send(tx, 1, 65535) == 0);
  CHECK(send(tx, 1, 0) == code(error::key_exhausted));
  CHECK(send(tx, 1, 65535) == code(error::index_used));
  CHECK(tx.highest_index(srtp::ssrc(1))->value() == srtp::packet_index_end - 1);
  auto end = at(1, srtp::packet_index_end);
  CHECK(send(end, 1, 0) == code(error::key_exhausted));
  CHECK(send(end, 1, 65535) == code(error::index_used));
}

TEST_CASE("SRTCP indices run from 0 to 2^31 - 1, for each SSRC") {
  auto tx = srtp::sender::create(gcm.raw());
  const auto index = [](const octets& wire) { return sotto::core::load_be32(&wire[wire.size() - 4]); };
  for (std::uint32_t i = 0; i < 3; ++i) {
    CHECK(index(keys::protect_rtcp(*tx, keys::rtcp(1, 28))) == (0x80000000u | i));
    CHECK(index(keys::protect_rtcp(*tx, keys::rtcp(2, 28))) == (0x80000000u | i));
  }
  auto last = at(1, 0, srtp::srtcp_index_end - 1);
  CHECK(index(keys::protect_rtcp(last, keys::rtcp(1, 28))) == 0xffffffffu);
  CHECK(send_rtcp(last, 1) == code(error::key_exhausted));
  CHECK(send_rtcp(last, 2) == 0);
}

TEST_CASE("lifetimes count per key over all streams, SRTP and SRTCP apart") {
  auto tx = srtp::sender::create(gcm.raw(), {.lifetime = {.rtp_packets = 3, .rtcp_packets = 2}});
  CHECK(send(*tx, 1, 1) == 0);
  CHECK(send(*tx, 2, 1) == 0);
  CHECK(send(*tx, 2, 1) == code(error::index_used));
  CHECK(send(*tx, 1, 2) == 0);
  CHECK(send(*tx, 3, 1) == code(error::key_exhausted));
  CHECK(send_rtcp(*tx, 1) == 0);
  CHECK(send_rtcp(*tx, 2) == 0);
  CHECK(send_rtcp(*tx, 1) == code(error::key_exhausted));
  CHECK(tx->lifetime_left().rtp_packets == 0);
  CHECK(tx->lifetime_left().rtcp_packets == 0);
}

TEST_CASE("a sender that was moved from is exhausted") {
  auto a = srtp::sender::create(gcm.raw());
  CHECK(send(*a, 1, 1) == 0);
  auto b = std::move(*a);
  CHECK(send(*a, 1, 2) == code(error::key_exhausted));
  CHECK(send_rtcp(*a, 1) == code(error::key_exhausted));
  CHECK_FALSE(a->has_stream(srtp::ssrc(1)));
  CHECK(send(b, 1, 1) == code(error::index_used));
  CHECK(send(b, 1, 2) == 0);
}

TEST_CASE("a full table, removal, and an SSRC that must not return") {
  auto tx = srtp::sender_for<srtp::profile::aead_aes_128_gcm, 2>::create(gcm.raw());
  CHECK(send(*tx, 1, 1) == 0);
  CHECK(send_rtcp(*tx, 2) == 0);
  CHECK(send(*tx, 3, 1) == code(error::stream_table_full));
  CHECK(send_rtcp(*tx, 3) == code(error::stream_table_full));
  CHECK(code(tx->remove(srtp::ssrc(3))) == code(error::unknown_stream));
  CHECK(tx->remove(srtp::ssrc(1)).has_value());
  CHECK(tx->statistics().rtp_packets == 1);
  CHECK(send(*tx, 1, 2) == code(error::index_used));
  CHECK(send_rtcp(*tx, 1) == code(error::index_used));
  CHECK(send(*tx, 3, 1) == 0);
  std::uint32_t next = 3;
  int removed = 1;
  while (tx->remove(srtp::ssrc(next)).has_value()) {
    ++removed;
    CHECK(send(*tx, ++next, 1) == 0);
  }
  CHECK(removed == 16);
  CHECK(code(tx->remove(srtp::ssrc(next))) == code(error::key_exhausted));
  CHECK(tx->has_stream(srtp::ssrc(next)));
  // With a new key all SSRCs are free again.
  const keys::master other(srtp::profile::aead_aes_128_gcm, 0, 7);
  auto rekeyed = decltype(tx)::value_type::resume(other.raw(), std::move(*tx).export_state().rekeyed());
  REQUIRE(rekeyed.has_value());
  CHECK(rekeyed->remove(srtp::ssrc(next)).has_value());
  CHECK(send(*rekeyed, 1, 2) == 0);
}

TEST_CASE("state moves to another sender and takes everything along") {
  auto tx = srtp::sender::create(gcm.raw(), {.lifetime = {.rtp_packets = 5, .rtcp_packets = 5}});
  auto rx = srtp::receiver::create(gcm.raw());
  CHECK(keys::receive(*rx, keys::protect(*tx, keys::rtp(1, 65535, 9))) == 0);
  CHECK(keys::receive(*rx, keys::protect(*tx, keys::rtp(1, 0, 9))) == 0);
  CHECK(send_rtcp(*tx, 1) == 0);
  auto state = std::move(*tx).export_state();
  CHECK(send(*tx, 1, 1) == code(error::key_exhausted));
  CHECK(state.stream_count() == 1);
  CHECK(state.max_streams() == 16);

  const octets wrong(15);
  auto bad = gcm.raw();
  bad.key = wrong;
  CHECK_FALSE(srtp::sender::resume(bad, std::move(state)).has_value());
  CHECK(state.stream_count() == 1);

  auto next = srtp::sender::resume(gcm.raw(), std::move(state));
  REQUIRE(next.has_value());
  CHECK(next->lifetime_left().rtp_packets == 3);
  CHECK(send(*next, 1, 65535) == code(error::index_used));
  CHECK(keys::receive(*rx, keys::protect(*next, keys::rtp(1, 1, 9))) == 0);
  CHECK(rx->highest_index(srtp::ssrc(1))->value() == 0x10001);
  const octets report = keys::protect_rtcp(*next, keys::rtcp(1, 28));
  CHECK(sotto::core::load_be32(&report[report.size() - 4]) == 0x80000001u);

  // A new key keeps the ROC and the SRTCP index (RFC 3711 3.3.1, 3.4) and has its whole lifetime before it.
  const keys::master other(srtp::profile::aes_cm_128_hmac_sha1_80);
  auto rekeyed = srtp::sender::resume(other.raw(), std::move(*next).export_state().rekeyed());
  auto rekeyed_rx = srtp::receiver::resume(other.raw(), std::move(*rx).export_state().rekeyed());
  CHECK(rekeyed->lifetime_left().rtp_packets == srtp::packet_index_end);
  CHECK(keys::receive(*rekeyed_rx, keys::protect(*rekeyed, keys::rtp(1, 2, 9))) == 0);
  CHECK(rekeyed->highest_index(srtp::ssrc(1))->value() == 0x10002);
}

TEST_CASE("added streams have limits") {
  srtp::sender_state s;
  CHECK(code(s.add_stream(srtp::ssrc(1), srtp::packet_index(srtp::packet_index_end + 1))) ==
        code(error::invalid_argument));
  CHECK(code(s.add_stream(srtp::ssrc(1), srtp::packet_index(0), srtp::srtcp_index_end + 1)) ==
        code(error::invalid_argument));
  for (std::uint32_t i = 0; i < 16; ++i) CHECK(s.add_stream(srtp::ssrc(i), srtp::packet_index(0)).has_value());
  CHECK(code(s.add_stream(srtp::ssrc(1), srtp::packet_index(0))) == code(error::invalid_argument));
  CHECK(code(s.add_stream(srtp::ssrc(99), srtp::packet_index(0))) == code(error::stream_table_full));
}

TEST_CASE("a refused packet changes only counters and writes nothing") {
  for (const auto p : srtp::profiles) {
    const keys::master m(p, 4);
    auto tx = std::make_unique<srtp::sender>(*srtp::sender::create(m.raw()));
    CHECK(send(*tx, 1, 100) == 0);
    const octets before = keys::image(*tx);
    const octets packet = keys::rtp(1, 101, 40), report = keys::rtcp(1, 28);
    octets memory(400, 0xa5);
    const octets untouched = memory;
    const std::span<std::uint8_t> out(memory);
    INFO(srtp::name(p));

    const std::size_t rtp_wire = packet.size() + tx->rtp_overhead(), rtcp_wire = report.size() + tx->rtcp_overhead();
    for (const std::size_t n : {std::size_t{0}, std::size_t{11}, packet.size(), rtp_wire - 1})
      CHECK(code(tx->protect(packet, out.first(n))) == code(error::buffer_too_small));
    for (const std::size_t n : {std::size_t{0}, report.size(), rtcp_wire - 1})
      CHECK(code(tx->protect_rtcp(report, out.first(n))) == code(error::buffer_too_small));
    CHECK(memory == untouched);
    CHECK(code(tx->protect(out, memory.size() + 1)) == code(error::buffer_too_small));
    CHECK(code(tx->protect_rtcp(out, std::size_t(-1))) == code(error::buffer_too_small));
    CHECK(code(tx->protect(octets(11, 0x80), out)) == code(error::malformed_packet));
    CHECK(code(tx->protect_rtcp(octets(7, 0x80), out)) == code(error::malformed_packet));

    std::copy(packet.begin(), packet.end(), memory.begin() + 100);
    const octets with_packet = memory;
    const sotto::const_bytes in = std::span(memory).subspan(100, packet.size());
    for (std::size_t start = 0; start <= 100 + packet.size(); ++start) {
      if (start == 100 || start + rtp_wire <= 100 || start >= 100 + packet.size()) continue;
      CHECK(code(tx->protect(in, out.subspan(start, rtp_wire))) == code(error::overlapping_buffers));
    }
    CHECK(memory == with_packet);
    CHECK(tx->statistics().refused() != 0);
    CHECK(keys::image(*tx) == before);
    CHECK(tx->protect(in, out.subspan(100)).has_value());
  }
}

TEST_CASE("a thousand streams on the caller's slots") {
  using server = srtp::sender_for<srtp::profile::aead_aes_128_gcm, srtp::caller_supplied, 64>;
  std::vector<server::slot> slots(1000);
  auto tx = server::create(gcm.raw(), std::span(slots));
  REQUIRE(tx.has_value());
  CHECK(tx->max_streams() == 1000);
  for (std::uint16_t seq = 0; seq < 5; ++seq)
    for (std::uint32_t s = 0; s < 1000; ++s) REQUIRE(send(*tx, s * 0x10001, seq) == 0);
  CHECK(send(*tx, 1, 0) == code(error::stream_table_full));
  auto moved = std::move(*tx);
  CHECK(send(*tx, 0, 9) == code(error::key_exhausted));
  CHECK(send(moved, 0x10001, 4) == code(error::index_used));
  CHECK(send(moved, 0x10001, 5) == 0);
  auto resumed = server::resume(gcm.raw(), std::move(moved).export_state());
  REQUIRE(resumed.has_value());
  CHECK(send(*resumed, 0x10001, 5) == code(error::index_used));
  CHECK(resumed->stream_count() == 1000);
  CHECK(resumed->statistics().rtp_packets == 5001);
  CHECK(code(server::create(gcm.raw(), std::span<server::slot>())) == code(error::invalid_argument));
}

TEST_CASE("sizes, printed") {
  std::cout << "srtp sender: " << sizeof(srtp::sender_stream<1024>) << " bytes per stream ("
            << sizeof(srtp::sender::slot) << " with its slot), " << sizeof(srtp::sender)
            << " in all; receiver: " << sizeof(srtp::receiver_stream<1024>) << " (" << sizeof(srtp::receiver::slot)
            << "), " << sizeof(srtp::receiver) << "; AES-GCM key: " << sizeof(sotto::crypto::aes_gcm) << '\n';
  CHECK(sizeof(sotto::crypto::aes_gcm) <= 768);
  CHECK(sizeof(srtp::sender_stream<1024>) <= 192);
  CHECK(sizeof(srtp::receiver_stream<1024>) <= 320);
}
