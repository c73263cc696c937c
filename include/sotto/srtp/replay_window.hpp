// SPDX-License-Identifier: BSL-1.0
// Which of the latest indices were used (RFC 3711 3.3.2), for receivers and senders alike.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "packet_index.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// What a window knows about an index.
enum class index_status : std::uint8_t {
  fresh,    ///< Ahead of all others, or inside the window and unseen.
  seen,     ///< Inside the window and already used.
  too_old,  ///< Before the window: as good as seen.
};

/// The highest index and one bit for each of the Bits indices up to it. A plain value without pointers; zeroed means
/// that nothing was seen. One thread at a time. Bits is a multiple of 64 from 64 (RFC 3711 3.3.2) to 32768 (half the
/// sequence space); powers of two are fastest.
template <std::size_t Bits>
class replay_window {
  static_assert(Bits >= 64 && Bits <= 32768 && Bits % 64 == 0);

 public:
  static constexpr std::size_t size = Bits;

  bool empty() const noexcept { return end_ == 0; }
  /// The highest index seen; call it on a window that isn't empty.
  packet_index highest() const noexcept { return packet_index(end_ - 1); }

  /// Changes nothing.
  index_status check(packet_index index) const noexcept {
    const std::uint64_t i = index.value();
    if (i >= end_) return index_status::fresh;
    if (end_ - i > Bits) return index_status::too_old;
    return ((words_[word(i)] >> (i % 64)) & 1u) != 0 ? index_status::seen : index_status::fresh;
  }

  /// Marks an index that check() called fresh.
  void commit(packet_index index) noexcept {
    const std::uint64_t i = index.value();
    if (i >= end_) {
      if (i != end_) forget(end_, i - end_);
      end_ = i + 1;
    }
    words_[word(i)] |= std::uint64_t{1} << (i % 64);
  }

  /// As if every index below `next` had been seen.
  void start_at(packet_index next) noexcept {
    for (auto& w : words_) w = ~std::uint64_t{0};
    end_ = next.value();
  }

 private:
  static constexpr std::size_t word(std::uint64_t i) noexcept { return static_cast<std::size_t>(i / 64 % (Bits / 64)); }

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
  std::uint64_t end_ = 0;  // one more than the highest index, 0 if there is none
  std::uint64_t words_[Bits / 64]{};
};

}  // namespace sotto::inline SOTTO_ABI::srtp
