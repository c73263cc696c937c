// SPDX-License-Identifier: BSL-1.0
// What either end must refuse from the other: one flipped bit, a cut packet, the same packet again.
#include <cstddef>
#include <cstdint>
#include <functional>

#include "libsrtp2.hpp"
#include "support/catch.hpp"

using namespace interop;

namespace {

using receive = std::function<outcome(const octets&)>;

/// Every wire with one bit flipped, and every cut one, is refused; then the packet itself arrives, once.
void assault(const octets& wire, const octets& plain, const receive& rx, tally& t) {
  for (std::size_t bit = 0; bit < 8 * wire.size(); ++bit) {
    octets forged = wire;
    forged[bit / 8] = static_cast<std::uint8_t>(forged[bit / 8] ^ (1u << bit % 8));
    t.count(rx(forged).judged != verdict::accepted, "bit", bit);
  }
  for (std::size_t len = 0; len < wire.size(); ++len)
    t.count(rx(octets(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(len))).judged != verdict::accepted,
            "length", len);
  CHECK(rx(wire).packet == plain);
  for (int again = 0; again < 2; ++again) CHECK(rx(wire).judged == verdict::replayed);
}

void assault_both_ways(const agreement& a, const char* of) {
  // First in a stream that doesn't exist yet, then in one that does.
  for (auto& d : both_ways(a)) {
    tally t(a.name(), d.way);
    const auto rtp = [&d](const octets& w) { return d.rx->unprotect(w); };
    for (std::uint16_t seq = 100; seq < 102; ++seq) {
      const octets packet = varied_rtp(0xcafebabe, seq, 40, seq);
      assault(d.tx->protect(packet), packet, rtp, t);
    }
    t.finish(of);
  }
}

void assault_rtcp_both_ways(const agreement& a, const char* of) {
  for (auto& d : both_ways(a)) {
    tally t(a.name(), d.way);
    const auto rtcp = [&d](const octets& w) { return d.rx->unprotect_rtcp(w); };
    for (std::size_t n = 0; n < 2; ++n) {
      const octets packet = varied_rtcp(0xcafebabe, 52, n);
      assault(d.tx->protect_rtcp(packet), packet, rtcp, t);
    }
    t.finish(of);
  }
}

}  // namespace

TEST_CASE("damaged and repeated SRTP packets", "[interop]") {
  for (const auto p : common_profiles()) assault_both_ways(agreement(p), "damaged SRTP packets");
}

TEST_CASE("damaged and repeated SRTCP packets", "[interop]") {
  for (const auto p : common_profiles()) assault_rtcp_both_ways(agreement(p), "damaged SRTCP packets");
}

TEST_CASE("damaged and repeated SRTP packets with an MKI", "[interop]") {
  for (const auto p : common_profiles()) assault_both_ways(agreement(p, 4), "damaged SRTP packets with an MKI");
}

TEST_CASE("damaged and repeated SRTCP packets with an MKI", "[interop]") {
  for (const auto p : common_profiles()) {
    // Where the tags of SRTP and SRTCP differ, libsrtp may not find the MKI: see libsrtp2_master_keys.cpp.
    if (srtp::parameters(p).rtp_tag_len != srtp::parameters(p).rtcp_tag_len) continue;
    assault_rtcp_both_ways(agreement(p, 4), "damaged SRTCP packets with an MKI");
  }
}

TEST_CASE("packets of another master key", "[interop]") {
  for (const auto p : common_profiles()) {
    agreement other(p);
    other.masters = {keys::master(p, 0, 77)};
    auto ways = both_ways(agreement(p)), others = both_ways(other);
    for (std::size_t way = 0; way < ways.size(); ++way) {
      tally t(other.name(), ways[way].way);
      const auto refused = [&](const outcome& o, std::size_t n) { t.count(o.judged == verdict::refused, "packet", n); };
      for (std::uint16_t seq = 0; seq < 20; ++seq) {
        refused(others[way].rx->unprotect(ways[way].tx->protect(varied_rtp(1, seq, 60, seq))), seq);
        refused(others[way].rx->unprotect_rtcp(ways[way].tx->protect_rtcp(varied_rtcp(1, 60, seq))), seq);
      }
      t.finish("packets of another key refused");
    }
  }
}
