// SPDX-License-Identifier: BSL-1.0
// Nobody gets a session's keys without having decided who the peer is.
#include <concepts>
#include <type_traits>
#include <utility>

#include "ends.hpp"

using namespace ends;
using noise::peer_identity;

namespace {

// Options can't be left without a decision, and an undecided session has nothing to use.
template <class Options>
concept can_leave_the_peer_out = requires {
  Options{.pattern = noise::patterns::XX, .role = handshake_role::initiator};
};
template <class Options>
concept can_name_the_peer = requires {
  Options{.pattern = noise::patterns::XX, .role = handshake_role::initiator, .peer = peer_identity::decide_later()};
};
template <class S>
concept has_keys = requires(S& s) {
  s.send();
}
|| requires(S& s) { s.receive(); }
|| requires(S& s) { s.secret(); };
template <class S>
concept can_be_decided_twice = requires(S& s) {
  s.accept_unverified();
}
|| requires(S& s) { s.strings_compared_equal(); }
|| requires(S& s, const noise::public_key& key) { s.pin(key); };
template <class S>
concept can_be_decided = requires(S&& s, const noise::public_key& key) {
  { std::move(s).accept_unverified() } -> std::same_as<noise::session>;
  { std::move(s).strings_compared_equal() } -> std::same_as<noise::session>;
  { std::move(s).pin(key) } -> std::same_as<sotto::result<noise::session>>;
};

static_assert(can_name_the_peer<noise::handshake_options> && !can_leave_the_peer_out<noise::handshake_options>);
static_assert(!std::is_default_constructible_v<peer_identity>);
static_assert(!std::is_default_constructible_v<noise::handshake_options>);
static_assert(has_keys<noise::session> && !has_keys<noise::undecided_session> && !has_keys<noise::handshake>);
static_assert(can_be_decided<noise::undecided_session> && !can_be_decided_twice<noise::undecided_session>);
static_assert(!std::is_convertible_v<noise::undecided_session, noise::session>);
static_assert(!std::is_constructible_v<noise::session, noise::undecided_session>);
static_assert(!std::is_default_constructible_v<noise::session> && !std::is_copy_constructible_v<noise::session>);
static_assert(!std::is_copy_constructible_v<noise::handshake> &&
              !std::is_copy_constructible_v<noise::undecided_session>);

const noise::handshake_pattern& XX = noise::patterns::XX;

/// XX between two ends of which the initiator decides like this.
pair<> decided(const identities& ids, const peer_identity& peer) {
  pair<> p(ids, XX);
  auto options = ids.options(XX, handshake_role::initiator);
  options.peer = peer;
  p.initiator = *noise::handshake::create(options);
  return p;
}

noise::undecided_session undecided(const identities& ids) {
  auto p = decided(ids, peer_identity::decide_later());
  pass(p, 3);
  CHECK(std::move(p.initiator).finish().error() == error::out_of_turn);
  auto made = std::move(p.initiator).finish_undecided();
  REQUIRE(made.has_value());
  return std::move(*made);
}

}  // namespace

TEST_CASE("another key than the pinned one ends the handshake before anything further is sent") {
  const identities ids(XX);
  auto p = decided(ids, peer_identity::pinned(ids.initiator.public_key()));
  REQUIRE(refusal(p.responder, write(p.initiator)) == std::nullopt);
  const octets second = write(p.responder);
  octets payload(second.size(), 0xaa);
  CHECK(p.initiator.read_message(second, payload).error() == error::identity_mismatch);
  CHECK(payload == octets(second.size(), 0xaa));
  check_over(p.initiator);
}

TEST_CASE("the responder's pinned key, too, is compared when it arrives") {
  const identities ids(XX);
  pair<> p(ids, XX);
  auto options = ids.options(XX, handshake_role::responder);
  options.peer = peer_identity::pinned(ids.responder.public_key());
  p.responder = *noise::handshake::create(options);
  pass(p, 2);
  CHECK(refusal(p.responder, write(p.initiator)) == error::identity_mismatch);
  check_over(p.responder);
}

TEST_CASE("a pinned key in another encoding is another key") {
  const identities ids(XX);
  const auto key = ids.responder.public_key();
  octets same_point(key.bytes().begin(), key.bytes().end());
  same_point[31] ^= 0x80;
  auto p = decided(ids, peer_identity::pinned(*noise::public_key::parse(same_point)));
  pass(p, 1);
  CHECK(refusal(p.initiator, write(p.responder)) == error::identity_mismatch);
}

TEST_CASE("a wrong key that was known beforehand fails with the first message") {
  const auto& IK = noise::patterns::IK;
  const identities ids(IK);
  pair<> p(ids, IK);
  auto options = ids.options(IK, handshake_role::initiator);
  options.peer = peer_identity::pinned(ids.initiator.public_key());
  auto initiator = *noise::handshake::create(options);
  CHECK(refusal(p.responder, write(initiator)) == error::authentication_failed);
  check_over(p.responder);
}

