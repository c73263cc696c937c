// SPDX-License-Identifier: BSL-1.0
// The ciphers and hashes that Noise names, and how it uses them (Noise 12).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../crypto/aes_gcm.hpp"
#include "../crypto/chacha20_poly1305.hpp"
#include "../crypto/sha2.hpp"

namespace sotto::inline SOTTO_ABI::noise {

/// The most that a message has (Noise 3), in bytes.
inline constexpr std::size_t max_message_len = 65535;
/// Every cipher's tag, in bytes.
inline constexpr std::size_t tag_len = 16;
/// A pre-shared key, in bytes.
inline constexpr std::size_t psk_len = 32;

/// Noise's name for an AEAD and its nonce for a counter; specialised for the ciphers that a handshake can have.
template <class Cipher>
struct cipher_traits;
/// Noise's name for a hash; specialised for the hashes that a handshake can have.
template <class Hash>
struct hash_traits;

template <>
struct cipher_traits<crypto::chacha20_poly1305> {
  static constexpr std::string_view name = "ChaChaPoly";
  /// Noise 12.3.
  static crypto::chacha20_poly1305::nonce nonce(std::uint64_t counter) noexcept {
    std::uint8_t bytes[12] = {};
    core::store_le64(bytes + 4, counter);
    return crypto::chacha20_poly1305::nonce(bytes);
  }
};

template <>
struct cipher_traits<crypto::aes_gcm> {
  static constexpr std::string_view name = "AESGCM";
  /// Noise 12.4.
  static crypto::aes_gcm::nonce nonce(std::uint64_t counter) noexcept {
    std::uint8_t bytes[12] = {};
    core::store_be64(bytes + 4, counter);
    return crypto::aes_gcm::nonce(bytes);
  }
};

template <>
struct hash_traits<crypto::sha256> {
  static constexpr std::string_view name = "SHA256";
};

template <>
struct hash_traits<crypto::sha512> {
  static constexpr std::string_view name = "SHA512";
};

namespace detail {
inline constexpr std::size_t key_len = 32;
/// Noise 5.1: one message may never have it; REKEY uses it.
inline constexpr std::uint64_t reserved_counter = ~std::uint64_t{0};
}  // namespace detail

}  // namespace sotto::inline SOTTO_ABI::noise
