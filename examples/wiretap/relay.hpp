// SPDX-License-Identifier: BSL-1.0
// The server between the phones: all signalling and all media pass through it, and it keeps a copy of everything.
#pragma once

#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <sotto/core/bytes.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "../support/pcap_file.hpp"
#include "../support/udp_socket.hpp"
#include "line.hpp"

namespace examples {

/// The two files that are left after hang-up.
class recorder {
 public:
  explicit recorder(const std::string& folder)
      : log_(folder + "/signalling.log", std::ios::binary | std::ios::trunc),
        pcap_(folder + "/call.pcap", linktype_ethernet) {}

  void signalling(std::string_view from, std::string_view message) {
    const auto now = since_epoch();
    const auto seconds = static_cast<std::time_t>(now / 1000000);
    char stamp[32];
    std::tm utc{};
    std::strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &utc));
    log_ << "--- " << stamp << " from " << from << '\n' << message << (message.ends_with('\n') ? "" : "\n");
  }
  void media(std::uint16_t from, std::uint16_t to, sotto::const_bytes packet) {
    make_loopback_ethernet_frame(from, to, packet, frame_);
    pcap_.write(since_epoch(), frame_);
  }
  void close() {
    log_.close();
    if (!log_) throw std::runtime_error("signalling.log can't be written");
    pcap_.close();
  }

 private:
  static std::uint64_t since_epoch() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
  }

  std::ofstream log_;
  pcap_file pcap_;
  std::vector<std::uint8_t> frame_;
};

/// One phone as the relay sees it.
struct leg {
  std::string name;
  udp_socket& socket;
  std::uint16_t phone_port;
  bool hung_up = false;
};

class switchboard {
 public:
  switchboard(std::vector<leg>&& legs, const std::string& folder) : legs_(std::move(legs)), recorder_(folder) {}

  /// Records what comes and hands it to take(leg, datagram), until everyone said BYE or all are silent.
  template <class Take>
  void serve(Take&& take) {
    while (!all_gone() && wait()) {
      for (std::size_t i = 0; i < legs_.size(); ++i) {
        std::array<std::uint8_t, 4096> buffer;
        const auto len = legs_[i].socket.receive(buffer, std::chrono::milliseconds(0));
        if (!len) continue;
        const auto datagram = sotto::mutable_bytes(buffer).first(*len);
        record(legs_[i], datagram);
        take(i, datagram);
      }
    }
    recorder_.close();
  }

  void send(std::size_t to, sotto::const_bytes datagram) { legs_[to].socket.send(datagram); }
  /// To everybody else.
  void forward(std::size_t from, sotto::const_bytes datagram) {
    for (std::size_t to = 0; to < legs_.size(); ++to)
      if (to != from) send(to, datagram);
  }
  /// What the relay makes itself is recorded too.
  void send_own(std::size_t to, sotto::const_bytes packet) {
    recorder_.media(legs_[to].socket.port(), legs_[to].phone_port, packet);
    send(to, packet);
  }
  void say(std::size_t to, std::string_view text) {
    recorder_.signalling("the relay to " + legs_[to].name, text);
    send(to, bytes_of(text));
  }
  const std::string& name(std::size_t i) const { return legs_[i].name; }
  std::size_t size() const noexcept { return legs_.size(); }

 private:
  static constexpr int patience = 90000;  // milliseconds

  void record(leg& from, sotto::const_bytes datagram) {
    if (is_media(datagram)) return recorder_.media(from.phone_port, from.socket.port(), datagram);
    const auto message = text_of(datagram);
    if (message.starts_with("BYE")) from.hung_up = true;
    recorder_.signalling(from.name, message);
  }
  bool all_gone() const {
    for (const auto& l : legs_)
      if (!l.hung_up) return false;
    return true;
  }
  /// False if nothing comes any more.
  bool wait() const {
    std::vector<pollfd> readable;
    for (const auto& l : legs_) readable.push_back({l.socket.descriptor(), POLLIN, 0});
    for (;;) {
      const int ready = ::poll(readable.data(), static_cast<nfds_t>(readable.size()), patience);
      if (ready >= 0) return ready > 0;
      if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waiting");
    }
  }

  std::vector<leg> legs_;
  recorder recorder_;
};

}  // namespace examples
