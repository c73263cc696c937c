// SPDX-License-Identifier: BSL-1.0
// SFrame headers of any bytes, and conversations between a ratcheting sender and its receiver, with loss, repetition,
// alterations and arbitrary frames: every answer is the model's, and a refusal leaves everything as it was.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sotto/sframe.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"
#include "support/sframe_reference.hpp"

namespace {

namespace sframe = sotto::sframe;
using fuzz::buffer;
using fuzz::bytes;
using fuzz::input;
using fuzz::require;
using sotto::error;

constexpr std::size_t max_operations = 60, max_text = 1200, window_bits = 64;

void check_header(const bytes& frame) {
  const buffer exact(frame, 0);
  const auto parsed = sframe::parse_header(exact.span());
  const auto expected = fuzz::read_sframe_header(frame);
  require(parsed.has_value() == expected.has_value(), expected ? "refused a good header" : "accepted a bad header");
  if (!expected) {
    require(parsed.error() == error::malformed_message, "wrong error for a header");
    return;
  }
  require(parsed->header.kid.value() == expected->kid && parsed->header.ctr.value() == expected->ctr, "wrong numbers");
  require(parsed->len == expected->len, "wrong header length");
}

/// A pair of numbers near the ends of all lengths, or any.
std::uint64_t number(input& in) {
  const unsigned how = in.u8();
  if (how < 64) return how;
  if (how < 192) return (std::uint64_t{1} << (how % 64)) - 2 + in.below(4);
  return in.u64();
}

void fuzz_header(input& in) {
  const sframe::header h{sframe::key_id(number(in)), sframe::counter(number(in))};
  const bytes expected = fuzz::write_sframe_header(h.kid.value(), h.ctr.value());
  require(sframe::header_len(h) == expected.size(), "header_len");
  buffer out(in.below(20));
  const auto written = sframe::encode_header(h, out.span());
  require(written.has_value() == (out.size() >= expected.size()), "encode_header and its room");
  if (written)
    require(bytes(written->begin(), written->end()) == expected, "wrong header");
  else
    require(written.error() == error::buffer_too_small && out.untouched(), "a refused encode_header");
  check_header(expected);
  check_header(in.take(30));
}

/// What was sent, and under which of the sender's keys.
struct sent_frame {
  bytes wire, metadata, text;
  std::uint64_t step, ctr;
};

/// The receiver's knowledge of one step's key: plain sets.
struct step_model {
  std::uint64_t step = 0, left = 0;
  std::set<std::uint64_t> seen;
  std::optional<error> replay(std::uint64_t ctr) const {
    if (seen.empty() || ctr > *seen.rbegin()) return std::nullopt;
    if (*seen.rbegin() - ctr >= window_bits) return error::too_old;
    if (seen.count(ctr) != 0) return error::replayed;
    return std::nullopt;
  }
};

class conversation {
 public:
  explicit conversation(input& in)
      : in_(in),
        suite_(sframe::cipher_suites[in.below(std::size(sframe::cipher_suites))]),
        bits_(static_cast<unsigned>(1 + in.below(63))),
        mask_((std::uint64_t{1} << bits_) - 1),
        generation_(in.flag() ? in.u64() >> bits_ : in.below(2)),
        most_ahead_(
            static_cast<std::uint32_t>(1 + in.below(static_cast<std::size_t>(std::min<std::uint64_t>(mask_, 20))))),
        limit_(in.flag() ? in.below(8) : 1000),
        base_key_(in.fill(16 + in.below(49))),
        tx_(make_sender(in)),
        rx_(make_receiver(in)) {
    current_.left = ahead_ = std::min(limit_, sframe::parameters(suite_).max_forgeries);
  }

