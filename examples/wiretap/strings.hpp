// SPDX-License-Identifier: BSL-1.0
// The string that both ends show, for two people to compare.
#pragma once

#include <sotto/core/bytes.hpp>
#include <sotto/crypto/sha2.hpp>
#include <string>

namespace examples {

/// 60 digits of a handshake's hash: 2^199 of them, so that nobody finds two handshakes that show the same.
inline std::string string_to_compare(sotto::const_bytes handshake_hash) {
  std::string digits;
  for (std::uint8_t n = 0; digits.size() < 60; ++n) {
    sotto::crypto::sha256 hash;
    hash.update(handshake_hash);
    const std::uint8_t number[] = {n};
    hash.update(number);
    std::uint8_t out[sotto::crypto::sha256::digest_len];
    hash.finish(out);
    const auto group = std::to_string(100000 + sotto::core::load_be64(out) % 100000);
    digits += group.substr(1);
  }
  return digits;
}

}  // namespace examples
