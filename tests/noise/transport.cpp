// SPDX-License-Identifier: BSL-1.0
// Messages after the handshake: counters, refusals that change nothing, datagrams, rekeying.
#include <cstdint>
#include <set>
#include <utility>

#include "ends.hpp"

using namespace ends;

namespace {
/// Names a session of our own, through which tests reach counters that nobody lives to see.
struct at_counter {};
}  // namespace

namespace sotto::inline SOTTO_ABI::noise {
template <class Cipher>
class basic_session<Cipher, at_counter> {
 public:
  static sending<Cipher> sender(const_bytes key, std::uint64_t counter) {
    sending<Cipher> made(key);
    made.key_.counter() = counter;
    return made;
  }
  static receiving<Cipher> receiver(const_bytes key, std::uint64_t counter) {
    receiving<Cipher> made(key);
    made.key_.counter() = counter;
    return made;
  }
};
}  // namespace sotto::inline SOTTO_ABI::noise

namespace {

using sotto::crypto::aes_gcm;
using sotto::crypto::chacha20_poly1305;

struct sessions {
  noise::session initiator, responder;
};

noise::session finished(noise::handshake& h) { return std::move(*std::move(h).finish()); }

sessions connected() {
  const identities ids(noise::patterns::XX);
  pair<> p(ids, noise::patterns::XX);
  pass(p, 3);
  return {finished(p.initiator), finished(p.responder)};
}

octets sealed(noise::session& from, const octets& payload) {
  octets out(payload.size() + 16);
  REQUIRE(from.send().seal(payload, out).has_value());
  return out;
}

std::optional<error> refusal_of(noise::session& to, const_bytes message) {
  octets out(message.size(), 0xaa);
  const auto opened = to.receive().open(message, out);
  if (opened) return std::nullopt;
  CHECK(out == octets(message.size(), 0xaa));
  return opened.error();
}

/// Remembers every counter.
struct set_window {
  std::set<std::uint64_t> seen;
  int accepted = 0;
  sotto::result<void> check(std::uint64_t counter) const noexcept {
    if (seen.count(counter) != 0) return sotto::failure{error::replayed};
    return {};
  }
  void accept(std::uint64_t counter) noexcept {
    seen.insert(counter);
    ++accepted;
  }
};

}  // namespace

TEST_CASE("transport messages in their order, both directions, in place and out of place") {
  auto s = connected();
  for (std::uint8_t i = 0; i < 20; ++i) {
    const octets payload = support::pattern_bytes(i, i * 7u);
    auto& from = i % 3 == 0 ? s.responder : s.initiator;
    auto& to = i % 3 == 0 ? s.initiator : s.responder;
    octets wire = payload;
    wire.resize(payload.size() + 16);
    const auto written = from.send().seal(const_bytes(wire).first(payload.size()), wire);
    REQUIRE(written.has_value());
    const auto read = to.receive().open(*written, wire);
    REQUIRE(read.has_value());
    CHECK(octets(read->begin(), read->end()) == payload);
  }
  CHECK(s.initiator.send().counter() == 13);
  CHECK(s.responder.receive().counter() == 13);
  CHECK(s.responder.send().counter() == 7);
}

TEST_CASE("what can't be opened changes nothing") {
  auto s = connected();
  const octets first = sealed(s.initiator, {1, 2, 3}), second = sealed(s.initiator, {4});
  CHECK(refusal_of(s.responder, second) == error::authentication_failed);  // out of order
  for (std::size_t bit = 0; bit < 8 * first.size(); ++bit) {
    octets altered = first;
    altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1u << (bit % 8)));
    CHECK(refusal_of(s.responder, altered) == error::authentication_failed);
  }
  for (std::size_t len = 0; len < first.size(); ++len)
    CHECK(refusal_of(s.responder, const_bytes(first).first(len)) == error::authentication_failed);
  CHECK(refusal_of(s.initiator, first) == error::authentication_failed);  // reflected
  CHECK(refusal_of(s.responder, octets(65536)) == error::message_too_long);
  octets out(3);
  CHECK(s.responder.receive().open(first, mutable_bytes(out).first(2)).error() == error::buffer_too_small);
  CHECK(s.responder.receive().counter() == 0);
  CHECK(refusal_of(s.responder, first) == std::nullopt);
  CHECK(refusal_of(s.responder, first) == error::authentication_failed);  // replayed
  CHECK(refusal_of(s.responder, second) == std::nullopt);
}

TEST_CASE("what can't be sealed uses no counter") {
  auto s = connected();
  octets out(70000);
  CHECK(s.initiator.send().seal(octets(65520), out).error() == error::message_too_long);
  CHECK(s.initiator.send().seal(octets(5), mutable_bytes(out).first(20)).error() == error::buffer_too_small);
  CHECK(s.initiator.send().seal(const_bytes(out).subspan(1, 5), out).error() == error::overlapping_buffers);
  CHECK(s.initiator.send().counter() == 0);
  const octets longest = sealed(s.initiator, octets(65519));
  CHECK(longest.size() == 65535);
  CHECK(refusal_of(s.responder, longest) == std::nullopt);
}

