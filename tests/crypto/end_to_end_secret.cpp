// SPDX-License-Identifier: BSL-1.0
// A handshake's secret gives the frozen key material, the same at both ends and another for every other purpose, and
// none to whom it shouldn't.
#include "sotto/crypto/end_to_end_secret.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/end_to_end_handshake.hpp"
#include "support/hex.hpp"
#include "support/pattern.hpp"
#include "support/remains.hpp"
#include "support/vector_file.hpp"

using sotto::const_bytes;
using sotto::error;
using sotto::mutable_bytes;
using sotto::crypto::end_to_end_secret;
using sotto::crypto::handshake_role;
using support::handshake_outcome;
using octets = std::vector<std::uint8_t>;

namespace {

static_assert(!std::is_copy_constructible_v<end_to_end_secret> && !std::is_copy_assignable_v<end_to_end_secret>);
static_assert(std::is_nothrow_move_constructible_v<end_to_end_secret>);
static_assert(!std::is_default_constructible_v<end_to_end_secret>);
static_assert(!std::is_constructible_v<end_to_end_secret, const_bytes>);
static_assert(!std::is_constructible_v<end_to_end_secret, sotto::crypto::hkdf<sotto::crypto::sha256>::prk,
                                       handshake_role, const_bytes, const_bytes>);

template <class T>
concept comparable = requires(const T& a, const T& b) {
  a == b;
};
static_assert(!comparable<end_to_end_secret>);

octets material(const end_to_end_secret& secret, std::string_view label, const octets& context, std::size_t len = 32) {
  octets out(len);
  REQUIRE(secret.expand(label, context, out).has_value());
  return out;
}

int refusal(const sotto::result<void>& r) { return r.has_value() ? 0 : static_cast<int>(r.error()); }
int refusal(error e) { return static_cast<int>(e); }

octets joined(const octets& a, const octets& b) {
  octets both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

}  // namespace

TEST_CASE("end_to_end_secret: frozen key material at both ends") {
  for (const auto& v : support::read_vectors("end_to_end_secret.txt")) {
    INFO(v.where());
    const handshake_outcome outcome{v["prk"], v["initiator"], v["responder"]};
    const std::string label(v["label"].begin(), v["label"].end());
    const std::size_t len = std::size_t{v["output_len"][0]} << 8 | v["output_len"][1];
    const octets& end = v["output_end"];
    for (const auto role : {handshake_role::initiator, handshake_role::responder}) {
      const auto secret = outcome.at(role);
      CHECK(secret.role() == role);
      const octets out = material(secret, label, v["context"], len);
      CHECK(support::to_hex(const_bytes(out).last(end.size())) == support::to_hex(end));
    }
  }
}

TEST_CASE("end_to_end_secret: a shorter output is a longer one's beginning") {
  const auto secret = handshake_outcome{}.at_initiator();
  const octets longest = material(secret, "label", {}, 100);
  for (std::size_t len = 0; len < longest.size(); ++len)
    CHECK(material(secret, "label", {}, len) == octets(longest.begin(), longest.begin() + static_cast<long>(len)));
}

TEST_CASE("end_to_end_secret: whatever differs gives other key material") {
  const handshake_outcome base;
  std::set<octets> seen;
  const auto is_new = [&](const handshake_outcome& outcome, std::string_view label, const octets& context) {
    return seen.insert(material(outcome.at_initiator(), label, context)).second;
  };
  CHECK(is_new(base, "label", {}));
  CHECK(is_new(base, "labem", {}));
  CHECK(is_new(base, "labe", {}));
  CHECK(is_new(base, "Label", {}));
  CHECK(is_new(base, "label", {0}));
  CHECK(is_new(base, "label", {0, 0}));
  CHECK(is_new(base, "label", {1}));
  CHECK(is_new(base, "label", octets(0xffff)));
  CHECK(is_new(base, "label", octets(0xfffe)));
  for (std::size_t bit = 0; bit < 256; ++bit) {
    const auto flip = [&](octets bytes) {
      bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1u << bit % 8);
      return bytes;
    };
    CHECK(is_new({flip(base.prk), base.initiator, base.responder}, "label", {}));
    CHECK(is_new({base.prk, flip(base.initiator), base.responder}, "label", {}));
    CHECK(is_new({base.prk, base.initiator, flip(base.responder)}, "label", {}));
  }
  CHECK(is_new({base.prk, base.responder, base.initiator}, "label", {}));
  CHECK(is_new({base.prk, {}, base.responder}, "label", {}));
  CHECK(is_new({base.prk, base.initiator, {}}, "label", {}));
  CHECK(is_new({base.prk, {}, {}}, "label", {}));
  CHECK(is_new({base.prk, base.responder, {}}, "label", {}));
  CHECK(is_new({base.prk, {}, base.initiator}, "label", {}));
  CHECK_FALSE(is_new(base, "label", {}));  // the set would notice
}

