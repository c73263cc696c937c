// SPDX-License-Identifier: BSL-1.0
// What senders and receivers have in common: master keys, the streams' state, and questions about both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../cpu/target.hpp"
#include "events.hpp"
#include "keying.hpp"
#include "master_keys.hpp"
#include "packet.hpp"
#include "packet_index.hpp"
#include "packet_protection.hpp"
#include "profile.hpp"
#include "protection_options.hpp"
#include "session_state.hpp"
#include "statistics.hpp"
#include "stream_table.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

namespace detail {
struct state_access {
  static auto& rtp_left(auto& s) noexcept { return s.rtp_left_; }
  static auto& rtcp_left(auto& s) noexcept { return s.rtcp_left_; }
  static auto& streams(auto& s) noexcept { return s.streams_; }
  static auto& statistics(auto& s) noexcept { return s.statistics_; }
};
}  // namespace detail

/// The base of basic_sender and basic_receiver.
template <packet_transform Transform, class Stream, std::size_t MaxStreams, std::size_t MaxKeys>
class session {
 public:
  using slot = stream_slot<Stream>;
  using state = session_state<Stream, MaxStreams>;

  /// The profile, where the active master key came from, and the kernel it is bound to, e.g. "x86_vaes512".
  srtp::profile profile() const noexcept { return protection().profile(); }
  srtp::provenance provenance() const noexcept { return keys_.active().provenance(); }
  const char* kernel_name() const noexcept { return protection().kernel_name(); }

  /// The most that protection adds to an RTP packet (tag, MKI, what the options add) or RTCP packet (index too), in
  /// bytes.
  std::size_t rtp_overhead() const noexcept { return protection().rtp_overhead(); }
  std::size_t rtcp_overhead() const noexcept { return protection().rtcp_overhead(); }

  std::size_t stream_count() const noexcept { return streams().count(); }
  std::size_t max_streams() const noexcept { return streams().capacity(); }
  bool has_stream(ssrc source) const noexcept { return streams().find(source) != nullptr; }
  /// The highest index protected or authenticated so far, whose upper 32 bits are the committed ROC. Errors:
  /// unknown_stream (also if there was no RTP packet).
  result<packet_index> highest_index(ssrc source) const noexcept {
    const Stream* stream = streams().find(source);
    if (stream == nullptr || stream->window.empty()) return failure{error::unknown_stream};
    return stream->window.highest();
  }

  /// Admits a stream before its first packet: the only way in where the options say known_streams_only. Errors:
  /// invalid_argument (there already), stream_table_full, index_used (a sender removed this SSRC).
  result<void> add_stream(ssrc source) noexcept {
    if (streams().find(source) != nullptr) return failure{error::invalid_argument};
    if (const auto room = admit(source); !room) return room;
    streams().insert(source);
    return {};
  }

  /// Sets the ROC of a stream's next packet, whether the stream is known or not (then it is admitted as by add_stream):
  /// for those who join a running session, or continue one. It stays pending until a packet at that ROC is protected or
  /// authenticated, or a receiver that tries several (new_stream_rocs, roc_slack) finds another. Packets at indices
  /// that the caller knows don't unset it, and indices that were seen stay seen. Errors: stream_table_full, index_used.
  result<void> set_roc(ssrc source, rollover_counter roc) noexcept {
    Stream* stream = streams().find(source);
    if (stream == nullptr) {
      if (const auto room = admit(source); !room) return room;
      stream = &streams().insert(source);
    }
    stream->pending.set(roc);
    return {};
  }
  /// What set_roc said, as long as no packet has confirmed it. Errors: unknown_stream (also if nothing is pending).
  result<rollover_counter> pending_roc(ssrc source) const noexcept {
    const Stream* stream = streams().find(source);
    if (stream == nullptr || !stream->pending.is_set()) return failure{error::unknown_stream};
    return stream->pending.value();
  }

  /// Another master key beside those held, at most MaxKeys, of the same profile and with another MKI of the same
  /// length. A receiver uses whichever a packet names; a sender goes on with the active one until use_key. Indices,
  /// ROCs and windows belong to the streams and go on. Errors: those of create, invalid_mki_length (sessions without
  /// MKIs have one key), invalid_argument (another profile, or an MKI that is held), key_table_full.
  result<void> add_key(const keying& k, const key_lifetime& lifetime = {}) noexcept {
    auto made = key::create(k, options_, lifetime);
    if (!made) return failure{made.error()};
    return keys_.add(std::move(*made));
  }
  result<void> add_key(const raw_keying& raw, const key_lifetime& lifetime = {}) noexcept {
    const auto k = keying::create(raw);
    if (!k) return failure{k.error()};
    return add_key(*k, lifetime);
  }
  /// Wipes a key that isn't active. Errors: unknown_mki, invalid_argument (the active key).
  result<void> remove_key(const_bytes mki) noexcept { return keys_.remove(mki); }
  std::size_t key_count() const noexcept { return keys_.count(); }
  static constexpr std::size_t max_keys() noexcept { return MaxKeys; }
  /// The MKI that a sender sends, or a receiver saw in the latest packet; empty in sessions without MKIs.
  const_bytes active_mki() const noexcept { return protection().mki(); }

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

  /// Packets that the active master key may still see.
  key_lifetime lifetime_left() const noexcept {
    return {keys_.active().rtp_left.count(), keys_.active().rtcp_left.count()};
  }

 protected:
  using key = detail::master_key<Transform>;

