// SPDX-License-Identifier: BSL-1.0
// The core of a selective forwarding unit (SFU, RFC 7667 3.7): opens the SRTP of one hop, gives each packet the SSRC
// and sequence number of the next one, and protects it with that hop's key. Payloads are bytes that it passes on.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "keys.hpp"
#include "sequence_rewriter.hpp"

namespace examples {

/// Everything between the server and one participant. The keys of the two directions are this hop's and nobody else's.
class hop {
 public:
  hop(const sotto::srtp::keying& incoming, const sotto::srtp::keying& outgoing,
      const sotto::srtp::sender_options& options)
      : rx_(made(sotto::srtp::receiver::create(incoming))), tx_(made(sotto::srtp::sender::create(outgoing, options))) {}

  /// Opens what the participant sent, in place. Errors: those of receiver::unprotect.
  sotto::result<sotto::mutable_bytes> open(sotto::mutable_bytes srtp) noexcept { return rx_.unprotect(srtp); }

  /// How many streams of one participant are sent on: whoever invents more crowds out nobody else's.
  static constexpr std::size_t max_streams_from_one = 4;

  /// Protects a packet for the participant, as a packet of a stream that only this hop has. The bytes are there until
  /// the next call. Errors, of this packet alone: stream_table_full (another stream of that participant), too_old (it
  /// came too late to get a number), those of sender::protect.
  sotto::result<sotto::const_bytes> forward(std::size_t from, const sotto::srtp::rtp_view& packet) {
    stream* s = stream_of(from, packet.ssrc());
    if (s == nullptr) return sotto::failure{sotto::error::stream_table_full};
    const auto number = s->numbers.forward(packet.sequence().value());
    if (!number) return sotto::failure{sotto::error::too_old};
    const std::size_t len = packet.bytes().size();
    buffer_.assign(packet.bytes().begin(), packet.bytes().end());
    buffer_.resize(len + tx_.rtp_overhead());
    sotto::core::store_be16(&buffer_[2], *number);
    sotto::core::store_be32(&buffer_[8], s->ssrc);
    const auto wire = tx_.protect(buffer_, len);
    if (!wire) return sotto::failure{wire.error()};
    return sotto::const_bytes(*wire);
  }
  void skip(std::size_t from, const sotto::srtp::rtp_view& packet) {
    if (stream* s = stream_of(from, packet.ssrc())) s->numbers.skip(packet.sequence().value());
  }
  /// Frees what the streams of one who left take up here.
  void forget(std::size_t from) noexcept {
    for (auto s = streams_.begin(); s != streams_.end();) {
      if (s->first.first != from) {
        ++s;
        continue;
      }
      // Refused if no packet went out, and after many removals: then this hop needs new keys before it takes new
      // streams.
      (void)tx_.remove(sotto::srtp::ssrc(s->second.ssrc));
      s = streams_.erase(s);
    }
  }
  /// Which SSRC a participant's stream has on this hop, as the server's signalling would tell the receiver; none before
  /// its first packet.
  std::optional<std::uint32_t> ssrc_of(std::size_t from, sotto::srtp::ssrc source) const {
    const auto found = streams_.find({from, source.value()});
    if (found == streams_.end()) return std::nullopt;
    return found->second.ssrc;
  }

 private:
  struct stream {
    std::uint32_t ssrc;
    sequence_rewriter numbers;
  };

  template <class Session>
  static Session made(sotto::result<Session>&& s) {
    if (!s) throw std::runtime_error(std::string("creating a session: ") + message(s.error()));
    return std::move(*s);
  }
  /// Two participants may have chosen one SSRC: here their streams get different ones. Null if there are too many.
  stream* stream_of(std::size_t from, sotto::srtp::ssrc source) {
    const auto found = streams_.find({from, source.value()});
    if (found != streams_.end()) return &found->second;
    const auto theirs = [&](const auto& s) { return s.first.first == from; };
    const auto count = static_cast<std::size_t>(std::count_if(streams_.begin(), streams_.end(), theirs));
    if (count >= max_streams_from_one) return nullptr;
    std::array<std::uint8_t, 6> random;
    std::uint32_t chosen = 0;
    do {
      fill_random(random);
      chosen = sotto::core::load_be32(random.data());
    } while (is_taken(chosen));
    const auto first = static_cast<std::uint16_t>(1024 + sotto::core::load_be16(&random[4]) % 31744);
    return &streams_.emplace(std::pair(from, source.value()), stream{chosen, sequence_rewriter(first)}).first->second;
  }
  bool is_taken(std::uint32_t ssrc) const {
    for (const auto& [source, s] : streams_)
      if (s.ssrc == ssrc) return true;
    return false;
  }

  sotto::srtp::receiver rx_;
  sotto::srtp::sender tx_;
  std::map<std::pair<std::size_t, std::uint32_t>, stream> streams_;
  std::vector<std::uint8_t> buffer_;
};

/// Forwards each participant's packets to all others. RTCP isn't forwarded: reports are about one hop, and a server
/// sends its own. One thread at a time.
class forwarder {
 public:
  /// Lets a participant in and returns its number. Keys are from the participant's view of nobody: `incoming` is what
  /// it sends under, `outgoing` what it receives under.
  std::size_t join(const sotto::srtp::keying& incoming, const sotto::srtp::keying& outgoing,
                   const sotto::srtp::sender_options& options = {}) {
    hops_.emplace(next_, std::make_unique<hop>(incoming, outgoing, options));
    return next_++;
  }
  void leave(std::size_t participant) {
    hops_.erase(participant);
    for (const auto& [to, h] : hops_) h->forget(participant);
  }

  hop& to(std::size_t participant) { return *hops_.at(participant); }

  /// Opens a packet in place and forwards it: to each other participant for whom wanted(to, rtp_view) says so,
  /// deliver(to, wire, rtp_view) is called. What wanted refuses leaves no gap; what one of them can't be sent is
  /// dropped for that one. Errors: those of receiver::unprotect; nothing is forwarded and nothing changed then.
  template <class Wanted, class Deliver>
  sotto::result<void> forward(std::size_t from, sotto::mutable_bytes srtp, Wanted&& wanted, Deliver&& deliver) {
    const auto rtp = hops_.at(from)->open(srtp);
    if (!rtp) return sotto::failure{rtp.error()};
    const auto packet = sotto::srtp::rtp_view::parse(*rtp);
    if (!packet) return sotto::failure{packet.error()};
    for (const auto& [to, h] : hops_) {
      if (to == from) continue;
      if (!wanted(to, *packet)) {
        h->skip(from, *packet);
        continue;
      }
      const auto wire = h->forward(from, *packet);
      if (wire)
        deliver(to, *wire, *packet);
      else
        ++dropped_;
    }
    return {};
  }
  /// How many packets were not sent on to somebody, because hop::forward refused them.
  std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  std::map<std::size_t, std::unique_ptr<hop>> hops_;
  std::size_t next_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace examples
