// SPDX-License-Identifier: BSL-1.0
// Every profile that libsrtp and Sotto both know, both ways: the same packets on the wire, and the packets back.
#include <array>
#include <cstddef>
#include <cstdint>

#include "libsrtp2.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"

using namespace interop;

namespace {

constexpr std::array<std::uint32_t, 5> sources = {0, 1, 0x7fffffff, 0xcafebabe, 0xffffffff};

/// Five streams, one of which wraps its sequence number.
octets rtp_number(std::size_t n, std::size_t payload_len) {
  const std::size_t s = n % sources.size();
  const auto seq = static_cast<std::uint16_t>(n / sources.size() + (s == 3 ? 65500 : 1000 * s));
  return varied_rtp(sources[s], seq, payload_len, n);
}

}  // namespace

TEST_CASE("SRTP packets of all lengths", "[interop]") {
  for (const auto p : common_profiles()) {
    const agreement a(p);
    auto ways = both_ways(a);
    tally libsrtp_sends(a.name(), ways[0].way), sotto_sends(a.name(), ways[1].way), wires(a.name(), "both ways");
    std::size_t n = 0;
    for (const std::size_t len : support::lengths_to(1400)) {
      const octets rtp = rtp_number(n, len);
      const octets theirs = libsrtp_sends.send(ways[0], rtp, n);
      const octets ours = sotto_sends.send(ways[1], rtp, n);
      wires.count(theirs == ours, "packet", n);
      ++n;
    }
    libsrtp_sends.finish("SRTP packets of 0 to 1400 bytes");
    sotto_sends.finish("SRTP packets of 0 to 1400 bytes");
    wires.finish("SRTP packets compared on the wire");
  }
}

TEST_CASE("SRTCP packets of all lengths", "[interop]") {
  for (const auto p : common_profiles()) {
    const agreement a(p);
    auto ways = both_ways(a);
    tally libsrtp_sends(a.name(), ways[0].way), sotto_sends(a.name(), ways[1].way), wires(a.name(), "both ways");
    // Sotto's SRTCP indices start at 0, libsrtp's at 1.
    for (const std::uint32_t ssrc : sources) sotto_sends.send_rtcp(ways[1], varied_rtcp(ssrc, 28, 0), 0);
    std::size_t n = 0;
    for (std::size_t len = 8; len <= 1400; len += 4, ++n) {
      const octets rtcp = varied_rtcp(sources[n % sources.size()], len, n);
      const octets theirs = libsrtp_sends.send_rtcp(ways[0], rtcp, n);
      const octets ours = sotto_sends.send_rtcp(ways[1], rtcp, n);
      wires.count(theirs == ours, "packet", n);
    }
    libsrtp_sends.finish("SRTCP packets of 8 to 1400 bytes");
    sotto_sends.finish("SRTCP packets of 8 to 1400 bytes");
    wires.finish("SRTCP packets compared on the wire");
  }
}
