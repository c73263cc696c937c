// SPDX-License-Identifier: BSL-1.0
// Both ends of a handshake with a commitment: no string before its time, no key before a verdict, a named error for
// every call and message that isn't the right one, and nothing left behind.
#include "sotto/noise/short_authentication_handshake.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "noise/comparison_rig.hpp"
#include "support/catch.hpp"
#include "support/expect_trap.hpp"
#include "support/remains.hpp"

namespace noise = sotto::noise;
using rig::call;
using rig::code;
using rig::octets;
using sotto::const_bytes;
using sotto::error;
using sotto::mutable_bytes;

namespace {

using ends = rig::pair_of_ends<>;
using initiator_end = ends::initiator_end;
using responder_end = ends::responder_end;

static_assert(!std::is_copy_constructible_v<initiator_end> && !std::is_copy_constructible_v<responder_end>);
static_assert(std::is_nothrow_move_constructible_v<initiator_end> && std::is_nothrow_move_assignable_v<responder_end>);
// The handshake refers to the static key until it ends.
template <class Key>
constexpr bool keeps = requires(Key k, noise::comparison_attempts& attempts) {
  noise::comparison_options{static_cast<Key>(k), attempts};
};
static_assert(keeps<noise::static_key&> && keeps<const noise::static_key&> && !keeps<noise::static_key&&>);
static_assert(!std::is_copy_constructible_v<noise::string_comparison>);
static_assert(!std::is_default_constructible_v<noise::string_comparison>);
static_assert(!std::is_constructible_v<noise::string_comparison, noise::undecided_session>);

// Keys are behind the verdict, and the verdict ends the comparison.
template <class T>
concept has_keys = requires(T& t) {
  t.secret();
}
|| requires(T& t) { t.send(); }
|| requires(T& t) { t.receive(); }
|| requires(T&& t) { std::move(t).accept_unverified(); };
static_assert(!has_keys<noise::string_comparison> && !has_keys<initiator_end> && !has_keys<responder_end>);
template <class T>
concept decides_in_place = requires(T& t) {
  t.strings_compared_equal();
};
static_assert(!decides_in_place<noise::string_comparison>);
template <class T>
concept has_string = requires(T& t) {
  t.string();
};
static_assert(has_string<noise::string_comparison> && !has_string<initiator_end> && !has_string<responder_end>);

/// The keys of a session, seen through what they make.
octets exported(const noise::session& s) {
  octets out(32);
  REQUIRE(s.secret().expand("test", {}, out).has_value());
  return out;
}

}  // namespace

TEST_CASE("comparison: after equal strings, both ends have the same keys") {
  call c(3);
  REQUIRE(c.accept(c.b));
  auto a = std::move(c.a).compare(), b = std::move(c.b).compare();
  REQUIRE((a && b));
  CHECK(a->string().digits() == b->string().digits());
  auto session_a = std::move(*a).strings_compared_equal(), session_b = std::move(*b).strings_compared_equal();
  CHECK(exported(session_a) == exported(session_b));
  octets message(20), text(20);
  const octets hello = {'h', 'e', 'l', 'l'};
  REQUIRE(session_a.send().seal(hello, message).has_value());
  const auto opened = session_b.receive().open(message, text);
  REQUIRE(opened.has_value());
  CHECK(rig::to_bytes(*opened) == hello);
  CHECK(code(std::move(c.a).compare()) == code(error::handshake_over));
}

TEMPLATE_TEST_CASE("comparison: with AES-GCM, and with SHA-512", "", sotto::crypto::sha256, sotto::crypto::sha512) {
  rig::pair_of_ends<TestType, sotto::crypto::aes_gcm> other;
  auto a = other.caller();
  auto b = other.callee();
  REQUIRE(other.run(a, b));
  auto first = *std::move(a).compare(), second = *std::move(b).compare();
  CHECK(first.string().digits() == second.string().digits());
  CHECK(first.string().bits() == second.string().bits());
  octets ours(32), theirs(32);
  REQUIRE(std::move(first).strings_compared_equal().secret().expand("test", {}, ours).has_value());
  REQUIRE(std::move(second).strings_compared_equal().secret().expand("test", {}, theirs).has_value());
  CHECK(ours == theirs);
}