  template <class Options>
  session(key&& first, state&& s, const Options& o, bool may_be_plain = true) noexcept
      : state_(std::move(s)),
        keys_(std::move(first)),
        options_(o.protection),
        on_event_(o.on_event),
        warn_when_left_(o.warn_when_left),
        known_streams_only_(o.known_streams_only),
        plain_(may_be_plain && protection().is_plain() && options_.key_derivation_rate == 0) {
    limit(keys_.active().rtp_left, access::rtp_left(state_));
    limit(keys_.active().rtcp_left, access::rtcp_left(state_));
  }
  session(session&&) noexcept = default;
  session& operator=(session&&) noexcept = default;
  ~session() = default;

  /// Fills a Session, which keeps its constructor to itself, or leaves the state as it was.
  template <class Session, class Options>
  static result<Session> make(const keying& k, state&& s, const Options& o) noexcept {
    auto first = key::create(k, o.protection, o.lifetime);
    if (!first) return failure{first.error()};
    return Session(std::move(*first), std::move(s), o);
  }

  auto& streams() noexcept { return access::streams(state_); }
  const auto& streams() const noexcept { return access::streams(state_); }
  auto& keys() noexcept { return keys_; }
  const auto& keys() const noexcept { return keys_; }
  const srtp::protection_options& protection_options() const noexcept { return options_; }

  /// One master key without an MKI, one epoch, and packets that only have a payload encrypted and a tag; senders with
  /// more to do say so at construction.
  bool is_plain() const noexcept { return plain_; }

  /// Whether a new SSRC may come in by itself. Asked before any work, so that a full table costs nothing.
  result<void> welcome(ssrc source) const noexcept {
    if (known_streams_only_) return failure{error::unknown_stream};
    return admit(source);
  }

  /// The index of a sequence number in a stream; one that doesn't exist yet starts with ROC 0 (RFC 3711 3.3.1).
  static result<packet_index> index_of(const Stream* stream, sequence_number seq) noexcept {
    if (stream == nullptr) return make_index(rollover_counter(0), seq);
    if (stream->pending.is_set()) return make_index(stream->pending.value(), seq);
    if (stream->window.empty()) return make_index(rollover_counter(0), seq);
    return estimate_index(stream->window.highest(), seq);
  }
  /// An index that the caller gave. Errors: invalid_argument.
  static result<packet_index> checked(packet_index known, sequence_number seq) noexcept {
    if (known.value() >= packet_index_end || sequence_of(known) != seq) return failure{error::invalid_argument};
    return known;
  }
  /// RFC 3711 3.3.2's verdict on an index. Errors: `seen` for one that was seen, too_old.
  static result<void> check_index(const Stream* stream, packet_index index, error seen) noexcept {
    const index_status status = stream != nullptr ? stream->window.check(index) : index_status::fresh;
    if (status == index_status::seen) return failure{seen};
    if (status == index_status::too_old) return failure{error::too_old};
    return {};
  }

  /// Takes note of a packet that was protected or authenticated under the active key, which callers have at hand; the
  /// stream is made if there is none yet.
  SOTTO_ALWAYS_INLINE Stream& commit_rtp(key& active, Stream* stream, ssrc source, packet_index index) noexcept {
    const bool added = stream == nullptr;
    if (added) stream = &streams().insert(source);
    streams().touch(stream);
    stream->window.commit(index);
    if (stream->pending.is_set() && stream->pending.value() == rollover_of(index)) stream->pending.clear();
    ++stream->statistics.rtp_packets;
    if (added) on_event_({event_kind::stream_added, source, index});
    take_one(active.rtp_left, source, index);
    return *stream;
  }
  /// The same for RTCP, but for the stream's record of the index.
  Stream& commit_rtcp(key& active, Stream* stream, ssrc source, std::uint32_t index) noexcept {
    const bool added = stream == nullptr;
    if (added) stream = &streams().insert(source);
    streams().touch(stream);
    ++stream->statistics.rtcp_packets;
    if (added) on_event_({event_kind::stream_added, source, packet_index(index)});
    take_one(active.rtcp_left, source, packet_index(index));
    return *stream;
  }
  void tell(event_kind kind, ssrc source, packet_index index) const noexcept { on_event_({kind, source, index}); }

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
  state take_state() noexcept {
    access::rtp_left(state_) = std::move(keys_.active().rtp_left);
    access::rtcp_left(state_) = std::move(keys_.active().rtcp_left);
    return std::move(state_);
  }

  const packet_protection<Transform>& protection() const noexcept { return keys_.active().protection(); }

  static result<std::span<std::byte>> as_std_bytes(const result<mutable_bytes>& r) noexcept {
    if (!r) return failure{r.error()};
    return std::span<std::byte>(reinterpret_cast<std::byte*>(r->data()), r->size());
  }

 private:
  using access = detail::state_access;

  result<void> admit(ssrc source) const noexcept {
    if constexpr (Stream::retired_per_slot != 0)
      if (streams().is_retired(source)) return failure{error::index_used};
    if (streams().full()) return failure{error::stream_table_full};
    return {};
  }
  static void limit(packets_left& left, packets_left& carried) noexcept {
    const packets_left before(std::move(carried));
    left.limit(before.count());
  }
  void take_one(packets_left& left, ssrc source, packet_index index) const noexcept {
    left.take_one();
    if (left.count() <= warn_when_left_) warn(left, source, index);
  }
  SOTTO_NOINLINE void warn(const packets_left& left, ssrc source, packet_index index) const noexcept {
    if (left.count() == warn_when_left_) on_event_({event_kind::key_nearly_exhausted, source, index});
    if (left.none()) on_event_({event_kind::key_exhausted, source, index});
  }

  state state_;
  detail::master_keys<Transform, MaxKeys> keys_;
  srtp::protection_options options_;
  event_handler on_event_;
  std::uint64_t warn_when_left_;
  bool known_streams_only_;
  bool plain_;
};

}  // namespace sotto::inline SOTTO_ABI::srtp
