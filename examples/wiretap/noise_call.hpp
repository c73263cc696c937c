// SPDX-License-Identifier: BSL-1.0
// A call keyed by a Noise XX handshake between the phones, which the signalling carries.
#pragma once

#include <optional>
#include <sotto/noise/handshake.hpp>
#include <sotto/srtp/end_to_end_keys.hpp>
#include <string>

#include "conversation.hpp"
#include "line.hpp"
#include "notes.hpp"
#include "options.hpp"
#include "spoken.hpp"

namespace examples {

inline constexpr auto noise_call_profile = sotto::srtp::profile::aead_aes_128_gcm;

/// How an end makes sure whom it talks to.
enum class identity_check {
  compare,  ///< Two people read a string to one another.
  nobody,   ///< They could, but don't.
  pinned    ///< It knows the other's key from an earlier meeting.
};

struct noise_end {
  const sotto::noise::static_key& own;
  identity_check check;
  std::optional<sotto::noise::public_key> peer;  ///< For pinned
  spoken_channel* aloud;                         ///< For compare
  planted_fault fault;
};

/// New static keys of both ends.
struct two_identities {
  two_identities();
  sotto::noise::static_key caller, callee;
};

/// A handshake message as a line of signalling, and back. Throws std::runtime_error for what is none.
std::string noise_line(const sotto::noise::handshake_pattern& pattern, sotto::const_bytes message);
std::vector<std::uint8_t> noise_message_in(const std::string& signalling);

/// The next message of a handshake as such a line. Throws std::runtime_error.
std::string write_noise(sotto::noise::handshake& handshake, sotto::const_bytes payload = {});
/// The peer's next message and its payload. An error is the handshake's.
sotto::result<std::vector<std::uint8_t>> read_noise(sotto::noise::handshake& handshake, const std::string& signalling);

/// Starts a handshake. Throws std::runtime_error.
sotto::noise::handshake begin_handshake(sotto::noise::handshake_options&& options);

/// Whole calls: handshake, identity, conversation. What came of it is noted under "string" and "ended".
void call_by_noise(line& to_peer, const noise_end& end, const media_stream& own, const std::string& wav, notes& told);
void answer_by_noise(line& to_peer, const noise_end& end, const media_stream& own, const std::string& wav, notes& told);

}  // namespace examples
