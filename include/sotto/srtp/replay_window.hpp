// SPDX-License-Identifier: BSL-1.0
// Which of the latest packet indices were used (RFC 3711 3.3.2), for receivers and senders alike.
#pragma once

#include <cstddef>

#include "../core/abi.hpp"
#include "../core/replay_window.hpp"
#include "packet_index.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

using core::index_status;

/// The highest index and one bit for each of the Bits indices up to it. A plain value without pointers; zeroed means
/// that nothing was seen. One thread at a time. Bits is a multiple of 64 from 64 (RFC 3711 3.3.2) to 32768 (half the
/// sequence space); powers of two are fastest.
template <std::size_t Bits>
class replay_window {
  static_assert(Bits <= 32768);

 public:
  static constexpr std::size_t size = Bits;

  bool empty() const noexcept { return window_.empty(); }
  /// The highest index seen; call it on a window that isn't empty.
  packet_index highest() const noexcept { return packet_index(window_.highest()); }

  /// Changes nothing.
  index_status check(packet_index index) const noexcept { return window_.check(index.value()); }

  /// Marks an index that check() called fresh.
  void commit(packet_index index) noexcept { window_.commit(index.value()); }

  /// As if every index below `next` had been seen.
  void start_at(packet_index next) noexcept { window_.start_at(next.value()); }

 private:
  core::replay_window<Bits> window_;
};

}  // namespace sotto::inline SOTTO_ABI::srtp
