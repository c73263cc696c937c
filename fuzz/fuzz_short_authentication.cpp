// SPDX-License-Identifier: BSL-1.0
// Handshakes with a commitment: two people who call one another again and again over somebody who alters, replays and
// invents messages, and ends that speak with a stranger who follows Noise and puts anything into the payloads.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
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
using fuzz::bytes;
using fuzz::input;
using fuzz::require;
using sotto::const_bytes;
using sotto::error;
using sotto::mutable_bytes;
using sotto::result;
using caller_end = noise::comparing_initiator;
using callee_end = noise::comparing_responder;

/// The input's bytes as randomness.
struct given_random {
  input& from;
  result<void> operator()(mutable_bytes out) noexcept {
    const bytes made = from.fill(out.size());
    std::copy(made.begin(), made.end(), out.begin());
    return {};
  }
};

noise::static_key new_key(input& from) {
  given_random random{from};
  return *noise::static_key::generate(random);
}

/// An end's call number 0, 1 or 2.
result<mutable_bytes> call(caller_end& end, unsigned step, const_bytes in, mutable_bytes out, given_random random) {
  if (step == 0) return end.write_commitment(in, out, random);
  return step == 1 ? end.read_answer(in, out) : end.write_reveal(in, out);
}
result<mutable_bytes> call(callee_end& end, unsigned step, const_bytes in, mutable_bytes out, given_random random) {
  if (step == 1) return end.write_answer(in, out, random);
  if (step == 2) return end.read_reveal(in, out);
  if (const auto read = end.read_commitment(in); !read) return sotto::failure{read.error()};
  return out.first(0);
}
constexpr bool writes(const caller_end&, unsigned step) { return step != 1; }
constexpr bool writes(const callee_end&, unsigned step) { return step == 1; }
/// What a message has beside its payload: a key or two, their tags and the payload's, a random number.
constexpr std::size_t overheads[] = {64, 32 + 48 + 16 + 32, 48 + 16 + 32};

/// What an end has seen: the prologue and every message so far, its own ones too.
using transcript = std::vector<bytes>;
/// What both ends of one transcript have to agree on.
struct outcome {
  transcript seen;
  bytes string_and_secret;
};

/// What everybody in the world of one run could know.
struct world {
  std::vector<transcript> written;  // up to each message that an end wrote
  std::vector<bytes> wires;
  std::vector<outcome> outcomes;
};

template <class T>
bool contains(const std::vector<T>& in, const T& what) {
  return std::find(in.begin(), in.end(), what) != in.end();
}

/// One person: a key, attempts with the other one, and at most one handshake; beside them what they must be.
template <class End>
class person {
 public:
  person(input& from, world& everything, std::uint32_t limit)
      : from_(from), world_(everything), key_(new_key(from)), attempts_(limit) {}

  void start(const bytes& prologue) {
    auto made = End::create({key_, attempts_, prologue});
    if (in_progress_ || counted_ >= attempts_.limit()) {
      const error expected = in_progress_ ? error::out_of_turn : error::attempts_exhausted;
      require(!made && made.error() == expected, "a handshake more than there may be");
    } else {
      require(made.has_value(), "a handshake doesn't start");
      end_.emplace(std::move(*made));
      next_ = 0;
      alive_ = in_progress_ = true;
      seen_ = {prologue};
    }
    check();
  }

  /// A call, mostly the next one. `wire` is what a reading call gets.
  void step(unsigned number, const bytes& payload, const bytes& wire) {
    if (!end_) return;
    const bool writing = writes(*end_, number);
    const bytes in = writing ? payload : wire;
    bytes out(writing ? (number == 0 ? 0 : payload.size()) + overheads[number] : wire.size(), writing ? 0 : 0xaa);
    const bytes before(out);
    const auto done = call(*end_, number, in, out, given_random{from_});
    const auto expected = verdict(number, writing, in);
    if (!done) {
      require(expected ? is_named(done.error(), *expected) : planted(number, done.error()), "the wrong refusal");
      require(out == before, "a refusal wrote something");
      alive_ = in_progress_ = false;
    } else {
      require(!expected, "a call that had to be refused");
      follow(number, writing, writing ? bytes(done->begin(), done->end()) : in);
    }
    check();
  }

  void move() {
    if (!end_) return;
    End moved(std::move(*end_));
    require(std::move(*end_).compare().error() == error::handshake_over, "an end that was moved from goes on");
    check();
    if (from_.flag())
      end_.emplace(std::move(moved));
    else
      *end_ = std::move(moved);
    check();
  }

  void hang_up() {
    end_.reset();
    alive_ = in_progress_ = false;
    check();
  }

  void reset() {
    require(attempts_.reset().has_value() == !in_progress_, "the wrong answer to a reset");
    if (!in_progress_) counted_ = 0;
    check();
  }

