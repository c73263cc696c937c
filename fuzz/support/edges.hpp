// SPDX-License-Identifier: BSL-1.0
// Blocks of 16 bytes that drive an authenticator's limbs to their ends.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "bytes.hpp"
#include "input.hpp"

namespace fuzz {

/// All ones or zeros but for the first byte, ones up to somewhere, or what was there before.
inline void put_edge(std::uint8_t* at, std::size_t len, unsigned choice) {
  const auto low = static_cast<std::uint8_t>(choice / 8);
  switch (choice % 8) {
    case 0: std::fill(at, at + len, std::uint8_t{0xff}); break;
    case 1: std::fill(at, at + len, std::uint8_t{0}); break;
    case 2: std::fill(at, at + len, std::uint8_t{0xff}), at[0] = static_cast<std::uint8_t>(0xe0 + low); break;
    case 3: std::fill(at, at + len, std::uint8_t{0}), at[0] = low; break;
    case 4: std::fill(at, at + std::min<std::size_t>(len, low % 17), std::uint8_t{0xff}); break;
    default: break;
  }
}

/// A few choices, over and over.
inline void put_edges(input& from, bytes& text) {
  const bytes choices = from.take(from.below(64));
  for (std::size_t i = 0; !choices.empty() && i < text.size(); i += 16)
    put_edge(text.data() + i, std::min<std::size_t>(16, text.size() - i), choices[i / 16 % choices.size()]);
}

}  // namespace fuzz
