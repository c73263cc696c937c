// SPDX-License-Identifier: BSL-1.0
// Payloads of handshake messages 2 and 3: the application's, and a random number behind it.
#pragma once

#include <cstddef>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "algorithms.hpp"
#include "short_authentication_commitment.hpp"

namespace sotto::inline SOTTO_ABI::noise::detail {

/// Writes the next message. Both parts are gathered in the buffer where they are to be encrypted; the payload is the
/// start of out or disjoint. Errors: message_too_long, buffer_too_small, overlapping_buffers, write_message's.
template <class Handshake, random_source R>
result<mutable_bytes> write_with(Handshake& handshake, const_bytes number, const_bytes payload, mutable_bytes out,
                                 R& random) noexcept {
  const std::size_t overhead = handshake.message_overhead() + random_number_len;
  if (payload.size() > max_message_len - overhead) return failure{error::message_too_long};
  if (out.size() < payload.size() + overhead) return failure{error::buffer_too_small};
  out = out.first(payload.size() + overhead);
  if (!core::same_or_disjoint(payload, out)) return failure{error::overlapping_buffers};
  if (payload.data() != out.data()) core::copy(out.data(), payload.data(), payload.size());
  core::copy(out.data() + payload.size(), number.data(), random_number_len);
  return handshake.write_message(out.first(payload.size() + random_number_len), out, random);
}

/// Reads the next message: the number goes to its own place, and payload_out keeps the payload alone, which is
/// returned. Errors: malformed_message (no number), after which payload_out holds zeros; read_message's.
template <class Handshake>
result<mutable_bytes> read_with(Handshake& handshake, mutable_bytes number, const_bytes message,
                                mutable_bytes payload_out) noexcept {
  const auto read = handshake.read_message(message, payload_out);
  if (!read) return read;
  if (read->size() < random_number_len) {
    core::wipe(read->data(), read->size());
    return failure{error::malformed_message};
  }
  const mutable_bytes behind = read->last(random_number_len);
  core::copy(number.data(), behind.data(), random_number_len);
  core::wipe(behind.data(), random_number_len);
  return read->first(read->size() - random_number_len);
}

}  // namespace sotto::inline SOTTO_ABI::noise::detail
