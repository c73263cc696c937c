// SPDX-License-Identifier: BSL-1.0
// Handshakes of the Noise Protocol Framework, revision 34: keys that two ends agree on and nobody else has.
#pragma once

#include "noise/algorithms.hpp"
#include "noise/handshake.hpp"
#include "noise/options.hpp"
#include "noise/pattern.hpp"
#include "noise/patterns.hpp"
#include "noise/session.hpp"
#include "noise/short_authentication_handshake.hpp"
#include "noise/short_authentication_string.hpp"
#include "noise/transport.hpp"
