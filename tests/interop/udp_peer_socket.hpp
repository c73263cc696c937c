// SPDX-License-Identifier: BSL-1.0
// A UDP socket on 127.0.0.1 with room for a whole test: media tools send as fast as they can.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sotto/core/bytes.hpp>
#include <system_error>

namespace interop {

inline constexpr std::uint8_t rtcp_bye = 203;  // RFC 3550 12.1

/// Throws std::system_error, also for a datagram that nobody received: a lost one is no test of cryptography.
class udp_socket {
 public:
  udp_socket() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) fail("UDP socket");
    const int room = 4 << 20;  // the system cuts it down to what it allows
    (void)::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    const sockaddr_in any_port = loopback(0);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&any_port), sizeof any_port) != 0) fail("binding to 127.0.0.1");
  }
  udp_socket(const udp_socket&) = delete;
  udp_socket& operator=(const udp_socket&) = delete;
  ~udp_socket() { ::close(fd_); }

  std::uint16_t port() const {
    sockaddr_in own{};
    socklen_t len = sizeof own;
    if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &len) != 0) fail("asking for the port");
    return ntohs(own.sin_port);
  }

  void send(sotto::const_bytes datagram, std::uint16_t port) {
    const sockaddr_in to = loopback(port);
    const auto sent = ::sendto(fd_, datagram.data(), datagram.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), sizeof to);
    if (sent < 0) fail("sending");
  }

  /// The length of the next datagram, or nothing if none came in time.
  std::optional<std::size_t> receive(sotto::mutable_bytes buffer, std::chrono::milliseconds timeout) {
    pollfd readable{fd_, POLLIN, 0};
    const int ready = ::poll(&readable, 1, static_cast<int>(timeout.count()));
    if (ready < 0) fail("waiting");
    if (ready == 0) return std::nullopt;
    const auto len = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (len < 0) fail("receiving");
    return static_cast<std::size_t>(len);
  }

 private:
  static sockaddr_in loopback(std::uint16_t port) noexcept {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  [[noreturn]] static void fail(const char* doing) { throw std::system_error(errno, std::generic_category(), doing); }

  int fd_;
};

/// Whether the other end of standard input is closed.
inline bool input_ended() {
  pollfd readable{STDIN_FILENO, POLLIN, 0};
  if (::poll(&readable, 1, 0) <= 0) return false;
  char ignored[64];
  return ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0;
}

}  // namespace interop
