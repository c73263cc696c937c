// SPDX-License-Identifier: BSL-1.0
// Where the numbers come from: processor, compiler, and how undisturbed the run was.
#pragma once

#include <string>

namespace bench {

std::string processor_name();
std::string compiler_name();

/// Keeps this process on one processor: the given one, or the last of those allowed if it is negative. Returns what
/// came of it, to print.
std::string stay_on_processor(int wanted);

/// How often the system took the processor away from this process so far.
long involuntary_switches();

struct environment_variable {
  std::string name, value;
};

/// Starts this program anew with the same arguments and the variable set, unless it is set so or has no name. For what
/// libraries read before main.
void restart_with(const environment_variable&, char** argv);

}  // namespace bench
