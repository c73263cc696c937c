// SPDX-License-Identifier: BSL-1.0
// The receiver: nothing changes before a packet authenticates, nothing is accepted twice, and every refusal has a name.
#include "sotto/srtp/receiver.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "keys.hpp"
#include "sotto/srtp/sender.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/guard_pages.hpp"
#include "support/pattern.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

/// A sender and a receiver of one key; the receiver stands where its memory can be compared.
struct pair {
  keys::master m;
  std::unique_ptr<srtp::sender> tx;
  std::unique_ptr<srtp::receiver> rx;
  explicit pair(srtp::profile p, std::size_t mki_len = 0, const srtp::sender_options& o = {})
      : m(p, mki_len),
        tx(std::make_unique<srtp::sender>(*srtp::sender::create(m.raw(), o))),
        rx(std::make_unique<srtp::receiver>(*srtp::receiver::create(m.raw()))) {}
  octets wire(std::uint32_t ssrc, std::uint16_t seq, std::size_t len = 20) {
    return keys::protect(*tx, keys::rtp(ssrc, seq, len));
  }
  int receive(const octets& packet) { return keys::receive(*rx, packet); }
  int receive_rtcp(const octets& packet) { return keys::receive_rtcp(*rx, packet); }
};

}  // namespace

TEST_CASE("every bit flip is refused, and the packet and the receiver stay as they were") {
  for (const auto p : srtp::profiles) {
    pair x(p, 2);
    REQUIRE(x.receive(x.wire(1, 10)) == 0);
    REQUIRE(x.receive_rtcp(keys::protect_rtcp(*x.tx, keys::rtcp(1, 12))) == 0);
    INFO(srtp::name(p));
    const octets good = x.wire(1, 11), good_rtcp = keys::protect_rtcp(*x.tx, keys::rtcp(1, 12));
    const octets before = keys::image(*x.rx);
    std::set<int> causes;
    for (const bool control : {false, true}) {
      const octets& packet = control ? good_rtcp : good;
      for (std::size_t bit = 0; bit < 8 * packet.size(); ++bit) {
        octets altered = packet;
        altered[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
        const octets sent = altered;
        const auto got = control ? x.rx->unprotect_rtcp(altered) : x.rx->unprotect(altered);
        REQUIRE_FALSE(got.has_value());
        REQUIRE(altered == sent);
        octets out(packet.size(), 0xa5);
        const octets untouched = out;
        const auto elsewhere = control ? x.rx->unprotect_rtcp(sent, out) : x.rx->unprotect(sent, out);
        REQUIRE_FALSE(elsewhere.has_value());
        REQUIRE(out == untouched);
        causes.insert(code(got));
      }
    }
    CHECK(x.rx->statistics().refused() == 2 * 8 * (good.size() + good_rtcp.size()));
    // Which cause a flip has depends on the field: version, MKI, sequence number or SRTCP index, and all others.
    CHECK(causes.count(code(error::malformed_packet)) == 1);
    CHECK(causes.count(code(error::unknown_mki)) == 1);
    CHECK(causes.count(code(error::authentication_failed)) == 1);
    REQUIRE(keys::image(*x.rx) == before);
    CHECK(x.receive(good) == 0);
    CHECK(x.receive_rtcp(good_rtcp) == 0);
  }
}

TEST_CASE("random bytes of every length, at a page's end") {
  support::guard_pages memory(4096);
  support::pattern random(5);
  for (const auto p : srtp::profiles) {
    pair x(p, 4);
    REQUIRE(x.receive(x.wire(1, 10)) == 0);
    const octets before = keys::image(*x.rx);
    for (std::size_t len = 0; len <= 64; ++len)
      for (int n = 0; n < (support::full_grid() ? 50 : 5); ++n) {
        octets packet = random.bytes(len);
        if (n % 2 == 0 && len != 0) packet[0] = static_cast<std::uint8_t>(0x80 | (packet[0] & 0x3f));
        if (n % 4 == 0 && len > 4 + 16) std::copy_n(x.m.mki.begin(), 4, packet.end() - (n % 8 == 0 ? 4 : 14));
        std::uint8_t* at = memory.place(support::edge::end, packet);
        REQUIRE_FALSE(x.rx->unprotect(sotto::mutable_bytes(at, len)).has_value());
        REQUIRE_FALSE(x.rx->unprotect_rtcp(sotto::mutable_bytes(at, len)).has_value());
        REQUIRE((len == 0 || std::memcmp(at, packet.data(), len) == 0));
      }
    REQUIRE(keys::image(*x.rx) == before);
  }
}

TEST_CASE("every truncation is refused by name") {
  for (const auto p : srtp::profiles)
    for (const std::size_t mki_len : {0u, 4u, 128u}) {
      pair x(p, mki_len);
      const octets wire = x.wire(1, 10, 40), report = keys::protect_rtcp(*x.tx, keys::rtcp(1, 28));
      for (std::size_t len = 0; len < wire.size(); ++len) {
        const int e = x.receive(octets(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(len)));
        if (len < 12 + x.rx->rtp_overhead())
          REQUIRE(e == code(error::malformed_packet));
        else
          REQUIRE((e == code(error::authentication_failed) || e == code(error::unknown_mki)));
      }
      for (std::size_t len = 0; len < report.size(); ++len) {
        const int e = x.receive_rtcp(octets(report.begin(), report.begin() + static_cast<std::ptrdiff_t>(len)));
        if (len < 8 + x.rx->rtcp_overhead())
          REQUIRE(e == code(error::malformed_packet));
        else
          REQUIRE((e == code(error::authentication_failed) || e == code(error::unknown_mki)));
      }
      CHECK(x.rx->stream_count() == 0);
      CHECK(x.receive(wire) == 0);
      CHECK(x.receive_rtcp(report) == 0);
    }
}

TEST_CASE("headers that reach into the trailer are malformed") {
  pair x(srtp::profile::aead_aes_128_gcm, 4);
  octets wire = x.wire(1, 10, 0);
  wire[0] = 0x8f;  // 15 CSRCs where the tag is
  CHECK(x.receive(wire) == code(error::malformed_packet));
  wire[0] = 0x90;  // an extension there
  CHECK(x.receive(wire) == code(error::malformed_packet));
}

TEST_CASE("replays, SRTP and SRTCP, for each SSRC") {
  for (const auto p : {srtp::profile::aead_aes_256_gcm, srtp::profile::aes_cm_128_hmac_sha1_32}) {
    pair x(p);
    std::vector<octets> packets, reports;
    for (std::uint16_t seq = 65000; packets.size() < 3000; ++seq) {
      packets.push_back(x.wire(1, seq, 4));
      reports.push_back(keys::protect_rtcp(*x.tx, keys::rtcp(1, 12)));
    }
    CHECK(x.receive(packets[0]) == 0);
    CHECK(x.receive(packets[0]) == code(error::replayed));
    CHECK(x.receive(packets[2000]) == 0);
    CHECK(x.receive(packets[2000 - 1023]) == 0);
    CHECK(x.receive(packets[2000 - 1023]) == code(error::replayed));
    CHECK(x.receive(packets[2000 - 1024]) == code(error::too_old));
    CHECK(x.receive(packets[0]) == code(error::too_old));
    CHECK(x.receive_rtcp(reports[2999]) == 0);
    CHECK(x.receive_rtcp(reports[2999]) == code(error::replayed));
    CHECK(x.receive_rtcp(reports[2999 - 1023]) == 0);
    CHECK(x.receive_rtcp(reports[2999 - 1024]) == code(error::too_old));
    CHECK(x.receive(x.wire(2, 65000)) == 0);
    CHECK(x.receive(packets[2999]) == 0);
    CHECK(x.rx->statistics(srtp::ssrc(1))->replayed == 3);
    CHECK(x.rx->statistics(srtp::ssrc(1))->too_old == 3);
    CHECK(x.rx->statistics(srtp::ssrc(2))->replayed == 0);
    CHECK(code(x.rx->statistics(srtp::ssrc(3))) == code(error::unknown_stream));
  }
}

TEST_CASE("the ROC moves only with authentic packets") {
  pair x(srtp::profile::aes_cm_128_hmac_sha1_80);
  CHECK(x.receive(x.wire(1, 65535)) == 0);
  const octets wrapped = x.wire(1, 0);
  octets forged = wrapped;
  forged[2] = 0x40;  // far ahead, in the next round
  CHECK(x.receive(forged) == code(error::authentication_failed));
  CHECK(x.rx->highest_index(srtp::ssrc(1))->value() == 65535);
  CHECK(x.receive(wrapped) == 0);
  CHECK(srtp::rollover_of(*x.rx->highest_index(srtp::ssrc(1))) == srtp::rollover_counter(1));
}

TEST_CASE("nothing comes before ROC 0, and nothing after ROC 2^32 - 1") {
  pair x(srtp::profile::aead_aes_128_gcm);
  octets late = x.wire(1, 65535);
  octets first = x.wire(2, 2);
  CHECK(x.receive(x.wire(1, 0)) == 0);  // ROC 1, which the receiver tries after ROC 0
  CHECK(x.receive(first) == 0);
  sotto::core::store_be32(&late[8], 2);
  CHECK(x.receive(late) == code(error::too_old));

  srtp::receiver_state rs;
  srtp::sender_state ss;
  const auto next = srtp::packet_index(srtp::packet_index_end - 1);
  REQUIRE(rs.add_stream(srtp::ssrc(1), next).has_value());
  REQUIRE(ss.add_stream(srtp::ssrc(1), next).has_value());
  auto tx = srtp::sender::resume(x.m.raw(), std::move(ss));
  auto rx = srtp::receiver::resume(x.m.raw(), std::move(rs));
  octets last = keys::protect(*tx, keys::rtp(1, 65535, 20));
  CHECK(keys::receive(*rx, last) == 0);
  octets beyond = keys::rtp(1, 0, 40);
  CHECK(code(rx->unprotect(beyond)) == code(error::key_exhausted));
}

TEST_CASE("forged SSRCs occupy nothing, and a full table says so") {
  pair x(srtp::profile::aead_aes_128_gcm);
  support::pattern random(3);
  const octets before = keys::image(*x.rx);
  for (int n = 0; n < 10000; ++n) {
    octets packet = random.bytes(60);
    packet[0] = 0x80;
    REQUIRE(x.receive(packet) == code(error::authentication_failed));
    REQUIRE(x.receive_rtcp(packet) == code(error::authentication_failed));
  }
  CHECK(x.rx->statistics().refused(error::authentication_failed) == 20000);
  REQUIRE(keys::image(*x.rx) == before);

  for (std::uint32_t s = 0; s < 16; ++s) CHECK(x.receive(x.wire(s, 1)) == 0);
  auto extra = srtp::sender::create(x.m.raw());
  octets one_more = keys::protect(*extra, keys::rtp(99, 1, 20));
  const octets report = keys::protect_rtcp(*extra, keys::rtcp(99, 28));
  const octets full = keys::image(*x.rx), sent = one_more;
  CHECK(code(x.rx->unprotect(one_more)) == code(error::stream_table_full));
  CHECK(one_more == sent);
  CHECK(x.receive_rtcp(report) == code(error::stream_table_full));
  CHECK(keys::image(*x.rx) == full);
  CHECK(code(x.rx->remove(srtp::ssrc(99))) == code(error::unknown_stream));
  CHECK(x.rx->remove(srtp::ssrc(7)).has_value());
  CHECK(x.receive_rtcp(report) == 0);
  CHECK(x.receive(one_more) == 0);
  CHECK(x.rx->stream_count() == 16);
  for (std::uint32_t s = 0; s < 16; ++s)
    if (s != 7) CHECK(x.receive(x.wire(s, 2)) == 0);
}

TEST_CASE("room and overlap are checked before anything is written") {
  for (const auto p : srtp::profiles) {
    pair x(p, 4);
    const octets wire = x.wire(1, 10, 40), report = keys::protect_rtcp(*x.tx, keys::rtcp(1, 28));
    const std::size_t plain = wire.size() - x.rx->rtp_overhead();
    const octets before = keys::image(*x.rx);
    octets memory(400, 0xa5);
    const std::span<std::uint8_t> out(memory);
    for (const std::size_t n : {std::size_t{0}, plain - 1})
      CHECK(code(x.rx->unprotect(wire, out.first(n))) == code(error::buffer_too_small));
    CHECK(code(x.rx->unprotect_rtcp(report, out.first(27))) == code(error::buffer_too_small));
    CHECK(memory == octets(400, 0xa5));
    std::copy(wire.begin(), wire.end(), memory.begin() + 100);
    const sotto::const_bytes in = std::span(memory).subspan(100, wire.size());
    for (std::size_t start = 0; start < 100 + wire.size(); ++start) {
      if (start == 100 || start + plain <= 100) continue;
      CHECK(code(x.rx->unprotect(in, out.subspan(start, plain))) == code(error::overlapping_buffers));
    }
    CHECK(keys::image(*x.rx) == before);
    CHECK(x.rx->unprotect(in, out.subspan(100, plain)).has_value());
    CHECK(x.rx->unprotect_rtcp(report, out.first(28)).has_value());
  }
}

TEST_CASE("another key's packets and another profile's packets fail") {
  for (const auto p : srtp::profiles) {
    pair x(p);
    const keys::master other(p, 0, 99);
    auto rx = srtp::receiver::create(other.raw());
    octets wire = x.wire(1, 1);
    CHECK(code(rx->unprotect(wire)) == code(error::authentication_failed));
    CHECK(x.receive(wire) == 0);
  }
}

TEST_CASE("both values of the E flag are accepted, and it can't be flipped") {
  for (const auto p : {srtp::profile::aead_aes_128_gcm, srtp::profile::aead_chacha20_poly1305,
                       srtp::profile::aes_256_cm_hmac_sha1_80}) {
    pair clear(p, 0, {.srtcp_encryption = false}), secret(p);
    const octets report = keys::rtcp(1, 28);
    const octets a = keys::protect_rtcp(*clear.tx, report), b = keys::protect_rtcp(*secret.tx, report);
    CHECK(std::equal(report.begin(), report.end(), a.begin()));
    CHECK_FALSE(std::equal(report.begin(), report.end(), b.begin()));
    const std::size_t word = srtp::is_aead(srtp::parameters(p).cipher) ? 28 + 16 : 28;
    for (octets packet : {a, b}) {
      packet[word] ^= 0x80;
      CHECK(clear.receive_rtcp(packet) == code(error::authentication_failed));
    }
    CHECK(clear.receive_rtcp(a) == 0);
    CHECK(secret.receive_rtcp(b) == 0);
  }
}

TEST_CASE("lifetimes and moves end a receiver too") {
  pair x(srtp::profile::aead_aes_128_gcm);
  auto rx = srtp::receiver::create(x.m.raw(), {.lifetime = {.rtp_packets = 1, .rtcp_packets = 1}});
  octets a = x.wire(1, 1), b = x.wire(1, 2), c = keys::protect_rtcp(*x.tx, keys::rtcp(1, 28)), d = c;
  CHECK(rx->unprotect(a).has_value());
  CHECK(code(rx->unprotect(b)) == code(error::key_exhausted));
  CHECK(rx->unprotect_rtcp(c).has_value());
  CHECK(code(rx->unprotect_rtcp(d)) == code(error::key_exhausted));

  auto moved = std::move(*x.rx);
  CHECK(x.receive(b) == code(error::key_exhausted));
  CHECK(code(moved.unprotect(b)) == 0);
  auto resumed = srtp::receiver::resume(x.m.raw(), std::move(moved).export_state());
  octets again = keys::protect(*x.tx, keys::rtp(1, 3, 5));
  CHECK(keys::receive(*resumed, again) == 0);
  CHECK(code(resumed->unprotect(again)) == code(error::replayed));
}

TEST_CASE("loss, reordering, duplication, forgery and wraps against plain 64-bit indices") {
  pair x(srtp::profile::aead_aes_128_gcm);
  support::pattern random(11);
  std::map<std::uint32_t, std::set<std::uint64_t>> accepted;
  std::map<std::uint32_t, std::uint64_t> sent;
  std::vector<std::pair<std::uint64_t, octets>> flight;
  const int steps = support::full_grid() ? 60000 : 6000;
  for (int n = 0; n < steps; ++n) {
    const auto s = static_cast<std::uint32_t>(random.below(2));
    // Losses of up to 3000 packets, so that the sequence number wraps often, but never 2^15 in a row.
    const std::uint64_t i = sent[s] += 1 + (random.below(20) == 0 ? random.below(3000) : 0);
    flight.emplace_back(i << 1 | s, x.wire(s, static_cast<std::uint16_t>(i), 3));
    while (flight.size() > 8) {
      const std::size_t pick = random.below(flight.size());
      const std::uint64_t index = flight[pick].first >> 1;
      const auto source = static_cast<std::uint32_t>(flight[pick].first & 1);
      octets packet = flight[pick].second;
      const auto& seen = accepted[source];
      const bool old = !seen.empty() && index + 1024 <= *seen.rbegin();
      if (random.below(10) == 0) {
        octets forged = packet;
        forged[random.below(forged.size())] ^= 0x10;
        REQUIRE(x.receive(forged) != 0);
        continue;
      }
      const int expected = old ? code(error::too_old) : seen.count(index) != 0 ? code(error::replayed) : 0;
      const int got = code(x.rx->unprotect(packet));
      if (old && *seen.rbegin() - index >= 0x8000)
        REQUIRE(got != 0);  // so late that the estimate takes it for a packet of the next round
      else
        REQUIRE(got == expected);
      if (expected == 0) accepted[source].insert(index);
      if (random.below(5) != 0) flight.erase(flight.begin() + static_cast<std::ptrdiff_t>(pick));
    }
  }
  for (const auto& [source, seen] : accepted) {
    CHECK(x.rx->highest_index(srtp::ssrc(source))->value() == *seen.rbegin());
    CHECK(*seen.rbegin() > 0x20000);
  }
}

TEST_CASE("receivers of one profile on the caller's slots") {
  pair x(srtp::profile::aes_cm_128_hmac_sha1_80);
  using server = srtp::receiver_for<srtp::profile::aes_cm_128_hmac_sha1_80, srtp::caller_supplied, 64>;
  std::vector<server::slot> slots(3);
  auto rx = server::create(x.m.raw(), std::span(slots));
  REQUIRE(rx.has_value());
  for (std::uint32_t s = 0; s < 4; ++s) {
    octets wire = x.wire(s, 1);
    CHECK(code(rx->unprotect(wire)) == (s < 3 ? 0 : code(error::stream_table_full)));
  }
  CHECK(rx->remove(srtp::ssrc(1)).has_value());
  octets wire = x.wire(3, 2);
  CHECK(rx->unprotect(wire).has_value());
}
