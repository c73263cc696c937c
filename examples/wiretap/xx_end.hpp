// SPDX-License-Identifier: BSL-1.0
// One end of a Noise XX handshake whose messages are lines of signalling, and how it makes sure whom it talks to.
#pragma once

#include <memory>
#include <optional>
#include <sotto/noise/handshake.hpp>
#include <string>
#include <vector>

#include "options.hpp"
#include "spoken.hpp"

namespace examples {

enum class identity_check {
  compare,  ///< Two people read a string to one another.
  nobody,   ///< They have it before their eyes, and say "equal" without looking.
  pinned    ///< It knows the other's key from an earlier meeting.
};

/// What a phone needs for its end.
struct noise_end {
  const sotto::noise::static_key& own;
  identity_check check;
  std::optional<sotto::noise::public_key> peer;  ///< For pinned
  spoken_channel* aloud;                         ///< For compare
  planted_fault fault;
};

/// Messages are written and read in turns, three in all.
class xx_end {
 public:
  virtual ~xx_end() = default;
  /// This end's next message. Throws std::runtime_error.
  virtual std::string write() = 0;
  /// Takes the peer's next message; the error ends the handshake.
  virtual sotto::result<void> read(const std::string& signalling) = 0;
  /// After the last message: what both ends have to compare; empty for pinned keys.
  virtual std::string words() = 0;
  /// The session, once the words were compared (or the key was the pinned one). Throws std::runtime_error.
  virtual sotto::noise::session agreed() = 0;
};

std::unique_ptr<xx_end> begin_xx(const noise_end& end, sotto::crypto::handshake_role role);

/// A handshake message as a line of signalling, and back. Throws std::runtime_error for what is none.
std::string noise_line(const sotto::noise::handshake_pattern& pattern, sotto::const_bytes message);
std::vector<std::uint8_t> noise_message_in(const std::string& signalling);

/// The same for a handshake without strings. Throw std::runtime_error, but for the error of a peer's message.
sotto::noise::handshake begin_handshake(const sotto::noise::handshake_options& options);
std::string write_noise(sotto::noise::handshake& handshake, sotto::const_bytes payload = {});
sotto::result<std::vector<std::uint8_t>> read_noise(sotto::noise::handshake& handshake, const std::string& signalling);

}  // namespace examples
