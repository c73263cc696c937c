// SPDX-License-Identifier: BSL-1.0
// Sender keys that ratchet forward (RFC 9605 5.1): KID = (key generation << R) + (step mod 2^R).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "base_key.hpp"
#include "cipher_suite.hpp"
#include "header.hpp"
#include "receiver.hpp"
#include "receiving_key.hpp"
#include "sender.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// How many low bits of a KID count ratchet steps: R, 1 to 63. A sender's receivers must know its R.
using step_bits = strong<unsigned, struct step_bits_tag>;

namespace detail {
constexpr bool is_valid(step_bits r) noexcept { return r.value() >= 1 && r.value() <= 63; }
constexpr std::uint64_t step_mask(step_bits r) noexcept { return (std::uint64_t{1} << r.value()) - 1; }
/// The KID `steps` further; generation and step never mix.
constexpr key_id step_kid(key_id from, std::uint64_t steps, step_bits r) noexcept {
  const std::uint64_t mask = step_mask(r);
  return key_id((from.value() & ~mask) | ((from.value() + steps) & mask));
}

/// How many forgeries the keys ahead survive together. Each of them has seen at most all that were tried at its step or
/// at others, so that one number is bound enough. What is moved from has none left.
class forgery_limit_ahead {
 public:
  explicit forgery_limit_ahead(std::uint64_t limit) noexcept : limit_(limit) {}
  std::uint64_t left() const noexcept { return limit_.left(); }
  void count(std::uint64_t steps) noexcept {
    limit_.count();
    if (steps > farthest_) farthest_ = steps;
  }
  /// The receiver has moved on. It starts again only if no key that is still ahead was tried: else each step would give
  /// the same key as many tries once more.
  void advance(std::uint64_t steps, std::uint64_t limit) noexcept {
    if (farthest_ > steps)
      farthest_ -= steps;
    else
      *this = forgery_limit_ahead(limit);
  }

 private:
  forgery_limit limit_;
  std::uint64_t farthest_ = 0;  // how many steps ahead the farthest of the keys lies that were tried
};
}  // namespace detail

/// A sender whose key moves forward, so that receivers who join can't read what was sent before. Move-only, never
/// rewound; an object that was moved from refuses with key_exhausted. One thread at a time.
class ratchet_sender {
 public:
  /// Starts a key generation, below 2^(64 - R), at step 0 and counter 0; each generation has a fresh base key of its
  /// own. Errors: unsupported (no such suite), invalid_argument (R, or a generation that doesn't fit),
  /// invalid_key_length (a key that was moved from).
  static result<ratchet_sender> create(cipher_suite s, std::uint64_t generation, base_key key, step_bits r) noexcept {
    if (!detail::is_valid(r) || generation >> (64 - r.value()) != 0) return failure{error::invalid_argument};
    auto made = sender::from_key(s, key_id(generation << r.value()), key, counter(0));
    if (!made) return failure{made.error()};
    return ratchet_sender(std::move(*made), std::move(key), r);
  }

  /// One step forward: a new key, wiping the old one, and counters from 0. Errors: key_exhausted (moved from).
  result<void> ratchet() noexcept {
    if (key_.expose().empty()) return failure{error::key_exhausted};
    base_key next = key_.next(suite());
    auto made = sender::from_key(suite(), detail::step_kid(kid(), 1, r_), next, counter(0));
    if (!made) return failure{made.error()};
    sender_ = std::move(*made);
    key_ = std::move(next);
    return {};
  }

  cipher_suite suite() const noexcept { return sender_.suite(); }
  /// This step's KID, which a receiver that joins is given along with current_key().
  key_id kid() const noexcept { return sender_.kid(); }
  /// That base key (secret), of what was protected since the last ratchet() too: call ratchet() first for a receiver
  /// who mustn't read that. Refers to this object; empty after a move.
  const base_key& current_key() const& noexcept { return key_; }
  const base_key& current_key() const&& = delete;
  counter next_counter() const noexcept { return sender_.next_counter(); }
  bool exhausted() const noexcept { return sender_.exhausted(); }
  const char* kernel_name() const noexcept { return sender_.kernel_name(); }
  std::size_t overhead() const noexcept { return sender_.overhead(); }

  /// As sender's.
  result<mutable_bytes> protect(const_bytes plaintext, mutable_bytes out, metadata m = {}) noexcept {
    return sender_.protect(plaintext, out, m);
  }
  result<mutable_bytes> protect(mutable_bytes buffer, std::size_t plaintext_len, metadata m = {}) noexcept {
    return sender_.protect(buffer, plaintext_len, m);
  }

 private:
  ratchet_sender(sender&& s, base_key&& key, step_bits r) noexcept
      : sender_(std::move(s)), key_(std::move(key)), r_(r) {}

  sender sender_;
  base_key key_;
  step_bits r_;
};

/// What a ratchet receiver's creator states or may change.
struct ratchet_options {
  /// The sender's R.
  step_bits r{4};
  /// How many steps at once a frame may be ahead, 1 to 2^R - 1 and at most 256: each costs an unauthenticated frame's
  /// receiver an HKDF. Choose it well below 2^R: KIDs tell steps modulo 2^R only, so that a frame of n steps ago looks
  /// 2^R - n ahead, and within this bound it is taken for a forgery.
  std::uint32_t max_steps_ahead = 8;
  /// As for receivers, for each step's key, whether it is tried while ahead or later, and for all keys ahead together.
  receiver_options limits = {};
};

