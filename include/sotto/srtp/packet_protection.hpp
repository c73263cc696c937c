// SPDX-License-Identifier: BSL-1.0
// One master key's protection of single packets. A low-level tool without memory: the caller answers for every index.
// sender and receiver are built on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../cpu/target.hpp"
#include "../kernels/aead_packet.hpp"
#include "cryptex.hpp"
#include "header_extension.hpp"
#include "key_derivation.hpp"
#include "keying.hpp"
#include "packet.hpp"
#include "packet_index.hpp"
#include "packet_layout.hpp"
#include "padding.hpp"
#include "profile.hpp"
#include "protection_options.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// Which session keys a master key gives: the indices divided by the key derivation rate (RFC 3711 4.3.1).
struct key_epoch {
  std::uint64_t rtp = 0;
  std::uint64_t rtcp = 0;
};

/// One master key's session keys and MKI, applied to single packets at indices that the caller chooses. Protecting two
/// packets of one SSRC at one index forfeits both; nothing here can notice. Move-only and wiped. Const calls may run on
/// several threads at once.
template <packet_transform Transform>
class packet_protection {
 public:
  /// Derives the session keys of indices from 0 on. Errors: unsupported if Transform doesn't know the profile, or as
  /// check(options) says; invalid_argument (options); invalid_key_length for keying that was moved from.
  static result<packet_protection> create(const keying& k, const protection_options& o = {}) noexcept {
    const auto kdf = key_derivation::create(k.expose_key(), k.expose_salt());
    if (!kdf) return failure{Transform::supports(k.profile()) ? kdf.error() : error::unsupported};
    return derive(*kdf, k.profile(), k.mki(), o, {});
  }

  /// Derives the session keys of one epoch (RFC 3711 4.3, RFC 6904 2.1). Errors as in create, and invalid_argument for
  /// an epoch of 2^48 or more.
  static result<packet_protection> derive(const key_derivation& kdf, srtp::profile p, const_bytes mki,
                                          const protection_options& o, key_epoch epoch) noexcept {
    if (epoch.rtp >> 48 != 0 || epoch.rtcp >> 48 != 0) return failure{error::invalid_argument};
    const derived_session_keys rtp(kdf, p, key_label::rtp_encryption, epoch.rtp);
    const derived_session_keys rtcp(kdf, p, key_label::rtcp_encryption, epoch.rtcp);
    auto made = from_session_keys(p, rtp.expose(), rtcp.expose(), mki, o);
    if (!made || o.encrypted_extensions.empty() || parameters(p).cipher == cipher::null_hmac_sha1) return made;
    const derived_header_keys header(kdf, p, epoch.rtp);
    auto cipher = header_encryption::create(header.expose().cipher_key, header.expose().salt);
    if (!cipher) return failure{cipher.error()};
    made->header_.emplace(std::move(*cipher));
    made->extended_ = true;
    return made;
  }

  /// Takes session keys without derivation, as RFC 7714's examples give them; header extensions stay in the clear.
  /// Errors: unsupported, invalid_key_length, invalid_salt_length, invalid_mki_length, invalid_argument (options).
  static result<packet_protection> from_session_keys(srtp::profile p, const session_keys& rtp, const session_keys& rtcp,
                                                     const_bytes mki = {}, const protection_options& o = {}) noexcept {
    if (!Transform::supports(p)) return failure{error::unsupported};
    if (const auto sound = check(o, p); !sound) return failure{sound.error()};
    if (mki.size() > max_mki_len) return failure{error::invalid_mki_length};
    auto transform = Transform::create(p, rtp, rtcp);
    if (!transform) return failure{transform.error()};
    return packet_protection(std::move(*transform), p, mki, o);
  }

  /// The most that protection adds to an RTP or RTCP packet, in bytes.
  std::size_t rtp_overhead() const noexcept {
    return layout_.max_rtp_len() + (cryptex_ == cryptex::off ? std::size_t{0} : std::size_t{4});
  }
  std::size_t rtcp_overhead() const noexcept { return layout_.rtcp().len; }
  srtp::profile profile() const noexcept { return profile_; }
  const_bytes mki() const noexcept { return {mki_, layout_.mki_len()}; }
  const detail::packet_layout& layout() const noexcept { return layout_; }
  const char* kernel_name() const noexcept { return transform_.kernel_name(); }
  /// Whether RTP packets only have their payload encrypted and a tag: no MKI, no ROC, no extension encrypted.
  bool is_plain() const noexcept { return !extended_ && encrypts_ && layout_.mki_len() == 0; }