TEST_CASE("accept_unverified gives the session at once, and tells whose key it was") {
  const identities ids(XX);
  auto p = decided(ids, peer_identity::accept_unverified());
  pass(p, 3);
  CHECK(std::move(p.initiator).finish_undecided().error() == error::out_of_turn);
  const auto made = std::move(p.initiator).finish();
  REQUIRE(made.has_value());
  CHECK(*made->remote_static() == ids.responder.public_key());
  check_over(p.initiator);
}

TEST_CASE("an undecided session becomes one by three decisions") {
  const identities ids(XX);
  auto pinned = undecided(ids), wrong = undecided(ids), accepted = undecided(ids), compared = undecided(ids);
  CHECK(*pinned.remote_static() == ids.responder.public_key());
  CHECK(pinned.handshake_hash().size() == 32);
  octets out(16);
  CHECK(std::move(pinned).pin(ids.responder.public_key())->send().seal({}, out).has_value());
  CHECK(std::move(wrong).pin(ids.initiator.public_key()).error() == error::identity_mismatch);
  CHECK(std::move(accepted).accept_unverified().send().seal({}, out).has_value());
  CHECK(std::move(compared).strings_compared_equal().send().seal({}, out).has_value());
}

TEST_CASE("a decision spends an undecided session") {
  const identities ids(XX);
  auto once = undecided(ids), failed = undecided(ids);
  const auto first = std::move(once).accept_unverified();
  octets out(32);
  CHECK(first.secret().expand("x", {}, out).has_value());
  for (auto* spent : {&once, &failed}) {
    if (spent == &failed) REQUIRE_FALSE(std::move(failed).pin(ids.initiator.public_key()).has_value());
    auto again = std::move(*spent).accept_unverified();
    CHECK(again.send().seal({}, out).error() == error::unsupported);
    CHECK(again.receive().open(out, out).error() == error::unsupported);
    CHECK(again.secret().expand("x", {}, out).error() == error::invalid_argument);
  }
}

TEST_CASE("options that contradict the pattern are refused") {
  const auto wrong = [](const noise::handshake_options& options) {
    const auto made = noise::handshake::create(options);
    REQUIRE_FALSE(made.has_value());
    return made.error();
  };
  const identities ids(XX);
  const auto key = ids.responder.public_key();
  auto options = ids.options(XX, handshake_role::initiator);
  options.own = nullptr;
  CHECK(wrong(options) == error::invalid_argument);
  options = ids.options(XX, handshake_role::initiator);
  for (const auto& peer :
       {peer_identity::none(), peer_identity::decide_later(key), peer_identity::accept_unverified(key)}) {
    options.peer = peer;
    CHECK(wrong(options) == error::invalid_argument);
  }
  options = ids.options(noise::patterns::NN, handshake_role::initiator);
  options.own = &ids.initiator;
  CHECK(wrong(options) == error::invalid_argument);
  for (const auto& peer :
       {peer_identity::pinned(key), peer_identity::decide_later(), peer_identity::accept_unverified()}) {
    options = ids.options(noise::patterns::NN, handshake_role::initiator);
    options.peer = peer;
    CHECK(wrong(options) == error::invalid_argument);
  }
  options = ids.options(noise::patterns::NK, handshake_role::initiator);
  for (const auto& peer : {peer_identity::none(), peer_identity::decide_later(), peer_identity::accept_unverified()}) {
    options.peer = peer;
    CHECK(wrong(options) == error::invalid_argument);
  }
  for (const auto& peer : {peer_identity::decide_later(key), peer_identity::accept_unverified(key)}) {
    options.peer = peer;
    CHECK(noise::handshake::create(options).has_value());
  }
}

TEST_CASE("as many psks as modifiers, of 32 bytes each") {
  const auto pattern = noise::handshake_pattern::named("NNpsk0+psk2");
  const identities ids(pattern);
  const octets bytes(33);
  const const_bytes all(bytes);
  const auto outcome = [&](std::vector<const_bytes> psks) -> std::optional<error> {
    auto options = ids.options(pattern, handshake_role::initiator);
    options.psks = psks;
    const auto made = noise::handshake::create(options);
    if (made) return std::nullopt;
    return made.error();
  };
  CHECK(outcome({all.first(32), all.first(32)}) == std::nullopt);
  CHECK(outcome({}) == error::invalid_argument);
  CHECK(outcome({all.first(32)}) == error::invalid_argument);
  CHECK(outcome(std::vector<const_bytes>(6, all.first(32))) == error::invalid_argument);
  CHECK(outcome({all.first(32), all.first(31)}) == error::invalid_key_length);
  CHECK(outcome({all, all.first(32)}) == error::invalid_key_length);
}
