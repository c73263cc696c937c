// SPDX-License-Identifier: BSL-1.0
// A handshake, its session and its refusals allocate nothing.
#include <array>
#include <cstdint>
#include <utility>

#include "sotto/noise.hpp"
#include "support/allocation_trap.hpp"
#include "support/catch.hpp"

namespace noise = sotto::noise;
using sotto::const_bytes;
using sotto::crypto::handshake_role;

namespace {

template <class Handshake>
bool talk() {
  const auto pattern = noise::handshake_pattern::find("XXpsk0+psk3");
  const auto a = noise::static_key::generate(), b = noise::static_key::generate();
  if (!pattern || !a || !b) return false;
  const std::array<std::uint8_t, 32> psk{1};
  const const_bytes psks[] = {psk, psk};
  auto first = Handshake::create({.pattern = *pattern,
                                  .role = handshake_role::initiator,
                                  .prologue = psk,
                                  .own = &*a,
                                  .peer = noise::peer_identity::pinned(b->public_key()),
                                  .psks = psks});
  auto second = Handshake::create({.pattern = *pattern,
                                   .role = handshake_role::responder,
                                   .prologue = psk,
                                   .own = &*b,
                                   .peer = noise::peer_identity::decide_later(),
                                   .psks = psks});
  if (!first || !second) return false;
  std::array<std::uint8_t, 300> buffer{};
  for (int i = 0; i < 3; ++i) {
    const auto written = (i % 2 == 0 ? *first : *second).write_message(const_bytes(buffer).first(9), buffer);
    if (!written || !(i % 2 == 0 ? *second : *first).read_message(*written, buffer)) return false;
  }
  auto mine = std::move(*first).finish();
  auto theirs = std::move(*second).finish_undecided();
  if (!mine || !theirs) return false;
  auto decided = std::move(*theirs).pin(a->public_key());
  if (!decided) return false;
  const auto sealed = mine->send().seal(const_bytes(buffer).first(100), buffer);
  if (!sealed || !decided->receive().open(*sealed, buffer) || decided->receive().open(*sealed, buffer)) return false;
  return mine->send().rekey() && mine->secret().expand("x", {}, buffer) && !first->read_message(buffer, buffer);
}

}  // namespace

TEST_CASE("no allocation from a pattern's name to a session's messages") {
  using aes = noise::basic_handshake<sotto::crypto::aes_gcm, sotto::crypto::sha512>;
  support::allocation_trap trap;
  const bool right = talk<noise::handshake>() && talk<aes>();
  const std::size_t allocations = trap.count();
  CHECK(right);
  CHECK(allocations == 0);
}

TEST_CASE("the trap sees allocations here, too") {
  support::allocation_trap trap;
  auto* volatile p = new std::uint8_t[10];
  delete[] p;
  CHECK(trap.count() != 0);
}