  /// Writes the SRTP packet of an RTP packet to the start of out and returns it. out.data() == packet.bytes().data(),
  /// or disjoint. Errors: invalid_argument (an index of 2^48 or more), packet_too_long, buffer_too_small,
  /// overlapping_buffers, malformed_packet (RFC 6904: an extension that contradicts itself), unencrypted_header
  /// (Cryptex is required, but not defined for this packet's extension); nothing is written then.
  result<mutable_bytes> protect_rtp(const rtp_view& packet, packet_index index, mutable_bytes out) const noexcept {
    if (index.value() >= packet_index_end) return failure{error::invalid_argument};
    if (extended_) return protect_extended(packet, index, {}, out);
    const std::size_t clear_len = encrypts_ ? packet.header_len() : packet.bytes().size();
    if (const auto sealed = seal_plain(packet, index, clear_len, out); !sealed) return failure{sealed.error()};
    return out.first(packet.bytes().size() + layout_.plain_rtp().len);
  }
  /// The same with padding that hides the packet's length; in place, the padding goes where the overhead does, which
  /// then may be up to hiding.max_len() bytes more. hiding passed check(). More errors: those of length_hiding::change.
  result<mutable_bytes> protect_rtp(const rtp_view& packet, packet_index index, const length_hiding& hiding,
                                    mutable_bytes out) const noexcept {
    if (hiding.is_off()) return protect_rtp(packet, index, out);
    if (index.value() >= packet_index_end) return failure{error::invalid_argument};
    const auto padding = hiding.change(packet);
    if (!padding) return failure{padding.error()};
    return protect_extended(packet, index, *padding, out);
  }
  /// The same where is_plain(), at an index below 2^48, for the path that most packets take: writes rtp_overhead()
  /// bytes more than the packet has.
  SOTTO_ALWAYS_INLINE result<void> protect_plain_rtp(const rtp_view& packet, packet_index index,
                                                     mutable_bytes out) const noexcept {
    return seal_plain(packet, index, packet.header_len(), out);
  }

  /// The same for RTCP; index is below 2^31, encrypt becomes the E flag (never set by the NULL profiles).
  result<mutable_bytes> protect_rtcp(const rtcp_view& packet, std::uint32_t index, bool encrypt,
                                     mutable_bytes out) const noexcept {
    if (index >= srtcp_index_end) return failure{error::invalid_argument};
    const detail::trailer& t = layout_.rtcp();
    const esrtcp_word word{encrypt && has_cipher_, index};
    const transform_packet job = make_job(packet.bytes(), out, rtcp_clear_len(packet, word), packet.ssrc(), index);
    if (const auto fit = fits(job, packet.bytes(), out, t.len); !fit) return failure{fit.error()};
    std::uint8_t* const end = begin_seal(job, t);
    core::store_be32(end + t.word, (word.encrypted ? 0x80000000u : 0u) | word.index);
    transform_.seal_rtcp(job, end + t.word, end + t.tag);
    return out.first(packet.bytes().size() + t.len);
  }

  /// The part of an SRTP packet before its trailer; the trailer lies behind the view's bytes.
  /// Errors: malformed_packet (too short for header and trailer), unknown_mki.
  result<rtp_view> parse_srtp(const_bytes packet) const noexcept {
    auto view = layout_.parse_srtp(packet);
    if (view && !has_mki(layout_.mki_of(*view))) view = failure{error::unknown_mki};
    return view;  // always this one, which a compiler then needn't copy
  }
  /// The same for SRTCP.
  result<rtcp_view> parse_srtcp(const_bytes packet) const noexcept {
    auto view = layout_.parse_srtcp(packet);
    if (view && !has_mki(layout_.mki_of(*view))) view = failure{error::unknown_mki};
    return view;  // always this one, which a compiler then needn't copy
  }
  /// Whether these layout().mki_len() bytes are this key's MKI, which isn't secret.
  bool has_mki(const_bytes mki) const noexcept { return mki.empty() || std::memcmp(mki.data(), mki_, mki.size()) == 0; }
  /// E flag and index of a packet from parse_srtcp, not yet authenticated.
  esrtcp_word word_of(const rtcp_view& packet) const noexcept { return layout_.word_of(packet); }

