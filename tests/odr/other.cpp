// SPDX-License-Identifier: BSL-1.0
#include <sotto/sotto.hpp>

int other();
int other() { return 0; }
