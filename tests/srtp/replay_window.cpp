// SPDX-License-Identifier: BSL-1.0
// The replay window against a plain set of every index ever seen.
#include "sotto/srtp/replay_window.hpp"

#include <cstdint>
#include <memory>
#include <unordered_set>

#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/pattern.hpp"

namespace srtp = sotto::srtp;
using srtp::index_status;
using srtp::packet_index;

namespace {

/// A set without end, and the rule of RFC 3711 3.3.2 on top.
struct model {
  std::unordered_set<std::uint64_t> seen;
  std::uint64_t highest = 0;
  index_status check(std::uint64_t i, std::uint64_t bits) const {
    if (seen.empty() || i > highest) return index_status::fresh;
    if (highest - i >= bits) return index_status::too_old;
    return seen.count(i) != 0 ? index_status::seen : index_status::fresh;
  }
  void commit(std::uint64_t i) {
    highest = seen.empty() || i > highest ? i : highest;
    seen.insert(i);
  }
};

template <std::size_t Bits>
void walk(std::uint64_t seed, std::uint64_t start) {
  const auto window = std::make_unique<srtp::replay_window<Bits>>();
  model expected;
  support::pattern random(seed);
  std::uint64_t at = start;
  const int steps = support::full_grid() ? 200000 : 20000;
  for (int n = 0; n < steps; ++n) {
    std::uint64_t i = at;
    switch (random.below(8)) {
      case 0: i = at + random.below(3 * Bits); break;               // a gap, sometimes beyond the window
      case 1: i = at - random.below(Bits + 4) % (at + 1); break;    // anywhere inside, and just outside
      case 2: i = at - random.below(4 * Bits) % (at + 1); break;    // often too old
      case 3: i = at + random.below(70); break;                     // around a word
      case 4: i = at; break;                                        // again
      case 5: i = (at - Bits + 1 < at ? at - Bits + 1 : 0); break;  // the last one inside
      default: i = at + 1; break;                                   // in order
    }
    if (random.below(5000) == 0) i = at + (random.next() >> 40);
    const index_status status = window->check(packet_index(i));
    if (status != expected.check(i, Bits)) {
      INFO(Bits << " bits, step " << n << ", index " << i << ", highest " << expected.highest);
      REQUIRE(status == expected.check(i, Bits));
    }
    // Sometimes a packet turns out to be forged.
    if (status == index_status::fresh && random.below(10) != 0) {
      window->commit(packet_index(i));
      expected.commit(i);
      at = expected.highest;
    }
  }
  REQUIRE(window->highest().value() == expected.highest);
}

}  // namespace

TEST_CASE("windows of all kinds of sizes equal the model") {
  walk<64>(1, 0);
  walk<64>(2, 0xfff0);
  walk<128>(3, 5);
  walk<192>(4, 1000);
  walk<1024>(5, 0);
  walk<1024>(6, (std::uint64_t{1} << 32) - 500);
  walk<1088>(7, 3);
  walk<32768>(8, 65530);
  walk<32768>(9, 0);
}

TEST_CASE("an empty window takes anything") {
  srtp::replay_window<64> w;
  CHECK(w.empty());
  CHECK(w.check(packet_index(0)) == index_status::fresh);
  CHECK(w.check(packet_index(srtp::packet_index_end - 1)) == index_status::fresh);
  w.commit(packet_index(0));
  CHECK_FALSE(w.empty());
  CHECK(w.highest().value() == 0);
  CHECK(w.check(packet_index(0)) == index_status::seen);
}

TEST_CASE("indices before the first packet are fresh while inside the window") {
  srtp::replay_window<64> w;
  w.commit(packet_index(100));
  CHECK(w.check(packet_index(99)) == index_status::fresh);
  CHECK(w.check(packet_index(37)) == index_status::fresh);
  CHECK(w.check(packet_index(36)) == index_status::too_old);
}

TEST_CASE("a window that starts at an index has seen all before it") {
  srtp::replay_window<128> w;
  w.start_at(packet_index(1000));
  CHECK(w.highest().value() == 999);
  for (std::uint64_t i = 872; i < 1000; ++i) CHECK(w.check(packet_index(i)) == index_status::seen);
  CHECK(w.check(packet_index(871)) == index_status::too_old);
  CHECK(w.check(packet_index(1000)) == index_status::fresh);
  w.commit(packet_index(1002));
  CHECK(w.check(packet_index(1000)) == index_status::fresh);
  CHECK(w.check(packet_index(1001)) == index_status::fresh);
  CHECK(w.check(packet_index(999)) == index_status::seen);
}

TEST_CASE("a window costs its bits and one word") {
  STATIC_REQUIRE(sizeof(srtp::replay_window<64>) == 16);
  STATIC_REQUIRE(sizeof(srtp::replay_window<1024>) == 136);
}
