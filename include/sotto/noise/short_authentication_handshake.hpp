// SPDX-License-Identifier: BSL-1.0
// Noise XX with a commitment, so that a short authentication string is enough to see that nobody is in the middle.
// Ours, after RFC 6189 4.4.1 and Vaudenay's protocols; docs/short-authentication-string.md has the argument.
//
//     message 1, payload   c
//     message 2, payload   the application's ‖ r_R
//     message 3, payload   the application's ‖ r_I
//
// r_I and r_R are 32 random bytes each; c = SHA-256("sotto 1 short authentication commitment" ‖ r_I ‖ s_I ‖ SHA-256(the
// application's payload of message 3)), where s_I is the initiator's static public key.
#pragma once

#include <cstdint>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "../crypto/chacha20_poly1305.hpp"
#include "../crypto/sha2.hpp"
#include "handshake.hpp"
#include "short_authentication_attempts.hpp"
#include "short_authentication_comparison.hpp"
#include "short_authentication_end.hpp"

namespace sotto::inline SOTTO_ABI::noise {

/// The end that calls: write_commitment, read_answer, write_reveal, then compare. The messages are those of Noise XX. A
/// call that fails, out of turn or otherwise, ends the handshake: its secrets are wiped, the peer's place is free, and
/// every later call returns handshake_over. Move-only and wiped; one thread at a time.
template <class Cipher, class Hash>
class basic_comparing_initiator {
  using end = detail::comparing_end<Cipher, Hash>;

 public:
  using comparison = basic_string_comparison<Cipher, Hash>;

  /// Takes the peer's place. Errors: out_of_turn (another handshake with this peer, in either role, isn't decided),
  /// attempts_exhausted, which a person has to see.
  static result<basic_comparing_initiator> create(const comparison_options& options) noexcept {
    auto made = end::create(options, handshake_role::initiator);
    if (!made) return failure{made.error()};
    return basic_comparing_initiator(std::move(*made));
  }

  /// Writes message 1, 64 bytes, to the start of out, which it returns. final_payload is what write_reveal will send;
  /// nothing in this message tells anything about it. Disjoint. Errors: buffer_too_small, out_of_turn,
  /// message_too_long (a final payload that no message 3 can carry), overlapping_buffers, the random source's.
  template <random_source R>
  result<mutable_bytes> write_commitment(const_bytes final_payload, mutable_bytes out, R& random) noexcept {
    return end_.write_commitment(final_payload, out, random);
  }
  result<mutable_bytes> write_commitment(const_bytes final_payload, mutable_bytes out) noexcept {
    system_random random;
    return end_.write_commitment(final_payload, out, random);
  }

  /// Reads message 2, any bytes at all, and writes the application's payload to the start of payload_out, which has
  /// room for 32 bytes more. Aliasing and errors: basic_handshake::read_message's; malformed_message also for a payload
  /// without the responder's random number.
  result<mutable_bytes> read_answer(const_bytes message, mutable_bytes payload_out) noexcept {
    return end_.read_answer(message, payload_out);
  }

  /// Writes message 3 (the payload and 96 bytes) to the start of out, which it returns, and counts the attempt: the
  /// responder may know the string from now on. The payload is the start of out or disjoint. Errors: invalid_argument
  /// (a payload other than the one committed to); basic_handshake::write_message's.
  result<mutable_bytes> write_reveal(const_bytes final_payload, mutable_bytes out) noexcept {
    return end_.write_reveal(final_payload, out);
  }

  /// What two people compare, and behind their verdict the session. Errors: out_of_turn before message 3 was written,
  /// handshake_over; nothing changes then.
  result<comparison> compare() && noexcept { return std::move(end_).compare(); }

 private:
  explicit basic_comparing_initiator(end&& made) noexcept : end_(std::move(made)) {}
  end end_;
};

/// The end that is called: read_commitment, write_answer, read_reveal, then compare. Otherwise as
/// basic_comparing_initiator.
///
/// Answering counts as an attempt, and anybody can ask for it: create one when a person has accepted the call.
template <class Cipher, class Hash>
class basic_comparing_responder {
  using end = detail::comparing_end<Cipher, Hash>;

 public:
  using comparison = basic_string_comparison<Cipher, Hash>;

  /// As basic_comparing_initiator::create.
  static result<basic_comparing_responder> create(const comparison_options& options) noexcept {
    auto made = end::create(options, handshake_role::responder);
    if (!made) return failure{made.error()};
    return basic_comparing_responder(std::move(*made));
  }

  /// Reads message 1, any bytes at all. Errors: malformed_message for one that has not 64 bytes, out_of_turn.
  result<void> read_commitment(const_bytes message) noexcept { return end_.read_commitment(message); }

  /// Writes message 2 (the payload and 128 bytes) to the start of out, which it returns, and counts the attempt: the
  /// initiator may know the string from now on. Somebody in the middle can read the payload. The payload is the start
  /// of out or disjoint. Errors: basic_handshake::write_message's.
  template <random_source R>
  result<mutable_bytes> write_answer(const_bytes payload, mutable_bytes out, R& random) noexcept {
    return end_.write_answer(payload, out, random);
  }
  result<mutable_bytes> write_answer(const_bytes payload, mutable_bytes out) noexcept {
    system_random random;
    return end_.write_answer(payload, out, random);
  }

  /// Reads message 3, any bytes at all, checks it against the commitment, and writes the application's payload to the
  /// start of payload_out, which has room for 32 bytes more. Aliasing and errors: basic_handshake::read_message's;
  /// malformed_message also for a payload without the initiator's random number; commitment_mismatch, after which
  /// nothing of the payload remains in payload_out.
  result<mutable_bytes> read_reveal(const_bytes message, mutable_bytes payload_out) noexcept {
    return end_.read_reveal(message, payload_out);
  }

  /// As basic_comparing_initiator::compare. Errors: out_of_turn before message 3 was read and found to be what the
  /// initiator had committed to, handshake_over; nothing changes then.
  result<comparison> compare() && noexcept { return std::move(end_).compare(); }

 private:
  explicit basic_comparing_responder(end&& made) noexcept : end_(std::move(made)) {}
  end end_;
};

/// For those who have no reason to choose: ChaChaPoly and SHA256.
using comparing_initiator = basic_comparing_initiator<crypto::chacha20_poly1305, crypto::sha256>;
using comparing_responder = basic_comparing_responder<crypto::chacha20_poly1305, crypto::sha256>;
using string_comparison = comparing_initiator::comparison;

}  // namespace sotto::inline SOTTO_ABI::noise
