// SPDX-License-Identifier: BSL-1.0
// The SFrame header (RFC 9605 4.3): a config byte, then key identifier and counter as far as they don't fit into it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/strong.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// KID: which key a frame was protected with. Any 64-bit number, not secret.
using key_id = strong<std::uint64_t, struct key_id_tag>;
/// CTR: which of a key's frames this is. Any 64-bit number, not secret.
using counter = strong<std::uint64_t, struct counter_tag>;

/// What a header says.
struct header {
  key_id kid;
  counter ctr;
  friend constexpr bool operator==(const header&, const header&) noexcept = default;
};

/// A header and how many bytes of the frame it took.
struct parsed_header {
  sframe::header header;
  std::size_t len;
};

/// The longest header: the config byte and two numbers of 8 bytes.
inline constexpr std::size_t max_header_len = 17;

namespace detail {

/// Bytes behind the config byte: none below 8, else as few as hold the value.
constexpr std::size_t extension_len(std::uint64_t value) noexcept {
  return value < 8 ? 0 : (static_cast<std::size_t>(std::bit_width(value)) + 7) / 8;
}

/// The four bits of the config byte: the value itself, or a flag and the length minus one.
constexpr unsigned config_bits(std::uint64_t value) noexcept {
  return value < 8 ? static_cast<unsigned>(value) : 8 | static_cast<unsigned>(extension_len(value) - 1);
}

inline std::uint8_t* store_extension(std::uint8_t* p, std::uint64_t value) noexcept {
  for (std::size_t left = extension_len(value); left != 0; --left)
    *p++ = static_cast<std::uint8_t>(value >> (8 * (left - 1)));
  return p;
}

/// Reads the value that four config bits announce and drops its bytes from rest. False if they aren't there, or if
/// fewer would have held the value.
inline bool take_value(unsigned bits, const_bytes& rest, std::uint64_t& value) noexcept {
  const std::size_t len = bits < 8 ? 0 : bits - 7;
  if (rest.size() < len) return false;
  value = len == 0 ? bits : 0;
  for (std::size_t i = 0; i < len; ++i) value = value << 8 | rest[i];
  rest = rest.subspan(len);
  return extension_len(value) == len;
}

/// encode_header into enough room.
inline std::size_t store_header(const header& h, std::uint8_t* out) noexcept {
  *out = static_cast<std::uint8_t>(config_bits(h.kid.value()) << 4 | config_bits(h.ctr.value()));
  const std::uint8_t* end = store_extension(store_extension(out + 1, h.kid.value()), h.ctr.value());
  return static_cast<std::size_t>(end - out);
}

}  // namespace detail

/// How long a header is on the wire: 1 to 17 bytes.
constexpr std::size_t header_len(const header& h) noexcept {
  return 1 + detail::extension_len(h.kid.value()) + detail::extension_len(h.ctr.value());
}

/// Writes a header to the start of out and returns what it wrote. Errors: buffer_too_small; out is untouched then.
inline result<mutable_bytes> encode_header(const header& h, mutable_bytes out) noexcept {
  if (out.size() < header_len(h)) return failure{error::buffer_too_small};
  return out.first(detail::store_header(h, out.data()));
}

/// Reads the header at a frame's start, whatever follows it: what a server may know about a frame, and what nobody has
/// authenticated yet. Each pair of numbers has one encoding only: senders must use as few bytes as possible (RFC 9605
/// 4.3), and longer forms are refused. Errors: malformed_message (too short, or a number not in its shortest form).
inline result<parsed_header> parse_header(const_bytes frame) noexcept {
  if (frame.empty()) return failure{error::malformed_message};
  const unsigned config = frame[0];
  const_bytes rest = frame.subspan(1);
  std::uint64_t kid = 0, ctr = 0;
  if (!detail::take_value(config >> 4, rest, kid) || !detail::take_value(config & 15, rest, ctr))
    return failure{error::malformed_message};
  return parsed_header{{key_id(kid), counter(ctr)}, frame.size() - rest.size()};
}

}  // namespace sotto::inline SOTTO_ABI::sframe