/// Verifies and decrypts the frames of one sender, known from outside (say by SSRC), and one key generation, following
/// its ratchet. A frame that is ahead is verified with keys computed for it; only if it is authentic do they replace
/// the current ones, so forged frames move nothing. Frames of the step before that are still accepted until
/// forget_previous or the next step, unless 2^R is so small that their KID could also mean a step ahead; steps that
/// were skipped are unknown. Move-only; an object that was moved from refuses with key_exhausted. One thread at a time.
template <std::size_t WindowBits>
class basic_ratchet_receiver {
  using key = detail::receiving_key<WindowBits>;

 public:
  /// Starts with what the sender gave: its base key and KID of the same step. Errors: unsupported (no such suite),
  /// invalid_argument (options out of range), invalid_key_length (a key that was moved from).
  static result<basic_ratchet_receiver> create(cipher_suite s, key_id kid, base_key from,
                                               ratchet_options options = {}) noexcept {
    if (!detail::is_valid(options.r) || options.max_steps_ahead == 0 || options.max_steps_ahead > 256 ||
        options.max_steps_ahead > detail::step_mask(options.r))
      return failure{error::invalid_argument};
    auto made = key::create(s, kid, from, options.limits);
    if (!made) return failure{made.error()};
    return basic_ratchet_receiver(std::move(*made), std::move(from), options);
  }

  cipher_suite suite() const noexcept { return current_.suite(); }
  /// The KID of the latest step that a frame was authenticated with.
  key_id kid() const noexcept { return current_.kid(); }
  const char* kernel_name() const noexcept { return current_.kernel_name(); }
  /// How many more frames with a wrong tag the key of this step survives.
  std::uint64_t forgeries_left() const noexcept { return current_.forgeries_left(); }
  /// How many more frames with a wrong tag the keys ahead survive together; at 0 the receiver can't move on any more.
  /// Old frames whose KID means a step ahead by now count here too. It starts again with the step that has left behind
  /// all keys that were tried.
  std::uint64_t forgeries_left_ahead() const noexcept { return ahead_.left(); }
  /// Whether frames of the step before are still accepted.
  bool has_previous() const noexcept { return previous_.has_value(); }

  /// Wipes the key of the step before: call it when late frames are no longer expected, promptly (RFC 9605 5.1).
  void forget_previous() noexcept { previous_.reset(); }

  /// As basic_receiver's; unknown_key means another generation, or a step that is too far ahead or gone.
  result<mutable_bytes> unprotect(const_bytes frame, mutable_bytes out, metadata m = {}) noexcept {
    const auto parsed = parse_header(frame);
    if (!parsed) return failure{parsed.error()};
    return unprotect(*parsed, frame, out, m);
  }
  result<mutable_bytes> unprotect(mutable_bytes frame, metadata m = {}) noexcept {
    const auto parsed = parse_header(frame);
    if (!parsed) return failure{parsed.error()};
    return unprotect(*parsed, frame, frame.subspan(parsed->len), m);
  }

 private:
  basic_ratchet_receiver(key&& current, base_key&& from, ratchet_options options) noexcept
      : current_(std::move(current)), from_(std::move(from)), options_(options), ahead_(max_forgeries()) {}

  std::uint64_t max_forgeries() const noexcept { return detail::max_forgeries(suite(), options_.limits); }

  result<mutable_bytes> unprotect(const parsed_header& h, const_bytes frame, mutable_bytes out, metadata m) noexcept {
    const key_id kid = h.header.kid;
    if (kid == current_.kid()) return current_.unprotect(h, frame, out, m);
    if (previous_ && kid == previous_->kid()) return previous_->unprotect(h, frame, out, m);
    const std::uint64_t mask = detail::step_mask(options_.r);
    if (((kid.value() ^ current_.kid().value()) & ~mask) != 0) return failure{error::unknown_key};
    const std::uint64_t steps = (kid.value() - current_.kid().value()) & mask;
    if (steps > options_.max_steps_ahead) return failure{error::unknown_key};
    return unprotect_ahead(steps, h, frame, out, m);
  }

  result<mutable_bytes> unprotect_ahead(std::uint64_t steps, const parsed_header& h, const_bytes frame,
                                        mutable_bytes out, metadata m) noexcept {
    if (ahead_.left() == 0) return failure{error::key_exhausted};
    // What no key could open shall not cost the computation of one.
    if (const auto text = current_.check(h, frame, out, m); !text) return text;
    base_key next = from_.next(suite());
    for (std::uint64_t i = 1; i < steps; ++i) next = next.next(suite());
    // Forgeries that were tried on this key already count against it.
    auto candidate = key::create(suite(), h.header.kid, next, {ahead_.left()});
    if (!candidate) return failure{candidate.error()};
    const auto opened = candidate->unprotect(h, frame, out, m);
    if (!opened) {
      if (opened.error() == error::authentication_failed) ahead_.count(steps);
      return opened;
    }
    previous_.reset();
    if (detail::step_mask(options_.r) + 1 - steps > options_.max_steps_ahead) previous_.emplace(std::move(current_));
    current_ = std::move(*candidate);
    from_ = std::move(next);
    ahead_.advance(steps, max_forgeries());
    return opened;
  }

  key current_;
  std::optional<key> previous_;
  base_key from_;  // of the current step
  ratchet_options options_;
  detail::forgery_limit_ahead ahead_;
};

/// What most applications want: 1024 counters of tolerance in each step.
using ratchet_receiver = basic_ratchet_receiver<1024>;

}  // namespace sotto::inline SOTTO_ABI::sframe
