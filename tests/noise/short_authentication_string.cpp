// SPDX-License-Identifier: BSL-1.0
// Short and long authentication strings are the frozen ones, and the same at both ends.
#include "sotto/noise/short_authentication_string.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "noise/comparison_rig.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"
#include "support/vector_file.hpp"

namespace noise = sotto::noise;
using rig::octets;
using sotto::const_bytes;

namespace {

static_assert(!std::is_default_constructible_v<noise::short_authentication_string>);
static_assert(
    !std::is_constructible_v<noise::short_authentication_string, const_bytes, const_bytes, const_bytes, const_bytes>);
// A handshake in progress has a hash as well; only a finished one makes a long string.
static_assert(!std::is_constructible_v<noise::long_authentication_string, const noise::handshake&>);
static_assert(!std::is_constructible_v<noise::long_authentication_string, const_bytes>);
static_assert(std::is_constructible_v<noise::long_authentication_string, const noise::undecided_session&>);
static_assert(std::is_constructible_v<noise::long_authentication_string, const noise::session&>);

octets joined(const octets& a, const octets& b) {
  octets both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

template <class Finished>
std::string long_digits(const Finished& finished) {
  const noise::long_authentication_string string(finished);
  return std::string(string.digits());
}

std::string text(const octets& bytes) { return std::string(bytes.begin(), bytes.end()); }

/// The whole of a record: every message, then every string, at both ends.
template <class Hash>
void follow(const support::vector_record& v) {
  using ends = rig::pair_of_ends<Hash>;
  const auto s_i = rig::key_of(v["initiator_static"]), s_r = rig::key_of(v["responder_static"]);
  noise::comparison_attempts attempts_i, attempts_r;
  rig::given_random random_i{joined(v["initiator_number"], v["initiator_ephemeral"])};
  rig::given_random random_r{joined(v["responder_number"], v["responder_ephemeral"])};
  auto initiator = ends::initiator_end::create({s_i, attempts_i, v["prologue"]});
  auto responder = ends::responder_end::create({s_r, attempts_r, v["prologue"]});
  REQUIRE((initiator && responder));

  octets out(2000), payload(2000);
  const auto message1 = initiator->write_commitment(v["payload3"], out, random_i);
  REQUIRE(message1.has_value());
  CHECK(support::to_hex(*message1) == support::to_hex(v["message1"]));
  REQUIRE(responder->read_commitment(v["message1"]).has_value());
  const auto message2 = responder->write_answer(v["payload2"], out, random_r);
  REQUIRE(message2.has_value());
  CHECK(support::to_hex(*message2) == support::to_hex(v["message2"]));
  const auto payload2 = initiator->read_answer(v["message2"], payload);
  REQUIRE(payload2.has_value());
  CHECK(rig::to_bytes(*payload2) == v["payload2"]);
  const auto message3 = initiator->write_reveal(v["payload3"], out);
  REQUIRE(message3.has_value());
  CHECK(support::to_hex(*message3) == support::to_hex(v["message3"]));
  const auto payload3 = responder->read_reveal(v["message3"], payload);
  REQUIRE(payload3.has_value());
  CHECK(rig::to_bytes(*payload3) == v["payload3"]);

  auto a = std::move(*initiator).compare(), b = std::move(*responder).compare();
  REQUIRE((a && b));
  const std::uint32_t bits = std::uint32_t{v["bits"][0]} << 16 | std::uint32_t{v["bits"][1]} << 8 | v["bits"][2];
  for (const auto* end : {&*a, &*b}) {
    CHECK(end->string().digits() == text(v["digits"]));
    CHECK(end->string().bits() == bits);
    CHECK(end->string().words()[0] == noise::detail::spoken_word(bits >> 10));
    CHECK(end->string().words()[1] == noise::detail::spoken_word(bits & 1023));
  }
  CHECK(*a->remote_static() == s_r.public_key());
  CHECK(*b->remote_static() == s_i.public_key());
  const auto session_a = std::move(*a).strings_compared_equal(), session_b = std::move(*b).strings_compared_equal();
  for (const auto* end : {&session_a, &session_b}) {
    CHECK(support::to_hex(end->handshake_hash()) == support::to_hex(v["hash3"]));
    CHECK(long_digits(*end) == text(v["long_digits"]));
  }
}

}  // namespace

TEST_CASE("short authentication: frozen handshakes, byte for byte and digit for digit") {
  std::size_t sha256 = 0, sha512 = 0;
  for (const auto& v : support::read_vectors("short_authentication.txt")) {
    INFO(v.where());
    if (v["hash"] == octets{32}) {
      follow<sotto::crypto::sha256>(v);
      ++sha256;
    } else {
      REQUIRE(v["hash"] == octets{64});
      follow<sotto::crypto::sha512>(v);
      ++sha512;
    }
  }
  CHECK((sha256 != 0 && sha512 != 0));
}

TEST_CASE("short authentication: strings of other handshakes differ, and both forms use their whole range") {
  std::set<std::string> digits;
  std::set<std::uint32_t> bits;
  std::uint32_t ones = 0, zeros = 0;
  bool form = true, leading[10] = {};
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    rig::pair_of_ends<> ends;
    ends.random = rig::seeded_random(seed);
    auto a = ends.caller();
    auto b = ends.callee();
    REQUIRE(ends.run(a, b));
    const auto comparison = std::move(a).compare();
    REQUIRE(comparison.has_value());
    const auto& string = comparison->string();
    form = form && string.digits().size() == 7 && string.bits() < 1u << 20;
    for (const char c : string.digits()) form = form && c >= '0' && c <= '9';
    digits.insert(std::string(string.digits()));
    bits.insert(string.bits());
    ones |= string.bits();
    zeros |= ~string.bits();
    leading[string.digits()[0] - '0'] = true;
  }
  CHECK(form);
  CHECK(digits.size() == 64);
  CHECK(bits.size() == 64);
  CHECK(ones == 0xfffff);
  CHECK((zeros & 0xfffff) == 0xfffff);
  CHECK(std::count(std::begin(leading), std::end(leading), true) == 10);
}

