// SPDX-License-Identifier: BSL-1.0
// X25519 (RFC 7748 section 5): what every kernel of this folder offers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"

namespace sotto::inline SOTTO_ABI::kernels::x25519 {

inline constexpr std::size_t key_len = 32;

/// One multiplication of a batch. The three ranges have 32 bytes each; out may be scalar or u of the same job, and
/// overlaps nothing of another job.
struct job {
  const std::uint8_t* scalar;  ///< secret
  const std::uint8_t* u;       ///< public
  std::uint8_t* out;           ///< secret
};

/// Every operation clamps a copy of the scalar (RFC 7748 5, decodeScalar25519), ignores the top bit of u, takes
/// non-canonical u modulo 2^255 - 19, and writes the canonical result, all zeros included: callers refuse that. No
/// alignment; out may be the same 32 bytes as an input. Everything but u is secret.
struct kernel {
  /// out = X25519(scalar, u).
  void (*multiply)(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* u) noexcept;
  /// out = X25519(scalar, 9), by a table of multiples of the base point.
  void (*multiply_base)(std::uint8_t* out, const std::uint8_t* scalar) noexcept;
  /// Any number of independent multiplications; the answers are those of multiply.
  void (*multiply_batch)(const job* jobs, std::size_t count) noexcept;
  const char* name;
};

}  // namespace sotto::inline SOTTO_ABI::kernels::x25519
