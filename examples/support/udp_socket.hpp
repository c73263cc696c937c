// SPDX-License-Identifier: BSL-1.0
// UDP between two sockets of this machine.
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
#include <utility>

namespace examples {

/// A socket on 127.0.0.1, at a port that the system chose. Throws std::system_error.
class udp_socket {
 public:
  udp_socket() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) fail("UDP socket");
    const sockaddr_in any_port = loopback(0);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&any_port), sizeof any_port) != 0) fail("binding to 127.0.0.1");
    sockaddr_in own{};
    socklen_t len = sizeof own;
    if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &len) != 0) fail("asking for the port");
    port_ = ntohs(own.sin_port);
  }
  udp_socket(udp_socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), port_(other.port_) {}
  udp_socket& operator=(udp_socket&&) = delete;
  ~udp_socket() { close(); }

  std::uint16_t port() const noexcept { return port_; }
  /// For those who wait for several sockets at once.
  int descriptor() const noexcept { return fd_; }

  /// From here on the system delivers only what comes from that port.
  void connect(std::uint16_t port) {
    const sockaddr_in peer = loopback(port);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) fail("connecting to 127.0.0.1");
  }

  /// A datagram that the system has no room for is lost, as on any network.
  void send(sotto::const_bytes datagram) {
    while (::send(fd_, datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0) {
      if (errno == EINTR) continue;
      if (errno == ENOBUFS || errno == EAGAIN) return;
      fail("sending");
    }
  }

  /// The length of the next datagram, or nothing if none came in time. What doesn't fit the buffer is cut off.
  std::optional<std::size_t> receive(sotto::mutable_bytes buffer, std::chrono::milliseconds timeout) {
    for (;;) {
      // The common case first: nothing to wait for.
      const auto len = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (len >= 0) return static_cast<std::size_t>(len);
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) fail("receiving");
      pollfd readable{fd_, POLLIN, 0};
      const int ready = ::poll(&readable, 1, static_cast<int>(timeout.count()));
      if (ready == 0) return std::nullopt;
      if (ready < 0 && errno != EINTR) fail("waiting");
    }
  }

 private:
  static sockaddr_in loopback(std::uint16_t port) noexcept {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  [[noreturn]] void fail(const char* doing) {
    const int code = errno;
    close();
    throw std::system_error(code, std::generic_category(), doing);
  }
  void close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  int fd_;
  std::uint16_t port_ = 0;
};

/// Two sockets that hear only one another.
struct udp_link {
  udp_socket a, b;
  udp_link() {
    a.connect(b.port());
    b.connect(a.port());
  }
};

}  // namespace examples
