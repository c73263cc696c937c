// SPDX-License-Identifier: BSL-1.0
// SHA-256's compression function in the order of FIPS 180-4 6.2.2. The reference for every other kernel.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../sha2.hpp"
#include "contract.hpp"

namespace sotto::inline SOTTO_ABI::kernels::sha256::portable {

/// The word, the rounds and the constants; the rotations of FIPS 180-4 4.1.2, where the third of s0 and s1 is a shift.
struct shape {
  using word = std::uint32_t;
  static constexpr std::size_t rounds = 64;
  static constexpr const word* constants = round_constants.w;
  static constexpr int S0[3] = {2, 13, 22}, S1[3] = {6, 11, 25}, s0[3] = {7, 18, 3}, s1[3] = {17, 19, 10};
};

inline void compress(state& s, const std::uint8_t* blocks, std::size_t count) noexcept {
  sha2::compress<shape>(s.h, blocks, count);
}

inline constexpr kernel table{&compress, "portable"};

}  // namespace sotto::inline SOTTO_ABI::kernels::sha256::portable
