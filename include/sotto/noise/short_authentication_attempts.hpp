// SPDX-License-Identifier: BSL-1.0
// How often somebody may have tried to get between two people: one count and one place per peer.
#pragma once

#include <cstdint>
#include <utility>

#include "../core/abi.hpp"
#include "../core/result.hpp"

namespace sotto::inline SOTTO_ABI::noise {

namespace detail {
class comparison_attempt;
}

/// The attempts to compare short authentication strings with one peer, that is, with one whom a person would recognise:
/// a string of 20 bits holds off somebody in the middle once in a while, not a million times. Every handshake that
/// compares strings takes this object by reference and needs its only place, from its beginning until a person has
/// decided or it is destroyed.
///
/// An attempt counts as soon as this end's random number leaves, for from then on the other end may know the string:
/// the initiator's with message 3, the responder's with message 2 already. It remains counted if the handshake fails,
/// is abandoned, or the strings differ, and is taken back only by strings_compared_equal().
///
/// Has no clock and takes no memory; stays where it is and outlives the handshakes. One thread at a time.
class comparison_attempts {
 public:
  /// With so many at both ends, somebody in the middle of all of them gets through once in 2^16.
  static constexpr std::uint32_t default_limit = 8;

  /// counted: what counted() returned before the program ended the last time. Store it before a message is sent that
  /// write_answer or write_reveal wrote; otherwise, restarting the program gives further attempts.
  explicit comparison_attempts(std::uint32_t limit = default_limit, std::uint32_t counted = 0) noexcept
      : limit_(limit), counted_(counted) {}
  comparison_attempts(const comparison_attempts&) = delete;
  comparison_attempts& operator=(const comparison_attempts&) = delete;

  std::uint32_t limit() const noexcept { return limit_; }
  /// Attempts that didn't end with equal strings, the one in progress included.
  std::uint32_t counted() const noexcept { return counted_; }
  /// No further handshake begins before a person was told, and reset() called.
  bool exhausted() const noexcept { return counted_ >= limit_; }
  /// A handshake holds the place.
  bool in_progress() const noexcept { return in_progress_; }

  /// Forgets all attempts: for a person who knows that some failed and wants to go on, never for a program that tries
  /// again. Errors: out_of_turn while a handshake is in progress; nothing changes then.
  result<void> reset() noexcept {
    if (in_progress_) return failure{error::out_of_turn};
    counted_ = 0;
    return {};
  }

 private:
  friend class detail::comparison_attempt;
  std::uint32_t limit_;
  std::uint32_t counted_;
  bool in_progress_ = false;
};

namespace detail {

/// A handshake's hold on the peer's place, which is free again when this ends. Move-only.
class comparison_attempt {
 public:
  /// Errors: out_of_turn (another handshake with this peer isn't decided), attempts_exhausted.
  static result<comparison_attempt> begin(comparison_attempts& of) noexcept {
    if (of.in_progress_) return failure{error::out_of_turn};
    if (of.exhausted()) return failure{error::attempts_exhausted};
    of.in_progress_ = true;
    return comparison_attempt(of);
  }
  comparison_attempt(comparison_attempt&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
  comparison_attempt& operator=(comparison_attempt&& other) noexcept {
    if (this != &other) {
      end();
      of_ = std::exchange(other.of_, nullptr);
    }
    return *this;
  }
  ~comparison_attempt() { end(); }

  /// Once per attempt, before this end's random number leaves. There is room: begin() saw it, and the place is ours.
  void count() noexcept { ++of_->counted_; }
  /// Nobody was in the middle of this one. Only after count(); ends the attempt.
  void take_back() noexcept {
    if (of_ == nullptr) core::trap();
    --of_->counted_;
    end();
  }
  /// Frees the place, and leaves the count as it is.
  void end() noexcept {
    if (of_ != nullptr) of_->in_progress_ = false;
    of_ = nullptr;
  }

 private:
  explicit comparison_attempt(comparison_attempts& of) noexcept : of_(&of) {}
  comparison_attempts* of_;
};

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::noise
