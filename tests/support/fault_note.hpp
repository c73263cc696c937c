// SPDX-License-Identifier: BSL-1.0
// Says which cell of a grid touched an unreadable page, before the test framework reports the signal.
#pragma once

#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdio>

namespace support {

/// While one is alive, a fault prints what was noted last and then takes its usual course. One at a time.
class fault_note {
 public:
  fault_note() {
    struct sigaction ours {};
    ours.sa_handler = &report;
    ::sigaction(SIGSEGV, &ours, &theirs_segv);
    ::sigaction(SIGBUS, &ours, &theirs_bus);
  }
  fault_note(const fault_note&) = delete;
  fault_note& operator=(const fault_note&) = delete;
  ~fault_note() {
    ::sigaction(SIGSEGV, &theirs_segv, nullptr);
    ::sigaction(SIGBUS, &theirs_bus, nullptr);
  }

  /// name must live as long as the program, as kernels' and operations' names do.
  void now(const char* name, const char* operation, std::size_t aad_or_header, std::size_t text) {
    what = {name, operation, aad_or_header, text};
  }

 private:
  struct cell {
    const char *name, *operation;
    std::size_t before, text;
  };

  static void report(int) {
    char line[200];
    const int n = std::snprintf(line, sizeof line, "touched an unreadable page: %s, %s, %zu bytes behind %zu\n",
                                what.name, what.operation, what.text, what.before);
    if (n > 0 && ::write(STDERR_FILENO, line, static_cast<std::size_t>(n)) < 0) return;
    // Back to the instruction, which faults again under the handler that was here before.
    ::sigaction(SIGSEGV, &theirs_segv, nullptr);
    ::sigaction(SIGBUS, &theirs_bus, nullptr);
  }

  static inline struct sigaction theirs_segv {
  }, theirs_bus{};
  static inline cell what{"nothing yet", "", 0, 0};
};

}  // namespace support