TEST_CASE("comparison: every call out of turn ends the handshake, and there is no string before its time") {
  octets buffer(300);
  const octets payload = {4, 5, 6, 7};
  rig::seeded_random random(9);
  for (int messages = 0; messages <= 3; ++messages) {
    for (int n = 0; n < 3; ++n) {
      INFO("call " << n << " after " << messages << " messages");
      call c(messages);
      // How far each end is: what it does next, or 3.
      const int next_a = messages == 0 ? 0 : messages == 3 ? 3 : 1, next_b = messages < 2 ? 0 : 2;
      if (messages != 3) CHECK(code(std::move(c.a).compare()) == code(error::out_of_turn));
      CHECK(code(std::move(c.b).compare()) == code(error::out_of_turn));
      const auto call_a = [&] {
        if (n == 0) return code(c.a.write_commitment(payload, buffer, random));
        return n == 1 ? code(c.a.read_answer(c.message2, buffer)) : code(c.a.write_reveal(payload, buffer));
      };
      const auto call_b = [&] {
        if (n == 0) return code(c.b.read_commitment(c.message1));
        return n == 1 ? code(c.b.write_answer(payload, buffer, random)) : code(c.b.read_reveal(c.message3, buffer));
      };
      if (n != next_a) {
        CHECK(code(error::out_of_turn) == call_a());
        CHECK(code(error::handshake_over) == call_a());
        CHECK(code(std::move(c.a).compare()) == code(error::handshake_over));
        CHECK_FALSE(c.caller_attempts.in_progress());
      }
      if (n != next_b) {
        CHECK(code(error::out_of_turn) == call_b());
        CHECK(code(error::handshake_over) == call_b());
        CHECK(code(std::move(c.b).compare()) == code(error::handshake_over));
        CHECK_FALSE(c.callee_attempts.in_progress());
      }
    }
  }
}

TEST_CASE("comparison: messages that are truncated, too long or altered anywhere are refused") {
  const call good(3);
  octets out(400);
  const auto refused_1 = [&](const octets& m) {
    call c(0);
    return code(c.b.read_commitment(m));
  };
  const auto refused_2 = [&](const octets& m) {
    call c(1);
    const int found = code(c.a.read_answer(m, out));
    CHECK(code(c.a.write_reveal(c.final_payload, out)) == (found ? code(error::handshake_over) : 0));
    return found;
  };
  const auto refused_3 = [&](const octets& m) {
    call c(2);
    octets payload(m.size(), 0xa5);
    const int found = code(c.b.read_reveal(m, payload));
    if (found) CHECK(code(std::move(c.b).compare()) == code(error::handshake_over));
    if (found) CHECK(payload == octets(m.size(), 0xa5));
    return found;
  };
  // Message 1 is in the clear: alterations show in message 2 and later.
  for (std::size_t len = 0; len < 70; ++len)
    if (len != 64) CHECK(refused_1(octets(len, 9)) == code(error::malformed_message));
  for (std::size_t len = 0; len < good.message2.size() + 3; ++len) {
    octets m = good.message2;
    m.resize(len);
    if (len != good.message2.size())
      CHECK(refused_2(m) == code(len < 96 ? error::malformed_message : error::authentication_failed));
  }
  for (std::size_t len = 0; len < good.message3.size() + 3; ++len) {
    octets m = good.message3;
    m.resize(len);
    if (len != good.message3.size())
      CHECK(refused_3(m) == code(len < 64 ? error::malformed_message : error::authentication_failed));
  }
  for (std::size_t i = 0; i < good.message2.size(); ++i) {
    octets m = good.message2;
    m[i] ^= 1;
    CHECK(refused_2(m) == code(error::authentication_failed));
  }
  for (std::size_t i = 0; i < good.message3.size(); ++i) {
    octets m = good.message3;
    m[i] ^= 0x80;
    CHECK(refused_3(m) == code(error::authentication_failed));
  }
  CHECK(refused_1(good.message1) == 0);
  CHECK(refused_2(good.message2) == 0);
  CHECK(refused_3(good.message3) == 0);
}

