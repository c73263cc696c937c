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
#include "../cpu/target.hpp"
#include "any_transform.hpp"
#include "events.hpp"
#include "gather.hpp"
#include "keying.hpp"
#include "master_keys.hpp"
#include "packet.hpp"
#include "packet_index.hpp"
#include "packet_protection.hpp"
#include "profile.hpp"
#include "protection_options.hpp"
#include "replay_window.hpp"
#include "session.hpp"
#include "session_state.hpp"
#include "stream_table.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// What a receiver does beyond the defaults. Plain values: nothing is referred to but the event handler's context.
struct receiver_options {
  key_lifetime lifetime = {};          ///< Of the first master key.
  protection_options protection = {};  ///< As the sender's.
  bool known_streams_only = false;     ///< New SSRCs come in by add_stream only; others' packets are unknown_stream.
  /// How many ROCs beyond the expected one (0, or what was set) are tried when the first packet of a stream doesn't
  /// authenticate: 1 finds a stream that began near sequence number 65535 and lost its first packets, more find one
  /// that is joined late. Each costs a forged packet one more verification.
  std::uint16_t new_stream_rocs = 1;
  /// How many ROCs on both sides of the estimate are tried when a packet of a running stream doesn't authenticate, for
  /// those that may lose 2^15 packets in a row.
  std::uint16_t roc_slack = 0;
  std::uint64_t warn_when_left = std::uint64_t{1} << 16;  ///< How many packets before its end a key is reported.
  event_handler on_event = {};                            ///< Called on this session's events; see event_handler.
};

/// Unprotects the packets of up to MaxStreams SSRCs under one master key, or up to MaxKeys with MKIs, each packet once.
/// MaxStreams == caller_supplied takes the caller's slots instead of holding them; WindowBits is the size of the replay
/// windows, one for SRTP and one for SRTCP per SSRC. A stream occupies a slot once a packet of it authenticates. A
/// refused packet changes nothing but counters: not its buffer, no window, no ROC, no slot. Nothing is allocated.
/// Move-only; whoever was moved from refuses every packet. One thread at a time, SRTP and SRTCP together.
template <packet_transform Transform, std::size_t MaxStreams = 16, std::size_t WindowBits = 1024,
          std::size_t MaxKeys = 2>
class basic_receiver : public session<Transform, receiver_stream<WindowBits>, MaxStreams, MaxKeys> {
  using stream = receiver_stream<WindowBits>;
  using base = session<Transform, stream, MaxStreams, MaxKeys>;

 public:
  using typename base::slot;
  using typename base::state;
  using options = receiver_options;

  /// Derives the session keys; the caller's key bytes aren't needed afterwards. Errors: unsupported (profile
  /// unknown, or not Transform's, or the protection options don't fit it), invalid_key_length, invalid_salt_length,
  /// invalid_mki_length, invalid_argument (lifetime, protection options).
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
  /// srtp.size() less the trailer, to the start of out, which it returns. In place (out.data() == srtp.data()) or
  /// disjoint. Errors, in the order of the checks: malformed_packet, unknown_mki, key_exhausted, stream_table_full (a
  /// new SSRC without a slot, genuine or not: nothing is verified then), unknown_stream (the same, and
  /// known_streams_only), key_exhausted (an index beyond 2^48 - 1), too_old, replayed, packet_too_long,
  /// buffer_too_small, overlapping_buffers, unencrypted_header (see cryptex::required), authentication_failed. Out of
  /// place, with Cryptex, a refused packet with CSRCs may leave its protected bytes in out.
  result<mutable_bytes> unprotect(const_bytes srtp, mutable_bytes out) noexcept {
    if (this->is_plain()) return receive<unprotected_plain, true>(srtp, out, nullptr);
    return receive_any<unprotected>(srtp, out, nullptr);
  }

