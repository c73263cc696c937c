// SPDX-License-Identifier: BSL-1.0
// A call keyed by a Noise XX handshake between the phones, which the signalling carries.
#pragma once

#include <sotto/srtp/end_to_end_keys.hpp>
#include <string>

#include "conversation.hpp"
#include "line.hpp"
#include "notes.hpp"
#include "xx_end.hpp"

namespace examples {

/// New static keys of both ends.
struct two_identities {
  two_identities();
  sotto::noise::static_key caller, callee;
};

/// The media keys of a session, for both directions.
sotto::srtp::end_to_end_keys media_keys(const sotto::crypto::end_to_end_secret& secret);

/// Whole calls: handshake, identity, conversation. What the phone shows is noted under "words", what ended the call
/// under "ended".
void call_by_noise(line& to_peer, const noise_end& end, const part& what, notes& told);
void answer_by_noise(line& to_peer, const noise_end& end, const part& what, notes& told);

}  // namespace examples
