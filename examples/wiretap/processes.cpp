// SPDX-License-Identifier: BSL-1.0
// Starting processes and waiting for them.
#include "processes.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

namespace examples {
namespace {

/// After so many seconds the system ends a process that waits for something that doesn't come.
constexpr unsigned longest_life = 150;
constexpr int cannot_start = 127;

[[noreturn]] void fail(const char* doing) { throw std::system_error(errno, std::generic_category(), doing); }

int exit_code(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0)
    if (errno != EINTR) fail("waiting for a process");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

pid_t fork_now() {
  std::fflush(nullptr);  // or both processes would print what is still buffered
  const pid_t process = ::fork();
  if (process < 0) fail("starting a process");
  return process;
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    const auto n = ::read(fd, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace

void crew::start(const std::string& name, const std::function<void()>& work) {
  const pid_t process = fork_now();
  if (process != 0) return members_.push_back({name, process});
  ::alarm(longest_life);
  int code = 0;
  try {
    work();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", name.c_str(), e.what());
    code = 1;
  }
  std::fflush(nullptr);
  ::_exit(code);  // what the starting process has to clean up is none of this one's business
}

std::string crew::wait() {
  std::string failed;
  for (const auto& m : members_)
    if (exit_code(m.process) != 0) failed += (failed.empty() ? "" : ", ") + m.name;
  members_.clear();
  return failed;
}

program_result run_program(const std::vector<std::string>& command) {
  int ends[2];
  if (::pipe(ends) != 0) fail("a pipe");
  const pid_t process = fork_now();
  if (process == 0) {
    ::alarm(longest_life);
    std::vector<char*> arguments;
    for (const auto& a : command) arguments.push_back(const_cast<char*>(a.c_str()));
    arguments.push_back(nullptr);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execv(arguments[0], arguments.data());
    ::_exit(cannot_start);
  }
  ::close(ends[1]);
  program_result result;
  result.output = read_all(ends[0]);
  ::close(ends[0]);
  result.code = exit_code(process);
  return result;
}

std::string folder_of_this_program(const char* first_argument) {
  std::array<char, 4096> path;
  const auto len = ::readlink("/proc/self/exe", path.data(), path.size());
  const std::string name = len > 0 ? std::string(path.data(), static_cast<std::size_t>(len)) : first_argument;
  return name.substr(0, name.rfind('/') + 1);
}

}  // namespace examples
