// SPDX-License-Identifier: BSL-1.0
// The sending end of SRTP: turns RTP and RTCP packets into protected ones (RFC 3711 3.3, 3.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../cpu/target.hpp"
#include "any_transform.hpp"
#include "events.hpp"
#include "gather.hpp"
#include "keying.hpp"
#include "master_keys.hpp"
#include "packet.hpp"
#include "packet_index.hpp"
#include "packet_protection.hpp"
#include "padding.hpp"
#include "profile.hpp"
#include "protection_options.hpp"
#include "replay_window.hpp"
#include "session.hpp"
#include "session_state.hpp"
#include "stream_table.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// What a sender does beyond the defaults. Plain values: nothing is referred to but the event handler's context.
struct sender_options {
  key_lifetime lifetime = {};          ///< Of the first master key.
  bool srtcp_encryption = true;        ///< The E flag of SRTCP packets; the NULL profiles never encrypt (RFC 3711 3.4).
  protection_options protection = {};  ///< Cryptex, encrypted extensions, carried ROCs ...; both ends agree on them.
  /// Padding of RTP payloads, which a receiver needn't know of: it removes any (rtp_view::payload_without_padding).
  srtp::length_hiding length_hiding = {};
  bool known_streams_only = false;  ///< New SSRCs come in by add_stream only; others' packets are unknown_stream.
  std::uint64_t warn_when_left = std::uint64_t{1} << 16;  ///< How many packets before its end a key is reported.
  event_handler on_event = {};                            ///< Called on this session's events; see event_handler.
};

/// Protects the packets of up to MaxStreams SSRCs under one master key, or up to MaxKeys with MKIs, one of which is
/// active. MaxStreams == caller_supplied takes the caller's slots instead of holding them. WindowBits is how far
/// packets may be out of order: an unused index inside the window is accepted, a used one is index_used, an older one
/// too_old, so no index is ever protected twice. To send a packet again, send the protected bytes again. Nothing is
/// allocated. Move-only; whoever was moved from answers key_exhausted. One thread at a time, SRTP and SRTCP together.
///
/// Never create two senders from one master key unless their SSRCs differ for certain (RFC 3711 9.1, RFC 7714 8.4), and
/// after a crash use a new master key: otherwise key stream repeats.
template <packet_transform Transform, std::size_t MaxStreams = 16, std::size_t WindowBits = 1024,
          std::size_t MaxKeys = 2>
class basic_sender : public session<Transform, sender_stream<WindowBits>, MaxStreams, MaxKeys> {
  using stream = sender_stream<WindowBits>;
  using base = session<Transform, stream, MaxStreams, MaxKeys>;

 public:
  using typename base::slot;
  using typename base::state;
  using options = sender_options;

  /// Derives the session keys; the caller's key bytes aren't needed afterwards. Errors: unsupported (profile
  /// unknown, or not Transform's, or the protection options don't fit it), invalid_key_length, invalid_salt_length,
  /// invalid_mki_length, invalid_argument (lifetime, protection options, length_hiding).
  static result<basic_sender> create(const raw_keying& raw, const options& o = {}) noexcept
      requires(MaxStreams != caller_supplied) {
    return resume(raw, state(), o);
  }
  static result<basic_sender> create(const keying& k, const options& o = {}) noexcept
      requires(MaxStreams != caller_supplied) {
    return resume(k, state(), o);
  }
  /// Continues from a state: one that export_state() returned, or on the caller's slots (session_state::create). On
  /// error the state isn't consumed. Remaining lifetimes are the lower of the state's and the options'.
  static result<basic_sender> resume(const raw_keying& raw, state&& s, const options& o = {}) noexcept {
    const auto k = keying::create(raw);
    if (!k) return failure{k.error()};
    return resume(*k, std::move(s), o);
  }
  static result<basic_sender> resume(const keying& k, state&& s, const options& o = {}) noexcept {
    if (const auto sound = o.length_hiding.check(o.protection, k.profile()); !sound) return failure{sound.error()};
    return base::template make<basic_sender>(k, std::move(s), o);
  }
  /// On the caller's slots, which stay in use until the sender ends; moving the sender is fine.
  static result<basic_sender> create(const raw_keying& raw, std::span<slot> slots, const options& o = {}) noexcept
      requires(MaxStreams == caller_supplied) {
    const auto k = keying::create(raw);
    if (!k) return failure{k.error()};
    return create(*k, slots, o);
  }
  static result<basic_sender> create(const keying& k, std::span<slot> slots, const options& o = {}) noexcept
      requires(MaxStreams == caller_supplied) {
    auto s = state::create(slots);
    if (!s) return failure{s.error()};
    return resume(k, std::move(*s), o);
  }

  basic_sender(basic_sender&&) noexcept = default;
  basic_sender& operator=(basic_sender&&) noexcept = default;

