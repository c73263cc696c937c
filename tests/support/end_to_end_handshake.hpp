// SPDX-License-Identifier: BSL-1.0
// Stands in for a handshake: makes end-to-end secrets of any bytes, which no program outside the tests can.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "pattern.hpp"
#include "sotto/crypto/end_to_end_secret.hpp"

namespace support {
struct given_bytes;
}

template <>
struct sotto::crypto::end_to_end_source<support::given_bytes> {
  static end_to_end_secret make(hkdf<sha256>::prk&& key, handshake_role role, const_bytes initiator,
                                const_bytes responder) noexcept {
    return end_to_end_secret(std::move(key), role, initiator, responder);
  }
};

namespace support {

/// What a finished handshake leaves at its end: 32 bytes that both know, and who they are.
struct handshake_outcome {
  std::vector<std::uint8_t> prk = pattern_bytes(1, 32);
  std::vector<std::uint8_t> initiator = pattern_bytes(2, 32);
  std::vector<std::uint8_t> responder = pattern_bytes(3, 32);

  sotto::crypto::end_to_end_secret at(sotto::crypto::handshake_role role) const {
    return sotto::crypto::end_to_end_source<given_bytes>::make(
        *sotto::crypto::hkdf<sotto::crypto::sha256>::prk::from_uniform_key(prk), role, initiator, responder);
  }
  sotto::crypto::end_to_end_secret at_initiator() const { return at(sotto::crypto::handshake_role::initiator); }
  sotto::crypto::end_to_end_secret at_responder() const { return at(sotto::crypto::handshake_role::responder); }
};

}  // namespace support
