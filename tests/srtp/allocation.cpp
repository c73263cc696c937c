// SPDX-License-Identifier: BSL-1.0
// Nothing in this floor allocates: neither keying, nor any packet, nor any refusal, nor moving state.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "keys.hpp"
#include "sotto/srtp.hpp"
#include "support/allocation_trap.hpp"
#include "support/catch.hpp"

namespace srtp = sotto::srtp;

TEST_CASE("no allocation from keying to exported state") {
  for (const auto p : srtp::profiles) {
    const keys::master m(p, 4);
    const keys::octets rtp = keys::rtp(1, 65535, 160), rtcp = keys::rtcp(1, 28);
    std::array<std::uint8_t, 400> buffer{};
    const std::span<std::uint8_t> out(buffer);
    bool right = true;

    support::allocation_trap trap;
    auto tx = srtp::sender::create(m.raw());
    auto rx = srtp::receiver::create(m.raw());
    const auto wire = tx->protect(rtp, out);
    right = right && wire.has_value() && !tx->protect(rtp, out).has_value() && rx->unprotect(*wire).has_value();
    const auto report = tx->protect_rtcp(rtcp, out);
    right = right && report.has_value();
    buffer[9] ^= 1;
    right = right && !rx->unprotect_rtcp(*report).has_value();
    buffer[9] ^= 1;
    right = right && rx->unprotect_rtcp(*report).has_value() && rx->remove(srtp::ssrc(1)).has_value();
    auto next = srtp::sender::resume(m.raw(), std::move(*tx).export_state());
    right = right && next.has_value() && next->statistics().rtp_packets == 1;
    const std::size_t allocations = trap.count();

    INFO(srtp::name(p));
    CHECK(right);
    CHECK(allocations == 0);
  }
}
