// SPDX-License-Identifier: BSL-1.0
// Which of the latest counters were seen. RFC 9605 leaves replays to applications (9.3); this is the window of RFC 3711
// 3.3.2 over all 64-bit numbers, where SRTP's own has an end to count to.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "header.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// What a window knows about a counter.
enum class counter_status : std::uint8_t {
  fresh,    ///< Ahead of all others, or inside the window and unseen.
  seen,     ///< Inside the window and already seen.
  too_old,  ///< Before the window: as good as seen.
};

/// The highest counter and one bit for each of the Bits counters up to it. A plain value without pointers; zeroed means
/// that nothing was seen. One thread at a time. Bits is a multiple of 64; powers of two are fastest.
template <std::size_t Bits>
class replay_window {
  static_assert(Bits >= 64 && Bits % 64 == 0);

 public:
  static constexpr std::size_t size = Bits;

  bool empty() const noexcept { return highest_ == 0 && !marked(0); }
  /// The highest counter seen; call it on a window that isn't empty.
  counter highest() const noexcept { return counter(highest_); }

  /// Changes nothing.
  counter_status check(counter ctr) const noexcept {
    const std::uint64_t i = ctr.value();
    if (i > highest_) return counter_status::fresh;
    if (highest_ - i >= Bits) return counter_status::too_old;
    return marked(i) ? counter_status::seen : counter_status::fresh;
  }

  /// Marks a counter that check() called fresh.
  void commit(counter ctr) noexcept {
    const std::uint64_t i = ctr.value();
    if (i > highest_) {
      if (i - highest_ != 1) forget(highest_ + 1, i - highest_ - 1);
      highest_ = i;
    }
    words_[word(i)] |= bit(i);
  }

 private:
  static constexpr std::size_t word(std::uint64_t i) noexcept { return static_cast<std::size_t>(i / 64 % (Bits / 64)); }
  static constexpr std::uint64_t bit(std::uint64_t i) noexcept { return std::uint64_t{1} << (i % 64); }
  bool marked(std::uint64_t i) const noexcept { return (words_[word(i)] & bit(i)) != 0; }

  /// Clears the bits of count numbers from `from`: they were skipped, and their places held numbers Bits earlier.
  void forget(std::uint64_t from, std::uint64_t count) noexcept {
    if (count >= Bits) {
      for (auto& w : words_) w = 0;
      return;
    }
    while (count != 0) {
      const std::uint64_t in_word = 64 - from % 64, now = count < in_word ? count : in_word;
      words_[word(from)] &= ~((~std::uint64_t{0} >> (64 - now)) << (from % 64));
      from += now;
      count -= now;
    }
  }

  // The bits form a ring: number i has bit i modulo Bits, so advancing moves nothing.
  std::uint64_t highest_ = 0;
  std::uint64_t words_[Bits / 64]{};
};

}  // namespace sotto::inline SOTTO_ABI::sframe
