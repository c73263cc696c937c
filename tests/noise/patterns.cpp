// SPDX-License-Identifier: BSL-1.0
// Patterns by name, and a handshake of both ends for each with every set of psk modifiers.
#include <string>
#include <utility>
#include <vector>

#include "ends.hpp"

using namespace ends;
using noise::handshake_pattern;

static_assert(noise::patterns::XX.name() == "XX" && noise::patterns::XX.messages() == 3);
static_assert(handshake_pattern::named("KKpsk0+psk2").psks() == 2);
static_assert(noise::patterns::N.one_way() && !noise::patterns::NN.one_way());
static_assert(noise::patterns::IK.knows_static(handshake_role::responder) &&
              !noise::patterns::IK.knows_static(handshake_role::initiator));
static_assert(noise::patterns::IK.has_static(handshake_role::initiator) &&
              !noise::patterns::NK.has_static(handshake_role::initiator));
// No view of a temporary's name or hash.
template <class T>
concept names = requires(T pattern) {
  std::forward<T>(pattern).name();
};
static_assert(names<const handshake_pattern&> && !names<handshake_pattern> && !names<const handshake_pattern>);
template <class T>
concept hashes = requires(T end) {
  std::forward<T>(end).handshake_hash();
};
static_assert(hashes<noise::handshake&> && !hashes<noise::handshake>);
static_assert(hashes<noise::session&> && !hashes<noise::session>);
static_assert(hashes<noise::undecided_session&> && !hashes<noise::undecided_session>);
static_assert(noise::patterns::X1X1.messages() == handshake_pattern::max_messages);

namespace {

/// Every set of modifiers that a pattern can have, the empty one first.
std::vector<std::string> modifier_sets(std::size_t messages) {
  std::vector<std::string> sets;
  for (unsigned set = 0; set < 1u << (messages + 1); ++set) {
#if defined(SOTTO_TEST_SUBSET)
    if ((set & (set - 1)) != 0 && set + 1 != 1u << (messages + 1)) continue;  // none, one, all
#endif
    std::string text;
    for (unsigned place = 0; place <= messages; ++place)
      if ((set >> place & 1u) != 0) text += (text.empty() ? "psk" : "+psk") + std::to_string(place);
    sets.push_back(text);
  }
  return sets;
}

template <class Handshake>
void talk(const handshake_pattern& pattern) {
  const identities ids(pattern);
  pair<Handshake> p(ids, pattern);
  for (std::size_t i = 0; i < pattern.messages(); ++i) {
    CHECK(p.writer(i).own_turn());
    CHECK_FALSE(p.reader(i).own_turn());
    REQUIRE(refusal(p.reader(i), write(p.writer(i))) == std::nullopt);
  }
  REQUIRE(p.initiator.finished());
  REQUIRE(p.responder.finished());
  auto first = std::move(p.initiator).finish(), second = std::move(p.responder).finish();
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(octets(first->handshake_hash().begin(), first->handshake_hash().end()) ==
        octets(second->handshake_hash().begin(), second->handshake_hash().end()));
  CHECK(first->remote_static().has_value() == pattern.has_static(handshake_role::responder));
  CHECK(second->remote_static().has_value() == pattern.has_static(handshake_role::initiator));

  octets wire(20), plain(4), a(32), b(32);
  REQUIRE(first->send().seal(octets{1, 2, 3, 4}, wire).has_value());
  REQUIRE(second->receive().open(wire, plain).has_value());
  CHECK(plain == octets{1, 2, 3, 4});
  if (pattern.one_way()) {
    CHECK(second->send().seal(plain, wire).error() == error::unsupported);
    CHECK(first->receive().open(wire, plain).error() == error::unsupported);
    CHECK(second->send().rekey().error() == error::unsupported);
  } else {
    REQUIRE(second->send().seal(plain, wire).has_value());
    REQUIRE(first->receive().open(wire, plain).has_value());
  }
  REQUIRE(first->secret().expand("x", {}, a).has_value());
  REQUIRE(second->secret().expand("x", {}, b).has_value());
  CHECK(a == b);
}

}  // namespace

TEST_CASE("each pattern with every set of psk modifiers, both ends") {
  for (const auto name : all_patterns) {
    const auto plain = handshake_pattern::find(name);
    REQUIRE(plain.has_value());
    CHECK(plain->name() == name);
    for (const auto& modifiers : modifier_sets(plain->messages())) {
      const std::string whole = std::string(name) + modifiers;
      INFO(whole);
      const auto pattern = handshake_pattern::find(whole);
      REQUIRE(pattern.has_value());
      REQUIRE(pattern->name() == whole);
      talk<noise::handshake>(*pattern);
      if (modifiers.size() <= 4) talk<noise::basic_handshake<sotto::crypto::aes_gcm, sotto::crypto::sha512>>(*pattern);
    }
  }
}

TEST_CASE("Noise 9.3: nobody encrypts after a psk token without an ephemeral key of one's own") {
  for (const auto name : all_patterns) {
    const auto pattern = *handshake_pattern::find(name);
    for (std::size_t i = 0; i < pattern.messages() && i < 2; ++i) {
      INFO(name << " message " << i + 1);
      CHECK(pattern.message(i)[0] == noise::detail::token::e);
    }
  }
}

TEST_CASE("what is no pattern's name is refused") {
  const std::string long_name = "XXpsk0+psk1+psk2+psk3+psk4+psk5+psk6+psk7";
  for (const std::string& name : {std::string(),
                                  std::string("xx"),
                                  std::string("XXX"),
                                  std::string("Noise_XX"),
                                  std::string("XX "),
                                  std::string("XXpsk"),
                                  std::string("XXpsk4"),
                                  std::string("Npsk2"),
                                  std::string("XXpsk1+psk0"),
                                  std::string("XXpsk0+psk0"),
                                  std::string("XXpsk0psk1"),
                                  std::string("XXpsk0+"),
                                  std::string("XXpsk0+fallback"),
                                  std::string("XXfallback"),
                                  std::string("psk0"),
                                  std::string("XXpsk10"),
                                  std::string("XXpsk/"),
                                  std::string("XXpsk\xff"),
                                  std::string("XX\0", 3),
                                  long_name}) {
    INFO(name);
    const auto found = handshake_pattern::find(name);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error() == error::unsupported);
  }
}
