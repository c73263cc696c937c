// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 (RFC 8439): what every kernel of this folder offers, one packet per call or many.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../aead_packet.hpp"

namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305 {

inline constexpr std::size_t key_len = 32;

/// The eight key words of RFC 8439 2.3 (little-endian in memory whatever the machine); secret.
struct key {
  std::uint8_t bytes[key_len];
};

/// RFC 8439 2.8: the block counter has 32 bits, and block 0 makes the Poly1305 key: 2^32 - 1 blocks of 64 bytes.
inline constexpr std::uint64_t max_text_len = ((std::uint64_t{1} << 32) - 1) * 64;

/// One packet of a batch, with its own key. No job's out or tag overlaps a buffer of another job.
struct job {
  const chacha20_poly1305::key* key;
  aead_packet packet;
  std::uint8_t* tag;  ///< 16 bytes: written by seal_batch, read by open_batch
  bool authentic;     ///< written by open_batch
};

/// Preconditions: those of aead_packet; tag is 16 bytes, disjoint from all inputs and out.
struct kernel {
  /// Encrypts in to out and writes the 16-byte tag.
  void (*seal)(const key&, const aead_packet&, std::uint8_t* tag) noexcept;
  /// Compares the whole tag in constant time and only then decrypts. False: out is untouched.
  bool (*open)(const key&, const aead_packet&, const std::uint8_t* tag) noexcept;
  /// As seal and open for each job; short packets of different keys share the vectors.
  void (*seal_batch)(job* jobs, std::size_t count) noexcept;
  void (*open_batch)(job* jobs, std::size_t count) noexcept;
  /// The cipher alone (RFC 8439 2.4): out = in XOR key stream from this block counter on; the counter wraps modulo 2^32.
  void (*chacha20)(const key&, std::uint32_t counter, const std::uint8_t* nonce, const std::uint8_t* in,
                   std::uint8_t* out, std::size_t len) noexcept;
  /// The authenticator alone (RFC 8439 2.5) under a one-time key of 32 bytes (secret).
  void (*poly1305)(const std::uint8_t* one_time_key, const std::uint8_t* message, std::size_t len,
                   std::uint8_t* tag) noexcept;
  /// XChaCha20's subkey (draft-irtf-cfrg-xchacha 2.2): key and the first 16 bytes of the nonce.
  void (*hchacha20)(const key&, const std::uint8_t* nonce, key& subkey) noexcept;
  const char* name;
};

}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305
