// SPDX-License-Identifier: BSL-1.0
// What packets tell without being opened: who, when, how long, and by their sizes when somebody speaks.
#pragma once

#include <string>
#include <string_view>

#include "recording.hpp"

namespace examples {

/// Prints who called whom and when, as the signalling says.
void look_at_signalling(std::string_view log);

/// Prints what is to be seen of each stream, and writes a line for each: its SSRC in hex, a space, and a guess for each
/// RTP packet in order, '1' for talk and '0' for silence.
void look_at_sizes(const recording& call, const std::string& guesses);

}  // namespace examples
