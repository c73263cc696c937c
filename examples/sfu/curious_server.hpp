// SPDX-License-Identifier: BSL-1.0
// A forwarding server that wants to listen: it does its work, and tries every key it has on every frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <sotto/sframe.hpp>
#include <sotto/srtp.hpp>
#include <utility>
#include <vector>

#include "../support/forwarding.hpp"
#include "participant.hpp"

namespace examples {

/// Tries a secret as the base key of a frame, with every suite. True if that opened it.
inline bool opens(sotto::const_bytes secret, sotto::const_bytes frame, const frame_metadata& metadata) {
  const auto header = sotto::sframe::parse_header(frame);
  if (!header) return false;
  octets plain(frame.size());
  for (const auto suite : sotto::sframe::cipher_suites) {
    auto key = sotto::sframe::base_key::create(secret);
    if (!key) return false;
    auto rx = sotto::sframe::receiver::create(suite, header->header.kid, std::move(*key));
    if (rx && rx->unprotect(frame, plain, metadata)) return true;
  }
  return false;
}

class curious_server {
 public:
  explicit curious_server(const sotto::srtp::length_hiding& hiding) : hiding_(hiding) {}

  std::size_t join(const hop_keys& keys) {
    for (const auto* k : {&keys.up, &keys.down}) {
      secrets_.emplace_back(k->expose_key().begin(), k->expose_key().end());
      secrets_.push_back(secrets_.back());
      secrets_.back().insert(secrets_.back().end(), k->expose_salt().begin(), k->expose_salt().end());
    }
    return core_.join(keys.up, keys.down, {.length_hiding = hiding_});
  }

  /// Forwards as told by wanted(to), and tries to open the frame. Errors: those of forwarder::forward.
  template <class Wanted, class Deliver>
  sotto::result<void> forward(std::size_t from, octets wire, const frame_metadata& metadata, Wanted&& wanted,
                              Deliver&& deliver) {
    bool tried = false;
    return core_.forward(
        from, wire,
        [&](std::size_t to, const sotto::srtp::rtp_view& packet) {
          if (!std::exchange(tried, true)) pry(packet, metadata);
          return wanted(to);
        },
        [&](std::size_t to, sotto::const_bytes out, const sotto::srtp::rtp_view&) { deliver(to, out); });
  }

  /// Opens a packet's SRTP, which is all that this server can open.
  octets open(std::size_t from, octets wire) {
    return octets_of(made(core_.to(from).open(wire), "a participant's packet"));
  }
  /// Protects what it likes for a participant, as a packet of some participant's stream.
  octets inject(std::size_t from, std::size_t to, const octets& rtp) {
    const auto packet = made(sotto::srtp::rtp_view::parse(rtp), "an injected packet");
    return octets_of(made(core_.to(to).forward(from, packet), "forwarding an injected packet"));
  }

  std::uint64_t dropped() const noexcept { return core_.dropped(); }
  std::size_t secrets() const noexcept { return secrets_.size(); }
  std::uint64_t frames_tried() const noexcept { return frames_tried_; }
  std::uint64_t frames_opened() const noexcept { return frames_opened_; }

 private:
  static octets octets_of(sotto::const_bytes b) { return octets(b.begin(), b.end()); }

  void pry(const sotto::srtp::rtp_view& packet, const frame_metadata& metadata) {
    const auto frame = packet.payload_without_padding();
    if (!frame) return;
    ++frames_tried_;
    bool opened = false;
    for (const octets& secret : secrets_) opened |= opens(secret, *frame, metadata);
    if (opened) ++frames_opened_;
  }

  forwarder core_;
  sotto::srtp::length_hiding hiding_;
  std::vector<octets> secrets_;
  std::uint64_t frames_tried_ = 0, frames_opened_ = 0;
};

}  // namespace examples
