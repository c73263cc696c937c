// SPDX-License-Identifier: BSL-1.0
// Bytes that look random and are the same in every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace support {

/// splitmix64: a different stream for each seed.
class pattern {
 public:
  explicit pattern(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 0x1234567u) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }

  std::vector<std::uint8_t> bytes(std::size_t len) {
    std::vector<std::uint8_t> result(len);
    for (auto& b : result) b = static_cast<std::uint8_t>(next() >> 56);
    return result;
  }

 private:
  std::uint64_t state_;
};

inline std::vector<std::uint8_t> pattern_bytes(std::uint64_t seed, std::size_t len) { return pattern(seed).bytes(len); }

}  // namespace support
