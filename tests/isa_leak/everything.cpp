// SPDX-License-Identifier: BSL-1.0
// Uses everything, so that the compiler emits it and tools/check_isa_leak.py can look at it. Never run, and
// built for the baseline. Templates are emitted only where something here calls them.
#include <sotto/sotto.hpp>

int everything();
int everything() { return 0; }
