// SPDX-License-Identifier: BSL-1.0
// Byte strings of test vectors: hex in both directions, and buffers that notice a write past their end.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <sotto/core/bytes.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace vectors {

using bytes = std::vector<std::uint8_t>;

/// The file isn't what its kind promises. The message names the place.
struct malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Bytes of a hex string of either case; `where` goes into the error.
inline bytes from_hex(std::string_view text, const std::string& where) {
  if (text.size() % 2 != 0) throw malformed(where + ": odd number of hex digits");
  bytes out(text.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) throw malformed(where + ": not hex");
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return out;
}

inline std::string to_hex(sotto::const_bytes data) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(2 * data.size());
  for (const std::uint8_t b : data) {
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  return out;
}

inline bool equal(sotto::const_bytes a, sotto::const_bytes b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

inline bytes joined(sotto::const_bytes a, sotto::const_bytes b) {
  bytes out(a.begin(), a.end());
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

inline bytes copy_of(sotto::const_bytes data) { return bytes(data.begin(), data.end()); }

/// A big-endian number of up to 8 bytes.
inline std::uint64_t to_number(sotto::const_bytes data, const std::string& where) {
  if (data.size() > 8) throw malformed(where + ": more than 64 bits");
  std::uint64_t value = 0;
  for (const std::uint8_t b : data) value = value << 8 | b;
  return value;
}

/// An output buffer in a known state, with bytes behind it that nobody may write.
class guarded {
 public:
  explicit guarded(std::size_t len) : storage_(len + guard_len, filler), len_(len) {}
  sotto::mutable_bytes span() { return {storage_.data(), len_}; }
  bool untouched() const { return filled_from(0); }
  bool guard_intact() const { return filled_from(len_); }
  /// Every byte is as it was, or this input's byte at the same place.
  bool holds_nothing_but(sotto::const_bytes input) const {
    for (std::size_t i = 0; i < storage_.size(); ++i)
      if (storage_[i] != filler && (i >= len_ || i >= input.size() || storage_[i] != input[i])) return false;
    return true;
  }

 private:
  static constexpr std::size_t guard_len = 32;
  static constexpr std::uint8_t filler = 0xa5;
  bool filled_from(std::size_t first) const {
    return std::all_of(storage_.begin() + static_cast<std::ptrdiff_t>(first), storage_.end(),
                       [](std::uint8_t b) { return b == filler; });
  }
  bytes storage_;
  std::size_t len_;
};

}  // namespace vectors
