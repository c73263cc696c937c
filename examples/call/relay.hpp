// SPDX-License-Identifier: BSL-1.0
// A bad network in the middle of the call: loses, doubles, delays and alters datagrams, the same ones for the same
// seed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp/packet.hpp>
#include <utility>
#include <vector>

#include "../support/udp_socket.hpp"

namespace examples {

/// Probabilities from 0 to 1.
struct relay_rates {
  double loss = 0, duplicate = 0, reorder = 0, tamper = 0;
  std::uint64_t seed = 1;
};

struct relay_counts {
  std::uint64_t received = 0, dropped = 0, duplicated = 0, delayed = 0, tampered = 0, forwarded = 0;
  /// Datagrams of which at least one unaltered copy went on: what the other end has to accept.
  std::uint64_t intact_rtp = 0, intact_rtcp = 0;
};

/// Holds no key and needs none: all it reads is the byte that tells RTP from RTCP.
class relay {
 public:
  relay(const relay_rates& rates, udp_socket& from, udp_socket& to)
      : rates_(rates), random_(rates.seed), from_(from), to_(to) {}

  /// Takes the next datagram, if one comes in time, and passes on what is due. False if none came.
  bool step(std::chrono::milliseconds timeout) {
    std::array<std::uint8_t, 2048> buffer;
    const auto len = from_.receive(buffer, timeout);
    if (!len) return false;
    take(sotto::const_bytes(buffer).first(*len));
    release(counts_.received);
    return true;
  }
  /// Passes on what it still holds.
  void flush() { release(~std::uint64_t{0}); }

  const relay_counts& counts() const noexcept { return counts_; }

 private:
  struct copy {
    std::uint64_t due;  // goes on once so many datagrams were received
    std::uint64_t id;
    bool intact;
    std::vector<std::uint8_t> bytes;
  };

  void take(sotto::const_bytes datagram) {
    const std::uint64_t id = counts_.received++;
    was_intact_.push_back(false);
    // Draw everything every time, so that one rate doesn't change what the others do.
    const bool lost = chance(rates_.loss), twice = chance(rates_.duplicate), late = chance(rates_.reorder);
    const std::uint64_t distance = 1 + random_() % max_delay;
    const bool tamper[2] = {chance(rates_.tamper), chance(rates_.tamper)};
    const std::uint64_t bits[2] = {random_(), random_()};
    if (lost) {
      ++counts_.dropped;
      return;
    }
    if (twice) ++counts_.duplicated;
    if (late) ++counts_.delayed;
    for (int n = 0; n < (twice ? 2 : 1); ++n) {
      // Of two copies only the second is late, so that the late one is the duplicate.
      const bool delay = late && (n == 1 || !twice);
      copy c{
          delay ? counts_.received + distance : counts_.received, id, !tamper[n], {datagram.begin(), datagram.end()}};
      if (tamper[n] && !c.bytes.empty()) {
        ++counts_.tampered;
        const auto bit = static_cast<std::size_t>(bits[n] % (8 * c.bytes.size()));
        c.bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      }
      held_.push_back(std::move(c));
    }
  }

  void release(std::uint64_t received) {
    for (auto c = held_.begin(); c != held_.end();) {
      if (c->due > received) {
        ++c;
        continue;
      }
      to_.send(c->bytes);
      ++counts_.forwarded;
      if (c->intact && !was_intact_[static_cast<std::size_t>(c->id)]) {
        was_intact_[static_cast<std::size_t>(c->id)] = true;
        using sotto::srtp::packet_kind;
        ++(sotto::srtp::classify(c->bytes) == packet_kind::rtcp ? counts_.intact_rtcp : counts_.intact_rtp);
      }
      c = held_.erase(c);
    }
  }

  // Not std::bernoulli_distribution, whose draws differ between standard libraries.
  bool chance(double probability) { return static_cast<double>(random_() >> 11) * 0x1p-53 < probability; }

  static constexpr std::uint64_t max_delay = 8;

  relay_rates rates_;
  std::mt19937_64 random_;
  udp_socket& from_;
  udp_socket& to_;
  std::deque<copy> held_;
  std::vector<bool> was_intact_;
  relay_counts counts_;
};

}  // namespace examples