  /// Verifies what parse_srtp found and only then writes the RTP packet to the start of out and returns it. out.data()
  /// == packet.bytes().data(), or disjoint from the whole SRTP packet. Errors: packet_too_long, buffer_too_small,
  /// overlapping_buffers, malformed_packet (RFC 6904), unencrypted_header (Cryptex is required), authentication_failed;
  /// nothing is written then, but where Cryptex encrypted CSRCs of a packet that isn't opened in place, out is
  /// overwritten with bytes of the protected packet.
  result<mutable_bytes> unprotect_rtp(const rtp_view& packet, packet_index index, mutable_bytes out) const noexcept {
    if (extended_) return unprotect_extended(packet, index, out);
    const std::size_t clear_len = encrypts_ ? packet.header_len() : packet.bytes().size();
    if (const auto opened = open_plain(packet, index, clear_len, out); !opened) return failure{opened.error()};
    return out.first(packet.bytes().size());
  }
  /// The same where is_plain(), for the path that most packets take.
  SOTTO_ALWAYS_INLINE result<void> unprotect_plain_rtp(const rtp_view& packet, packet_index index,
                                                       mutable_bytes out) const noexcept {
    return open_plain(packet, index, packet.header_len(), out);
  }

  /// The same for what parse_srtcp found, encrypted or not as its E flag says.
  result<mutable_bytes> unprotect_rtcp(const rtcp_view& packet, mutable_bytes out) const noexcept {
    const esrtcp_word word = word_of(packet);
    const detail::trailer& t = layout_.rtcp();
    const transform_packet job = make_job(packet.bytes(), out, rtcp_clear_len(packet, word), packet.ssrc(), word.index);
    if (const auto fit = fits(job, with_trailer(packet.bytes(), t), out, 0, t.len); !fit) return failure{fit.error()};
    const std::uint8_t* const end = end_of(packet.bytes());
    if (!transform_.open_rtcp(job, end + t.word, end + t.tag)) return failure{error::authentication_failed};
    copy_clear(job);
    return out.first(packet.bytes().size());
  }

  /// Verifies what parse_srtp found and returns its length's worth of `packet_memory`, where it was found; nothing is
  /// decrypted and every byte is as before, though the CSRCs of a Cryptex packet change places meanwhile. Errors:
  /// packet_too_long, malformed_packet (RFC 6904), unencrypted_header (Cryptex is required), authentication_failed,
  /// also for packets that carry a ROC and no MAC (RFC 4771).
  result<mutable_bytes> verify_rtp(const rtp_view& packet, packet_index index,
                                   mutable_bytes packet_memory) const noexcept {
    const detail::trailer& t = layout_.rtp(packet.sequence());
    const auto how = protection_of(packet);
    if (!how) return failure{how.error()};
    const std::size_t csrc_len = 4 * packet.csrc_count();
    const transform_packet job = make_job(packet.bytes(), packet_memory, how->clear_len, packet.ssrc(), index.value());
    if (job.text_len > transform_.max_text_len()) return failure{error::packet_too_long};
    // HMAC covers what is on the wire, in the wire's order.
    const bool out_of_order = is_out_of_order(how->cryptic, packet) && is_aead();
    if (out_of_order) detail::extension_header_first(packet_memory.data(), csrc_len);
    const bool authentic = t.tag_len != 0 && transform_.verify_rtp(job, end_of(packet.bytes()) + t.tag, t.tag_len);
    if (out_of_order) detail::csrcs_first(packet_memory.data(), csrc_len);
    if (!authentic) return failure{error::authentication_failed};
    return packet_memory.first(packet.bytes().size());
  }

