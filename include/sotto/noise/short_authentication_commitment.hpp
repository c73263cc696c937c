// SPDX-License-Identifier: BSL-1.0
// What the initiator says in message 1 without telling it; see short_authentication_handshake.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"
#include "../crypto/sha2.hpp"
#include "options.hpp"
#include "short_authentication_string.hpp"

namespace sotto::inline SOTTO_ABI::noise {

namespace detail {

inline constexpr std::size_t random_number_len = 32;
inline constexpr std::size_t commitment_len = crypto::sha256::digest_len;

/// c, from parts of fixed lengths.
inline void commit(const_bytes initiator_random, const public_key& initiator_static, const_bytes final_payload,
                   std::span<std::uint8_t, commitment_len> out) noexcept {
  crypto::sha256 payload, all;
  payload.update(final_payload);
  payload.finish(out);
  all.update(bytes_of("sotto 1 short authentication commitment"));
  all.update(initiator_random);
  all.update(initiator_static.bytes());
  all.update(out);
  all.finish(out);
}

/// Whether it commits to these, in constant time: the number may still be secret.
inline bool opens(std::span<const std::uint8_t, commitment_len> commitment, const_bytes initiator_random,
                  const public_key& initiator_static, const_bytes final_payload) noexcept {
  std::uint8_t expected[commitment_len];
  commit(initiator_random, initiator_static, final_payload, expected);
  return core::equal(expected, commitment.data(), commitment_len);
}

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::noise
