// SPDX-License-Identifier: BSL-1.0
// Noise: both ends of a handshake in any pattern, with somebody in between who alters, cuts, replays, reflects and
// invents messages. They agree exactly if nobody did.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sotto/noise.hpp"
#include "support/bytes.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"

namespace {

namespace crypto = sotto::crypto;
namespace noise = sotto::noise;
using crypto::handshake_role;
using fuzz::bytes;
using fuzz::input;
using fuzz::require;
using sotto::const_bytes;
using sotto::error;

noise::static_key static_key_of(const bytes& secret) {
  return noise::static_key::from_secret(std::span<const std::uint8_t, 32>(secret.data(), 32));
}
handshake_role other(handshake_role role) {
  return role == handshake_role::initiator ? handshake_role::responder : handshake_role::initiator;
}

noise::handshake_pattern choose_pattern(input& from) {
  const auto& row = noise::detail::pattern_rows[from.below(std::size(noise::detail::pattern_rows))];
  const auto plain = noise::handshake_pattern::named(row.name);
  std::string name(row.name);
  const unsigned psks = from.u8();
  bool first = true;
  for (unsigned place = 0; place <= plain.messages(); ++place) {
    if ((psks >> place & 1u) == 0) continue;
    name += (first ? "psk" : "+psk") + std::to_string(place);
    first = false;
  }
  const auto found = noise::handshake_pattern::find(name);
  require(found.has_value() && found->name() == name, "a pattern isn't found", name.c_str());
  return *found;
}

/// What an end starts with. Both ends' are the same, but for what somebody changed.
struct premises {
  bytes prologue, own, peer_public;
  std::vector<bytes> psks;
};

template <class Handshake>
struct party {
  std::optional<noise::static_key> own;
  std::optional<Handshake> handshake;

  party(const noise::handshake_pattern& pattern, handshake_role role, const premises& p, unsigned decision) {
    if (pattern.has_static(role)) own.emplace(static_key_of(p.own));
    const auto key = *noise::public_key::parse(p.peer_public);
    const bool known = pattern.knows_static(other(role));
    auto peer = noise::peer_identity::none();
    if (pattern.has_static(other(role))) {
      if (decision == 0) peer = noise::peer_identity::pinned(key);
      if (decision == 1) peer = known ? noise::peer_identity::decide_later(key) : noise::peer_identity::decide_later();
      if (decision == 2)
        peer = known ? noise::peer_identity::accept_unverified(key) : noise::peer_identity::accept_unverified();
    }
    const std::vector<const_bytes> psks(p.psks.begin(), p.psks.end());
    auto made = Handshake::create({.pattern = pattern,
                                   .role = role,
                                   .prologue = p.prologue,
                                   .own = own ? &*own : nullptr,
                                   .peer = peer,
                                   .psks = psks});
    require(made.has_value(), "a handshake doesn't start");
    handshake.emplace(std::move(*made));
  }

  void require_dead() {
    bytes buffer(300);
    require(handshake->write_message({}, buffer).error() == error::handshake_over &&
                handshake->read_message(buffer, buffer).error() == error::handshake_over &&
                std::move(*handshake).finish().error() == error::handshake_over,
            "a handshake goes on after a failure");
    const const_bytes hash = handshake->handshake_hash();
    require(std::all_of(hash.begin(), hash.end(), [](std::uint8_t b) { return b == 0; }), "a failure left a hash");
  }

