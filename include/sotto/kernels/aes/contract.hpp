// SPDX-License-Identifier: BSL-1.0
// AES (FIPS 197) block encryption and counter mode: what every kernel of this folder offers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"

namespace sotto::inline SOTTO_ABI::kernels::aes {

inline constexpr std::size_t block_len = 16;

/// Number of rounds for a key of key_len bytes: 10, 12 or 14.
constexpr std::uint32_t rounds_for(std::size_t key_len) noexcept { return static_cast<std::uint32_t>(key_len / 4 + 6); }

/// An expanded encryption key. The layout of round_keys belongs to the kernel that expanded it; secret throughout.
struct key {
  alignas(16) std::uint8_t round_keys[15 * 16];
  std::uint32_t rounds;
};

/// Preconditions of all calls: key_len is 16, 24 or 32; in == out or disjoint; no alignment.
struct kernel {
  /// Expands key_len bytes of key.
  void (*expand)(key&, const std::uint8_t* bytes, std::size_t key_len) noexcept;
  /// ECB encryption of whole 16-byte blocks: the building block of modes and of key derivation.
  void (*encrypt_blocks)(const key&, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) noexcept;
  /// XORs len bytes with E(counter), E(counter + 1), …; the last 4 bytes of the 16-byte counter count, big-endian, and
  /// wrap without carry (GCM's rule; façades split longer messages). counter isn't modified.
  void (*ctr)(const key&, const std::uint8_t* counter, const std::uint8_t* in, std::uint8_t* out,
              std::size_t len) noexcept;
  const char* name;
};

}  // namespace sotto::inline SOTTO_ABI::kernels::aes
