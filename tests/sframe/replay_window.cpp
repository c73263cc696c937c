// SPDX-License-Identifier: BSL-1.0
// The window against a plain set of every counter ever seen.
#include "sotto/sframe/replay_window.hpp"

#include <cstdint>
#include <memory>
#include <unordered_set>

#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/pattern.hpp"

using sotto::sframe::counter;
using sotto::sframe::counter_status;
using sotto::sframe::replay_window;

namespace {

constexpr std::uint64_t last = ~std::uint64_t{0};

/// A set without end, and the rule of RFC 3711 3.3.2 on top.
struct model {
  std::unordered_set<std::uint64_t> seen;
  std::uint64_t highest = 0;
  counter_status check(std::uint64_t i, std::uint64_t bits) const {
    if (seen.empty() || i > highest) return counter_status::fresh;
    if (highest - i >= bits) return counter_status::too_old;
    return seen.count(i) != 0 ? counter_status::seen : counter_status::fresh;
  }
  void commit(std::uint64_t i) {
    highest = seen.empty() || i > highest ? i : highest;
    seen.insert(i);
  }
};

/// Sums that stay at the ends of the numbers.
std::uint64_t up(std::uint64_t a, std::uint64_t b) { return b > last - a ? last : a + b; }
std::uint64_t down(std::uint64_t a, std::uint64_t b) { return b > a ? 0 : a - b; }

template <std::size_t Bits>
void walk(std::uint64_t seed, std::uint64_t start) {
  const auto window = std::make_unique<replay_window<Bits>>();
  model expected;
  support::pattern random(seed);
  std::uint64_t at = start;
  const int steps = support::full_grid() ? 200000 : 20000;
  for (int n = 0; n < steps; ++n) {
    std::uint64_t i = at;
    switch (random.below(8)) {
      case 0: i = up(at, random.below(3 * Bits)); break;    // a gap, sometimes beyond the window
      case 1: i = down(at, random.below(Bits + 4)); break;  // anywhere inside, and just outside
      case 2: i = down(at, random.below(4 * Bits)); break;  // often too old
      case 3: i = up(at, random.below(70)); break;          // around a word
      case 4: i = at; break;                                // again
      case 5: i = down(at, Bits - 1); break;                // the last one inside
      default: i = up(at, 1); break;                        // in order
    }
    if (random.below(5000) == 0) i = up(at, random.next() >> 24);
    const counter_status status = window->check(counter(i));
    if (status != expected.check(i, Bits)) {
      INFO(Bits << " bits, step " << n << ", index " << i << ", highest " << expected.highest);
      REQUIRE(status == expected.check(i, Bits));
    }
    REQUIRE(window->empty() == expected.seen.empty());
    // Sometimes a frame turns out to be forged.
    if (status == counter_status::fresh && random.below(10) != 0) {
      window->commit(counter(i));
      expected.commit(i);
      at = expected.highest;
    }
  }
  REQUIRE(window->highest().value() == expected.highest);
}

}  // namespace

TEST_CASE("64-bit windows of all kinds of sizes equal the model") {
  walk<64>(1, 0);
  walk<64>(2, 0xfff0);
  walk<128>(3, 5);
  walk<192>(4, 1000);
  walk<1024>(5, 0);
  walk<1024>(6, (std::uint64_t{1} << 32) - 500);
  walk<1088>(7, std::uint64_t{1} << 63);
  walk<65536>(8, 0);
}

TEST_CASE("64-bit windows reach the last number") {
  walk<64>(9, last - 100);
  walk<1024>(10, last - 100000);
  walk<1088>(11, last);
  replay_window<64> w;
  CHECK(w.check(counter(last)) == counter_status::fresh);
  w.commit(counter(last));
  CHECK(w.highest().value() == last);
  CHECK(w.check(counter(last)) == counter_status::seen);
  CHECK(w.check(counter(last - 63)) == counter_status::fresh);
  CHECK(w.check(counter(last - 64)) == counter_status::too_old);
  CHECK(w.check(counter(0)) == counter_status::too_old);
}

TEST_CASE("an empty 64-bit window takes anything, once") {
  for (const std::uint64_t i : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{63}, std::uint64_t{64}, last}) {
    replay_window<64> w;
    CHECK(w.empty());
    CHECK(w.check(counter(i)) == counter_status::fresh);
    w.commit(counter(i));
    CHECK_FALSE(w.empty());
    CHECK(w.check(counter(i)) == counter_status::seen);
  }
}

TEST_CASE("a 64-bit window costs its bits and one word") {
  STATIC_REQUIRE(sizeof(replay_window<64>) == 16);
  STATIC_REQUIRE(sizeof(replay_window<1024>) == 136);
}
