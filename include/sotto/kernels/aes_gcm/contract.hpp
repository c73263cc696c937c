// SPDX-License-Identifier: BSL-1.0
// AES-GCM (SP 800-38D) with 96-bit nonces and 128-bit tags, one packet per call.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../aead_packet.hpp"
#include "../aes/contract.hpp"

namespace sotto::inline SOTTO_ABI::kernels::aes_gcm {

/// Powers of the hash key that fit: 16 for a group of 16 blocks and one for the length block behind it.
inline constexpr std::size_t power_count = 17;

/// An expanded key; secret throughout. The contents of both arrays belong to the kernel that expanded it. SIMD kernels
/// keep the powers in falling order, so that the last n of them are found at an offset, and read up to three blocks of
/// zeros behind the last.
struct key {
  aes::key cipher;
  alignas(16) std::uint8_t powers[(power_count + 3) * 16];
};

/// SP 800-38D 5.2.1.1: 2^39 - 256 bits, in bytes.
inline constexpr std::uint64_t max_text_len = (std::uint64_t{1} << 36) - 32;

/// Preconditions: those of aead_packet; key_len is 16, 24 or 32; tag is 16 bytes, disjoint from all inputs and out.
struct kernel {
  void (*expand)(key&, const std::uint8_t* bytes, std::size_t key_len) noexcept;
  /// Encrypts in to out and writes the 16-byte tag.
  void (*seal)(const key&, const aead_packet&, std::uint8_t* tag) noexcept;
  /// Compares the whole tag in constant time and only then decrypts. False: out is untouched.
  bool (*open)(const key&, const aead_packet&, const std::uint8_t* tag) noexcept;
  const char* name;
};

}  // namespace sotto::inline SOTTO_ABI::kernels::aes_gcm