  /// The most that protection adds to an RTP packet, in bytes: tag, MKI, what the options add, padding (up to
  /// length_hiding::max_len()).
  std::size_t rtp_overhead() const noexcept { return base::rtp_overhead() + hiding_.max_len(); }

  /// Protects an RTP packet and writes rtp.size() + rtp_overhead() bytes at most to the start of out, and returns them.
  /// In place (out.data() == rtp.data()) or disjoint. Errors: malformed_packet, packet_too_long (AES-CM: payload over
  /// 2^20 bytes), buffer_too_small, overlapping_buffers, index_used (also an SSRC that was removed), too_old,
  /// key_exhausted, stream_table_full (a new SSRC without a slot), unknown_stream (a new SSRC, and known_streams_only),
  /// unencrypted_header (see cryptex::required), those of length_hiding::change (malformed_packet, packet_too_long,
  /// invalid_argument). On error nothing is written and only counters change.
  result<mutable_bytes> protect(const_bytes rtp, mutable_bytes out) noexcept {
    if (this->is_plain()) return send<true>(rtp, out, nullptr);
    return send_any(rtp, out, nullptr);
  }

  /// The same at an index that the caller knows: 2^16 * ROC + the packet's sequence number. More errors:
  /// invalid_argument if its low 16 bits aren't the sequence number, or it is 2^48 or more.
  result<mutable_bytes> protect(const_bytes rtp, mutable_bytes out, packet_index index) noexcept {
    return send_any(rtp, out, &index);
  }

  /// The same for a packet in pieces: gathers header and payload into out, and protects them there. The pieces are
  /// disjoint from out, or the header lies at its start. On error out may hold what was gathered.
  result<mutable_bytes> protect(const_bytes header, std::span<const const_bytes> payload, mutable_bytes out) noexcept {
    const auto rtp = detail::gather(header, payload, out);
    if (!rtp) return this->refuse(rtp.error());
    return protect(*rtp, out);
  }

  /// Protects an RTCP packet, compound or of reduced size, of 8 bytes or more, and writes rtcp.size() + rtcp_overhead()
  /// bytes. SRTCP indices are the sender's own, from 0 for each SSRC. Otherwise like protect.
  result<mutable_bytes> protect_rtcp(const_bytes rtcp, mutable_bytes out) noexcept {
    const auto packet = rtcp_view::parse(rtcp);
    if (!packet) return this->refuse(packet.error());
    key& active = this->keys().active();
    if (active.rtcp_left.none()) return this->refuse(error::key_exhausted);
    const ssrc source = packet->ssrc();
    stream* s = this->streams().find(source);
    if (s == nullptr)
      if (const auto room = this->welcome(source); !room) return this->refuse(room.error());
    const std::uint64_t next = s == nullptr ? 0 : s->next_rtcp_index;
    if (next >= srtcp_index_end) return this->refuse(error::key_exhausted, s);
    const auto index = static_cast<std::uint32_t>(next);
    if (!active.fits_rtcp(index))
      if (const auto moved = move_to_rtcp_epoch_of(active, index); !moved) return this->refuse(moved.error(), s);

    const auto wire = active.protection().protect_rtcp(*packet, index, encrypt_rtcp_, out);
    if (!wire) return this->refuse(wire.error(), s);

    this->commit_rtcp(active, s, source, index).next_rtcp_index = next + 1;
    return out.first(wire->size());
  }

  /// In place: buffer holds len bytes of packet and room for the overhead behind them. More errors: buffer_too_small if
  /// len exceeds the buffer.
  result<mutable_bytes> protect(mutable_bytes buffer, std::size_t len) noexcept {
    if (len > buffer.size()) return this->refuse(error::buffer_too_small);
    return protect(buffer.first(len), buffer);
  }
  result<mutable_bytes> protect_rtcp(mutable_bytes buffer, std::size_t len) noexcept {
    if (len > buffer.size()) return this->refuse(error::buffer_too_small);
    return protect_rtcp(buffer.first(len), buffer);
  }

  /// The same four for std::byte.
  result<std::span<std::byte>> protect(std::span<const std::byte> rtp, std::span<std::byte> out) noexcept {
    return this->as_std_bytes(protect(as_u8(rtp), as_u8(out)));
  }
  result<std::span<std::byte>> protect_rtcp(std::span<const std::byte> rtcp, std::span<std::byte> out) noexcept {
    return this->as_std_bytes(protect_rtcp(as_u8(rtcp), as_u8(out)));
  }
  result<std::span<std::byte>> protect(std::span<std::byte> buffer, std::size_t len) noexcept {
    return this->as_std_bytes(protect(as_u8(buffer), len));
  }
  result<std::span<std::byte>> protect_rtcp(std::span<std::byte> buffer, std::size_t len) noexcept {
    return this->as_std_bytes(protect_rtcp(as_u8(buffer), len));
  }

