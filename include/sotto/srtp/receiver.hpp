// SPDX-License-Identifier: BSL-1.0
// The receiving end of SRTP: verifies protected packets and only then releases them (RFC 3711 3.3, 3.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "any_transform.hpp"
#include "keying.hpp"
#include "packet.hpp"
#include "packet_index.hpp"
#include "packet_protection.hpp"
#include "profile.hpp"
#include "replay_window.hpp"
#include "session.hpp"
#include "session_state.hpp"
#include "stream_table.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

struct receiver_options {
  key_lifetime lifetime = {};
};

/// Unprotects the packets of up to MaxStreams SSRCs under one master key, each once. MaxStreams == caller_supplied
/// takes the caller's slots instead of holding them; WindowBits is the size of the replay windows, one for SRTP and one
/// for SRTCP per SSRC. A stream occupies a slot once a packet of it authenticates. A refused packet changes nothing but
/// counters: not its buffer, no window, no ROC, no slot. Nothing is allocated. Move-only; whoever was moved from
/// refuses every packet. One thread at a time, SRTP and SRTCP together.
template <packet_transform Transform, std::size_t MaxStreams = 16, std::size_t WindowBits = 1024>
class basic_receiver : public session<Transform, receiver_stream<WindowBits>, MaxStreams> {
  using stream = receiver_stream<WindowBits>;
  using base = session<Transform, stream, MaxStreams>;

 public:
  using typename base::slot;
  using typename base::state;
  using options = receiver_options;

  /// Derives the session keys; the caller's key bytes aren't needed afterwards. Errors: unsupported (profile
  /// unknown, or not Transform's), invalid_key_length, invalid_salt_length, invalid_mki_length, invalid_argument
  /// (lifetime).
  static result<basic_receiver> create(const raw_keying& raw, const options& o = {}) noexcept
      requires(MaxStreams != caller_supplied) {
    return resume(raw, state(), o);
  }
  static result<basic_receiver> create(const keying& k, const options& o = {}) noexcept
      requires(MaxStreams != caller_supplied) {
    return resume(k, state(), o);
  }
  /// Continues from a state: one that export_state() returned, or on the caller's slots (session_state::create). On
  /// error the state isn't consumed. Remaining lifetimes are the lower of the state's and the options'.
  static result<basic_receiver> resume(const raw_keying& raw, state&& s, const options& o = {}) noexcept {
    const auto k = keying::create(raw);
    if (!k) return failure{k.error()};
    return resume(*k, std::move(s), o);
  }
  static result<basic_receiver> resume(const keying& k, state&& s, const options& o = {}) noexcept {
    return base::template make<basic_receiver>(k, std::move(s), o);
  }
  /// On the caller's slots, which stay in use until the receiver ends; moving the receiver is fine.
  static result<basic_receiver> create(const raw_keying& raw, std::span<slot> slots, const options& o = {}) noexcept
      requires(MaxStreams == caller_supplied) {
    const auto k = keying::create(raw);
    if (!k) return failure{k.error()};
    return create(*k, slots, o);
  }
  static result<basic_receiver> create(const keying& k, std::span<slot> slots, const options& o = {}) noexcept
      requires(MaxStreams == caller_supplied) {
    auto s = state::create(slots);
    if (!s) return failure{s.error()};
    return resume(k, std::move(*s), o);
  }

  basic_receiver(basic_receiver&&) noexcept = default;
  basic_receiver& operator=(basic_receiver&&) noexcept = default;

  /// Verifies an SRTP packet (srtp is exactly what arrived, without spare room behind it) and writes the RTP packet,
  /// srtp.size() - rtp_overhead() bytes, to the start of out, which it returns. In place (out.data() == srtp.data()) or
  /// disjoint. Errors, in the order of the checks: malformed_packet, unknown_mki, key_exhausted, stream_table_full (a
  /// new SSRC without a slot, genuine or not: nothing is verified then), key_exhausted (an index beyond 2^48 - 1),
  /// too_old, replayed, packet_too_long, buffer_too_small, overlapping_buffers, authentication_failed.
  result<mutable_bytes> unprotect(const_bytes srtp, mutable_bytes out) noexcept {
    const auto packet = this->protection().parse_srtp(srtp);
    if (!packet) return this->refuse(packet.error());
    if (this->rtp_left().none()) return this->refuse(error::key_exhausted);
    stream* s = this->streams().find(packet->ssrc());
    if (s == nullptr && this->streams().full()) return this->refuse(error::stream_table_full);
    const auto index = this->index_of(s, packet->sequence());
    if (!index) return this->refuse(index.error(), s);
    const index_status status = s != nullptr ? s->window.check(*index) : index_status::fresh;
    if (status == index_status::seen) return this->refuse(error::replayed, s);
    if (status == index_status::too_old) return this->refuse(error::too_old, s);

    const auto rtp = this->protection().unprotect_rtp(*packet, *index, out);
    if (!rtp) return this->refuse(rtp.error(), s);

    if (s == nullptr) s = &this->streams().insert(packet->ssrc());
    this->streams().touch(s);
    s->window.commit(*index);
    ++s->statistics.rtp_packets;
    this->rtp_left().take_one();
    return out.first(rtp->size());
  }

