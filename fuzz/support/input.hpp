// SPDX-License-Identifier: BSL-1.0
// Reads choices and contents from what libFuzzer offers, front to back, so that seeds can be written by hand.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "bytes.hpp"

namespace fuzz {

/// Past its end every number is zero; every answer depends on the input only.
class input {
 public:
  input(const std::uint8_t* data, std::size_t len) : next_(data), left_(len) {}

  std::size_t left() const { return left_; }

  std::uint8_t u8() {
    if (left_ == 0) return 0;
    --left_;
    return *next_++;
  }
  std::uint16_t u16() {
    const unsigned high = u8();
    return static_cast<std::uint16_t>(high << 8 | u8());
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  std::uint64_t u64() {
    const std::uint64_t high = u32();
    return high << 32 | u32();
  }
  bool flag() { return (u8() & 1) != 0; }
  /// 0 to bound - 1, from one byte if that is enough for all of them.
  std::size_t below(std::size_t bound) { return (bound <= 256 ? u8() : u16()) % bound; }

  /// 0 to limit, mostly short: that is where the special cases are, and short runs are quick.
  std::size_t length(std::size_t limit) {
    const std::size_t reach = below(4) == 0 ? limit : std::min<std::size_t>(limit, 200);
    return below(reach + 1);
  }

  /// At most len bytes, fewer at the end.
  bytes take(std::size_t len) {
    len = std::min(len, left_);
    bytes b(next_, next_ + len);
    next_ += len;
    left_ -= len;
    return b;
  }
  /// Exactly len bytes; behind the input's end a pattern that never repeats, so that short inputs make long messages.
  bytes fill(std::size_t len) {
    bytes b = take(len);
    std::size_t done = b.size();
    b.resize(len);
    while (done < len) {
      const std::uint64_t word = pattern();
      const std::size_t now = std::min(len - done, sizeof word);
      std::memcpy(b.data() + done, &word, now);
      done += now;
    }
    return b;
  }

 private:
  std::uint64_t pattern() {
    state_ += 0x9e3779b97f4a7c15u;
    const std::uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9u;
    return mixed ^ (mixed >> 27);
  }

  const std::uint8_t* next_;
  std::size_t left_;
  std::uint64_t state_ = 0;
};

}  // namespace fuzz
