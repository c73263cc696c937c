// SPDX-License-Identifier: BSL-1.0
// The stream table against std::map: insertions, removals and look-ups in random order, with SSRCs that collide.
#include "sotto/srtp/stream_table.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/pattern.hpp"

namespace srtp = sotto::srtp;
using srtp::ssrc;

namespace {

struct value_stream {
  static constexpr std::size_t retired_per_slot = 2;
  std::uint64_t value = 0;
};

template <class Table>
void walk(Table& table, std::uint64_t seed, std::uint32_t universe) {
  std::map<std::uint32_t, std::uint64_t> expected;
  support::pattern random(seed);
  for (int n = 0; n < 20000; ++n) {
    const auto s = static_cast<std::uint32_t>(random.below(universe)) * (random.below(2) != 0 ? 1u : 0x10000u);
    value_stream* found = table.find(ssrc(s));
    REQUIRE((found != nullptr) == (expected.count(s) != 0));
    if (found != nullptr) REQUIRE(found->value == expected[s]);
    if (found != nullptr && random.below(3) == 0) {
      table.remove(ssrc(s));
      expected.erase(s);
    } else if (found != nullptr) {
      table.touch(found);
      REQUIRE(table.find(ssrc(s)) == found);
    } else if (!table.full()) {
      table.insert(ssrc(s)).value = expected[s] = random.next();
    }
    REQUIRE(table.count() == expected.size());
    REQUIRE(table.full() == (expected.size() == table.capacity()));
    if (n % 500 == 0) {
      for (const auto& [key, value] : expected) {
        REQUIRE(table.find(ssrc(key)) != nullptr);
        REQUIRE(table.find(ssrc(key))->value == value);
      }
      std::size_t walked = 0;
      std::as_const(table).for_each([&](ssrc key, const value_stream& v) {
        ++walked;
        CHECK(expected.at(key.value()) == v.value);
      });
      REQUIRE(walked == expected.size());
    }
  }
}

}  // namespace

TEST_CASE("tables of all sizes equal the model") {
  srtp::stream_table<value_stream, 1> one;
  walk(one, 1, 3);
  srtp::stream_table<value_stream, 3> three;
  walk(three, 2, 6);
  srtp::stream_table<value_stream, 16> sixteen;
  walk(sixteen, 3, 24);
  for (const std::size_t n : {1u, 2u, 7u, 100u, 1000u}) {
    std::vector<srtp::stream_slot<value_stream>> slots(n);
    srtp::stream_table<value_stream, srtp::caller_supplied> table{std::span(slots)};
    REQUIRE(table.capacity() == n);
    walk(table, 4 + n, static_cast<std::uint32_t>(n + n / 2 + 1));
  }
}

TEST_CASE("a moved table takes everything along") {
  srtp::stream_table<value_stream, 4> a;
  a.insert(ssrc(5)).value = 50;
  a.insert(ssrc(6)).value = 60;
  auto b = std::move(a);
  CHECK(a.count() == 0);
  CHECK(a.find(ssrc(5)) == nullptr);
  REQUIRE(b.find(ssrc(6)) != nullptr);
  CHECK(b.find(ssrc(6))->value == 60);
  a = std::move(b);
  CHECK(a.find(ssrc(5))->value == 50);
  CHECK(b.find(ssrc(5)) == nullptr);

  std::array<srtp::stream_slot<value_stream>, 2> slots;
  srtp::stream_table<value_stream, srtp::caller_supplied> c{std::span(slots)};
  c.insert(ssrc(0)).value = 1;
  auto d = std::move(c);
  CHECK(c.capacity() == 0);
  CHECK(c.find(ssrc(0)) == nullptr);
  CHECK(d.find(ssrc(0))->value == 1);
}

TEST_CASE("retired SSRCs are remembered up to a limit") {
  srtp::stream_table<value_stream, 2> t;
  for (std::uint32_t i = 0; i < 4; ++i) {
    REQUIRE(t.can_retire());
    CHECK_FALSE(t.is_retired(ssrc(i)));
    t.retire(ssrc(i));
    CHECK(t.is_retired(ssrc(i)));
  }
  CHECK_FALSE(t.can_retire());
  t.forget_retired();
  CHECK(t.can_retire());
  CHECK_FALSE(t.is_retired(ssrc(1)));
}
