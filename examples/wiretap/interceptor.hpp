// SPDX-License-Identifier: BSL-1.0
// A relay that isn't content with listening: it is the callee for the caller, and the caller for the callee.
#pragma once

#include <string>

#include "notes.hpp"
#include "relay.hpp"

namespace examples {

/// Answers the caller's XX handshake and starts one with the callee, each with a static key of its own; then opens
/// every packet with one leg's keys, keeps its audio in <wav_out>-<SSRC>.wav, and passes it on under the other's. One
/// that grinds chooses its answer to the caller so that naive strings would be equal at both ends.
void intercept(switchboard& board, const std::string& wav_out, bool grinds, notes& told);

}  // namespace examples