  /// The same at an index that the caller knows: 2^16 * ROC + the packet's sequence number; nothing else is tried. More
  /// errors: invalid_argument if its low 16 bits aren't the sequence number, or it is 2^48 or more.
  result<mutable_bytes> unprotect(const_bytes srtp, mutable_bytes out, packet_index index) noexcept {
    return receive_any<unprotected>(srtp, out, &index);
  }

  /// The same for a packet in pieces: gathers them in out, and unprotects them there. The pieces are disjoint from out,
  /// or the first lies at its start. On error out may hold what was gathered.
  result<mutable_bytes> unprotect(std::span<const const_bytes> pieces, mutable_bytes out) noexcept {
    if (pieces.empty()) return this->refuse(error::malformed_packet);
    const auto srtp = detail::gather(pieces.front(), pieces.subspan(1), out);
    if (!srtp) return this->refuse(srtp.error());
    return unprotect(*srtp, *srtp);
  }

  /// Verifies an SRTCP packet, encrypted or not as its authenticated E flag says, and writes srtcp.size() -
  /// rtcp_overhead() bytes. Otherwise like unprotect.
  result<mutable_bytes> unprotect_rtcp(const_bytes srtcp, mutable_bytes out) noexcept {
    return receive_rtcp<unprotected_rtcp>(srtcp, out);
  }

  /// Verifies an SRTP or SRTCP packet and decrypts nothing, for a server that passes packets on or drops them. A
  /// genuine one counts as received, exactly as by unprotect, so that the next copy is replayed; its bytes are as
  /// before. Errors: those of unprotect but buffer_too_small and overlapping_buffers. Packets with a ROC and no MAC
  /// (RFC 4771) can't be verified and are authentication_failed.
  result<void> verify(mutable_bytes srtp) noexcept { return verdict(receive_any<verified>(srtp, srtp, nullptr)); }
  result<void> verify(mutable_bytes srtp, packet_index index) noexcept {
    return verdict(receive_any<verified>(srtp, srtp, &index));
  }
  result<void> verify_rtcp(mutable_bytes srtcp) noexcept { return verdict(receive_rtcp<verified_rtcp>(srtcp, srtcp)); }

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

  using typename base::key;

  basic_receiver(key&& first, state&& s, const options& o) noexcept
      : base(std::move(first), std::move(s), o), new_stream_rocs_(o.new_stream_rocs), roc_slack_(o.roc_slack) {}

  // What is done to a packet whose index is fresh.
  using packets = packet_protection<Transform>;
  static constexpr auto unprotected_plain = &packets::unprotect_plain_rtp;
  static constexpr auto unprotected = &packets::unprotect_rtp;
  static constexpr auto verified = &packets::verify_rtp;
  static constexpr auto unprotected_rtcp = &packets::unprotect_rtcp;
  static constexpr auto verified_rtcp = &packets::verify_rtcp;

  static result<void> verdict(const result<mutable_bytes>& r) noexcept {
    if (!r) return failure{r.error()};
    return {};
  }
  static result<void> verdict(result<void> r) noexcept { return r; }

  template <auto Open>
  SOTTO_NOINLINE result<mutable_bytes> receive_any(const_bytes srtp, mutable_bytes out,
                                                   const packet_index* known) noexcept {
    return receive<Open, false>(srtp, out, known);
  }

