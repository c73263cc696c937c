// SPDX-License-Identifier: BSL-1.0
// MKIs: two master keys that take turns in running streams.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "libsrtp2.hpp"
#include "support/catch.hpp"

using namespace interop;

namespace {

/// Up to 2.6, libsrtp looks for the MKI of an SRTCP packet where it would be if its tag had SRTP's length (its pull
/// requests 733 and 737), so it doesn't find it in the _32 profiles, not even its own. What Sotto sends it there is
/// still compared on the wire.
bool libsrtp_finds_the_mki_of_srtcp(const agreement& a) {
  const octets rtcp = varied_rtcp(5, 60, 0);
  return libsrtp_receiver(a)->unprotect_rtcp(libsrtp_sender(a)->protect_rtcp(rtcp)).packet == rtcp;
}

/// 25 packets with the first key, 25 with the second, which becomes known only then, and 10 with the first again. Five
/// packets of the first key arrive after the switch.
template <class Protect, class Unprotect, class Packet>
void take_turns(direction& d, tally& t, Protect&& protect, Unprotect&& unprotect, Packet&& packet) {
  std::vector<std::size_t> late;
  std::vector<octets> late_wires;
  const auto send = [&](std::size_t from, std::size_t to) {
    for (std::size_t n = from; n < to; ++n) t.count(unprotect(protect(packet(n))).packet == packet(n), "packet", n);
  };
  send(0, 20);
  for (std::size_t n = 20; n < 25; ++n) late_wires.push_back(protect(packet(n)));
  CHECK((d.tx->add_key(1) && d.rx->add_key(1) && d.tx->use_key(1)));
  send(25, 50);
  for (std::size_t n = 20; n < 25; ++n) t.count(unprotect(late_wires[n - 20]).packet == packet(n), "packet", n);
  CHECK(d.tx->use_key(0));
  send(50, 60);
  for (const octets& w : late_wires) CHECK(unprotect(w).judged == verdict::replayed);
}

octets rtp_number(std::size_t n) { return varied_rtp(9, static_cast<std::uint16_t>(65510 + n), 10 * n, n); }
octets rtcp_number(std::size_t n) { return varied_rtcp(9, 8 + 4 * n, n); }

void take_turns_in_srtp(direction& d, const agreement& a) {
  tally t(a.name(), d.way);
  take_turns(
      d, t, [&d](const octets& p) { return d.tx->protect(p); }, [&d](const octets& w) { return d.rx->unprotect(w); },
      rtp_number);
  t.finish("SRTP packets under two master keys");
}

void take_turns_in_srtcp(direction& d, const agreement& a) {
  tally t(a.name(), d.way);
  take_turns(
      d, t, [&d](const octets& p) { return d.tx->protect_rtcp(p); },
      [&d](const octets& w) { return d.rx->unprotect_rtcp(w); }, rtcp_number);
  t.finish("SRTCP packets under two master keys");
}

}  // namespace

TEST_CASE("two master keys take turns in SRTP", "[interop]") {
  for (const auto p : common_profiles())
    for (const std::size_t mki_len : {1u, 4u, 128u}) {
      const agreement a(p, mki_len);
      for (auto& d : both_ways(a)) take_turns_in_srtp(d, a);
    }
}

TEST_CASE("two master keys take turns in SRTCP", "[interop]") {
  for (const auto p : common_profiles()) {
    const bool found = libsrtp_finds_the_mki_of_srtcp(agreement(p, 4));
    if (!found) {
      REQUIRE(srtp::parameters(p).rtp_tag_len != srtp::parameters(p).rtcp_tag_len);
      std::printf("SKIPPED: %s, Sotto to libsrtp: SRTCP with an MKI, where this libsrtp doesn't find its own either\n",
                  agreement(p).name().c_str());
    }
    for (const std::size_t mki_len : {1u, 4u, 128u}) {
      const agreement a(p, mki_len);
      auto ways = both_ways(a);
      take_turns_in_srtcp(ways[0], a);
      if (found) take_turns_in_srtcp(ways[1], a);
    }
  }
}

TEST_CASE("packets with MKIs are the same on the wire", "[interop]") {
  for (const auto p : common_profiles()) {
    const agreement a(p, 4);
    auto ways = both_ways(a);
    tally t(a.name(), "both ways");
    ways[1].tx->protect_rtcp(rtcp_number(0));  // Sotto's SRTCP indices start at 0, libsrtp's at 1.
    REQUIRE(ways[1].tx->add_key(1));
    for (std::size_t n = 0; n < 60; ++n) {
      for (auto& d : ways) REQUIRE(d.tx->use_key(n % 2));
      t.count(ways[0].tx->protect(rtp_number(n)) == ways[1].tx->protect(rtp_number(n)), "packet", n);
      t.count(ways[0].tx->protect_rtcp(rtcp_number(n)) == ways[1].tx->protect_rtcp(rtcp_number(n)), "packet", n);
    }
    t.finish("packets with MKIs compared on the wire");
  }
}
