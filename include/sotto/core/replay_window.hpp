// SPDX-License-Identifier: BSL-1.0
// Which of the latest 64-bit indices were used, for protocols that number what they protect (RFC 3711 3.3.2).
#pragma once

#include <cstddef>
#include <cstdint>

#include "abi.hpp"

namespace sotto::inline SOTTO_ABI::core {

/// What a window knows about an index.
enum class index_status : std::uint8_t {
  fresh,    ///< Ahead of all others, or inside the window and unseen.
  seen,     ///< Inside the window and already used.
  too_old,  ///< Before the window: as good as seen.
};

/// The highest index and one bit for each of the Bits indices up to it; every 64-bit number is an index. A plain value
/// without pointers; zeroed means that nothing was seen. One thread at a time. Bits is a multiple of 64; powers of two
/// are fastest.
template <std::size_t Bits>
class replay_window {
  static_assert(Bits >= 64 && Bits % 64 == 0);

 public:
  static constexpr std::size_t size = Bits;

  /// Only an empty window's highest index isn't marked.
  bool empty() const noexcept { return !marked(highest_); }
  /// The highest index seen; call it on a window that isn't empty.
  std::uint64_t highest() const noexcept { return highest_; }

  /// Changes nothing.
  index_status check(std::uint64_t i) const noexcept {
    if (i > highest_) return index_status::fresh;
    if (highest_ - i >= Bits) return index_status::too_old;
    return marked(i) ? index_status::seen : index_status::fresh;
  }

  /// As if every index below `next` had been seen.
  void start_at(std::uint64_t next) noexcept {
    for (auto& w : words_) w = next == 0 ? 0 : ~std::uint64_t{0};
    highest_ = next == 0 ? 0 : next - 1;
  }

  /// Marks an index that check() called fresh.
  void commit(std::uint64_t i) noexcept {
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

  /// Clears the bits of count indices from `from`: they were skipped, and their places held indices Bits earlier.
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

  // The bits form a ring: index i has bit i modulo Bits, so advancing moves nothing.
  std::uint64_t highest_ = 0;
  std::uint64_t words_[Bits / 64]{};
};

}  // namespace sotto::inline SOTTO_ABI::core
