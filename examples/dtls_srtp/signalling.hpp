// SPDX-License-Identifier: BSL-1.0
// The channel beside the media: a stream between two processes that carries the descriptions. It stands for the
// signalling server of a real call, and DTLS-SRTP is as trustworthy as it is: it carries the fingerprints.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace examples {

/// Throws std::system_error, or std::runtime_error if the other end says nothing in time.
class signalling {
 public:
  /// Between a process and the one that it is about to start.
  static std::pair<signalling, signalling> make_pair();
  /// Waits on a port of 127.0.0.1 for the one who calls; port 0: one that the system chooses. Prints which.
  static signalling wait_for_caller(std::uint16_t port);
  static signalling call(std::uint16_t port);

  signalling(signalling&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  signalling& operator=(signalling&&) = delete;
  ~signalling() { close(); }

  /// Messages are lines; an empty one ends them.
  void send(std::string_view lines);
  std::string receive();
  void close() noexcept;

 private:
  explicit signalling(int fd) noexcept : fd_(fd) {}
  void wait_until_readable(int milliseconds, const char* otherwise) const;

  int fd_;
};

}  // namespace examples
