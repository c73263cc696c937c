// SPDX-License-Identifier: BSL-1.0
// SRTP and SRTCP in the clear but authenticated, as SDES may agree (RFC 4568 6.3), and the E flag (RFC 3711 3.4).
#include <cstddef>
#include <cstdint>

#include "libsrtp2.hpp"
#include "support/catch.hpp"

using namespace interop;

TEST_CASE("unencrypted SRTP", "[interop]") {
  for (const auto p : common_profiles()) {
    // RFC 7714 has no such thing, and libsrtp encrypts nevertheless.
    if (srtp::is_aead(srtp::parameters(p).cipher)) continue;
    agreement a(p);
    a.encrypt_rtp = false;
    for (auto& d : both_ways(a)) {
      tally t(a.name(), d.way);
      for (std::uint16_t seq = 0; seq < 200; ++seq) {
        const octets rtp = varied_rtp(7, seq, seq, seq);
        const octets wire = t.send(d, rtp, seq);
        CHECK(octets(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(rtp.size())) == rtp);
      }
      t.finish("unencrypted SRTP packets");
    }
  }
}

TEST_CASE("unencrypted SRTCP", "[interop]") {
  for (const auto p : common_profiles()) {
    agreement a(p);
    a.encrypt_rtcp = false;
    for (auto& d : both_ways(a)) {
      tally t(a.name(), d.way);
      for (std::size_t n = 0; n < 200; ++n) {
        const octets rtcp = varied_rtcp(7, 8 + 4 * n, n);
        const octets wire = t.send_rtcp(d, rtcp, n);
        CHECK(octets(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(rtcp.size())) == rtcp);
        octets forged = wire;
        forged[n % rtcp.size()] ^= 1;
        CHECK(d.rx->unprotect_rtcp(forged).judged != verdict::accepted);
      }
      t.finish("unencrypted SRTCP packets");
    }
  }
}
