// SPDX-License-Identifier: BSL-1.0
// SHA-512 (FIPS 180-4) compression: what every kernel of this folder offers.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../sha2.hpp"

namespace sotto::inline SOTTO_ABI::kernels::sha512 {

inline constexpr std::size_t block_len = 128;
inline constexpr std::size_t digest_len = 64;

/// The chaining value H0..H7.
struct state {
  std::uint64_t h[8];
};

/// FIPS 180-4 5.3.5.
inline constexpr state initial_state = std::bit_cast<state>(sha2::initial_words);

struct kernel {
  /// Absorbs whole 128-byte blocks. No alignment.
  void (*compress)(state&, const std::uint8_t* blocks, std::size_t count) noexcept;
  const char* name;
};

}  // namespace sotto::inline SOTTO_ABI::kernels::sha512
