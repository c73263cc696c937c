// SPDX-License-Identifier: BSL-1.0
// Long streams over a network that loses, repeats and reorders packets: every packet that survives is delivered once.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "libsrtp2.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/pattern.hpp"

using namespace interop;

namespace {

constexpr std::uint32_t source = 0x5eed5eed;
constexpr std::size_t max_delay = 30;

/// What became of a stream's packets.
struct counts {
  std::size_t sent = 0, refused_by_sender = 0, lost = 0, duplicated = 0;
  std::size_t delivered = 0, overtaken = 0, delivered_wrong = 0, repeats_refused = 0, refused = 0;
};

/// A network of seeded chances: 5 % of the packets are lost, 2 % arrive twice, each up to 29 packets late.
class network {
 public:
  explicit network(std::uint64_t seed) : random_(seed) {}

  /// Sends a packet, then hands over all that arrive now: deliver(number, wire, whether it arrived before).
  template <class Deliver>
  void step(std::size_t n, octets wire, counts& c, Deliver&& deliver) {
    slot& s = slots_[n % slots];
    s = {std::move(wire), false};
    if (random_.below(100) < 5) {
      ++c.lost;
    } else {
      post(n);
      if (random_.below(100) < 2) {
        ++c.duplicated;
        post(n);
      }
    }
    arrive(n, deliver);
  }
  /// Delivers what is still under way behind packet n - 1.
  template <class Deliver>
  void drain(std::size_t n, Deliver&& deliver) {
    for (std::size_t later = 0; later < max_delay; ++later) arrive(n + later, deliver);
  }

 private:
  static constexpr std::size_t slots = 64;
  static_assert(slots > 2 * max_delay);
  struct slot {
    octets wire;
    bool arrived;
  };

  void post(std::size_t n) { due_[(n + random_.below(max_delay)) % slots].push_back(n); }
  template <class Deliver>
  void arrive(std::size_t now, Deliver&& deliver) {
    for (const std::size_t n : due_[now % slots]) {
      slot& s = slots_[n % slots];
      deliver(n, s.wire, s.arrived);
      s.arrived = true;
    }
    due_[now % slots].clear();
  }

  support::pattern random_;
  std::array<slot, slots> slots_;
  std::array<std::vector<std::size_t>, slots> due_;
};

octets rtp_number(std::size_t n, std::uint16_t first) {
  return varied_rtp(source, static_cast<std::uint16_t>(first + n), 20 + n * 7 % 141, n % 997);
}
octets rtcp_number(std::size_t n) { return varied_rtcp(source, 28 + 4 * (n % 30), n); }

template <class Packet, class Protect, class Unprotect>
counts run(std::size_t packets, std::uint64_t seed, Packet&& packet, Protect&& protect, Unprotect&& unprotect) {
  counts c;
  network net(seed);
  std::size_t next = 0;
  const auto deliver = [&](std::size_t n, const octets& wire, bool again) {
    if (n < next && !again) ++c.overtaken;
    next = std::max(next, n + 1);
    const outcome o = unprotect(wire);
    if (o.judged == verdict::accepted) {
      ++(o.packet == packet(n) && !again ? c.delivered : c.delivered_wrong);
    } else {
      ++(again && o.judged == verdict::replayed ? c.repeats_refused : c.refused);
    }
  };
  for (std::size_t n = 0; n < packets; ++n, ++c.sent) {
    octets wire = protect(packet(n));
    if (wire.empty()) ++c.refused_by_sender;
    net.step(n, std::move(wire), c, deliver);
  }
  net.drain(packets, deliver);
  return c;
}

void report(const std::string& what, const char* way, const char* kind, const counts& c) {
  std::printf(
      "%s, %s: %zu %s packets sent, %zu lost, %zu duplicated, %zu overtaken; %zu delivered, %zu repeats refused, %zu "
      "wrong\n",
      what.c_str(), way, c.sent, kind, c.lost, c.duplicated, c.overtaken, c.delivered, c.repeats_refused,
      c.delivered_wrong + c.refused + c.refused_by_sender);
  INFO(what << ", " << way << ", " << kind);
  CHECK(c.refused_by_sender == 0);
  CHECK(c.lost > c.sent / 50);
  CHECK(c.duplicated > c.sent / 200);
  CHECK(c.overtaken > c.sent / 4);
  CHECK(c.delivered == c.sent - c.lost);
  CHECK(c.delivered_wrong == 0);
  CHECK(c.repeats_refused == c.duplicated);
  CHECK(c.refused == 0);
}

void send_rtp(direction& d, const std::string& what, std::size_t packets, std::uint16_t first, std::uint64_t seed) {
  const counts c = run(
      packets, seed, [first](std::size_t n) { return rtp_number(n, first); },
      [&d](const octets& p) { return d.tx->protect(p); }, [&d](const octets& w) { return d.rx->unprotect(w); });
  report(what, d.way, "SRTP", c);
}

}  // namespace

TEST_CASE("streams of 100,000 SRTP packets, ROC 0 to 2", "[interop]") {
  for (const auto p : common_profiles()) {
    const agreement a(p);
    // The subset passes two wraps in one profile of each kind, and one in the others.
    const bool long_one = p == srtp::profile::aes_cm_128_hmac_sha1_80 || p == srtp::profile::aead_aes_128_gcm;
    const std::size_t packets = support::full_grid() ? 100000 : long_one ? 67000 : 1000;
    for (auto& d : both_ways(a)) {
      send_rtp(d, a.name(), packets, 65000, static_cast<std::uint64_t>(p));
      const std::size_t roc = (65000 + packets) >> 16;
      CHECK(d.tx->roc(source) == roc);
      CHECK(d.rx->roc(source) == roc);
    }
  }
}

TEST_CASE("streams of SRTP packets from another ROC on", "[interop]") {
  for (const auto p : common_profiles()) {
    agreement a(p);
    a.ssrcs = {source};  // libsrtp sets the ROCs of streams that it knows
    for (const std::uint32_t roc : {1u, 2u, 0x7fffu, 0x12345678u, 0xfffffffeu})
      for (auto& d : both_ways(a)) {
        REQUIRE((d.tx->set_roc(source, roc) && d.rx->set_roc(source, roc)));
        send_rtp(d, a.name() + " from ROC " + std::to_string(roc), 1500, 65000, roc);
        CHECK(d.tx->roc(source) == roc + 1);
        CHECK(d.rx->roc(source) == roc + 1);
      }
  }
}

TEST_CASE("streams of 10,000 SRTCP packets", "[interop]") {
  for (const auto p : common_profiles()) {
    const agreement a(p);
    for (auto& d : both_ways(a)) {
      const counts c = run(
          10000, 3, rtcp_number, [&d](const octets& w) { return d.tx->protect_rtcp(w); },
          [&d](const octets& w) { return d.rx->unprotect_rtcp(w); });
      report(a.name(), d.way, "SRTCP", c);
    }
  }
}
