// SPDX-License-Identifier: BSL-1.0
// SFrame base keys from a handshake between the ends, one per sender. Ours: no standard says how (see
// crypto/end_to_end_secret.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/end_to_end_secret.hpp"
#include "base_key.hpp"
#include "cipher_suite.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// The label of SFrame keys; the context is the suite's number in 2 bytes, big-endian, then the sender's role in one:
/// 0 for the initiator, 1 for the responder.
inline constexpr std::string_view end_to_end_sframe_label = "sotto 1 sframe";

/// A key for each direction.
struct end_to_end_base_keys {
  base_key write;  ///< For the sender.
  base_key read;   ///< For the receiver.
};

/// Derives the base keys of both directions for a suite, as long as its hash's output. Errors: unsupported (no such
/// suite).
inline result<end_to_end_base_keys> derive_end_to_end_base_keys(cipher_suite s,
                                                                const crypto::end_to_end_secret& secret) noexcept {
  const std::size_t len = parameters(s).hash_len;
  if (len == 0) return failure{error::unsupported};
  const auto sent_by = [&](crypto::handshake_role sender) -> result<base_key> {
    std::uint8_t context[3];
    core::store_be16(context, static_cast<std::uint16_t>(s));
    context[2] = sender == crypto::handshake_role::initiator ? 0 : 1;
    std::uint8_t bytes[max_hash_len];
    const core::wipe_at_exit guard(bytes);
    const mutable_bytes out = mutable_bytes(bytes).first(len);
    if (const auto made = secret.expand(end_to_end_sframe_label, context, out); !made) return failure{made.error()};
    return base_key::create(out);
  };
  const bool initiator = secret.role() == crypto::handshake_role::initiator;
  auto write = sent_by(secret.role());
  if (!write) return failure{write.error()};
  auto read = sent_by(initiator ? crypto::handshake_role::responder : crypto::handshake_role::initiator);
  if (!read) return failure{read.error()};
  return end_to_end_base_keys{std::move(*write), std::move(*read)};
}

}  // namespace sotto::inline SOTTO_ABI::sframe