  /// The same for what parse_srtcp found.
  result<mutable_bytes> verify_rtcp(const rtcp_view& packet, mutable_bytes packet_memory) const noexcept {
    const esrtcp_word word = word_of(packet);
    const detail::trailer& t = layout_.rtcp();
    const transform_packet job =
        make_job(packet.bytes(), packet_memory, rtcp_clear_len(packet, word), packet.ssrc(), word.index);
    if (job.text_len > transform_.max_text_len()) return failure{error::packet_too_long};
    const std::uint8_t* const end = end_of(packet.bytes());
    if (!transform_.verify_rtcp(job, end + t.word, end + t.tag)) return failure{error::authentication_failed};
    return packet_memory.first(packet.bytes().size());
  }

 private:
  packet_protection(Transform&& transform, srtp::profile p, const_bytes mki, const protection_options& o) noexcept
      : transform_(std::move(transform)),
        layout_(p, o, mki.size()),
        encrypted_extensions_(o.encrypted_extensions),
        profile_(p),
        cryptex_(o.cryptex) {
    has_cipher_ = parameters(p).cipher != cipher::null_hmac_sha1;
    encrypts_ = has_cipher_ && o.encrypt_rtp;
    extended_ = cryptex_ != cryptex::off || layout_.carries_rocs();
    core::copy(mki_, mki.data(), mki.size());
  }

  SOTTO_ALWAYS_INLINE result<void> seal_plain(const rtp_view& packet, packet_index index, std::size_t clear_len,
                                              mutable_bytes out) const noexcept {
    const detail::trailer& t = layout_.plain_rtp();
    const transform_packet job = make_job(packet.bytes(), out, clear_len, packet.ssrc(), index.value());
    if (const auto fit = fits(job, packet.bytes(), out, t.len); !fit) [[unlikely]]
      return fit;
    transform_.seal_rtp(job, begin_seal(job, t) + t.tag);
    return {};
  }
  SOTTO_ALWAYS_INLINE result<void> open_plain(const rtp_view& packet, packet_index index, std::size_t clear_len,
                                              mutable_bytes out) const noexcept {
    const detail::trailer& t = layout_.plain_rtp();
    const transform_packet job = make_job(packet.bytes(), out, clear_len, packet.ssrc(), index.value());
    if (const auto fit = fits(job, with_trailer(packet.bytes(), t), out, 0, t.len); !fit) [[unlikely]]
      return fit;
    if (!transform_.open_rtp(job, end_of(packet.bytes()) + t.tag)) [[unlikely]]
      return failure{error::authentication_failed};
    copy_clear(job);
    return {};
  }

  static const std::uint8_t* end_of(const_bytes body) noexcept { return detail::packet_layout::end_of(body); }
  static const_bytes with_trailer(const_bytes body, const detail::trailer& t) noexcept {
    return {body.data(), body.size() + t.len};
  }
  static transform_packet make_job(const_bytes in, mutable_bytes out, std::size_t clear_len, ssrc source,
                                   std::uint64_t index) noexcept {
    return {in.data(), out.data(), clear_len, in.size() - clear_len, source, index};
  }
  std::size_t rtcp_clear_len(const rtcp_view& packet, esrtcp_word word) const noexcept {
    return word.encrypted && has_cipher_ ? rtcp_view::min_header_len : packet.bytes().size();
  }

  /// in, less `removed` bytes, plus `added` bytes, fits out, and both are the same or disjoint.
  result<void> fits(const transform_packet& job, const_bytes in, mutable_bytes out, std::size_t added,
                    std::size_t removed = 0) const noexcept {
    const std::size_t kept = in.size() - removed;
    if (job.text_len > transform_.max_text_len()) return failure{error::packet_too_long};
    if (out.size() < kept || out.size() - kept < added) return failure{error::buffer_too_small};
    if (!core::same_or_disjoint(in, out.first(kept + added))) return failure{error::overlapping_buffers};
    return {};
  }

  static void copy_clear(const transform_packet& job) noexcept {
    if (job.in != job.out) core::copy(job.out, job.in, job.header_len);
  }
  /// Writes what the kernel doesn't, and returns where the trailer starts.
  std::uint8_t* begin_seal(const transform_packet& job, const detail::trailer& t) const noexcept {
    copy_clear(job);
    std::uint8_t* const end = job.out + job.header_len + job.text_len;
    write_mki(end, t);
    return end;
  }
  void write_mki(std::uint8_t* end, const detail::trailer& t) const noexcept {
    if (layout_.mki_len() != 0) std::memcpy(end + t.mki, mki_, layout_.mki_len());
  }

