// SPDX-License-Identifier: BSL-1.0
// SHA-256 and SHA-512 (FIPS 180-4).
#pragma once

#include <cstddef>

#include "../core/abi.hpp"
#include "../kernels/sha256/select.hpp"
#include "../kernels/sha512/select.hpp"
#include "hash.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

namespace detail {
struct sha256_algorithm {
  using state = kernels::sha256::state;
  using kernel = kernels::sha256::kernel;
  static constexpr std::size_t block_len = kernels::sha256::block_len;
  static constexpr std::size_t digest_len = kernels::sha256::digest_len;
  static constexpr std::size_t length_len = 8;
  static constexpr const state& initial_state = kernels::sha256::initial_state;
  static const kernel& select() noexcept { return kernels::sha256::select(); }
};

struct sha512_algorithm {
  using state = kernels::sha512::state;
  using kernel = kernels::sha512::kernel;
  static constexpr std::size_t block_len = kernels::sha512::block_len;
  static constexpr std::size_t digest_len = kernels::sha512::digest_len;
  static constexpr std::size_t length_len = 16;
  static constexpr const state& initial_state = kernels::sha512::initial_state;
  static const kernel& select() noexcept { return kernels::sha512::select(); }
};
}  // namespace detail

/// SHA-256: 64-byte blocks, 32-byte digests.
using sha256 = hash<detail::sha256_algorithm>;
/// SHA-512: 128-byte blocks, 64-byte digests.
using sha512 = hash<detail::sha512_algorithm>;

}  // namespace sotto::inline SOTTO_ABI::crypto
