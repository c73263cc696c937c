// SPDX-License-Identifier: BSL-1.0
// What became of packets, counted by kind and outcome, under the names that sotto::error uses.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <sotto/core/result.hpp>
#include <sotto/srtp/keying.hpp>
#include <sotto/srtp/statistics.hpp>

namespace examples {

constexpr const char* name(sotto::error e) noexcept {
  using enum sotto::error;
  switch (e) {
    case authentication_failed: return "authentication_failed";
    case replayed: return "replayed";
    case too_old: return "too_old";
    case index_used: return "index_used";
    case malformed_packet: return "malformed_packet";
    case packet_too_long: return "packet_too_long";
    case buffer_too_small: return "buffer_too_small";
    case key_exhausted: return "key_exhausted";
    case stream_table_full: return "stream_table_full";
    case unknown_stream: return "unknown_stream";
    case unknown_mki: return "unknown_mki";
    case unsupported: return "unsupported";
    default: return message(e);
  }
}

constexpr const char* name(sotto::srtp::provenance p) noexcept {
  using enum sotto::srtp::provenance;
  switch (p) {
    case raw: return "raw";
    case server_visible: return "server-visible";
    case dtls: return "DTLS";
    case end_to_end: return "end-to-end";
  }
  return "unknown";
}

struct outcomes {
  static constexpr std::size_t causes = sotto::srtp::session_statistics::cause_count;

  std::uint64_t accepted = 0;
  std::array<std::uint64_t, causes> refused_by_cause{};

  void refuse(sotto::error e) noexcept { ++refused_by_cause[static_cast<std::size_t>(e)]; }
  std::uint64_t refused(sotto::error e) const noexcept { return refused_by_cause[static_cast<std::size_t>(e)]; }
  std::uint64_t refused() const noexcept {
    std::uint64_t sum = 0;
    for (const auto n : refused_by_cause) sum += n;
    return sum;
  }
  void add(const outcomes& other) noexcept {
    accepted += other.accepted;
    for (std::size_t i = 0; i < causes; ++i) refused_by_cause[i] += other.refused_by_cause[i];
  }
};

}  // namespace examples
