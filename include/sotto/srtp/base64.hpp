// SPDX-License-Identifier: BSL-1.0
// Base64 (RFC 4648 4) without a branch or a table look-up on what it stands for: SDES writes keys in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"

namespace sotto::inline SOTTO_ABI::srtp::detail {

/// How many characters len bytes take, padding included.
constexpr std::size_t base64_len(std::size_t len) noexcept { return (len + 2) / 3 * 4; }

/// All ones if low <= c <= high, else zero.
inline std::uint32_t base64_in_range(std::uint32_t c, std::uint32_t low, std::uint32_t high) noexcept {
  return core::value_barrier(0u - (((low - 1 - c) & (c - high - 1)) >> 31));
}

/// The six bits of a character; bit 31 is set for one that isn't base64's.
inline std::uint32_t base64_value(char character) noexcept {
  const std::uint32_t c = static_cast<std::uint8_t>(character);
  const std::uint32_t upper = base64_in_range(c, 'A', 'Z'), lower = base64_in_range(c, 'a', 'z'),
                      digit = base64_in_range(c, '0', '9'), plus = base64_in_range(c, '+', '+'),
                      slash = base64_in_range(c, '/', '/');
  const std::uint32_t known = upper | lower | digit | plus | slash;
  return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (digit & (c - '0' + 52)) | (plus & 62u) | (slash & 63u) |
         (~known & 0x80000000u);
}
inline char base64_digit(std::uint32_t six_bits) noexcept {
  const std::uint32_t v = six_bits;
  return static_cast<char>((base64_in_range(v, 0, 25) & (v + 'A')) | (base64_in_range(v, 26, 51) & (v - 26 + 'a')) |
                           (base64_in_range(v, 52, 61) & (v - 52 + '0')) | (base64_in_range(v, 62, 62) & '+') |
                           (base64_in_range(v, 63, 63) & '/'));
}

/// Decodes text into exactly out.size() bytes. False for another length, missing or wrong padding, a foreign character,
/// or stray bits at the end; out is spoilt then. What becomes public is the verdict.
inline bool decode_base64(std::string_view text, mutable_bytes out) noexcept {
  if (text.size() != base64_len(out.size())) return false;
  const std::size_t padding = (3 - out.size() % 3) % 3, digits = text.size() - padding;
  for (std::size_t i = digits; i < text.size(); ++i)
    if (text[i] != '=') return false;
  std::uint32_t bits = 0, wrong = 0, held = 0;
  std::size_t len = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const std::uint32_t value = base64_value(text[i]);
    wrong |= value & 0x80000000u;
    bits = (bits << 6) | (value & 63u);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out[len++] = static_cast<std::uint8_t>(bits >> held);
    bits &= (1u << held) - 1;
  }
  return !core::reveal(wrong | bits);
}

/// Writes base64_len(bytes.size()) characters.
inline void encode_base64(const_bytes bytes, char* out) noexcept {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t group = (std::uint32_t{bytes[i]} << 16) | (left > 1 ? std::uint32_t{bytes[i + 1]} << 8 : 0u) |
                                (left > 2 ? std::uint32_t{bytes[i + 2]} : 0u);
    *out++ = base64_digit(group >> 18);
    *out++ = base64_digit((group >> 12) & 63u);
    *out++ = left > 1 ? base64_digit((group >> 6) & 63u) : '=';
    *out++ = left > 2 ? base64_digit(group & 63u) : '=';
  }
}

}  // namespace sotto::inline SOTTO_ABI::srtp::detail
