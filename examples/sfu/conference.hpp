// SPDX-License-Identifier: BSL-1.0
// A call of several participants through a server, from its first packet to its report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <sotto/sframe/cipher_suite.hpp>
#include <string>

namespace examples {

struct conference_options {
  std::string wav_in;
  sotto::sframe::cipher_suite suite = sotto::sframe::cipher_suite::aes_128_gcm_sha256_128;
  std::size_t participants = 4;
  std::uint64_t packets = 100;  ///< Of each participant
  double loss = 0.05;           ///< Probability that a packet doesn't reach the server
  double left_out = 0.2;        ///< Probability that the server doesn't send one on to a receiver
  std::size_t padded_to = 255;  ///< Length of RTP payloads on each hop; 0: no padding
  std::uint64_t seed = 1;       ///< What is lost and left out is a function of it
};

/// Runs the call and prints what each check found. True if all passed. Throws std::exception for unusable files.
bool run_conference(const conference_options& options);

}  // namespace examples
