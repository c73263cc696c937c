// SPDX-License-Identifier: BSL-1.0
// What senders and receivers have in common: one master key's protection, the streams' state, and questions about both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "keying.hpp"
#include "packet.hpp"
#include "packet_index.hpp"
#include "packet_protection.hpp"
#include "profile.hpp"
#include "session_state.hpp"
#include "statistics.hpp"
#include "stream_table.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// How many packets a master key may see, over all its streams; RFC 3711 9.2 and RFC 7714 10 set the defaults, which
/// are the upper limits too. Beyond them every call answers key_exhausted.
struct key_lifetime {
  std::uint64_t rtp_packets = packet_index_end;  ///< 1 to 2^48
  std::uint64_t rtcp_packets = srtcp_index_end;  ///< 1 to 2^31
};

namespace detail {
struct state_access {
  static auto& rtp_left(auto& s) noexcept { return s.rtp_left_; }
  static auto& rtcp_left(auto& s) noexcept { return s.rtcp_left_; }
  static auto& streams(auto& s) noexcept { return s.streams_; }
  static auto& statistics(auto& s) noexcept { return s.statistics_; }
};
}  // namespace detail

/// The base of basic_sender and basic_receiver.
template <packet_transform Transform, class Stream, std::size_t MaxStreams>
class session {
 public:
  using slot = stream_slot<Stream>;
  using state = session_state<Stream, MaxStreams>;

  /// The profile, where the master key came from, and the kernel it is bound to, e.g. "x86_vaes512".
  srtp::profile profile() const noexcept { return protection_.profile(); }
  srtp::provenance provenance() const noexcept { return provenance_; }
  const char* kernel_name() const noexcept { return protection_.kernel_name(); }

  /// What protection adds to an RTP packet (tag and MKI) or RTCP packet (index too), in bytes.
  std::size_t rtp_overhead() const noexcept { return protection_.rtp_overhead(); }
  std::size_t rtcp_overhead() const noexcept { return protection_.rtcp_overhead(); }

  std::size_t stream_count() const noexcept { return streams().count(); }
  std::size_t max_streams() const noexcept { return streams().capacity(); }
  bool has_stream(ssrc source) const noexcept { return streams().find(source) != nullptr; }
  /// The highest index protected or authenticated so far, whose upper 32 bits are the ROC. Errors: unknown_stream (also
  /// if there was only RTCP).
  result<packet_index> highest_index(ssrc source) const noexcept {
    const Stream* stream = streams().find(source);
    if (stream == nullptr || stream->window.empty()) return failure{error::unknown_stream};
    return stream->window.highest();
  }

  /// Counts of the whole session, computed by a walk over the streams.
  session_statistics statistics() const noexcept {
    session_statistics sum = access::statistics(state_);
    streams().for_each([&sum](ssrc, const Stream& s) { sum.add(s.statistics); });
    return sum;
  }
  /// Counts of one stream. Errors: unknown_stream.
  result<stream_statistics> statistics(ssrc source) const noexcept {
    const Stream* stream = streams().find(source);
    if (stream == nullptr) return failure{error::unknown_stream};
    return stream->statistics;
  }
  /// Sets every count to zero and changes nothing else.
  void reset_statistics() noexcept {
    access::statistics(state_) = {};
    streams().for_each([](ssrc, Stream& s) { s.statistics = {}; });
  }

  /// Packets that the master key may still see.
  key_lifetime lifetime_left() const noexcept {
    return {access::rtp_left(state_).count(), access::rtcp_left(state_).count()};
  }

 protected:
  session(packet_protection<Transform>&& protection, srtp::provenance from, state&& s) noexcept
      : state_(std::move(s)), protection_(std::move(protection)), provenance_(from) {}
  session(session&&) noexcept = default;
  session& operator=(session&&) noexcept = default;
  ~session() = default;

  /// Fills a Session, which keeps its constructor to itself, or leaves the state as it was.
  template <class Session, class Options>
  static result<Session> make(const keying& k, state&& s, const Options& options) noexcept {
    const key_lifetime& l = options.lifetime;
    const auto within = [](std::uint64_t packets, std::uint64_t most) { return packets != 0 && packets <= most; };
    if (!within(l.rtp_packets, packet_index_end) || !within(l.rtcp_packets, srtcp_index_end))
      return failure{error::invalid_argument};
    auto protection = packet_protection<Transform>::create(k);
    if (!protection) return failure{protection.error()};
    Session made(std::move(*protection), k.provenance(), std::move(s), options);
    made.rtp_left().limit(l.rtp_packets);
    made.rtcp_left().limit(l.rtcp_packets);
    return made;
  }

  auto& streams() noexcept { return access::streams(state_); }
  const auto& streams() const noexcept { return access::streams(state_); }
  packets_left& rtp_left() noexcept { return access::rtp_left(state_); }
  packets_left& rtcp_left() noexcept { return access::rtcp_left(state_); }

  /// The index of a sequence number in a stream; one that doesn't exist yet starts with ROC 0 (RFC 3711 3.3.1).
  static result<packet_index> index_of(const Stream* stream, sequence_number seq) noexcept {
    if (stream == nullptr || stream->window.empty()) return make_index(rollover_counter(0), seq);
    return estimate_index(stream->window.highest(), seq);
  }
  /// Counts a refusal where it belongs and returns it.
  failure refuse(error e, Stream* stream = nullptr) noexcept {
    if (stream == nullptr || !stream->statistics.refuse(e)) access::statistics(state_).refuse(e);
    return failure{e};
  }
  /// Forgets a stream that exists, but not what it counted.
  void forget(ssrc source, const Stream& stream) noexcept {
    access::statistics(state_).add(stream.statistics);
    streams().remove(source);
  }
  state take_state() noexcept { return std::move(state_); }

  const packet_protection<Transform>& protection() const noexcept { return protection_; }

  static result<std::span<std::byte>> as_std_bytes(const result<mutable_bytes>& r) noexcept {
    if (!r) return failure{r.error()};
    return std::span<std::byte>(reinterpret_cast<std::byte*>(r->data()), r->size());
  }

 private:
  using access = detail::state_access;

  state state_;
  packet_protection<Transform> protection_;
  srtp::provenance provenance_;
};

}  // namespace sotto::inline SOTTO_ABI::srtp
