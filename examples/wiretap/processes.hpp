// SPDX-License-Identifier: BSL-1.0
// Starting processes and waiting for them; none of them runs for ever.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace examples {

class crew {
 public:
  crew() = default;
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;
  ~crew() { wait(); }

  /// Runs work in a process of its own. An exception there is printed, and counts as failure.
  void start(const std::string& name, const std::function<void()>& work);
  /// Waits for all of them. Returns the names of those that failed, with commas.
  std::string wait();

 private:
  struct member {
    std::string name;
    pid_t process;
  };
  std::vector<member> members_;
};

struct program_result {
  int code = -1;
  std::string output;
};
/// Runs another program and collects what it prints. Throws std::system_error if it can't be started.
program_result run_program(const std::vector<std::string>& command);

/// The folder that this program lies in, with a slash; empty if the system doesn't tell.
std::string folder_of_this_program(const char* first_argument);

}  // namespace examples