  /// Verifies an SRTCP packet, encrypted or not as its authenticated E flag says, and writes srtcp.size() -
  /// rtcp_overhead() bytes. Otherwise like unprotect.
  result<mutable_bytes> unprotect_rtcp(const_bytes srtcp, mutable_bytes out) noexcept {
    const auto packet = this->protection().parse_srtcp(srtcp);
    if (!packet) return this->refuse(packet.error());
    if (this->rtcp_left().none()) return this->refuse(error::key_exhausted);
    stream* s = this->streams().find(packet->ssrc());
    if (s == nullptr && this->streams().full()) return this->refuse(error::stream_table_full);
    const packet_index index(this->protection().word_of(*packet).index);
    const index_status status = s != nullptr ? s->rtcp_window.check(index) : index_status::fresh;
    if (status == index_status::seen) return this->refuse(error::replayed, s);
    if (status == index_status::too_old) return this->refuse(error::too_old, s);

    const auto rtcp = this->protection().unprotect_rtcp(*packet, out);
    if (!rtcp) return this->refuse(rtcp.error(), s);

    if (s == nullptr) s = &this->streams().insert(packet->ssrc());
    this->streams().touch(s);
    s->rtcp_window.commit(index);
    ++s->statistics.rtcp_packets;
    this->rtcp_left().take_one();
    return out.first(rtcp->size());
  }

  /// In place.
  result<mutable_bytes> unprotect(mutable_bytes srtp) noexcept { return unprotect(srtp, srtp); }
  result<mutable_bytes> unprotect_rtcp(mutable_bytes srtcp) noexcept { return unprotect_rtcp(srtcp, srtcp); }

  /// The same four for std::byte.
  result<std::span<std::byte>> unprotect(std::span<const std::byte> srtp, std::span<std::byte> out) noexcept {
    return this->as_std_bytes(unprotect(as_u8(srtp), as_u8(out)));
  }
  result<std::span<std::byte>> unprotect_rtcp(std::span<const std::byte> srtcp, std::span<std::byte> out) noexcept {
    return this->as_std_bytes(unprotect_rtcp(as_u8(srtcp), as_u8(out)));
  }
  result<std::span<std::byte>> unprotect(std::span<std::byte> srtp) noexcept {
    return this->as_std_bytes(unprotect(as_u8(srtp)));
  }
  result<std::span<std::byte>> unprotect_rtcp(std::span<std::byte> srtcp) noexcept {
    return this->as_std_bytes(unprotect_rtcp(as_u8(srtcp)));
  }

  /// Frees a stream's slot and forgets what was received of it: someone who recorded its packets of ROC 0 could replay
  /// them from here on. Remove streams that ended, and rekey if their content must not come back. Errors:
  /// unknown_stream.
  result<void> remove(ssrc source) noexcept {
    const stream* s = this->streams().find(source);
    if (s == nullptr) return failure{error::unknown_stream};
    this->forget(source, *s);
    return {};
  }

  /// Ends the receiver and returns its state for another one; see session_state.
  [[nodiscard]] state export_state() && noexcept {
    basic_receiver consumed(std::move(*this));
    return consumed.take_state();
  }

 private:
  friend base;

  basic_receiver(packet_protection<Transform>&& protection, srtp::provenance from, state&& s, const options&) noexcept
      : base(std::move(protection), from, std::move(s)) {}
};

/// Any profile, chosen at run time; 16 streams held inline, windows of 1024 packets.
using receiver = basic_receiver<any_transform>;
using receiver_state = receiver::state;
/// The same for one profile's cipher only, which links no other kernels.
template <profile P, std::size_t MaxStreams = 16, std::size_t WindowBits = 1024>
using receiver_for = basic_receiver<transform_for<P>, MaxStreams, WindowBits>;

}  // namespace sotto::inline SOTTO_ABI::srtp
