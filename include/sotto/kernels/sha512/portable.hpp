// SPDX-License-Identifier: BSL-1.0
// SHA-512's compression function in the order of FIPS 180-4 6.4.2. The reference for every other kernel.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../sha2.hpp"
#include "contract.hpp"

namespace sotto::inline SOTTO_ABI::kernels::sha512::portable {

/// The word, the rounds and the constants; the rotations of FIPS 180-4 4.1.3, where the third of s0 and s1 is a shift.
struct shape {
  using word = std::uint64_t;
  static constexpr std::size_t rounds = 80;
  static constexpr const word* constants = sha2::round_constants.w;
  static constexpr int S0[3] = {28, 34, 39}, S1[3] = {14, 18, 41}, s0[3] = {1, 8, 7}, s1[3] = {19, 61, 6};
};

inline void compress(state& s, const std::uint8_t* blocks, std::size_t count) noexcept {
  sha2::compress<shape>(s.h, blocks, count);
}

inline constexpr kernel table{&compress, "portable"};

}  // namespace sotto::inline SOTTO_ABI::kernels::sha512::portable
