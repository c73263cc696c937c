// SPDX-License-Identifier: BSL-1.0
// A recorded Noise handshake, gone through again by somebody who wasn't there, with stolen long-term keys.
#pragma once

#include <cstdint>
#include <optional>
#include <sotto/crypto/x25519.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

struct recorded_handshake {
  std::string pattern;                              ///< "XX"
  std::vector<std::vector<std::uint8_t>> messages;  ///< As recorded
};

/// The handshakes of a signalling log: a first message, and those that follow it.
std::vector<recorded_handshake> handshakes_in(std::string_view log);

/// Whose secret static keys are known.
struct stolen_keys {
  std::optional<sotto::crypto::x25519::static_key> initiator, responder;
};
/// Throws std::runtime_error for what is no such file.
stolen_keys read_leak(const std::string& path);

struct replay_result {
  bool complete = false;
  std::string stopped;                              ///< Where, and why; empty if complete.
  std::uint64_t guesses = 0;                        ///< Tried in place of what nobody can know.
  std::vector<std::vector<std::uint8_t>> payloads;  ///< Of the messages that could be read.
};

/// Does what a passive listener can: agrees with stolen static keys on what was recorded, and decrypts. Where two
/// ephemeral keys meet, it guesses.
replay_result replay(const recorded_handshake& recorded, const stolen_keys& keys);

}  // namespace examples
