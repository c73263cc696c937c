// SPDX-License-Identifier: BSL-1.0
// What a forwarding server does to packets: numbers without gaps of its own making, new SSRCs and keys, payloads as
// they were.
#include "support/forwarding.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/rtp.hpp"

namespace srtp = sotto::srtp;
using octets = std::vector<std::uint8_t>;

namespace {

/// One who sends and receives through the server.
struct participant {
  srtp::keying up = examples::random_keying(srtp::profile::aead_aes_128_gcm);
  srtp::keying down = examples::random_keying(srtp::profile::aes_cm_128_hmac_sha1_80);
  srtp::sender tx = std::move(*srtp::sender::create(up));
  srtp::receiver rx = std::move(*srtp::receiver::create(down));

  octets send(std::uint32_t ssrc, std::uint16_t seq, const octets& payload) {
    octets packet(12);
    examples::write_rtp_header({true, 111, seq, 3000, ssrc}, std::span<std::uint8_t, 12>(packet.data(), 12));
    packet.insert(packet.end(), payload.begin(), payload.end());
    octets out(packet.size() + tx.rtp_overhead());
    REQUIRE(tx.protect(packet, out));
    return out;
  }
};

}  // namespace

TEST_CASE("numbers go on without gaps where packets are left out, also across the wrap") {
  for (const unsigned start : {0u, 7u, 65500u, 65535u}) {
    examples::sequence_rewriter numbers(2000);
    std::uint16_t expected = 2000;
    for (unsigned n = 0; n < 200000; ++n) {
      const auto in = static_cast<std::uint16_t>(start + n);
      if (n % 3 == 1 || (n > 500 && n < 900)) {
        numbers.skip(in);
        continue;
      }
      REQUIRE(numbers.forward(in) == expected);
      ++expected;
    }
  }
}

TEST_CASE("packets that the network lost stay a gap, and late ones fit into it") {
  examples::sequence_rewriter numbers(2000);
  CHECK(numbers.forward(100) == 2000);
  numbers.skip(101);
  CHECK(numbers.forward(104) == 2003);  // 102 and 103 are missing
  numbers.skip(105);
  CHECK(numbers.forward(103) == 2002);
  CHECK(numbers.forward(106) == 2004);
  CHECK(numbers.forward(102) == 2001);
  CHECK(numbers.forward(99) == 1999);
  CHECK(numbers.forward(101) == std::nullopt);  // was left out
  numbers.skip(107);
  CHECK(numbers.forward(109) == 2006);
  numbers.skip(108);  // too late to close the gap
  CHECK(numbers.forward(110) == 2007);
}

TEST_CASE("a packet older than 64 that were left out has no number any more") {
  for (const std::uint16_t left_out : {std::uint16_t{64}, std::uint16_t{65}}) {
    examples::sequence_rewriter numbers(2000);
    CHECK(numbers.forward(0) == 2000);
    CHECK(numbers.forward(2) == 2002);
    for (std::uint16_t n = 3; n < 3 + left_out; ++n) numbers.skip(n);
    CHECK(numbers.forward(static_cast<std::uint16_t>(3 + left_out)) == 2003);
    CHECK(numbers.forward(1) == (left_out == 64 ? std::optional<std::uint16_t>(2001) : std::nullopt));
  }
}

TEST_CASE("no number twice, whatever order packets come in and whatever is left out") {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    examples::sequence_rewriter numbers(2000);
    std::vector<std::uint16_t> order(3000);
    for (std::size_t n = 0; n < order.size(); ++n) order[n] = static_cast<std::uint16_t>(65000 + n);
    for (std::size_t n = 0; n + 40 < order.size(); ++n) std::swap(order[n], order[n + random() % 40]);
    std::set<std::uint16_t> used;
    std::size_t none = 0, forwarded = 0;
    for (const auto in : order) {
      if (random() % 4 == 0) {
        numbers.skip(in);
        continue;
      }
      ++forwarded;
      const auto out = numbers.forward(in);
      if (!out) {
        ++none;
        continue;
      }
      REQUIRE(used.insert(*out).second);
    }
    CHECK(none <= forwarded / 20);  // older than 64 that were left out
  }
}

