// SPDX-License-Identifier: BSL-1.0
#include "signalling.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>

namespace examples {
namespace {

constexpr int patience_for_caller = 60000, patience_for_lines = 10000;  // milliseconds
constexpr std::string_view end_mark = "\r\n\r\n";
constexpr std::size_t max_message_len = 4096;

[[noreturn]] void fail(const char* doing) { throw std::system_error(errno, std::generic_category(), doing); }

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

std::pair<signalling, signalling> signalling::make_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) fail("signalling");
  return {signalling(ends[0]), signalling(ends[1])};
}

signalling signalling::wait_for_caller(std::uint16_t port) {
  const signalling listener(::socket(AF_INET, SOCK_STREAM, 0));
  const int on = 1;  // else the port stays taken for a minute after each run
  sockaddr_in address = loopback(port);
  socklen_t len = sizeof address;
  if (listener.fd_ < 0 || ::setsockopt(listener.fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(listener.fd_, reinterpret_cast<const sockaddr*>(&address), len) != 0 || ::listen(listener.fd_, 1) != 0 ||
      ::getsockname(listener.fd_, reinterpret_cast<sockaddr*>(&address), &len) != 0)
    fail("listening on 127.0.0.1");
  std::printf("server: waiting for the client, on port %u\n", unsigned{ntohs(address.sin_port)});
  std::fflush(stdout);
  listener.wait_until_readable(patience_for_caller, "no client came");
  signalling caller(::accept(listener.fd_, nullptr, nullptr));
  if (caller.fd_ < 0) fail("accepting the client");
  return caller;
}

signalling signalling::call(std::uint16_t port) {
  signalling made(::socket(AF_INET, SOCK_STREAM, 0));
  const sockaddr_in address = loopback(port);
  if (made.fd_ < 0) fail("signalling");
  if (::connect(made.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail("calling the server (was it started first?)");
  return made;
}

void signalling::send(std::string_view lines) {
  const std::string message = std::string(lines) + "\r\n";
  for (std::string_view left = message; !left.empty();) {
    const auto n = ::send(fd_, left.data(), left.size(), MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) fail("signalling");
    if (n > 0) left.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string signalling::receive() {
  std::string text;
  while (!text.ends_with(end_mark)) {
    wait_until_readable(patience_for_lines, "the peer's description didn't come");
    std::array<char, 512> piece;
    const auto n = ::recv(fd_, piece.data(), piece.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("signalling");
    if (n == 0) throw std::runtime_error("signalling: the peer hung up");
    text.append(piece.data(), static_cast<std::size_t>(n));
    if (text.size() > max_message_len) throw std::runtime_error("signalling: the peer's description is too long");
  }
  return text;
}

void signalling::wait_until_readable(int milliseconds, const char* otherwise) const {
  pollfd readable{fd_, POLLIN, 0};
  int ready;
  do ready = ::poll(&readable, 1, milliseconds);
  while (ready < 0 && errno == EINTR);
  if (ready < 0) fail("waiting");
  if (ready == 0) throw std::runtime_error(std::string("signalling: ") + otherwise);
}

void signalling::close() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace examples
