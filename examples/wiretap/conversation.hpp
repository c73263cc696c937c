// SPDX-License-Identifier: BSL-1.0
// The talking itself: both ends say something at the same time, and write down what they hear.
#pragma once

#include <cstdint>
#include <sotto/srtp/receiver.hpp>
#include <sotto/srtp/sender.hpp>
#include <string>
#include <vector>

#include "../call/media.hpp"
#include "line.hpp"
#include "notes.hpp"

namespace examples {

/// What each end says: the caller the recorded speech, the others the same from another place in it.
std::vector<std::int16_t> speech_of(const std::string& wav, std::size_t speaker);

/// A stream with random SSRC, sequence number and time stamp.
media_stream make_stream(const std::vector<std::int16_t>& samples);

/// Keys of both directions in use.
struct media_sessions {
  sotto::srtp::sender send;
  sotto::srtp::receiver receive;
};
/// Throws std::runtime_error for unusable keys.
media_sessions make_sessions(const sotto::srtp::keying& write, const sotto::srtp::keying& read,
                             const sotto::srtp::length_hiding& hiding = {});

/// What one end contributes to a conversation.
struct part {
  const media_stream& own;  ///< What it says
  std::string wav_out;      ///< For what it hears; empty: not written
  /// Of each packet's payload, as a codec of variable rate would have it: the rest is left out. Null: all of it.
  const std::vector<std::size_t>* payload_lens = nullptr;
  sotto::srtp::length_hiding hiding = {};
};

/// Says all of the stream, hears as many packets, writes them to a WAV file, and notes the counts: sent, heard, heard
/// bytes, refused, own (packets of this end's that came back and were accepted).
void converse(line& to_peer, media_sessions& sessions, const part& what, notes& told);

}  // namespace examples