  void compare() {
    if (!end_) return;
    auto made = std::move(*end_).compare();
    if (!alive_ || next_ != 3) {
      require(!made && made.error() == (alive_ ? error::out_of_turn : error::handshake_over), "a string too early");
      return check();
    }
    require(made.has_value(), "a finished handshake has no string");
    alive_ = false;
    check();
    const std::string_view digits = made->string().digits();
    bytes agreed(digits.begin(), digits.end());
    if (from_.flag()) {
      std::move(*made).strings_differ();
    } else {
      const auto session = std::move(*made).strings_compared_equal();
      agreed.resize(agreed.size() + 32);
      require(session.secret().expand("x", {}, mutable_bytes(agreed).last(32)).has_value(), "no secret");
      --counted_;
    }
    in_progress_ = false;
    check();
    for (const auto& known : world_.outcomes)
      if (known.seen == seen_) {
        const std::size_t len = std::min(agreed.size(), known.string_and_secret.size());
        require(std::equal(agreed.begin(), agreed.begin() + static_cast<std::ptrdiff_t>(len),
                           known.string_and_secret.begin()),
                "the ends of one handshake disagree");
      }
    world_.outcomes.push_back({seen_, agreed});
  }

  unsigned next() const { return next_ < 3 ? next_ : 0; }
  bool calls() const { return end_.has_value(); }

 private:
  /// Which refusal there must be; one for forgeries stands for all of those.
  std::optional<error> verdict(unsigned number, bool writing, const bytes& in) {
    if (!alive_) return error::handshake_over;
    if (number != next_) return error::out_of_turn;
    if (writing) {
      if (number == 0) committed_ = in;
      if (number == 2 && in != committed_) return error::invalid_argument;
      if (number == 1 && low_order_) return error::low_order_point;
      return std::nullopt;
    }
    if (number == 0) {
      low_order_ = in.size() >= 32 && std::all_of(in.begin(), in.begin() + 32, [](std::uint8_t b) { return b == 0; });
      return in.size() == overheads[0] ? std::nullopt : std::optional(error::malformed_message);
    }
    transcript whole(seen_);
    whole.push_back(in);
    return contains(world_.written, whole) ? std::nullopt : std::optional(error::authentication_failed);
  }
  /// Forgeries may have another reason, too.
  static bool is_named(error e, error expected) {
    return e == expected ||
           (expected == error::authentication_failed && (e == error::malformed_message || e == error::low_order_point));
  }
  /// Points of low order have many encodings.
  bool planted(unsigned number, error e) const {
    return number == 1 && e == error::low_order_point && !contains(world_.written, seen_);
  }

  void follow(unsigned number, bool writing, const bytes& message) {
    seen_.push_back(message);
    ++next_;
    if (!writing) return;
    world_.written.push_back(seen_);
    world_.wires.push_back(message);
    if (number != 0) ++counted_;  // this end's random number leaves
  }

  void check() {
    require(attempts_.counted() == counted_, "attempts are counted wrongly");
    require(attempts_.in_progress() == in_progress_, "the place is held wrongly");
    require(attempts_.exhausted() == (counted_ >= attempts_.limit()), "the limit is seen wrongly");
  }

  input& from_;
  world& world_;
  noise::static_key key_;
  noise::comparison_attempts attempts_;
  std::optional<End> end_;
  transcript seen_;
  bytes committed_;
  std::uint32_t counted_ = 0;
  unsigned next_ = 0;
  bool alive_ = false, in_progress_ = false, low_order_ = false;
};

/// The latest message, or what somebody makes of it.
bytes delivered(input& from, const std::vector<bytes>& wires) {
  bytes made = wires.empty() ? bytes{} : wires.back();
  switch (from.u8() % 32) {
    case 31:
      if (!made.empty()) fuzz::flip(made, from.u16());
      break;
    case 30: made.resize(from.below(made.size() + 1)); break;
    case 29: fuzz::append(made, from.take(1 + from.below(40))); break;
    case 28: made = from.take(from.below(300)); break;
    case 27:
    case 26:
      if (!wires.empty()) made = wires[from.below(wires.size())];
      break;
    case 25: std::fill_n(made.begin(), std::min<std::size_t>(32, made.size()), 0); break;
    default: break;
  }
  return made;
}

template <class End>
void act(input& from, person<End>& who, world& everything, const bytes& prologue) {
  const bytes payload = {1, 2, 3};
  switch (from.u8() % 16) {
    case 15: who.step(from.u8() % 3, payload, delivered(from, everything.wires)); break;
    case 14: who.step(who.next(), from.take(from.below(40)), delivered(from, everything.wires)); break;
    case 13: who.hang_up(); break;
    case 12: who.move(); break;
    case 11: who.reset(); break;
    case 10: who.start(from.flag() ? prologue : bytes{9}); break;
    case 9:
    case 8: who.compare(); break;
    default:
      if (who.calls())
        who.step(who.next(), payload, delivered(from, everything.wires));
      else
        who.start(prologue);
  }
}

void two_people(input& from) {
  world everything;
  const std::uint32_t limit = 1 + from.u8() % 4u;
  person<caller_end> caller(from, everything, limit);
  person<callee_end> callee(from, everything, limit);
  const bytes prologue = from.take(from.below(8));
  for (int i = 0; i < 60 && from.left() != 0; ++i)
    if (from.flag())
      act(from, caller, everything, prologue);
    else
      act(from, callee, everything, prologue);
}