// The parts of the info, written one after the other without lengths, are the same bytes in each of these pairs.
TEST_CASE("end_to_end_secret: no part passes for the beginning of the next") {
  const octets prk = support::pattern_bytes(1, 32), i = support::pattern_bytes(2, 32),
               r = support::pattern_bytes(3, 32);
  const auto out = [&](std::string_view label, const octets& context, const octets& initiator,
                       const octets& responder) {
    return material(handshake_outcome{prk, initiator, responder}.at_initiator(), label, context);
  };
  CHECK(out("ab", {'c'}, i, r) != out("a", {'b', 'c'}, i, r));
  CHECK(out("abc", {}, i, r) != out("ab", {'c'}, i, r));
  CHECK(out("a", i, r, {}) != out("a", {}, i, r));
  CHECK(out("a", {}, i, {}) != out("a", {}, {}, i));
  CHECK(out("a", {}, i, {}) != out("a", i, {}, {}));
  CHECK(out("a", joined(i, r), {}, {}) != out("a", {}, i, r));
  const octets first(i.begin(), i.begin() + 16), rest(i.begin() + 16, i.end());
  CHECK(out("a", {}, first, rest) != out("a", {}, i, {}));
  CHECK(out("a", {}, first, rest) != out("a", {}, octets(i.begin(), i.begin() + 15), joined({i[15]}, rest)));
  // With the lengths of the other split inside the context, too.
  CHECK(out("a", {1, 'b'}, i, r) != out("a", {0, 1, 'b'}, i, r));
  CHECK(out("a", joined({32}, i), {}, r) != out("a", {}, i, r));
  CHECK(out("a", joined(joined({0}, joined({32}, i)), joined({32}, r)), {}, {}) != out("a", {}, i, r));
}

TEST_CASE("end_to_end_secret: refusals leave the output as it was") {
  const auto secret = handshake_outcome{}.at_responder();
  octets out(40, 0xa5);
  const octets before = out;
  CHECK(refusal(secret.expand("", {}, out)) == refusal(error::invalid_argument));
  using namespace std::string_view_literals;
  for (const auto label : {"\0"sv, "a\0"sv, "\0a"sv, "a\0b"sv, "sotto 1 srtp\0"sv})
    CHECK(refusal(secret.expand(label, {}, out)) == refusal(error::invalid_argument));
  for (const std::size_t len : {0x10000u, 0x10001u, 0x20000u})
    CHECK(refusal(secret.expand("label", octets(len), out)) == refusal(error::output_too_long));
  CHECK(out == before);
  CHECK(refusal(secret.expand("label", octets(0xffff), out)) == 0);
  CHECK(out != before);

  octets longest(8161, 0xa5);
  const octets long_before = longest;
  CHECK(refusal(secret.expand("label", {}, longest)) == refusal(error::output_too_long));
  CHECK(longest == long_before);
  CHECK(refusal(secret.expand("label", {}, mutable_bytes(longest).first(8160))) == 0);
  CHECK(longest[8160] == 0xa5);
}

TEST_CASE("end_to_end_secret: context and output never share a byte") {
  const auto secret = handshake_outcome{}.at_initiator();
  octets memory = support::pattern_bytes(9, 96);
  const octets before = memory;
  for (std::size_t start = 0; start + 32 <= memory.size(); ++start) {
    const const_bytes context = const_bytes(memory).subspan(32, 32);
    const auto outcome = secret.expand("label", context, mutable_bytes(memory).subspan(start, 32));
    const bool apart = start == 0 || start == 64;
    INFO("output at " << start << ", context at 32");
    CHECK(refusal(outcome) == (apart ? 0 : refusal(error::overlapping_buffers)));
    if (apart) memory = before;
    CHECK(memory == before);
  }
}

TEST_CASE("end_to_end_secret: moving keeps it usable, and neither move nor end leaves it behind") {
  const handshake_outcome outcome;
  auto first = outcome.at_initiator();
  const octets expected = material(first, "label", {});
  const auto second = std::move(first);
  CHECK(material(second, "label", {}) == expected);
  octets out(32, 0xa5);
  CHECK(refusal(first.expand("label", {}, out)) == refusal(error::invalid_argument));
  CHECK(out == octets(32, 0xa5));

  // The kernel's pointer, the role, and at the end the two lengths.
  support::remains<end_to_end_secret> ended(outcome.at_responder()), moved(outcome.at_responder());
  REQUIRE(ended.nonzero_words() > 12);
  ended.end();
  CHECK(ended.nonzero_words() <= 4);
  const end_to_end_secret taken(std::move(moved.object()));
  CHECK(moved.nonzero_words() <= 2);
  CHECK(taken.role() == handshake_role::responder);
}