  void run() {
    for (std::size_t n = 0; n < max_operations && in_.left() != 0; ++n) {
      switch (in_.below(8)) {
        case 0:
        case 1: send(); break;
        case 2: ratchet(); break;
        case 3:
        case 4:
          if (!sent_.empty()) {
            const bytes frame = pick().wire;
            deliver(frame, in_.below(16) == 0 ? in_.take(5) : sent_[picked_].metadata);
          }
          break;
        case 5: alter(); break;
        case 6: deliver(in_.take(in_.below(40)), {}); break;
        default: other(); break;
      }
    }
  }

 private:
  sframe::ratchet_sender make_sender(input& in) {
    const fuzz::hidden_features hidden(in.u32());
    return sframe::ratchet_sender::create(suite_, generation_, sframe::base_key::create(base_key_).value(),
                                          sframe::step_bits(bits_))
        .value();
  }
  sframe::basic_ratchet_receiver<window_bits> make_receiver(input& in) {
    const fuzz::hidden_features hidden(in.u32());
    return sframe::basic_ratchet_receiver<window_bits>::create(suite_, sframe::key_id(kid_of(0)),
                                                               sframe::base_key::create(base_key_).value(),
                                                               {sframe::step_bits(bits_), most_ahead_, {limit_}})
        .value();
  }
  std::uint64_t kid_of(std::uint64_t step) const { return generation_ << bits_ | (step & mask_); }

  const sent_frame& pick() {
    const std::size_t back = in_.below(std::min<std::size_t>(sent_.size(), 40));
    picked_ = sent_.size() - 1 - back;
    return sent_[picked_];
  }

  void send() {
    const bytes text = in_.fill(in_.length(max_text)), metadata = in_.fill(in_.length(60));
    const std::size_t tag_len = sframe::parameters(suite_).tag_len;
    const std::size_t head = fuzz::write_sframe_header(kid_of(step_), ctr_).size();
    require(tx_.kid().value() == kid_of(step_) && tx_.next_counter().value() == ctr_, "sender's KID or counter");
    require(tx_.overhead() == head + tag_len, "sender's overhead");
    const bool in_place = in_.flag();
    const std::size_t front = in_place ? sframe::max_header_len : head;
    const std::size_t need = front + text.size() + tag_len, short_by = in_.below(8) == 0 ? 1 + in_.below(40) : 0;
    const buffer from(text, in_.below(64)), aad(metadata, 0);
    buffer out(short_by < need ? need - short_by : 0, in_.below(64));
    if (in_place && out.size() >= front + text.size() && !text.empty())
      std::memcpy(out.data() + front, text.data(), text.size());
    const bytes before(out.data(), out.data() + out.size());
    const sframe::metadata m{aad.span()};
    const auto wire = in_place ? tx_.protect(out.span(), text.size(), m) : tx_.protect(from.span(), out.span(), m);
    if (short_by != 0) {
      require(!wire && wire.error() == error::buffer_too_small && out.holds(before), "a protect without room");
      return;
    }
    require(wire.has_value() && wire->size() == head + text.size() + tag_len, "protect failed");
    sent_.push_back({bytes(wire->begin(), wire->end()), metadata, text, step_, ctr_});
    check_wire(sent_.back());
    ++ctr_;
  }

  void check_wire([[maybe_unused]] const sent_frame& f) {
#if defined(SOTTO_PEER_OPENSSL)
    if (!reference_) reference_.emplace(suite_, kid_of(step_), base_key_);
    require(reference_->encrypt(f.ctr, f.metadata, f.text) == f.wire, "a frame isn't what OpenSSL makes");
#endif
  }

  void ratchet() {
    const std::size_t steps = 1 + in_.below(3);
    for (std::size_t i = 0; i < steps; ++i) {
      require(tx_.ratchet().has_value(), "ratchet failed");
      ++step_;
#if defined(SOTTO_PEER_OPENSSL)
      base_key_ = fuzz::sframe_reference::next(suite_, base_key_);
      reference_.reset();
      const auto key = tx_.current_key().expose();
      require(bytes(key.begin(), key.end()) == base_key_, "the ratchet isn't OpenSSL's");
#endif
    }
    ctr_ = 0;
  }