TEST_CASE("each receiver gets the payload as it was, under SSRCs, numbers and keys of its own") {
  examples::forwarder server;
  std::vector<participant> all(4);
  for (const auto& p : all) server.join(p.up, p.down);
  std::map<std::size_t, std::uint16_t> last;
  std::set<octets> on_the_wire;
  std::size_t delivered = 0;
  for (std::uint16_t n = 0; n < 300; ++n) {
    const octets payload(40 + n % 7, static_cast<std::uint8_t>(n));
    octets sent = all[0].send(5, static_cast<std::uint16_t>(65400 + n), payload);
    const auto wanted = [n](std::size_t to, const srtp::rtp_view&) { return to != 3 || n % 2 == 0; };
    const auto done =
        server.forward(0, sent, wanted, [&](std::size_t to, sotto::const_bytes wire, const srtp::rtp_view&) {
          REQUIRE(to != 0);
          octets copy(wire.begin(), wire.end());
          REQUIRE(on_the_wire.insert(copy).second);
          const auto rtp = all[to].rx.unprotect(copy);
          REQUIRE(rtp);
          const auto packet = srtp::rtp_view::parse(*rtp);
          CHECK(octets(packet->payload().begin(), packet->payload().end()) == payload);
          CHECK(packet->ssrc().value() == server.to(to).ssrc_of(0, srtp::ssrc(5)));
          CHECK(packet->timestamp() == 3000);
          CHECK(packet->marker());
          const std::uint16_t seq = packet->sequence().value();
          if (last.count(to) != 0) CHECK(seq == static_cast<std::uint16_t>(last[to] + 1));
          last[to] = seq;
          ++delivered;
        });
    REQUIRE(done);
  }
  CHECK(delivered == 300 + 300 + 150);
}

TEST_CASE("streams beyond what one may have are dropped, and crowd out nobody else's") {
  examples::forwarder server;
  std::vector<participant> all(3);
  for (const auto& p : all) server.join(p.up, p.down);
  const auto everyone = [](std::size_t, const srtp::rtp_view&) { return true; };
  std::size_t delivered = 0;
  const auto count = [&](std::size_t, sotto::const_bytes, const srtp::rtp_view&) { ++delivered; };
  for (std::uint32_t ssrc = 1; ssrc <= 16; ++ssrc) {
    octets sent = all[0].send(ssrc, 1, {1});
    REQUIRE(server.forward(0, sent, everyone, count));
  }
  CHECK(delivered == 2 * examples::hop::max_streams_from_one);
  CHECK(server.dropped() == 2 * (16 - examples::hop::max_streams_from_one));
  CHECK_FALSE(server.to(1).ssrc_of(0, srtp::ssrc(16)));
  octets other = all[1].send(1, 1, {1}), first = all[0].send(1, 2, {1});
  REQUIRE(server.forward(1, other, everyone, count));
  REQUIRE(server.forward(0, first, everyone, count));
  CHECK(delivered == 2 * examples::hop::max_streams_from_one + 4);
}

TEST_CASE("a packet that can't be protected for one hop is dropped there") {
  examples::forwarder server;
  std::vector<participant> all(3);
  server.join(all[0].up, all[0].down);
  server.join(all[1].up, all[1].down, {.length_hiding = srtp::length_hiding::constant(100)});
  server.join(all[2].up, all[2].down);
  std::set<std::size_t> got;
  const auto everyone = [](std::size_t, const srtp::rtp_view&) { return true; };
  const auto note = [&](std::size_t to, sotto::const_bytes, const srtp::rtp_view&) { got.insert(to); };
  octets sent = all[0].send(1, 1, octets(100));
  REQUIRE(server.forward(0, sent, everyone, note));
  CHECK(got == std::set<std::size_t>{2});
  CHECK(server.dropped() == 1);
}

TEST_CASE("two participants' equal SSRCs are told apart, forged packets go nowhere, and who left gets nothing") {
  examples::forwarder server;
  std::vector<participant> all(3);
  for (const auto& p : all) server.join(p.up, p.down);
  const auto everyone = [](std::size_t, const srtp::rtp_view&) { return true; };
  std::set<std::size_t> got;
  const auto note = [&](std::size_t to, sotto::const_bytes, const srtp::rtp_view&) { got.insert(to); };

  octets a = all[0].send(9, 1, {1}), b = all[1].send(9, 1, {2});
  REQUIRE(server.forward(0, a, everyone, note));
  REQUIRE(server.forward(1, b, everyone, note));
  CHECK(got == std::set<std::size_t>{0, 1, 2});
  CHECK(server.to(2).ssrc_of(0, srtp::ssrc(9)) != server.to(2).ssrc_of(1, srtp::ssrc(9)));

  got.clear();
  octets forged = all[0].send(9, 2, {3});
  forged.back() ^= 1;
  const auto refused = server.forward(0, forged, everyone, note);
  REQUIRE(!refused);
  CHECK(refused.error() == sotto::error::authentication_failed);
  forged.back() ^= 1;
  const octets again = forged;
  REQUIRE(server.forward(0, forged, everyone, note));
  octets replayed = again;
  CHECK(server.forward(0, replayed, everyone, note).error() == sotto::error::replayed);
  CHECK(got == std::set<std::size_t>{1, 2});

  got.clear();
  server.leave(1);
  octets after = all[0].send(9, 3, {4});
  REQUIRE(server.forward(0, after, everyone, note));
  CHECK(got == std::set<std::size_t>{2});
}