noise::handshake stranger(crypto::handshake_role role, const noise::static_key& key) {
  return *noise::handshake::create(
      {.pattern = noise::patterns::XX, .role = role, .own = &key, .peer = noise::peer_identity::decide_later()});
}

bytes message(noise::handshake& from, const bytes& payload, given_random random) {
  bytes wire(payload.size() + from.message_overhead());
  require(from.write_message(payload, wire, random).has_value(), "a stranger's message");
  return wire;
}

bytes digest(const bytes& text) {
  bytes made(32);
  crypto::sha256 hash;
  hash.update(text);
  hash.finish(std::span<std::uint8_t, 32>(made.data(), 32));
  return made;
}

/// What opens: computed from the document's text, not by the library's own function.
bytes commitment(const bytes& number, const noise::public_key& key, const bytes& payload) {
  const std::string_view label = "sotto 1 short authentication commitment";
  bytes text(label.begin(), label.end());
  fuzz::append(text, number);
  fuzz::append(text, {key.bytes().begin(), key.bytes().end()});
  fuzz::append(text, digest(payload));
  return digest(text);
}

/// The stranger calls: its message 3 is accepted if and only if it opens message 1.
void stranger_calls(input& from) {
  const auto own = new_key(from), others = new_key(from);
  noise::comparison_attempts attempts;
  given_random random{from};
  auto callee = *callee_end::create({own, attempts});
  auto caller = stranger(crypto::handshake_role::initiator, others);

  const bytes number = from.fill(32), payload = from.take(from.below(50));
  const auto key = others.public_key();
  bytes opening = commitment(number, key, payload);
  if (from.u8() % 8 == 7) fuzz::flip(opening, from.u16());
  require(callee.read_commitment(message(caller, opening, random)).has_value(), "a commitment");
  bytes second(overheads[1]), nothing(overheads[1]);
  require(callee.write_answer({}, second, random).has_value(), "an answer");
  require(caller.read_message(second, nothing).has_value(), "an answer that can't be read");
  bytes last(payload);
  fuzz::append(last, number);
  const bytes honest(last);
  if (from.u8() % 4 == 3) last = from.take(from.below(90));

  const bytes third = message(caller, last, random);
  bytes out(third.size(), 0xaa);
  const auto read = callee.read_reveal(third, out);
  const bool opens = last == honest && opening == commitment(number, key, payload);
  require(read.has_value() == opens, "a reveal is judged wrongly");
  if (!read) {
    require(read.error() == (last.size() < 32 ? error::malformed_message : error::commitment_mismatch), "a refusal");
    const auto end = out.begin() + static_cast<std::ptrdiff_t>(last.size());
    require(std::all_of(out.begin(), end, [](std::uint8_t b) { return b == 0; }), "a refused payload remains");
  } else {
    require(std::equal(read->begin(), read->end(), payload.begin(), payload.end()), "another payload");
  }
  require(std::move(callee).compare().has_value() == opens, "a string without a reveal");
  require(attempts.counted() == 1 && !attempts.in_progress(), "an attempt isn't counted");
}

/// The stranger is called: its message 2 is accepted if it has room for a number.
void stranger_answers(input& from) {
  const auto own = new_key(from), others = new_key(from);
  noise::comparison_attempts attempts;
  given_random random{from};
  auto caller = *caller_end::create({own, attempts});
  auto callee = stranger(crypto::handshake_role::responder, others);

  const bytes final_payload = from.take(from.below(50));
  bytes first(overheads[0]), opening(overheads[0]);
  require(caller.write_commitment(final_payload, first, random).has_value(), "a commitment");
  require(callee.read_message(first, opening).has_value(), "a commitment that can't be read");
  const bytes payload = from.take(from.below(90)), second = message(callee, payload, random);
  bytes out(second.size(), 0xaa);
  const auto read = caller.read_answer(second, out);
  require(read.has_value() == (payload.size() >= 32), "an answer is judged wrongly");
  if (!read) {
    require(read.error() == error::malformed_message && !attempts.in_progress() && attempts.counted() == 0,
            "a refused answer");
    return;
  }
  require(read->size() == payload.size() - 32 && std::equal(read->begin(), read->end(), payload.begin()), "a payload");
  bytes third(final_payload.size() + overheads[2]), revealed(third.size());
  require(caller.write_reveal(final_payload, third).has_value() && attempts.counted() == 1, "a reveal");
  const auto last = callee.read_message(third, revealed);
  require(last.has_value() && last->size() == final_payload.size() + 32, "a reveal that can't be read");
  opening.resize(32);
  require(opening == commitment({last->end() - 32, last->end()}, own.public_key(), final_payload),
          "a reveal that doesn't open its commitment");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  const fuzz::hidden_features mask(from.u32());
  switch (from.u8() % 4) {
    case 0: stranger_calls(from); break;
    case 1: stranger_answers(from); break;
    default: two_people(from);
  }
  return 0;
}