  void alter() {
    if (sent_.empty()) return;
    bytes frame = pick().wire;
    switch (in_.below(4)) {
      case 0: frame.resize(frame.size() - std::min<std::size_t>(frame.size(), 1 + in_.below(30))); break;
      case 1: fuzz::append(frame, in_.fill(1 + in_.below(4))); break;
      case 2: {
        // Another header in front of the same ciphertext.
        const auto h = fuzz::read_sframe_header(frame);
        bytes other = fuzz::write_sframe_header(kid_of(step_ + in_.below(24) - 4), h->ctr + in_.below(100));
        fuzz::append(other, fuzz::slice(frame, h->len, frame.size() - h->len));
        frame = std::move(other);
        break;
      }
      default: fuzz::flip(frame, in_.u16()); break;
    }
    deliver(frame, sent_[picked_].metadata);
  }

  void other() {
    switch (in_.below(3)) {
      case 0:
        rx_.forget_previous();
        previous_.reset();
        break;
      case 1: {
        const bytes too_much(sframe::max_metadata_len + 1);
        buffer out(200);
        const auto refused = tx_.protect(bytes{1}, out.span(), sframe::metadata(too_much));
        require(!refused && refused.error() == error::invalid_argument && out.untouched(), "too much metadata");
        break;
      }
      default: {
        // What is moved keeps its state; what was moved from has none.
        auto moved = std::move(rx_);
        if (!sent_.empty()) {
          buffer frame(sent_.back().wire, 0), out(frame.size());
          const auto refused = rx_.unprotect(frame.span(), out.span());
          require(!refused && out.untouched(), "a receiver that was moved from accepts");
        }
        rx_ = std::move(moved);
        break;
      }
    }
  }

  /// The step whose key a KID means, as seen from the receiver; and whether it is ahead.
  std::optional<std::uint64_t> step_meant(std::uint64_t kid) const {
    if (kid == kid_of(current_.step)) return current_.step;
    if (previous_ && kid == kid_of(previous_->step)) return previous_->step;
    if (kid >> bits_ != generation_) return std::nullopt;
    const std::uint64_t ahead = (kid - current_.step) & mask_;
    if (ahead > most_ahead_) return std::nullopt;
    return current_.step + ahead;
  }

  /// The error that a frame deserves before its tag is looked at.
  std::optional<error> refusal(const bytes& frame, const std::optional<fuzz::sframe_header>& h, std::size_t room) {
    if (!h) return error::malformed_message;
    const auto step = step_meant(h->kid);
    if (!step) return error::unknown_key;
    const step_model* known = *step == current_.step                  ? &current_
                              : previous_ && *step == previous_->step ? &*previous_
                                                                      : nullptr;
    if ((known != nullptr ? known->left : ahead_) == 0) return error::key_exhausted;
    if (known != nullptr)
      if (const auto replay = known->replay(h->ctr)) return replay;
    const std::size_t tag_len = sframe::parameters(suite_).tag_len;
    if (frame.size() - h->len < tag_len) return error::malformed_message;
    if (room < frame.size() - h->len - tag_len) return error::buffer_too_small;
    return std::nullopt;
  }

  const sent_frame* genuine(const bytes& frame, const bytes& metadata, std::uint64_t step) const {
    for (const auto& f : sent_)
      if (f.step == step && f.wire == frame && f.metadata == metadata) return &f;
    return nullptr;
  }

