// SPDX-License-Identifier: BSL-1.0
// Nothing in this floor allocates: neither keys, nor any frame, nor any refusal, nor a ratchet's step.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "frames.hpp"
#include "support/allocation_trap.hpp"

namespace sframe = sotto::sframe;

TEST_CASE("no allocation from base key to ratchet") {
  for (const auto s : sframe::cipher_suites) {
    const frames::octets key = frames::base_key_bytes(), metadata(20, 1);
    std::array<std::uint8_t, 400> buffer{};
    const std::span<std::uint8_t> all(buffer);
    const sframe::metadata m(metadata);
    const auto base = [&] { return sframe::base_key::create(key).value(); };
    bool right = true;

    support::allocation_trap trap;
    auto tx = sframe::sender::create(s, sframe::key_id(9), base());
    auto rx = sframe::receiver::create(s, sframe::key_id(9), base());
    auto group = sframe::group_receiver::create(s);
    right = right && group->add_sender(sframe::key_id(9), base()).has_value();
    const auto wire = tx->protect(all, 100, m);
    right = right && wire.has_value() && !rx->unprotect(*wire).has_value();
    right = right && group->unprotect(*wire, all.subspan(200), m).has_value() && rx->unprotect(*wire, m).has_value();
    right = right && group->remove_sender(sframe::key_id(9)).has_value();

    auto steps = sframe::ratchet_sender::create(s, 1, base(), sframe::step_bits(4));
    auto following = sframe::ratchet_receiver::create(s, steps->kid(), base());
    right = right && steps->ratchet().has_value() && steps->ratchet().has_value();
    const auto ahead = steps->protect(all, 100);
    right = right && ahead.has_value() && following->unprotect(*ahead).has_value();
    const std::size_t allocations = trap.count();

    INFO(sframe::name(s));
    CHECK(right);
    CHECK(allocations == 0);
  }
}

TEST_CASE("an allocation in a frame's way wouldn't pass unnoticed") {
  support::allocation_trap trap;
  const frames::octets allocated(100);
  CHECK(trap.count() != 0);
  CHECK(allocated.size() == 100);
}