TEMPLATE_TEST_CASE("the last counter is reserved", "", chacha20_poly1305, aes_gcm) {
  using at = noise::basic_session<TestType, at_counter>;
  const octets key = support::pattern_bytes(1, 32);
  constexpr std::uint64_t last = ~std::uint64_t{0} - 1;
  auto sender = at::sender(key, last);
  auto receiver = at::receiver(key, last);
  octets wire(19), plain(19, 0xaa);
  REQUIRE(sender.seal(octets{1, 2, 3}, wire).has_value());
  REQUIRE(receiver.open(wire, plain).has_value());
  const octets before = wire;
  for (int i = 0; i < 3; ++i) {
    CHECK(sender.seal(octets{1, 2, 3}, wire).error() == error::key_exhausted);
    CHECK(receiver.open(wire, plain).error() == error::key_exhausted);
  }
  CHECK(wire == before);
  auto datagrams = at::receiver(key, 0);
  set_window window;
  CHECK(datagrams.open_datagram(last + 1, window, wire, plain).error() == error::key_exhausted);
  CHECK(datagrams.open_datagram(last, window, wire, plain).has_value());
}

TEMPLATE_TEST_CASE("nonces as Noise 12.3 and 12.4 have them, and its REKEY", "", chacha20_poly1305, aes_gcm) {
  constexpr bool little = std::is_same_v<TestType, chacha20_poly1305>;
  const octets key = support::pattern_bytes(1, 32), payload{1, 2, 3};
  const auto by_hand = [&](const octets& with, std::uint64_t counter, const octets& text) {
    octets nonce(12), out(text.size() + 16);
    for (unsigned i = 0; i < 8; ++i) nonce[little ? 4 + i : 11 - i] = static_cast<std::uint8_t>(counter >> (8 * i));
    const typename TestType::nonce n(std::span<const std::uint8_t, 12>(nonce.data(), 12));
    REQUIRE(TestType::create(with)->seal(n, {}, text, out).has_value());
    return out;
  };
  auto sender = noise::basic_session<TestType, at_counter>::sender(key, 0x0102030405060708u);
  octets wire(19);
  REQUIRE(sender.seal(payload, wire).has_value());
  CHECK(wire == by_hand(key, 0x0102030405060708u, payload));

  octets next = by_hand(key, ~std::uint64_t{0}, octets(32));
  next.resize(32);
  REQUIRE(sender.rekey().has_value());
  REQUIRE(sender.seal(payload, wire).has_value());
  CHECK(wire == by_hand(next, 0x0102030405060709u, payload));
}

TEST_CASE("rekeying keeps both ends together") {
  auto s = connected();
  const octets before = sealed(s.initiator, {1});
  CHECK(refusal_of(s.responder, before) == std::nullopt);
  REQUIRE(s.initiator.send().rekey().has_value());
  const octets after = sealed(s.initiator, {2});
  CHECK(refusal_of(s.responder, after) == error::authentication_failed);
  REQUIRE(s.responder.receive().rekey().has_value());
  CHECK(refusal_of(s.responder, after) == std::nullopt);
  CHECK(refusal_of(s.initiator, sealed(s.responder, {3})) == std::nullopt);  // the other direction has its own key
}

TEST_CASE("datagrams in any order, each once") {
  auto s = connected();
  std::vector<octets> sent;
  for (std::uint8_t i = 0; i < 6; ++i) sent.push_back(sealed(s.initiator, {i}));
  octets out(1, 0xaa);
  REQUIRE(s.responder.receive().open(sent[0], out).has_value());
  set_window window;
  auto& receive = s.responder.receive();
  CHECK(receive.open_datagram(0, window, sent[0], out).error() == error::replayed);
  CHECK(receive.open_datagram(4, window, sent[3], out).error() == error::authentication_failed);
  CHECK(window.accepted == 0);
  REQUIRE(receive.open(sent[1], out).has_value());  // a datagram that wasn't authentic changed nothing
  for (const std::uint8_t i : {std::uint8_t{5}, std::uint8_t{2}, std::uint8_t{4}}) {
    REQUIRE(receive.open_datagram(i, window, sent[i], out).has_value());
    CHECK(out[0] == i);
    CHECK(receive.open_datagram(i, window, sent[i], out).error() == error::replayed);
  }
  CHECK(window.accepted == 3);
  CHECK(receive.open(sent[2], out).error() == error::out_of_turn);
  CHECK(receive.open_datagram(3, window, sent[3], out).has_value());
}

TEST_CASE("a session that was moved from has no keys") {
  auto s = connected();
  const noise::session taken = std::move(s.initiator);
  octets out(40);
  CHECK(s.initiator.send().seal({}, out).error() == error::unsupported);
  CHECK(s.initiator.send().rekey().error() == error::unsupported);
  CHECK(s.initiator.receive().open(out, out).error() == error::unsupported);
  CHECK(s.initiator.secret().expand("x", {}, out).error() == error::invalid_argument);
  CHECK(taken.secret().expand("x", {}, out).has_value());
}
