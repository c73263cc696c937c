// SPDX-License-Identifier: BSL-1.0
// Byte strings that harnesses cut, join and forge.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fuzz {

using bytes = std::vector<std::uint8_t>;

inline bytes slice(const bytes& b, std::size_t from, std::size_t len) {
  return {b.begin() + static_cast<std::ptrdiff_t>(from), b.begin() + static_cast<std::ptrdiff_t>(from + len)};
}
inline void append(bytes& to, const bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

/// Inverts one bit of a string that isn't empty.
inline void flip(bytes& b, std::uint16_t which) {
  b[which / 8 % b.size()] ^= static_cast<std::uint8_t>(1u << which % 8);
}

}  // namespace fuzz