TEST_CASE("comparison: another prologue, or an altered commitment, and the ends don't meet") {
  call c(0);
  c.prologue = {1};
  c.a = noise::comparing_initiator(std::move(c.a));
  { const initiator_end ended(std::move(c.a)); }
  c.a = c.caller();
  REQUIRE(c.commit(c.a));
  REQUIRE(c.answer_it(c.b));
  CHECK_FALSE(c.reveal(c.a));

  call d(1);
  d.message1[40] ^= 1;
  REQUIRE(d.answer_it(d.b));
  CHECK_FALSE(d.reveal(d.a));
  CHECK(d.caller_attempts.counted() == 0);  // the responder learnt nothing
  CHECK(d.callee_attempts.counted() == 1);
}

TEST_CASE("comparison: who was moved from is over, and the new object goes on") {
  call c(2);
  initiator_end a(std::move(c.a));
  octets out(300);
  CHECK(code(c.a.read_answer(c.message2, out)) == code(error::handshake_over));
  CHECK(c.caller_attempts.in_progress());
  REQUIRE(c.reveal(a));
  responder_end b(std::move(c.b));
  CHECK(code(std::move(c.b).compare()) == code(error::handshake_over));
  REQUIRE(c.accept(b));
  auto first = *std::move(b).compare();
  auto second = std::move(first);
  CHECK(second.string().digits() == std::move(a).compare()->string().digits());
  CHECK(support::run_in_child([&] { static_cast<void>(std::move(first).strings_compared_equal()); }) ==
        support::ending::trapped);
  static_cast<void>(std::move(second).strings_compared_equal());
}

TEST_CASE("comparison: no secret stays behind") {
  // Public keys, the commitment and hashes may; a handshake's keys, chaining key and random numbers may not.
  const auto looks_for = [](const void* memory, std::size_t len, const octets& secret) {
    const auto* p = static_cast<const std::uint8_t*>(memory);
    __asm__ volatile("" : "+r"(p) : : "memory");
    for (std::size_t at = 0; at + 8 <= len; ++at)
      for (std::size_t piece = 0; piece + 8 <= secret.size(); piece += 8)
        if (std::memcmp(p + at, secret.data() + piece, 8) == 0) return true;
    return false;
  };
  const octets number = support::pattern_bytes(50, 32), ephemeral = support::pattern_bytes(51, 32);
  octets drawn = number;
  drawn.insert(drawn.end(), ephemeral.begin(), ephemeral.end());
  const auto key = rig::key_of(1);
  octets out(300);
  for (const int how : {0, 1, 2}) {  // it ends, is moved from, or fails
    noise::comparison_attempts attempts;
    rig::given_random random{drawn};
    support::remains<initiator_end> memory(*initiator_end::create({key, attempts}));
    initiator_end& end = memory.object();
    REQUIRE(end.write_commitment({}, out, random).has_value());
    REQUIRE(looks_for(&end, sizeof end, number));
    REQUIRE(looks_for(&end, sizeof end, ephemeral));
    if (how == 0) memory.end();
    if (how == 1) const initiator_end moved(std::move(end));
    if (how == 2) REQUIRE_FALSE(end.read_answer(octets(200), out).has_value());
    INFO(how);
    CHECK_FALSE(looks_for(&end, sizeof end, number));
    CHECK_FALSE(looks_for(&end, sizeof end, ephemeral));
  }
}
