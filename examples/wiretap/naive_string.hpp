// SPDX-License-Identifier: BSL-1.0
// A short string made wrongly: of what both ends know after message 2, before anything is revealed. It is what a
// planted fault shows, and what the relay in the middle hopes for.
#pragma once

#include <cstdint>
#include <sotto/core/bytes.hpp>
#include <sotto/crypto/sha2.hpp>
#include <sotto/noise/short_authentication_string.hpp>
#include <string>

namespace examples {

/// 20 bits of the handshake hash after message 2.
inline std::uint32_t naive_bits(sotto::const_bytes hash_after_message_2) {
  sotto::crypto::sha256 hash;
  hash.update(hash_after_message_2);
  std::uint8_t out[sotto::crypto::sha256::digest_len];
  hash.finish(out);
  return sotto::core::load_be32(out) >> 12;
}
inline std::string words_of(std::uint32_t bits) {
  return std::string(sotto::noise::detail::spoken_word(bits >> 10)) + " " +
         std::string(sotto::noise::detail::spoken_word(bits & 0x3ff));
}

}  // namespace examples
