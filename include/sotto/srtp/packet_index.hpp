// SPDX-License-Identifier: BSL-1.0
// From RTP's 16-bit sequence number to SRTP's 48-bit packet index (RFC 3711 3.3.1).
#pragma once

#include <cstdint>

#include "../core/abi.hpp"
#include "../core/result.hpp"
#include "../core/strong.hpp"
#include "packet.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// How often the sequence number has wrapped.
using rollover_counter = strong<std::uint32_t, struct rollover_counter_tag>;
/// 2^16 * ROC + SEQ, below 2^48.
using packet_index = strong<std::uint64_t, struct packet_index_tag>;

/// One more than the largest packet index.
inline constexpr std::uint64_t packet_index_end = std::uint64_t{1} << 48;
/// One more than the largest SRTCP index (RFC 3711 3.4).
inline constexpr std::uint64_t srtcp_index_end = std::uint64_t{1} << 31;

constexpr packet_index make_index(rollover_counter roc, sequence_number seq) noexcept {
  return packet_index((std::uint64_t{roc.value()} << 16) | seq.value());
}
constexpr rollover_counter rollover_of(packet_index i) noexcept {
  return rollover_counter(static_cast<std::uint32_t>(i.value() >> 16));
}
constexpr sequence_number sequence_of(packet_index i) noexcept {
  return sequence_number(static_cast<std::uint16_t>(i.value()));
}

/// The index nearest to the highest one so far that ends in this sequence number (RFC 3711 3.3.1, Appendix A: at a
/// distance of exactly 2^15 the ROC stays). The RFC counts modulo 2^48; here the line has ends. Errors: too_old where
/// the index would lie before ROC 0 (never ROC 2^32 - 1), key_exhausted where it would lie beyond 2^48 - 1.
inline result<packet_index> estimate_index(packet_index highest, sequence_number seq) noexcept {
  constexpr std::uint64_t half = 0x8000, round = 0x10000;
  const std::uint64_t same_roc = (highest.value() & ~(round - 1)) | seq.value();
  if (same_roc > highest.value() + half) {
    if (same_roc < round) return failure{error::too_old};
    return packet_index(same_roc - round);
  }
  if (same_roc + half < highest.value()) {
    if (same_roc + round >= packet_index_end) return failure{error::key_exhausted};
    return packet_index(same_roc + round);
  }
  return packet_index(same_roc);
}

}  // namespace sotto::inline SOTTO_ABI::srtp
