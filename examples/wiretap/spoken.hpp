// SPDX-License-Identifier: BSL-1.0
// What two people say to one another where the relay isn't: face to face, or by another telephone.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace examples {

/// One for both: the processes inherit it, and each uses its own end.
class spoken_channel {
 public:
  spoken_channel() {
    if (::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends_.data()) != 0)
      throw std::system_error(errno, std::generic_category(), "a pair of sockets");
  }
  spoken_channel(const spoken_channel&) = delete;
  spoken_channel& operator=(const spoken_channel&) = delete;
  ~spoken_channel() {
    for (const int fd : ends_) ::close(fd);
  }

  /// Reads a string out, listens to the other's, and says whether they are equal. `end` is 0 or 1.
  bool compare(std::size_t end, std::string_view own) const {
    if (::send(ends_[end], own.data(), own.size(), MSG_NOSIGNAL) < 0)
      throw std::system_error(errno, std::generic_category(), "speaking");
    pollfd readable{ends_[end], POLLIN, 0};
    while (::poll(&readable, 1, patience) < 0)
      if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "listening");
    std::array<char, 256> heard;
    const auto len = ::recv(ends_[end], heard.data(), heard.size(), MSG_DONTWAIT);
    if (len < 0) throw std::runtime_error("nobody reads a string to compare with");
    return std::string_view(heard.data(), static_cast<std::size_t>(len)) == own;
  }

 private:
  static constexpr int patience = 90000;  // milliseconds
  std::array<int, 2> ends_{};
};

}  // namespace examples
