// SPDX-License-Identifier: BSL-1.0
// Whether a piece of code ends the program, found out in a child process.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace support {

/// How the child ended: returned normally, died of a trap or abort (SIGILL, SIGTRAP, SIGABRT), or otherwise.
enum class ending { returned, trapped, other };

template <class Code>
ending run_in_child(Code&& code) {
  const pid_t child = ::fork();
  if (child < 0) std::abort();
  if (child == 0) {
    // The test framework's handlers would report the signal as a failed test; core files help nobody here.
    for (const int s : {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS}) std::signal(s, SIG_DFL);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    code();
    ::_exit(0);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child) std::abort();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return ending::returned;
  if (!WIFSIGNALED(status)) return ending::other;
  const int s = WTERMSIG(status);
  return s == SIGILL || s == SIGTRAP || s == SIGABRT ? ending::trapped : ending::other;
}

}  // namespace support
