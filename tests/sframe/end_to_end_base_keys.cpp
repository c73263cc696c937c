// SPDX-License-Identifier: BSL-1.0
// Base keys from a handshake: frozen vectors, a key of its own for each sender and suite, and both ends' agreement.
#include "sotto/sframe/end_to_end_base_keys.hpp"

#include <set>
#include <utility>

#include "frames.hpp"
#include "support/vector_file.hpp"

namespace {
struct stand_in {};
}  // namespace

/// What a handshake's header does.
template <>
struct sotto::crypto::end_to_end_source<stand_in> {
  static end_to_end_secret make(const_bytes prk, handshake_role role, const_bytes initiator, const_bytes responder) {
    return end_to_end_secret(hkdf<sha256>::prk::from_uniform_key(prk).value(), role, initiator, responder);
  }
};

namespace {
namespace sframe = sotto::sframe;
using sotto::crypto::handshake_role;
using maker = sotto::crypto::end_to_end_source<stand_in>;
using frames::octets;
}  // namespace

TEST_CASE("base keys of an end-to-end secret are the frozen ones") {
  std::set<octets> keys;
  std::size_t count = 0;
  for (const auto& v : support::read_vectors("sframe_end_to_end.txt")) {
    INFO(v.where());
    const auto s = static_cast<sframe::cipher_suite>(sotto::core::load_be16(v["suite"].data()));
    const bool by_initiator = v["sender"] == octets{0};
    for (const auto role : {handshake_role::initiator, handshake_role::responder}) {
      const auto secret = maker::make(v["prk"], role, v["initiator"], v["responder"]);
      const auto made = sframe::derive_end_to_end_base_keys(s, secret);
      REQUIRE(made);
      const bool own = (role == handshake_role::initiator) == by_initiator;
      CHECK(frames::copy((own ? made->write : made->read).expose()) == v["base_key"]);
    }
    CHECK(v["base_key"].size() == sframe::parameters(s).hash_len);
    keys.insert(v["base_key"]);
    ++count;
  }
  CHECK(count == 30);
  CHECK(keys.size() == count);
}

TEST_CASE("both ends of a handshake hear each other") {
  const octets prk = support::pattern_bytes(1, 32), i = support::pattern_bytes(2, 32),
               r = support::pattern_bytes(3, 32);
  for (const auto& c : frames::table) {
    auto a = sframe::derive_end_to_end_base_keys(c.suite, maker::make(prk, handshake_role::initiator, i, r));
    auto b = sframe::derive_end_to_end_base_keys(c.suite, maker::make(prk, handshake_role::responder, i, r));
    REQUIRE(a);
    REQUIRE(b);
    const sframe::key_id kid_a(0), kid_b(1);
    auto a_tx = sframe::sender::create(c.suite, kid_a, std::move(a->write)).value();
    auto b_tx = sframe::sender::create(c.suite, kid_b, std::move(b->write)).value();
    auto a_rx = sframe::receiver::create(c.suite, kid_b, std::move(a->read)).value();
    auto b_rx = sframe::receiver::create(c.suite, kid_a, std::move(b->read)).value();
    const octets from_a = frames::protect(a_tx, {1, 2, 3}), from_b = frames::protect(b_tx, {1, 2, 3});
    CHECK(frames::answer(b_rx, from_a) == 0);
    CHECK(frames::answer(a_rx, from_b) == 0);
    // Nothing comes back as if the other end had said it.
    octets reflected = from_a;
    reflected[0] = from_b[0];
    CHECK(frames::answer(a_rx, reflected) != 0);
  }
}

TEST_CASE("there are no base keys for a number that is no suite") {
  const octets prk(32, 1);
  const auto secret = maker::make(prk, handshake_role::initiator, {}, {});
  for (const unsigned number : {0u, 6u, 0xffffu}) {
    const auto made = sframe::derive_end_to_end_base_keys(static_cast<sframe::cipher_suite>(number), secret);
    REQUIRE_FALSE(made);
    CHECK(made.error() == sotto::error::unsupported);
  }
}
