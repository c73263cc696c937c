// SPDX-License-Identifier: BSL-1.0
// Questions to the operating system and the compiler.
#include "machine.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#if defined(__linux__)
#include <sched.h>
#include <unistd.h>
#endif
#if defined(__unix__) || defined(__APPLE__)
#include <sys/resource.h>
#endif

namespace bench {

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name") && line.find(": ") != std::string::npos) return line.substr(line.find(": ") + 2);
  return "unknown processor";
}

std::string compiler_name() {
#if defined(__clang__)
  const std::string name = "Clang " + std::to_string(__clang_major__) + '.' + std::to_string(__clang_minor__) + '.' +
                           std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
  const std::string name = std::string("GCC ") + __VERSION__;
#else
  const std::string name = "unknown compiler";
#endif
#if defined(__OPTIMIZE__)
  return name + ", optimised";
#elif defined(__GNUC__)
  return name + ", NOT OPTIMISED";
#else
  return name;
#endif
}

std::string stay_on_processor([[maybe_unused]] int wanted) {
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    // The first processor usually serves the interrupts, so the last one is the quietest guess.
    for (int i = CPU_SETSIZE - 1; wanted < 0 && i >= 0; --i)
      if (CPU_ISSET(i, &allowed)) wanted = i;
    cpu_set_t one;
    CPU_ZERO(&one);
    if (wanted >= 0 && wanted < CPU_SETSIZE) CPU_SET(wanted, &one);
    if (sched_setaffinity(0, sizeof one, &one) == 0) return "pinned to processor " + std::to_string(wanted);
  }
#endif
  return "not pinned to a processor";
}

long involuntary_switches() {
#if defined(__unix__) || defined(__APPLE__)
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) return usage.ru_nivcsw;
#endif
  return 0;
}

void restart_with(const environment_variable& variable, [[maybe_unused]] char** argv) {
  if (variable.name.empty()) return;
  const char* const now = std::getenv(variable.name.c_str());
  if (now != nullptr && now == variable.value) return;
#if defined(__linux__)
  if (setenv(variable.name.c_str(), variable.value.c_str(), 1) == 0) execv("/proc/self/exe", argv);
#endif
  throw std::runtime_error("please start this with " + variable.name + '=' + variable.value);
}

}  // namespace bench
