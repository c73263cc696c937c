// SPDX-License-Identifier: BSL-1.0
// SHA-256 (FIPS 180-4) compression: what every kernel of this folder offers.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../sha2.hpp"

namespace sotto::inline SOTTO_ABI::kernels::sha256 {

inline constexpr std::size_t block_len = 64;
inline constexpr std::size_t digest_len = 32;

/// The chaining value H0..H7.
struct state {
  std::uint32_t h[8];
};

/// FIPS 180-4 5.3.3.
inline constexpr state initial_state = std::bit_cast<state>(sha2::high_halves<8>(sha2::initial_words));

/// FIPS 180-4 4.2.2.
alignas(64) inline constexpr sha2::words<std::uint32_t, 64> round_constants =
    sha2::high_halves<64>(sha2::round_constants);

struct kernel {
  /// Absorbs whole 64-byte blocks. No alignment.
  void (*compress)(state&, const std::uint8_t* blocks, std::size_t count) noexcept;
  const char* name;
};

}  // namespace sotto::inline SOTTO_ABI::kernels::sha256
