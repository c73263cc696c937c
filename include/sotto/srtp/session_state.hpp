// SPDX-License-Identifier: BSL-1.0
// What a sender or receiver knows about its streams, apart from keys: indices, windows, lifetimes, statistics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "../core/abi.hpp"
#include "../core/result.hpp"
#include "packet.hpp"
#include "packet_index.hpp"
#include "replay_window.hpp"
#include "statistics.hpp"
#include "stream_table.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// A ROC that the application set and no packet has confirmed yet.
class pending_roc {
 public:
  bool is_set() const noexcept { return value_ != none; }
  /// Call it only if is_set().
  rollover_counter value() const noexcept { return rollover_counter(static_cast<std::uint32_t>(value_)); }
  void set(rollover_counter roc) noexcept { value_ = roc.value(); }
  void clear() noexcept { value_ = none; }

 private:
  static constexpr std::uint64_t none = ~std::uint64_t{0};
  std::uint64_t value_ = none;
};

/// What a sender keeps for one SSRC.
template <std::size_t WindowBits>
struct sender_stream {
  /// SSRCs that can be removed per slot and key: see basic_sender::remove.
  static constexpr std::size_t retired_per_slot = 8;
  replay_window<WindowBits> window;
  pending_roc pending;
  std::uint64_t next_rtcp_index = 0;  ///< RFC 3711 3.4: zero before the first SRTCP packet, one more after each.
  stream_statistics statistics;

  void start_at(packet_index rtp, std::uint64_t rtcp) noexcept {
    window.start_at(rtp);
    next_rtcp_index = rtcp;
  }
  void rekey() noexcept {
    if (next_rtcp_index == srtcp_index_end) next_rtcp_index = 0;
  }
};

/// What a receiver keeps for one SSRC.
template <std::size_t WindowBits>
struct receiver_stream {
  static constexpr std::size_t retired_per_slot = 0;
  replay_window<WindowBits> window;
  pending_roc pending;
  replay_window<WindowBits> rtcp_window;
  stream_statistics statistics;

  void start_at(packet_index rtp, std::uint64_t rtcp) noexcept {
    window.start_at(rtp);
    rtcp_window.start_at(packet_index(rtcp));
  }
  /// The sender's next SRTCP index may be anything; what the old key protected no longer authenticates.
  void rekey() noexcept { rtcp_window = {}; }
};

/// Packets that a master key may still protect or accept in one index space. Moving takes all of them away.
class packets_left {
 public:
  explicit constexpr packets_left(std::uint64_t count) noexcept : count_(count) {}
  constexpr packets_left(packets_left&& other) noexcept : count_(std::exchange(other.count_, 0)) {}
  constexpr packets_left& operator=(packets_left&& other) noexcept {
    count_ = std::exchange(other.count_, 0);
    return *this;
  }
  constexpr std::uint64_t count() const noexcept { return count_; }
  constexpr bool none() const noexcept { return count_ == 0; }
  constexpr void take_one() noexcept { --count_; }
  constexpr void limit(std::uint64_t count) noexcept { count_ = count < count_ ? count : count_; }

 private:
  std::uint64_t count_;
};

namespace detail {
/// The sessions' way into session_state.
struct state_access;
}  // namespace detail

/// The state of a session without its keys: ROCs, highest indices, windows, SRTCP indices, remaining lifetimes and
/// statistics (of several master keys the active one's lifetime). Exported by consuming the session and given to the
/// one that continues it, with the same master key or, after rekeyed(), a new one (RFC 3711 3.3.1 keeps the ROC).
/// Move-only, since two sessions must not continue one state. It ends with the process: after a crash use a new master
/// key, or indices and with them key stream would repeat. Holds no secret. One thread at a time.
template <class Stream, std::size_t MaxStreams>
class session_state {
 public:
  using slot = stream_slot<Stream>;

  /// A session without streams.
  session_state() noexcept requires(MaxStreams != caller_supplied) = default;
  /// The same on the caller's slots, which it clears and which stay in use until the session ends.
  /// Errors: invalid_argument for no slots, or more than 2^31 - 1.
  static result<session_state> create(std::span<slot> slots) noexcept requires(MaxStreams == caller_supplied) {
    if (slots.empty() || slots.size() > stream_table<Stream, MaxStreams>::max_slots)
      return failure{error::invalid_argument};
    return session_state(slots);
  }

  session_state(session_state&&) noexcept = default;
  session_state& operator=(session_state&&) noexcept = default;

  /// Adds a stream at a known position, for those who join a running session and were told its ROC (RFC 3711 3.3.1): as
  /// if every packet below next_index and every SRTCP packet below next_rtcp_index had been seen. Errors:
  /// invalid_argument (an index beyond 2^48 or 2^31, or the SSRC is there already), stream_table_full, index_used (a
  /// sender removed this SSRC under this master key).
  result<void> add_stream(ssrc source, packet_index next_index, std::uint64_t next_rtcp_index = 0) noexcept {
    if (next_index.value() > packet_index_end || next_rtcp_index > srtcp_index_end || streams_.find(source) != nullptr)
      return failure{error::invalid_argument};
    if constexpr (Stream::retired_per_slot != 0)
      if (streams_.is_retired(source)) return failure{error::index_used};
    if (streams_.full()) return failure{error::stream_table_full};
    streams_.insert(source).start_at(next_index, next_rtcp_index);
    return {};
  }

  /// The same streams for a session with a *new* master key, whose lifetime starts afresh. ROCs and indices go on (RFC
  /// 3711 3.3.1); an SRTCP index that had reached its end starts again at 0.
  [[nodiscard]] session_state rekeyed() && noexcept {
    streams_.for_each([](ssrc, Stream& s) { s.rekey(); });
    streams_.forget_retired();
    rtp_left_ = packets_left(packet_index_end);
    rtcp_left_ = packets_left(srtcp_index_end);
    return std::move(*this);
  }

  std::size_t stream_count() const noexcept { return streams_.count(); }
  std::size_t max_streams() const noexcept { return streams_.capacity(); }

 private:
  friend struct detail::state_access;

  explicit session_state(std::span<slot> slots) noexcept requires(MaxStreams == caller_supplied) : streams_(slots) {}

  packets_left rtp_left_{packet_index_end};
  packets_left rtcp_left_{srtcp_index_end};
  stream_table<Stream, MaxStreams> streams_;
  session_statistics statistics_;  // of removed streams, and of packets without a stream
};

}  // namespace sotto::inline SOTTO_ABI::srtp
