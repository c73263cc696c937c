// SPDX-License-Identifier: BSL-1.0
// Sequence numbers as a server rewrites them that forwards some packets of a stream and leaves others out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace examples {

/// Numbers the packets of one stream for one receiver: without gaps where the server left packets out, so that nobody
/// asks for them again, and with the gaps where the network lost some, so that somebody can.
class sequence_rewriter {
 public:
  /// `first` is the number of the first packet; 2^10 to 2^15 leaves room for older ones that come late, and is what
  /// RFC 3711 3.3.1 wants of a first number.
  explicit sequence_rewriter(std::uint16_t first) noexcept : first_(first) {}

  /// The number under which a packet goes on; none for one that was left out, or is older than 64 that were.
  std::optional<std::uint16_t> forward(std::uint16_t in) noexcept {
    const std::int64_t n = position(in);
    if (n > highest_) highest_ = n;
    if (n <= forgotten_) return std::nullopt;
    std::uint64_t before = skipped_;
    for (std::uint64_t k = skipped_; k > 0 && skipped_ - k < memory && recent(k - 1) >= n; --k) {
      if (recent(k - 1) == n) return std::nullopt;
      --before;
    }
    return static_cast<std::uint16_t>(first_ + static_cast<std::uint64_t>(n) - before);
  }

  /// Leaves a packet out. If later ones have gone on already, their numbers stand, and it is a gap like a lost one.
  void skip(std::uint16_t in) noexcept {
    const std::int64_t n = position(in);
    if (n <= highest_) return;
    highest_ = n;
    if (skipped_ >= memory) forgotten_ = recent(skipped_);
    recent(skipped_++) = n;
  }

 private:
  static constexpr std::size_t memory = 64;
  static constexpr std::int64_t max_distance = std::int64_t{1} << 62;

  /// Packets counted from the first one that came, whatever their numbers did since (RFC 3550 A.1).
  std::int64_t position(std::uint16_t in) noexcept {
    if (!started_) start_ = in, started_ = true;
    const auto from_highest = static_cast<std::int16_t>(static_cast<std::uint16_t>(in - start_ - highest_));
    return highest_ + from_highest;
  }
  std::int64_t& recent(std::uint64_t k) noexcept { return recent_[static_cast<std::size_t>(k % memory)]; }

  std::uint16_t first_, start_ = 0;
  bool started_ = false;
  std::int64_t highest_ = -1, forgotten_ = -max_distance;
  std::uint64_t skipped_ = 0;
  std::array<std::int64_t, memory> recent_{};  // which of them, oldest first
};

}  // namespace examples
