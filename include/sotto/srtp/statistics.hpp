// SPDX-License-Identifier: BSL-1.0
// What happened to packets, counted by cause. The only thing that a refused packet changes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/result.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// Counts of one stream, which exists only once a packet of it was authenticated or protected.
struct stream_statistics {
  std::uint64_t rtp_packets = 0;  ///< Protected, or verified and released.
  std::uint64_t rtcp_packets = 0;
  std::uint32_t authentication_failed = 0;  ///< These four wrap at 2^32.
  std::uint32_t replayed = 0;
  std::uint32_t too_old = 0;
  std::uint32_t index_used = 0;

  /// Counts a refusal; false if streams don't count this cause.
  bool refuse(error e) noexcept {
    switch (e) {
      case error::authentication_failed: ++authentication_failed; return true;
      case error::replayed: ++replayed; return true;
      case error::too_old: ++too_old; return true;
      case error::index_used: ++index_used; return true;
      default: return false;
    }
  }
};

/// Counts of a whole session: all streams, removed ones and packets of no stream included.
struct session_statistics {
  static constexpr std::size_t cause_count = static_cast<std::size_t>(error::random_unavailable) + 1;

  std::uint64_t rtp_packets = 0;
  std::uint64_t rtcp_packets = 0;
  std::uint64_t refused_by_cause[cause_count]{};  ///< By the numeric value of the error.

  /// Packets refused with this error.
  std::uint64_t refused(error e) const noexcept {
    const auto cause = static_cast<std::size_t>(e);
    return cause < cause_count ? refused_by_cause[cause] : 0;
  }
  /// Packets refused for any cause.
  std::uint64_t refused() const noexcept {
    std::uint64_t sum = 0;
    for (const auto n : refused_by_cause) sum += n;
    return sum;
  }
  void refuse(error e) noexcept { ++refused_by_cause[static_cast<std::size_t>(e)]; }
  void add(const stream_statistics& s) noexcept {
    rtp_packets += s.rtp_packets;
    rtcp_packets += s.rtcp_packets;
    refused_by_cause[static_cast<std::size_t>(error::authentication_failed)] += s.authentication_failed;
    refused_by_cause[static_cast<std::size_t>(error::replayed)] += s.replayed;
    refused_by_cause[static_cast<std::size_t>(error::too_old)] += s.too_old;
    refused_by_cause[static_cast<std::size_t>(error::index_used)] += s.index_used;
  }
};

}  // namespace sotto::inline SOTTO_ABI::srtp