  // What follows serves Cryptex, RFC 6904, RFC 4771 and padding. Packets are first copied to out and then worked on in
  // place.

  bool encrypts_extensions_of(const rtp_view& p) const noexcept { return header_.has_value() && p.has_extension(); }
  /// Whether the cipher wants the packet's bytes in another order than the wire has them.
  static bool is_out_of_order(bool cryptic, const rtp_view& p) noexcept { return cryptic && p.csrc_count() != 0; }
  bool is_aead() const noexcept { return srtp::is_aead(parameters(profile_).cipher); }

  /// How the sender has protected a packet, as its header tells.
  struct packet_treatment {
    bool cryptic;  ///< Cryptex
    bool masked;   ///< RFC 6904
    std::size_t clear_len;
  };
  /// Errors: unencrypted_header (Cryptex is required), malformed_packet (the elements' headers, which are in the
  /// clear).
  result<packet_treatment> protection_of(const rtp_view& packet) const noexcept {
    const bool cryptic = cryptex_ != cryptex::off && detail::is_cryptex(packet.extension_profile());
    if (cryptex_ == cryptex::required && !cryptic && detail::has_cryptex_work(packet))
      return failure{error::unencrypted_header};
    const bool masked = !cryptic && encrypts_extensions_of(packet);
    if (masked)
      if (const auto sound = check_elements(packet); !sound) return failure{sound.error()};
    const std::size_t clear = encrypts_ ? packet.header_len() : packet.bytes().size();
    return packet_treatment{cryptic, masked, cryptic ? detail::cryptex_clear_len : clear};
  }

  SOTTO_NOINLINE result<mutable_bytes> protect_extended(const rtp_view& packet, packet_index index,
                                                        padding_change padding, mutable_bytes out) const noexcept {
    const detail::trailer& t = layout_.rtp(packet.sequence());
    const bool cryptic = cryptex_ != cryptex::off && detail::has_cryptex_work(packet) && detail::fits_cryptex(packet);
    if (cryptex_ == cryptex::required && !cryptic && detail::has_cryptex_work(packet))
      return failure{error::unencrypted_header};
    const bool masked = !cryptic && encrypts_extensions_of(packet);
    if (masked)
      if (const auto sound = check_elements(packet); !sound) return failure{sound.error()};
    const std::size_t csrc_len = 4 * packet.csrc_count(), kept = packet.bytes().size() - padding.removed;
    const std::size_t len = kept + padding.added;
    const std::size_t inserted = cryptic && !packet.has_extension() ? 4 : 0;
    const std::size_t clear_len = cryptic ? detail::cryptex_clear_len : encrypts_ ? packet.header_len() : len;
    transform_packet job{out.data(), out.data(), clear_len, len + inserted - clear_len, packet.ssrc(), index.value()};
    if (const auto fit = fits(job, packet.bytes(), out, padding.added + inserted + t.len, padding.removed); !fit)
      return failure{fit.error()};

    const std::size_t moved = inserted != 0 ? packet.header_len() : kept;  // bytes in front of the inserted extension
    std::memmove(out.data() + moved + inserted, packet.bytes().data() + moved, kept - moved);
    std::memmove(out.data(), packet.bytes().data(), moved);
    if (padding.added != 0) detail::write_padding(out.data(), out.data() + kept + inserted, padding.added);
    if (masked) mask_extension(out, packet.header_len(), csrc_len, job);
    if (cryptic) detail::mark_cryptex(out.data(), csrc_len);
    std::uint8_t* const end = out.data() + len + inserted;
    write_mki(end, t);
    if (t.carries_roc) core::store_be32(end + t.roc, rollover_of(index).value());

    std::uint8_t tag[kernels::aead_tag_len];  // as long as the profile's; what is left over isn't sent
    if (!is_out_of_order(cryptic, packet)) {
      transform_.seal_rtp(job, tag);
    } else {
      detail::extension_header_first(out.data(), csrc_len);
      transform_.seal_rtp(job, tag);
      detail::csrcs_first(out.data(), csrc_len);
      // HMAC covers what is on the wire, in the wire's order: the first tag was made of something else.
      if (!is_aead()) transform_.seal_rtp(only_authenticated(job), tag);
    }
    core::copy(end + t.tag, tag, t.tag_len);
    return out.first(len + inserted + t.len);
  }