TEST_CASE("long authentication: the same at both ends of any pattern, decided or not") {
  for (const char* name : {"XX", "KK", "IK", "NX", "X1X1"}) {
    INFO(name);
    const auto pattern = *noise::handshake_pattern::find(name);
    using role = noise::handshake_role;
    const auto initiator_key = rig::key_of(1), responder_key = rig::key_of(2);
    const auto options = [&](role own) {
      const bool first = own == role::initiator;
      const auto peer = first ? role::responder : role::initiator;
      const auto& peer_key = first ? responder_key : initiator_key;
      const auto identity = !pattern.has_static(peer)    ? noise::peer_identity::none()
                            : pattern.knows_static(peer) ? noise::peer_identity::decide_later(peer_key.public_key())
                                                         : noise::peer_identity::decide_later();
      return noise::handshake_options{
          .pattern = pattern,
          .role = own,
          .own = pattern.has_static(own) ? &(first ? initiator_key : responder_key) : nullptr,
          .peer = identity};
    };
    auto a = noise::handshake::create(options(role::initiator)), b = noise::handshake::create(options(role::responder));
    REQUIRE((a && b));
    for (std::size_t n = 0; n < pattern.messages(); ++n) {
      octets message(200), payload(200);
      const auto sent = (n % 2 == 0 ? *a : *b).write_message({}, message);
      REQUIRE(sent.has_value());
      REQUIRE((n % 2 == 0 ? *b : *a).read_message(*sent, payload).has_value());
    }
    auto undecided = std::move(*a).finish_undecided();
    REQUIRE(undecided.has_value());
    const std::string first = long_digits(*undecided);
    if (pattern.has_static(role::initiator)) {
      auto other = std::move(*b).finish_undecided();
      REQUIRE(other.has_value());
      CHECK(long_digits(*other) == first);
    } else {
      auto other = std::move(*b).finish();
      REQUIRE(other.has_value());
      CHECK(long_digits(*other) == first);
    }
    CHECK(first.size() == 60);
    CHECK(long_digits(std::move(*undecided).accept_unverified()) == first);
  }
}
