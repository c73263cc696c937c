// SPDX-License-Identifier: BSL-1.0
// SHA-1 (FIPS 180-4). Collisions are practical: use it only inside HMAC, where SRTP wants it.
#pragma once

#include <cstddef>

#include "../core/abi.hpp"
#include "../kernels/sha1/select.hpp"
#include "hash.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

namespace detail {
struct sha1_algorithm {
  using state = kernels::sha1::state;
  using kernel = kernels::sha1::kernel;
  static constexpr std::size_t block_len = kernels::sha1::block_len;
  static constexpr std::size_t digest_len = kernels::sha1::digest_len;
  static constexpr std::size_t length_len = 8;
  static constexpr const state& initial_state = kernels::sha1::initial_state;
  static const kernel& select() noexcept { return kernels::sha1::select(); }
};
}  // namespace detail

/// SHA-1: 64-byte blocks, 20-byte digests.
using sha1 = hash<detail::sha1_algorithm>;

}  // namespace sotto::inline SOTTO_ABI::crypto
