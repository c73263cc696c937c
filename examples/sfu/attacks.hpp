// SPDX-License-Identifier: BSL-1.0
// What a server, and somebody on the way to it, can try beside listening.
#pragma once

#include "checks.hpp"
#include "meeting.hpp"

namespace examples {

/// Runs after the talk, between the first two participants.
void check_attacks(meeting& m, checks& c);

}  // namespace examples
