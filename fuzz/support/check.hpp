// SPDX-License-Identifier: BSL-1.0
// How a harness reports that an oracle disagrees.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace fuzz {

/// Says what is wrong, and where, and aborts: libFuzzer then prints the stack and keeps the input.
inline void require(bool holds, const char* what, const char* where = "") {
  if (holds) return;
  std::fprintf(stderr, "FINDING: %s%s%s\n", what, *where != '\0' ? ": " : "", where);
  std::abort();
}

}  // namespace fuzz
