// SPDX-License-Identifier: BSL-1.0
// Asks the peer whether it is there, as ICE does before a call and RFC 7675 during it, and answers the peer's
// questions.
#pragma once

#include <cstdint>
#include <sotto/core/bytes.hpp>

#include "../support/keys.hpp"
#include "../support/udp_socket.hpp"
#include "stun.hpp"

namespace examples {

class stun_checks {
 public:
  explicit stun_checks(udp_socket& socket) : socket_(socket) {}

  void ask() {
    fill_random(transaction_);
    socket_.send(write_stun_request(transaction_));
    ++asked_;
  }
  /// Takes a datagram that looks like STUN and came from this port.
  void take(sotto::const_bytes datagram, std::uint16_t from) {
    const auto m = parse_stun(datagram);
    if (!m) return;
    if (m->type == stun_binding_request) return socket_.send(write_stun_success(m->transaction, from));
    if (m->transaction == transaction_ && m->mapped_port == socket_.port()) ++answered_;
  }

  unsigned asked() const noexcept { return asked_; }
  unsigned answered() const noexcept { return answered_; }
  bool all_answered() const noexcept { return answered_ == asked_; }

 private:
  udp_socket& socket_;
  stun_transaction transaction_{};
  unsigned asked_ = 0, answered_ = 0;
};

}  // namespace examples