  // Plain sessions have it compiled by itself, without a question about what they don't use.
  template <auto Open, bool Plain>
  SOTTO_ALWAYS_INLINE result<mutable_bytes> receive(const_bytes srtp, mutable_bytes out,
                                                    const packet_index* known) noexcept {
    key& active = Plain ? this->keys().first() : this->keys().active();
    const auto& layout = active.protection().layout();
    const auto packet = Plain ? layout.parse_plain_srtp(srtp) : layout.parse_srtp(srtp);
    if (!packet) [[unlikely]]
      return this->refuse(packet.error());
    key* const k = Plain || layout.mki_len() == 0 ? &active : this->keys().find(layout.mki_of(*packet));
    if (k == nullptr) [[unlikely]]
      return this->refuse(error::unknown_mki);
    if (k->rtp_left.none()) [[unlikely]]
      return this->refuse(error::key_exhausted);
    // Read before the kernel writes: a load beside a masked store of a moment ago waits until that has left the
    // processor.
    const ssrc source = packet->ssrc();
    stream* s = this->streams().find(source);
    if (s == nullptr) [[unlikely]]
      if (const auto room = this->welcome(source); !room) return this->refuse(room.error());

    const auto index = Plain ? this->index_of(s, packet->sequence()) : index_for(layout, s, *packet, known);
    if (!index) [[unlikely]]
      return this->refuse(index.error(), s);
    if (const auto opened = open_fresh<Open, Plain>(*k, s, *packet, *index, out); !opened) [[unlikely]]
      return receive_elsewhere<Open>(*k, s, *packet, *index, out, known == nullptr, opened.error());
    if (k != &active) [[unlikely]]
      use(*k, source, *index);
    this->commit_rtp(*k, s, source, *index);
    return out.first(packet->bytes().size());
  }

  /// Refuses what didn't open at its index, or finds another.
  template <auto Open>
  SOTTO_NOINLINE result<mutable_bytes> receive_elsewhere(key& k, stream* s, const rtp_view& packet, packet_index failed,
                                                         mutable_bytes out, bool may_recover, error why) noexcept {
    if (!may_recover) return this->refuse(why, s);
    const ssrc source = packet.ssrc();
    const auto found = recover<Open>(k, s, packet, failed, out, why);
    if (!found) return this->refuse(found.error(), s);
    if (&k != &this->keys().active()) use(k, source, *found);
    this->tell(event_kind::roc_recovered, source, *found);
    // A genuine packet elsewhere: what set_roc said is over, or the next packets would be looked for at it again.
    this->commit_rtp(k, s, source, *found).pending.clear();
    return out.first(packet.bytes().size());
  }

  template <auto Open>
  result<mutable_bytes> receive_rtcp(const_bytes srtcp, mutable_bytes out) noexcept {
    key& active = this->keys().active();
    const auto& layout = active.protection().layout();
    const auto packet = layout.parse_srtcp(srtcp);
    if (!packet) return this->refuse(packet.error());
    key* const k = layout.mki_len() == 0 ? &active : this->keys().find(layout.mki_of(*packet));
    if (k == nullptr) return this->refuse(error::unknown_mki);
    if (k->rtcp_left.none()) return this->refuse(error::key_exhausted);
    const ssrc source = packet->ssrc();
    stream* s = this->streams().find(source);
    if (s == nullptr)
      if (const auto room = this->welcome(source); !room) return this->refuse(room.error());
    const std::uint32_t index = layout.word_of(*packet).index;
    const index_status status = s != nullptr ? s->rtcp_window.check(packet_index(index)) : index_status::fresh;
    if (status == index_status::seen) return this->refuse(error::replayed, s);
    if (status == index_status::too_old) return this->refuse(error::too_old, s);

    if (const auto opened = open_rtcp<Open>(*k, *packet, index, out); !opened) return this->refuse(opened.error(), s);

    if (k != &active) use(*k, source, packet_index(index));
    this->commit_rtcp(*k, s, source, index).rtcp_window.commit(packet_index(index));
    return out.first(packet->bytes().size());
  }

  /// The index that a packet carries (RFC 4771), that the caller knows, or that its sequence number suggests.
  SOTTO_ALWAYS_INLINE result<packet_index> index_for(const detail::packet_layout& layout, const stream* s,
                                                     const rtp_view& packet, const packet_index* known) const noexcept {
    if (known != nullptr) return this->checked(*known, packet.sequence());
    if (layout.carries_rocs() && layout.rtp(packet.sequence()).carries_roc)
      return make_index(layout.roc_of(packet), packet.sequence());
    return this->index_of(s, packet.sequence());
  }