  std::optional<typename Handshake::session> finish() {
    if (auto made = std::move(*handshake).finish()) return std::move(*made);
    auto later = std::move(*handshake).finish_undecided();
    if (!later) return std::nullopt;
    return std::move(*later).strings_compared_equal();
  }
};

/// The input's bytes as randomness.
struct given_random {
  input& from;
  sotto::result<void> operator()(sotto::mutable_bytes out) noexcept {
    const bytes made = from.fill(out.size());
    std::copy(made.begin(), made.end(), out.begin());
    return {};
  }
};

/// What the one in between makes of a message; mostly nothing.
bytes tampered(input& from, const bytes& message, const std::vector<bytes>& earlier) {
  bytes made(message);
  switch (from.u8() % 32) {
    case 31: fuzz::flip(made, from.u16()); break;
    case 30: made.resize(from.below(made.size())); break;
    case 29: fuzz::append(made, from.take(1 + from.below(40))); break;
    case 28: made = from.take(from.below(300)); break;
    case 27:
      if (!earlier.empty()) made = earlier[from.below(earlier.size())];
      break;
    case 26: std::fill_n(made.begin(), std::min<std::size_t>(32, made.size()), from.u8() & 1); break;  // low order
    case 25:
      if (!earlier.empty()) {  // somebody else's ephemeral key, maybe one's own
        const bytes& source = earlier[from.below(earlier.size())];
        std::copy_n(source.begin(), std::min({std::size_t{32}, source.size(), made.size()}), made.begin());
      }
      break;
    default: break;
  }
  return made;
}

template <class Handshake>
class conversation {
 public:
  conversation(input& from, const noise::handshake_pattern& pattern, const premises& first, const premises& second,
               std::size_t differ_from)
      : from_(from),
        pattern_(pattern),
        initiator_(pattern, handshake_role::initiator, first, from.u8() % 3),
        responder_(pattern, handshake_role::responder, second, from.u8() % 3),
        differ_from_(differ_from) {}

  void run() {
    for (std::size_t n = 0; n < pattern_.messages(); ++n) {
      same_ = same_ && n != differ_from_;
      if (!pass(n % 2 == 0 ? initiator_ : responder_, n % 2 == 0 ? responder_ : initiator_)) return;
    }
    require(initiator_.handshake->finished() && responder_.handshake->finished(), "the last message doesn't finish");
    auto first = initiator_.finish(), second = responder_.finish();
    require(first && second, "a finished handshake gives no session");
    bytes a(32), b(32);
    require(first->secret().expand("x", {}, a) && second->secret().expand("x", {}, b), "no secret");
    const bool same_hash =
        std::equal(first->handshake_hash().begin(), first->handshake_hash().end(), second->handshake_hash().begin());
    require(same_ == same_hash && same_ == (a == b), "the ends agree wrongly");
    for (int i = 0; i < 4; ++i) transport(*first, *second);
    if (!pattern_.one_way())
      for (int i = 0; i < 4; ++i) transport(*second, *first);
  }

 private:
  using party = ::party<Handshake>;

  /// False: the handshake ended here.
  bool pass(party& writer, party& reader) {
    if (from_.u8() == 255) {  // out of turn
      bytes buffer(400);
      const bool wrote = from_.flag();
      const auto done =
          wrote ? reader.handshake->write_message({}, buffer) : writer.handshake->read_message(buffer, buffer);
      require(!done && done.error() == error::out_of_turn, "a message out of turn");
      (wrote ? reader : writer).require_dead();
      return false;
    }
    const bytes payload = from_.take(from_.below(60));
    const std::size_t overhead = writer.handshake->message_overhead();
    bytes wire(payload.size() + overhead);
    const bool in_place = from_.flag();
    if (in_place) std::copy(payload.begin(), payload.end(), wire.begin());
    given_random random{from_};
    const auto written = writer.handshake->write_message(
        in_place ? const_bytes(wire).first(payload.size()) : const_bytes(payload), wire, random);
    if (!written) {  // a point that was planted before
      require(!same_ && written.error() == error::low_order_point, "a message isn't written");
      require(wire == bytes(wire.size()), "a failure left something in its buffer");
      writer.require_dead();
      return false;
    }
    require(written->size() == wire.size(), "a message of another length");
    return deliver(reader, wire, payload, overhead);
  }

  bool deliver(party& reader, const bytes& wire, const bytes& payload, std::size_t overhead) {
    has_key_ = has_key_ || gives_key(earlier_.size());
    const bytes message = tampered(from_, wire, earlier_);
    earlier_.push_back(wire);
    const bool genuine = message == wire;
    bytes out(from_.flag() ? message.size() : 0);
    const bool in_place = !out.empty();
    if (in_place)
      out = message;
    else
      out.assign(message.size() < overhead ? 0 : message.size() - overhead, 0xaa);
    const bytes before(out);
    const auto read = reader.handshake->read_message(in_place ? const_bytes(out) : const_bytes(message), out);
    if (!read) {
      require(!(genuine && same_), "an unaltered message is refused");
      require(out == before, "a refused message is written out");
      require(refusal_is_named(read.error(), message.size(), overhead), "a refusal without its reason");
      reader.require_dead();
      return false;
    }
    require(genuine || !has_key_, "an altered message is accepted");
    require(same_ || !has_key_, "ends with different transcripts go on");
    if (genuine) require(std::equal(read->begin(), read->end(), payload.begin(), payload.end()), "another payload");
    same_ = same_ && genuine;
    return true;
  }

