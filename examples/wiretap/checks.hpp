// SPDX-License-Identifier: BSL-1.0
// What holds for every conversation of two, and what an eavesdropper's audio is compared with.
#pragma once

#include <string>

#include "conversation.hpp"
#include "stage.hpp"

namespace examples {

/// Both ends' speech.
struct two_streams {
  explicit two_streams(const std::string& wav)
      : caller(make_stream(speech_of(wav, 0))), callee(make_stream(speech_of(wav, 1))) {}
  media_stream caller, callee;
};

/// Whether a WAV file holds exactly this stream.
bool holds(const std::string& wav, const media_stream& said);

/// Both ends heard all that the other said, bit for bit, and their own packets' keys came from where they say.
void check_conversation(const stage& s, const two_streams& media, story& tale);

/// Of an eavesdropper's <name>-<SSRC>.wav, one for each direction: are they what was said?
bool has_both(const stage& s, const two_streams& media, const std::string& name);
void check_same_audio(const stage& s, const two_streams& media, const std::string& name, story& tale);

}  // namespace examples
