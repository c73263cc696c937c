// SPDX-License-Identifier: BSL-1.0
// Comparing strings allocates nothing, from the first call to the session.
#include <cstddef>
#include <cstdint>
#include <utility>

#include "noise/comparison_rig.hpp"
#include "support/allocation_count.hpp"
#include "support/catch.hpp"

TEST_CASE("comparison: nothing is allocated") {
  rig::pair_of_ends<> c;
  rig::seeded_random random(4);
  std::uint8_t m1[64], m2[131], m3[100], payload[200];
  {
    support::allocation_trap seen;
    auto* volatile p = new std::uint8_t[10];
    delete[] p;
    REQUIRE(seen.count() != 0);
  }
  support::allocation_trap trap;
  auto a = rig::noise::comparing_initiator::create({c.caller_key, c.caller_attempts});
  auto b = rig::noise::comparing_responder::create({c.callee_key, c.callee_attempts});
  bool right = a->write_commitment(c.final_payload, m1, random).has_value() && b->read_commitment(m1).has_value() &&
               b->write_answer(c.answer, m2, random).has_value() && a->read_answer(m2, payload).has_value() &&
               a->write_reveal(c.final_payload, m3).has_value() && b->read_reveal(m3, payload).has_value();
  auto compared = std::move(*b).compare();
  right = right && compared->string().words()[0].size() > 2;
  const auto session = std::move(*compared).strings_compared_equal();
  const rig::noise::long_authentication_string long_string(session);
  const std::size_t allocations = trap.count();
  CHECK(right);
  CHECK(long_string.digits().size() == 60);
  CHECK(allocations == 0);
}
