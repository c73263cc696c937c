// SPDX-License-Identifier: BSL-1.0
// The cipher suites of SFrame and their constants (RFC 9605 4.5, 8.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../core/abi.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// The registered suites, by their registered numbers.
enum class cipher_suite : std::uint16_t {
  aes_128_ctr_hmac_sha256_80 = 1,
  aes_128_ctr_hmac_sha256_64 = 2,  ///< Tags short enough to need receivers' forgery limit; see suite_parameters.
  aes_128_ctr_hmac_sha256_32 = 3,  ///< The same, and much shorter: 1 in 2^32 forgeries passes.
  aes_128_gcm_sha256_128 = 4,
  aes_256_gcm_sha512_128 = 5,
};

/// All of them, in the order of their numbers.
inline constexpr cipher_suite cipher_suites[] = {
    cipher_suite::aes_128_ctr_hmac_sha256_80, cipher_suite::aes_128_ctr_hmac_sha256_64,
    cipher_suite::aes_128_ctr_hmac_sha256_32, cipher_suite::aes_128_gcm_sha256_128,
    cipher_suite::aes_256_gcm_sha512_128};

/// A suite's constants, in bytes, with the RFC's names beside them.
struct suite_parameters {
  std::size_t hash_len;  ///< Nh
  std::size_t key_len;   ///< Nk; for AES-CTR with HMAC both keys together
  std::size_t tag_len;   ///< Nt
  /// How many frames with a wrong tag a receiver lets one key see before it refuses the key. Guessing until then meets
  /// a right tag with a probability of at most 2^-16 for 4-byte tags and 2^-32 for longer ones: 2^16 tries against
  /// 2^32 tags, 2^32 against 2^64, 2^48 against 2^80; for GCM it is 2^48 times the blocks of a frame against 2^127.
  std::uint64_t max_forgeries;
};

/// All zeros for a number that is no suite.
constexpr suite_parameters parameters(cipher_suite s) noexcept {
  switch (s) {
    case cipher_suite::aes_128_ctr_hmac_sha256_80: return {32, 48, 10, std::uint64_t{1} << 48};
    case cipher_suite::aes_128_ctr_hmac_sha256_64: return {32, 48, 8, std::uint64_t{1} << 32};
    case cipher_suite::aes_128_ctr_hmac_sha256_32: return {32, 48, 4, std::uint64_t{1} << 16};
    case cipher_suite::aes_128_gcm_sha256_128: return {32, 16, 16, std::uint64_t{1} << 48};
    case cipher_suite::aes_256_gcm_sha512_128: return {64, 32, 16, std::uint64_t{1} << 48};
  }
  return {};
}

/// The registered name; "unknown" for a number that is no suite.
constexpr std::string_view name(cipher_suite s) noexcept {
  switch (s) {
    case cipher_suite::aes_128_ctr_hmac_sha256_80: return "AES_128_CTR_HMAC_SHA256_80";
    case cipher_suite::aes_128_ctr_hmac_sha256_64: return "AES_128_CTR_HMAC_SHA256_64";
    case cipher_suite::aes_128_ctr_hmac_sha256_32: return "AES_128_CTR_HMAC_SHA256_32";
    case cipher_suite::aes_128_gcm_sha256_128: return "AES_128_GCM_SHA256_128";
    case cipher_suite::aes_256_gcm_sha512_128: return "AES_256_GCM_SHA512_128";
  }
  return "unknown";
}

/// The largest hash_len of any suite, in bytes.
inline constexpr std::size_t max_hash_len = 64;
/// The largest key_len of any suite, in bytes.
inline constexpr std::size_t max_key_len = 48;
/// The largest tag_len of any suite, in bytes.
inline constexpr std::size_t max_tag_len = 16;
/// Nn of every suite, in bytes.
inline constexpr std::size_t nonce_len = 12;

}  // namespace sotto::inline SOTTO_ABI::sframe