  /// Makes another of the held keys the active one. Errors: unknown_mki.
  result<void> use_key(const_bytes mki) noexcept {
    const key* found = mki.size() == this->active_mki().size() ? this->keys().find(mki) : nullptr;
    if (found == nullptr) return failure{error::unknown_mki};
    this->keys().activate(found);
    return {};
  }

  /// Frees a stream's slot. Under this master key its SSRC can't be used again, or its indices would repeat: later
  /// packets of it are index_used. That takes memory, so each slot allows eight removals per master key. Errors:
  /// unknown_stream, key_exhausted (no removals left: rekey).
  result<void> remove(ssrc source) noexcept {
    const stream* s = this->streams().find(source);
    if (s == nullptr) return failure{error::unknown_stream};
    if (!this->streams().can_retire()) return failure{error::key_exhausted};
    this->streams().retire(source);
    this->forget(source, *s);
    return {};
  }

  /// Ends the sender and returns its state for another one; see session_state.
  [[nodiscard]] state export_state() && noexcept {
    basic_sender consumed(std::move(*this));
    return consumed.take_state();
  }

 private:
  friend base;

  using typename base::key;

  basic_sender(key&& first, state&& s, const options& o) noexcept
      : base(std::move(first), std::move(s), o, o.length_hiding.is_off()),
        hiding_(o.length_hiding),
        encrypt_rtcp_(o.srtcp_encryption) {}

  SOTTO_NOINLINE result<mutable_bytes> send_any(const_bytes rtp, mutable_bytes out,
                                                const packet_index* known) noexcept {
    return send<false>(rtp, out, known);
  }

  // Plain sessions have it compiled by itself, without a question about what they don't use.
  template <bool Plain>
  SOTTO_ALWAYS_INLINE result<mutable_bytes> send(const_bytes rtp, mutable_bytes out,
                                                 const packet_index* known) noexcept {
    const auto packet = rtp_view::parse(rtp);
    if (!packet) [[unlikely]]
      return this->refuse(packet.error());
    key& active = Plain ? this->keys().first() : this->keys().active();
    if (active.rtp_left.none()) [[unlikely]]
      return this->refuse(error::key_exhausted);
    const ssrc source = packet->ssrc();
    stream* s = this->streams().find(source);
    if (s == nullptr) [[unlikely]]
      if (const auto room = this->welcome(source); !room) return this->refuse(room.error());
    const auto index =
        !Plain && known != nullptr ? this->checked(*known, packet->sequence()) : this->index_of(s, packet->sequence());
    if (!index) [[unlikely]]
      return this->refuse(index.error(), s);
    if (const auto fresh = this->check_index(s, *index, error::index_used); !fresh) [[unlikely]]
      return this->refuse(fresh.error(), s);

    std::size_t len = 0;
    if constexpr (Plain) {
      const auto sealed = active.protection().protect_plain_rtp(*packet, *index, out);
      if (!sealed) [[unlikely]]
        return this->refuse(sealed.error(), s);
      len = rtp.size() + active.protection().layout().plain_rtp().len;
    } else {
      if (!active.fits_rtp(*index))
        if (const auto moved = move_to_epoch_of(active, *index); !moved) return this->refuse(moved.error(), s);
      const auto wire = active.protection().protect_rtp(*packet, *index, hiding_, out);
      if (!wire) return this->refuse(wire.error(), s);
      len = wire->size();
    }
    this->commit_rtp(active, s, source, *index);
    return out.first(len);
  }

  SOTTO_NOINLINE result<void> move_to_epoch_of(key& active, packet_index index) const noexcept {
    return adopt(active, active.derive_rtp(index, this->protection_options()));
  }
  SOTTO_NOINLINE result<void> move_to_rtcp_epoch_of(key& active, std::uint32_t index) const noexcept {
    return adopt(active, active.derive_rtcp(index, this->protection_options()));
  }
  static result<void> adopt(key& active, result<typename key::epoch_keys>&& epoch) noexcept {
    if (!epoch) return failure{epoch.error()};
    active.adopt(std::move(*epoch));
    return {};
  }

  srtp::length_hiding hiding_;
  bool encrypt_rtcp_;
};

/// Any profile, chosen at run time; 16 streams held inline, 1024 packets of reordering, a key and its successor.
using sender = basic_sender<any_transform>;
using sender_state = sender::state;
/// The same for one profile's cipher only, which links no other kernels.
template <profile P, std::size_t MaxStreams = 16, std::size_t WindowBits = 1024, std::size_t MaxKeys = 2>
using sender_for = basic_sender<transform_for<P>, MaxStreams, WindowBits, MaxKeys>;

}  // namespace sotto::inline SOTTO_ABI::srtp
