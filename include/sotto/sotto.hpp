// SPDX-License-Identifier: BSL-1.0
// All of Sotto.
#pragma once

#include "crypto.hpp"
#include "noise.hpp"
#include "sframe.hpp"
#include "srtp.hpp"
