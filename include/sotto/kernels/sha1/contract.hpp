// SPDX-License-Identifier: BSL-1.0
// SHA-1 (FIPS 180-4) compression: what every kernel of this folder offers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"

namespace sotto::inline SOTTO_ABI::kernels::sha1 {

inline constexpr std::size_t block_len = 64;
inline constexpr std::size_t digest_len = 20;

/// The chaining value H0..H4.
struct state {
  std::uint32_t h[5];
};

/// FIPS 180-4 5.3.1.
inline constexpr state initial_state{{0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u}};

struct kernel {
  /// Absorbs whole 64-byte blocks. No alignment.
  void (*compress)(state&, const std::uint8_t* blocks, std::size_t count) noexcept;
  const char* name;
};

}  // namespace sotto::inline SOTTO_ABI::kernels::sha1
