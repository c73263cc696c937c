// SPDX-License-Identifier: BSL-1.0
// One call from its first packet to its report.
#pragma once

#include "options.hpp"

namespace examples {

/// Runs the call and prints its report. True if all that had to arrive arrived, and nothing else. Throws
/// std::exception for unusable files and a system without loopback.
bool run_call(const call_options& options);

}  // namespace examples