  /// Opens a packet at an index that wasn't seen.
  template <auto Open, bool Plain = false>
  SOTTO_ALWAYS_INLINE result<void> open_fresh(key& k, const stream* s, const rtp_view& packet, packet_index index,
                                              mutable_bytes out) noexcept {
    if (const auto fresh = this->check_index(s, index, error::replayed); !fresh) [[unlikely]]
      return fresh;
    if (!Plain && !k.fits_rtp(index)) return open_in_other_epoch<Open>(k, packet, index, out);
    return verdict((k.protection().*Open)(packet, index, out));
  }
  /// Another epoch's keys are kept only if they authenticate something.
  template <auto Open>
  SOTTO_NOINLINE result<void> open_in_other_epoch(key& k, const rtp_view& packet, packet_index index,
                                                  mutable_bytes out) noexcept {
    auto other = k.derive_rtp(index, this->protection_options());
    if (!other) return failure{other.error()};
    const auto rtp = (other->protection.*Open)(packet, index, out);
    if (rtp) k.adopt(std::move(*other));
    return verdict(rtp);
  }
  template <auto Open>
  result<void> open_rtcp(key& k, const rtcp_view& packet, std::uint32_t index, mutable_bytes out) noexcept {
    if (!k.fits_rtcp(index)) return open_rtcp_in_other_epoch<Open>(k, packet, index, out);
    return verdict((k.protection().*Open)(packet, out));
  }
  template <auto Open>
  SOTTO_NOINLINE result<void> open_rtcp_in_other_epoch(key& k, const rtcp_view& packet, std::uint32_t index,
                                                       mutable_bytes out) noexcept {
    auto other = k.derive_rtcp(index, this->protection_options());
    if (!other) return failure{other.error()};
    const auto rtcp = (other->protection.*Open)(packet, out);
    if (rtcp) k.adopt(std::move(*other));
    return verdict(rtcp);
  }

  bool is_new(const stream* s) const noexcept { return s == nullptr || s->window.empty(); }
  /// Tries the ROCs near an index that failed, nearest first, and returns the index that was right, else `why`.
  /// Verification before decryption makes that safe.
  template <auto Open>
  SOTTO_NOINLINE result<packet_index> recover(key& k, const stream* s, const rtp_view& packet, packet_index failed,
                                              mutable_bytes out, error why) noexcept {
    // A ROC that the packet itself carried is right or the packet is forged.
    if (why != error::authentication_failed || this->protection().layout().rtp(packet.sequence()).carries_roc)
      return failure{why};
    const std::uint64_t reach = is_new(s) ? new_stream_rocs_ : roc_slack_;
    for (std::uint64_t n = 1; n <= reach; ++n) {
      const packet_index up(failed.value() + (n << 16)), down(failed.value() - (n << 16));
      if (up.value() < packet_index_end && open_fresh<Open>(k, s, packet, up, out)) return up;
      if (!is_new(s) && down.value() < failed.value() && open_fresh<Open>(k, s, packet, down, out)) return down;
    }
    return failure{why};
  }

  /// Takes note of the other key that opened a packet.
  void use(const key& k, ssrc source, packet_index index) noexcept {
    this->keys().activate(&k);
    this->tell(event_kind::key_switched, source, index);
  }

  std::uint16_t new_stream_rocs_;
  std::uint16_t roc_slack_;
};

/// Any profile, chosen at run time; 16 streams held inline, windows of 1024 packets, a key and its successor.
using receiver = basic_receiver<any_transform>;
using receiver_state = receiver::state;
/// The same for one profile's cipher only, which links no other kernels.
template <profile P, std::size_t MaxStreams = 16, std::size_t WindowBits = 1024, std::size_t MaxKeys = 2>
using receiver_for = basic_receiver<transform_for<P>, MaxStreams, WindowBits, MaxKeys>;

}  // namespace sotto::inline SOTTO_ABI::srtp
