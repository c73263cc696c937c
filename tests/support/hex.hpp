// SPDX-License-Identifier: BSL-1.0
// Bytes from hexadecimal literals and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// Ends the program on anything but pairs of hexadecimal digits and spaces between them.
inline std::vector<std::uint8_t> from_hex(std::string_view text) {
  const auto digit = [](char c) -> unsigned {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10u;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10u;
    std::abort();
  };
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') continue;
    if (i + 1 == text.size()) std::abort();
    const unsigned high = digit(text[i++]);
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit(text[i])));
  }
  return bytes;
}

inline std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t b : bytes) {
    text += "0123456789abcdef"[b >> 4];
    text += "0123456789abcdef"[b & 15];
  }
  return text;
}

}  // namespace support
