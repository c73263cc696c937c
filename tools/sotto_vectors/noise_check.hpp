// SPDX-License-Identifier: BSL-1.0
// A Noise handshake of both ends, message by message, with the ephemeral keys of a vector.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bytes.hpp"
#include "report.hpp"

namespace vectors {

struct noise_message {
  bytes payload, ciphertext;
};

struct noise_end {
  bytes prologue;
  std::optional<bytes> own;            ///< static secret key
  std::optional<bytes> ephemeral;      ///< ephemeral secret key
  std::optional<bytes> remote_static;  ///< the peer's public key, if known beforehand
  std::vector<bytes> psks;
};

struct noise_vector {
  std::string pattern, cipher, hash;
  noise_end initiator, responder;
  std::vector<noise_message> messages;
  std::optional<bytes> handshake_hash;
};

/// Why this build can't run a vector; empty if it can.
std::string reason_to_skip(const noise_vector& v);

/// Writes each message and compares it, reads it back at the other end, out of place and in place; then the handshake
/// hash and the transport messages. On every X25519 kernel of this machine, with ciphers and hashes of its features.
void check_noise(report& r, test_case& c, const noise_vector& v);

}  // namespace vectors