  bool gives_key(std::size_t n) const {
    for (const auto t : pattern_.message(n))
      if (t != noise::detail::token::e && t != noise::detail::token::s) return true;
    return false;
  }
  bool refusal_is_named(error e, std::size_t len, std::size_t overhead) const {
    if (len < overhead || e == error::malformed_message) return len < overhead && e == error::malformed_message;
    return e == error::authentication_failed || e == error::low_order_point || e == error::identity_mismatch;
  }

  template <class Session>
  void transport(Session& writer, Session& reader) {
    const bytes payload = from_.take(from_.below(60));
    bytes wire(payload.size() + 16);
    require(writer.send().seal(payload, wire).has_value(), "a transport message isn't sealed");
    const bytes message = tampered(from_, wire, sent_);
    bytes out(message.size(), 0xaa);
    const auto read = reader.receive().open(message, out);
    const bool in_step = same_ && message == wire;
    require(read.has_value() == in_step, "the wrong verdict about a transport message");
    if (!read) {
      require(read.error() == error::authentication_failed && out == bytes(message.size(), 0xaa), "a refusal wrote");
      bytes again(payload.size());
      require(!same_ || reader.receive().open(wire, again).has_value(), "a refusal changed the receiver");
    }
    sent_.push_back(wire);
  }

  input& from_;
  noise::handshake_pattern pattern_;
  party initiator_, responder_;
  std::size_t differ_from_;  // the message that the ends' premises are different for
  bool same_ = true;         // both ends have seen the same so far
  bool has_key_ = false;     // payloads are authenticated by now
  std::vector<bytes> earlier_, sent_;
};

/// The message that mixes in the psk of this number.
std::size_t message_of_psk(const noise::handshake_pattern& pattern, std::size_t which) {
  for (std::size_t n = 0; n < pattern.messages(); ++n)
    for (const auto t : pattern.message(n))
      if (t == noise::detail::token::psk && which-- == 0) return n;
  return pattern.messages();
}

template <class Handshake>
void converse(input& from) {
  const auto pattern = choose_pattern(from);
  const fuzz::hidden_features mask(from.u32());
  premises first{from.take(from.below(40)), from.fill(32), {}, {}};
  for (std::size_t i = 0; i < pattern.psks(); ++i) first.psks.push_back(from.fill(32));
  premises second(first);
  second.own = from.fill(32);
  const auto public_of = [](const bytes& secret) {
    const auto key = static_key_of(secret).public_key();
    return bytes(key.bytes().begin(), key.bytes().end());
  };
  first.peer_public = public_of(second.own);
  second.peer_public = public_of(first.own);
  std::size_t differ_from = noise::handshake_pattern::max_messages;
  switch (from.u8() % 16) {
    case 15:
      second.prologue.push_back(0);
      differ_from = 0;
      break;
    case 14: {
      if (second.psks.empty()) break;
      const std::size_t which = from.below(second.psks.size());
      fuzz::flip(second.psks[which], from.u16());
      differ_from = message_of_psk(pattern, which);
      break;
    }
    default: break;
  }
  conversation<Handshake>(from, pattern, first, second, differ_from).run();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  switch (from.below(4)) {
    case 0: converse<noise::basic_handshake<crypto::aes_gcm, crypto::sha256>>(from); break;
    case 1: converse<noise::basic_handshake<crypto::aes_gcm, crypto::sha512>>(from); break;
    case 2: converse<noise::basic_handshake<crypto::chacha20_poly1305, crypto::sha512>>(from); break;
    default: converse<noise::handshake>(from); break;
  }
  return 0;
}
