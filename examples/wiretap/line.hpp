// SPDX-License-Identifier: BSL-1.0
// A phone's only connection: one UDP socket to the relay, for signalling text and for media packets.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp/packet.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../support/udp_socket.hpp"

namespace examples {

/// RTP begins with bits that no text begins with.
inline bool is_media(sotto::const_bytes datagram) {
  return sotto::srtp::classify(datagram) != sotto::srtp::packet_kind::neither;
}

inline sotto::const_bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string text_of(sotto::const_bytes bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

class line {
 public:
  explicit line(udp_socket& socket) : socket_(socket) {}

  void say(std::string_view text) { socket_.send(bytes_of(text)); }
  void send(sotto::const_bytes packet) { socket_.send(packet); }

  /// The next message of the other end. Packets that come before it wait.
  std::string hear() {
    for (;;) {
      if (!messages_.empty()) return pop(messages_);
      if (!take(patience)) throw std::runtime_error("the other end says nothing");
    }
  }
  /// The next packet, if one comes in time. Messages that come before it wait.
  std::optional<std::vector<std::uint8_t>> receive(std::chrono::milliseconds timeout) {
    while (packets_.empty())
      if (!take(timeout)) return std::nullopt;
    return pop(packets_);
  }
  bool has_message() const noexcept { return !messages_.empty(); }

 private:
  static constexpr std::chrono::milliseconds patience{90000};

  bool take(std::chrono::milliseconds timeout) {
    std::array<std::uint8_t, 4096> buffer;
    const auto len = socket_.receive(buffer, timeout);
    if (!len) return false;
    const auto datagram = sotto::const_bytes(buffer).first(*len);
    if (is_media(datagram))
      packets_.emplace_back(datagram.begin(), datagram.end());
    else
      messages_.push_back(text_of(datagram));
    return true;
  }
  template <class T>
  static T pop(std::deque<T>& queue) {
    T first = std::move(queue.front());
    queue.pop_front();
    return first;
  }

  udp_socket& socket_;
  std::deque<std::string> messages_;
  std::deque<std::vector<std::uint8_t>> packets_;
};

/// What stands behind the first line that begins so, up to its end; empty if there is none.
inline std::string value_of(std::string_view message, std::string_view name) {
  while (!message.empty()) {
    const auto end = message.find('\n');
    const auto text = message.substr(0, end);
    if (text.starts_with(name)) return std::string(text.substr(name.size()));
    message.remove_prefix(end == message.npos ? message.size() : end + 1);
  }
  return {};
}

}  // namespace examples
