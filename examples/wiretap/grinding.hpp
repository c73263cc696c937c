// SPDX-License-Identifier: BSL-1.0
// What somebody in the middle does to short strings: tries answers until one gives the string that it needs.
#pragma once

#include <array>
#include <cstdint>
#include <sotto/core/result.hpp>
#include <sotto/crypto/x25519.hpp>

namespace examples {

/// Gives a handshake the ephemeral key that was used for grinding.
struct chosen_randomness {
  std::array<std::uint8_t, 32> bytes;
  sotto::result<void> operator()(sotto::mutable_bytes out) const noexcept {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = bytes[i % bytes.size()];
    return {};
  }
};

struct ground_answer {
  std::array<std::uint8_t, 32> payload{};  ///< Of message 2
  std::uint64_t tried = 0;
  bool found = false;
};

/// Looks for a payload of message 2 of Noise XX (own static key, ephemeral key of this randomness) after which the
/// naive string has these 20 bits. Gives up after a minute.
ground_answer grind(const sotto::crypto::x25519::static_key& own, const chosen_randomness& ephemeral,
                    sotto::const_bytes message_1, std::uint32_t wanted_bits);

}  // namespace examples
