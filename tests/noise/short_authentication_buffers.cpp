// SPDX-License-Identifier: BSL-1.0
// Comparing handshakes with buffers of every size and place, the longest payloads, and random sources that fail.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "noise/comparison_rig.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"

using rig::call;
using rig::code;
using rig::octets;
using sotto::const_bytes;
using sotto::error;
using ends = rig::pair_of_ends<>;

TEST_CASE("comparison: in place or disjoint, and buffers of every size") {
  call c(0);
  // Message 2's payload lies where the message will; message 3 likewise; both are read in place.
  octets second(c.answer.size() + 128), third(c.final_payload.size() + 96);
  REQUIRE(c.commit(c.a));
  REQUIRE(c.b.read_commitment(c.message1).has_value());
  std::copy(c.answer.begin(), c.answer.end(), second.begin());
  REQUIRE(c.b.write_answer(const_bytes(second).first(c.answer.size()), second, c.random).has_value());
  const auto answer = c.a.read_answer(second, second);
  REQUIRE(answer.has_value());
  CHECK(rig::to_bytes(*answer) == c.answer);
  std::copy(c.final_payload.begin(), c.final_payload.end(), third.begin());
  REQUIRE(c.a.write_reveal(const_bytes(third).first(c.final_payload.size()), third).has_value());
  const auto payload = c.b.read_reveal(third, third);
  REQUIRE(payload.has_value());
  CHECK(rig::to_bytes(*payload) == c.final_payload);
  CHECK(std::move(c.b).compare()->string().digits() == std::move(c.a).compare()->string().digits());

  for (std::size_t room = 0; room < 64; ++room) {
    call d(0);
    octets out(room);
    CHECK(code(d.a.write_commitment({}, out, d.random)) == code(error::buffer_too_small));
  }
  for (std::size_t room = 0; room < 131; ++room) {
    call d(1);
    octets out(room);
    REQUIRE(d.b.read_commitment(d.message1).has_value());
    CHECK(code(d.b.write_answer(d.answer, out, d.random)) == code(error::buffer_too_small));
    CHECK(d.callee_attempts.counted() == 0);  // nothing left
  }
  for (std::size_t room = 0; room < 36; ++room) {
    call d(3);
    octets out(room);
    CHECK(code(d.b.read_reveal(d.message3, out)) == code(error::buffer_too_small));
  }
  for (std::size_t shift = 1; shift < 5; ++shift) {
    call d(1);
    octets memory(200);
    REQUIRE(d.b.read_commitment(d.message1).has_value());
    const auto written = d.b.write_answer(const_bytes(memory).subspan(shift, 10), memory, d.random);
    CHECK(code(written) == code(error::overlapping_buffers));
    call e(0);
    CHECK(code(e.a.write_commitment(const_bytes(memory).first(shift), memory, e.random)) ==
          code(error::overlapping_buffers));
  }
}

TEST_CASE("comparison: payloads up to the longest message") {
  const std::size_t longest2 = 65535 - 128, longest3 = 65535 - 96;
  ends c;
  c.answer = support::pattern_bytes(1, longest2);
  c.final_payload = support::pattern_bytes(2, longest3);
  auto a = c.caller();
  auto b = c.callee();
  REQUIRE(c.run(a, b));
  CHECK((c.message2.size() == 65535 && c.message3.size() == 65535));

  ends d;
  auto e = d.caller();
  auto f = d.callee();
  octets out(70000);
  REQUIRE(d.commit(e));
  REQUIRE(f.read_commitment(d.message1).has_value());
  CHECK(code(f.write_answer(octets(longest2 + 1), out, d.random)) == code(error::message_too_long));
  CHECK(d.callee_attempts.counted() == 0);
  ends g;
  auto h = g.caller();
  CHECK(code(h.write_commitment(octets(longest3 + 1), out, g.random)) == code(error::message_too_long));
}

TEST_CASE("comparison: a random source that fails ends the handshake before anything leaves") {
  octets out(300);
  for (std::size_t given = 0; given < 64; ++given) {
    rig::given_random random{octets(given, 1)};
    call c(0);
    CHECK(code(c.a.write_commitment({}, out, random)) == code(error::random_unavailable));
    call d(1);
    REQUIRE(d.b.read_commitment(d.message1).has_value());
    random.rest = octets(given, 1);
    CHECK(code(d.b.write_answer({}, out, random)) == code(error::random_unavailable));
    CHECK(d.callee_attempts.counted() == 0);
    CHECK_FALSE(d.callee_attempts.in_progress());
  }
}