  SOTTO_NOINLINE result<mutable_bytes> unprotect_extended(const rtp_view& packet, packet_index index,
                                                          mutable_bytes out) const noexcept {
    const detail::trailer& t = layout_.rtp(packet.sequence());
    const auto how = protection_of(packet);
    if (!how) return failure{how.error()};
    const std::size_t csrc_len = 4 * packet.csrc_count(), len = packet.bytes().size();
    transform_packet job = make_job(packet.bytes(), out, how->clear_len, packet.ssrc(), index.value());
    if (const auto fit = fits(job, with_trailer(packet.bytes(), t), out, 0, t.len); !fit) return failure{fit.error()};

    const std::uint8_t* const tag = end_of(packet.bytes()) + t.tag;
    const bool out_of_order = is_out_of_order(how->cryptic, packet);
    if (t.tag_len == 0) {  // RFC 4771's modes 1 and 3, to which the user consented
      decrypt_unverified(job, out, out_of_order ? csrc_len : 0);
    } else if (!out_of_order) {
      if (!transform_.open_rtp(job, tag, t.tag_len)) return failure{error::authentication_failed};
      copy_clear(job);
    } else if (!is_aead()) {
      if (!transform_.verify_rtp(job, tag, t.tag_len)) return failure{error::authentication_failed};
      decrypt_unverified(job, out, csrc_len);  // verified a line above
    } else {
      std::memmove(out.data(), packet.bytes().data(), len);
      job.in = job.out;
      detail::extension_header_first(out.data(), csrc_len);
      const bool authentic = transform_.open_rtp(job, tag, t.tag_len);
      detail::csrcs_first(out.data(), csrc_len);
      if (!authentic) return failure{error::authentication_failed};
    }
    if (how->cryptic) detail::unmark_cryptex(out.data(), csrc_len);
    if (how->masked) mask_extension(out, packet.header_len(), csrc_len, job);
    return out.first(len);
  }

  /// Copies the packet to out and decrypts it there; counter modes encrypt and decrypt alike. csrc_len isn't 0 where
  /// the cipher wants the extension's header in front of the CSRCs.
  void decrypt_unverified(transform_packet job, mutable_bytes out, std::size_t csrc_len) const noexcept {
    std::memmove(out.data(), job.in, job.header_len + job.text_len);
    job.in = job.out;
    std::uint8_t unused[kernels::aead_tag_len];
    if (csrc_len != 0) detail::extension_header_first(out.data(), csrc_len);
    transform_.seal_rtp(job, unused);
    if (csrc_len != 0) detail::csrcs_first(out.data(), csrc_len);
  }

  static transform_packet only_authenticated(transform_packet job) noexcept {
    job.header_len += job.text_len;
    job.text_len = 0;
    return job;
  }

  static result<void> check_elements(const rtp_view& p) noexcept {
    return for_each_element(form_of(p.extension_profile()), p.extension(), [](const extension_element&) {});
  }
  /// Encrypts or decrypts extension elements in out (RFC 6904 3).
  void mask_extension(mutable_bytes out, std::size_t header_len, std::size_t csrc_len,
                      const transform_packet& job) const noexcept {
    const std::size_t start = rtp_view::min_header_len + csrc_len;
    (void)header_->apply(form_of(core::load_be16(out.data() + start)), out.subspan(start + 4, header_len - start - 4),
                         encrypted_extensions_, job.ssrc, job.index);
  }

  Transform transform_;
  detail::packet_layout layout_;
  std::optional<header_encryption> header_;
  extension_ids encrypted_extensions_;
  srtp::profile profile_;
  srtp::cryptex cryptex_;
  bool has_cipher_ = true;
  bool encrypts_ = true;
  bool extended_ = false;
  std::uint8_t mki_[max_mki_len]{};
};

}  // namespace sotto::inline SOTTO_ABI::srtp
