// SPDX-License-Identifier: BSL-1.0
// How long single packets of the call's size take, profile beside profile.
#pragma once

#include <cstdint>

#include "../support/stopwatch.hpp"

namespace examples {

/// Measures and prints; packets is the number per row. False if a packet was refused.
bool print_latency_table(std::uint64_t packets, const stopwatch& watch);

}  // namespace examples
