// SPDX-License-Identifier: BSL-1.0
// The Original Header Block of double encryption (RFC 8723 4): what a relay changed in an RTP header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "packet.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The fields of an RTP header that a relay may change. The block holds those that were changed, as they were at first.
struct original_header_block {
  static constexpr std::size_t max_len = 4;  ///< PT, SEQ, Config

  std::optional<std::uint8_t> payload_type = {};  ///< 7 bits
  std::optional<sequence_number> sequence = {};
  std::optional<bool> marker = {};

  /// The block at the end of a payload. Errors: malformed_packet (too short, reserved bits, a marker that isn't there,
  /// a payload type of 8 bits).
  static result<original_header_block> parse(const_bytes payload) noexcept {
    if (payload.empty()) return failure{error::malformed_packet};
    const std::uint8_t config = payload.back();
    if (config >> 4 != 0 || (config & (marker_present | marker_value)) == marker_value)
      return failure{error::malformed_packet};
    original_header_block b;
    if (payload.size() < len_of(config)) return failure{error::malformed_packet};
    const std::uint8_t* at = payload.data() + payload.size() - len_of(config);
    if ((config & payload_type_present) != 0) {
      if (*at > 127) return failure{error::malformed_packet};
      b.payload_type = *at++;
    }
    if ((config & sequence_present) != 0) b.sequence = sequence_number(core::load_be16(at));
    if ((config & marker_present) != 0) b.marker = (config & marker_value) != 0;
    return b;
  }

  std::size_t len() const noexcept { return len_of(config()); }
  /// Writes len() bytes.
  void write(std::uint8_t* out) const noexcept {
    if (payload_type) *out++ = *payload_type;
    if (sequence) {
      core::store_be16(out, sequence->value());
      out += 2;
    }
    *out = config();
  }

 private:
  // RRRRBMPQ
  static constexpr std::uint8_t marker_value = 8, marker_present = 4, payload_type_present = 2, sequence_present = 1;

  static constexpr std::size_t len_of(std::uint8_t config) noexcept {
    return std::size_t{1} + ((config & payload_type_present) != 0 ? 1u : 0u) +
           ((config & sequence_present) != 0 ? 2u : 0u);
  }
  std::uint8_t config() const noexcept {
    unsigned c = 0;
    if (payload_type) c |= payload_type_present;
    if (sequence) c |= sequence_present;
    if (marker) c |= marker_present | (*marker ? marker_value : 0u);
    return static_cast<std::uint8_t>(c);
  }
};

}  // namespace sotto::inline SOTTO_ABI::srtp