  void deliver(const bytes& frame, const bytes& metadata) {
    check_header(frame);
    const auto h = fuzz::read_sframe_header(frame);
    const bool in_place = in_.flag();
    const std::size_t room = in_place || in_.below(8) != 0 ? frame.size() : in_.below(frame.size() + 1);
    auto expected = refusal(frame, h, in_place ? ~std::size_t{0} : room);
    const std::uint64_t step = expected ? 0 : *step_meant(h->kid);
    const sent_frame* original = expected ? nullptr : genuine(frame, metadata, step);
    if (!expected && original == nullptr) expected = error::authentication_failed;

    buffer wire(frame, in_.below(64)), out(room, in_.below(64));
    const buffer aad(metadata, 0);
    const bytes before = image();
    const sframe::metadata m{aad.span()};
    const auto got = in_place ? rx_.unprotect(wire.span(), m) : rx_.unprotect(wire.span(), out.span(), m);
    if (expected) {
      require(!got, "accepted a frame that deserves", sotto::message(*expected));
      if (got.error() != *expected) {
        const std::string both = std::string(sotto::message(*expected)) + ", got " + sotto::message(got.error());
        require(false, "wrong error: expected", both.c_str());
      }
      require(wire.holds(frame) && out.untouched(), "a refusal wrote");
      if (*expected == error::authentication_failed)
        count_forgery(step, before);
      else
        require(image() == before, "a refusal changed the receiver");
    } else {
      require(got.has_value(), "refused a genuine frame");
      require(bytes(got->begin(), got->end()) == original->text, "wrong plaintext");
      require(in_place || wire.holds(frame), "unprotecting wrote to its input");
      accept(step, original->ctr);
    }
    require(rx_.kid().value() == kid_of(current_.step), "the receiver's KID");
    require(rx_.forgeries_left() == current_.left, "the receiver's forgeries");
    require(rx_.forgeries_left_ahead() == ahead_, "the receiver's forgeries ahead");
    require(rx_.has_previous() == previous_.has_value(), "the receiver's previous step");
  }

  bytes image() const {
    const auto* p = reinterpret_cast<const std::uint8_t*>(&rx_);
    return bytes(p, p + sizeof rx_);
  }
  /// Counting is all that may change anything.
  void count_forgery(std::uint64_t step, const bytes& before) {
    std::uint64_t& left = step == current_.step                  ? current_.left
                          : previous_ && step == previous_->step ? previous_->left
                                                                 : ahead_;
    --left;
    if (&left == &ahead_) farthest_tried_ = std::max(farthest_tried_, step);
    const bytes after = image();
    std::size_t first = after.size(), last = 0;
    for (std::size_t i = 0; i < after.size(); ++i)
      if (after[i] != before[i]) {
        first = std::min(first, i);
        last = i;
      }
    // Of keys ahead, how far away the farthest tried one is stands beside their counter.
    const std::size_t most = &left == &ahead_ ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
    require(first <= last && last - first < most, "a forged frame changed more than its counter");
  }
  void accept(std::uint64_t step, std::uint64_t ctr) {
    if (previous_ && step == previous_->step) {
      previous_->seen.insert(ctr);
      return;
    }
    if (step != current_.step) {
      const std::uint64_t steps = step - current_.step;
      previous_.reset();
      if (mask_ + 1 - steps > most_ahead_) previous_ = current_;
      current_ = {step, ahead_, {}};
      if (step >= farthest_tried_) ahead_ = std::min(limit_, sframe::parameters(suite_).max_forgeries);
    }
    current_.seen.insert(ctr);
  }

  input& in_;
  sframe::cipher_suite suite_;
  unsigned bits_;
  std::uint64_t mask_, generation_;
  std::uint32_t most_ahead_;
  std::uint64_t limit_;
  bytes base_key_;
  sframe::ratchet_sender tx_;
  sframe::basic_ratchet_receiver<window_bits> rx_;
  std::uint64_t step_ = 0, ctr_ = 0, ahead_ = 0, farthest_tried_ = 0;
  step_model current_;
  std::optional<step_model> previous_;
  std::vector<sent_frame> sent_;
  std::size_t picked_ = 0;
#if defined(SOTTO_PEER_OPENSSL)
  std::optional<fuzz::sframe_reference> reference_;
#endif
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input in(data, len);
  if (in.below(8) == 0)
    fuzz_header(in);
  else
    conversation(in).run();
  return 0;
}
