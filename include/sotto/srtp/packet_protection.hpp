// SPDX-License-Identifier: BSL-1.0
// Where each piece of a protected packet goes, for one master key: the wire formats of RFC 3711 3.1 and 3.4, RFC 7714
// 8.2 and 9.2. A low-level tool without memory: the caller answers for every index. sender and receiver are built on
// it.
//
//                HMAC profiles                         AEAD profiles
//     SRTP       payload ‖ MKI ‖ tag                   ciphertext ‖ tag ‖ MKI
//     SRTCP      data ‖ E,index ‖ MKI ‖ tag            ciphertext ‖ tag ‖ E,index ‖ MKI
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "key_derivation.hpp"
#include "keying.hpp"
#include "packet.hpp"
#include "packet_index.hpp"
#include "profile.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The most that protection adds to a packet of any profile, in bytes: tag, E flag with index, and the longest MKI.
inline constexpr std::size_t max_rtp_overhead = 16 + max_mki_len;
inline constexpr std::size_t max_rtcp_overhead = 16 + 4 + max_mki_len;

/// The word behind SRTCP packets: the E flag above the 31-bit index (RFC 3711 3.4).
struct esrtcp_word {
  bool encrypted;
  std::uint32_t index;
};

/// One master key's session keys and MKI, applied to single packets at indices that the caller chooses. Protecting two
/// packets of one SSRC at one index forfeits both; nothing here can notice. Move-only and wiped. Const calls may run on
/// several threads at once.
template <packet_transform Transform>
class packet_protection {
 public:
  /// Derives the session keys (RFC 3711 4.3, rate 0). Errors: unsupported if Transform doesn't know the profile,
  /// invalid_key_length for keying that was moved from.
  static result<packet_protection> create(const keying& k) noexcept {
    if (!Transform::supports(k.profile())) return failure{error::unsupported};
    const auto kdf = key_derivation::create(k.expose_key(), k.expose_salt());
    if (!kdf) return failure{kdf.error()};
    const derived_session_keys rtp(*kdf, k.profile(), key_label::rtp_encryption);
    const derived_session_keys rtcp(*kdf, k.profile(), key_label::rtcp_encryption);
    return from_session_keys(k.profile(), rtp.expose(), rtcp.expose(), k.mki());
  }

  /// Takes session keys without derivation, as RFC 7714's examples give them.
  /// Errors: unsupported, invalid_key_length, invalid_salt_length, invalid_mki_length.
  static result<packet_protection> from_session_keys(srtp::profile p, const session_keys& rtp, const session_keys& rtcp,
                                                     const_bytes mki = {}) noexcept {
    if (mki.size() > max_mki_len) return failure{error::invalid_mki_length};
    auto transform = Transform::create(p, rtp, rtcp);
    if (!transform) return failure{transform.error()};
    return packet_protection(std::move(*transform), p, mki);
  }

  /// What protection adds to an RTP or RTCP packet, in bytes.
  std::size_t rtp_overhead() const noexcept { return rtp_.len; }
  std::size_t rtcp_overhead() const noexcept { return rtcp_.len; }
  srtp::profile profile() const noexcept { return profile_; }
  const char* kernel_name() const noexcept { return transform_.kernel_name(); }

  /// Writes the SRTP packet of an RTP packet to the start of out and returns it. out.data() == packet.bytes().data(),
  /// or disjoint. Errors: invalid_argument (an index of 2^48 or more), packet_too_long, buffer_too_small,
  /// overlapping_buffers; nothing is written then.
  result<mutable_bytes> protect_rtp(const rtp_view& packet, packet_index index, mutable_bytes out) const noexcept {
    if (index.value() >= packet_index_end) return failure{error::invalid_argument};
    const std::size_t clear_len = encrypts_ ? packet.header_len() : packet.bytes().size();
    const transform_packet job = make_job(packet.bytes(), out, clear_len, packet.ssrc(), index.value());
    if (const auto fit = check(job, packet.bytes(), out, rtp_.len); !fit) return failure{fit.error()};
    std::uint8_t* const end = begin_seal(job, rtp_);
    transform_.seal_rtp(job, end + rtp_.tag);
    return out.first(packet.bytes().size() + rtp_.len);
  }

  /// The same for RTCP; index is below 2^31, encrypt becomes the E flag (never set by the NULL profiles).
  result<mutable_bytes> protect_rtcp(const rtcp_view& packet, std::uint32_t index, bool encrypt,
                                     mutable_bytes out) const noexcept {
    if (index >= srtcp_index_end) return failure{error::invalid_argument};
    const esrtcp_word word{encrypt && encrypts_, index};
    const transform_packet job = make_job(packet.bytes(), out, rtcp_clear_len(packet, word), packet.ssrc(), index);
    if (const auto fit = check(job, packet.bytes(), out, rtcp_.len); !fit) return failure{fit.error()};
    std::uint8_t* const end = begin_seal(job, rtcp_);
    core::store_be32(end + rtcp_.word, (word.encrypted ? 0x80000000u : 0u) | word.index);
    transform_.seal_rtcp(job, end + rtcp_.word, end + rtcp_.tag);
    return out.first(packet.bytes().size() + rtcp_.len);
  }

  /// The part of an SRTP packet before its trailer; the trailer lies behind the view's bytes.
  /// Errors: malformed_packet (too short for header and trailer), unknown_mki.
  result<rtp_view> parse_srtp(const_bytes packet) const noexcept {
    if (packet.size() < rtp_.len) return failure{error::malformed_packet};
    const const_bytes body = packet.first(packet.size() - rtp_.len);
    if (mki_len_ != 0)
      if (const auto view = rtp_view::parse(body); view && !has_mki(body, rtp_)) return failure{error::unknown_mki};
    return rtp_view::parse(body);
  }
  /// The same for SRTCP.
  result<rtcp_view> parse_srtcp(const_bytes packet) const noexcept {
    if (packet.size() < rtcp_.len) return failure{error::malformed_packet};
    const const_bytes body = packet.first(packet.size() - rtcp_.len);
    if (mki_len_ != 0)
      if (const auto view = rtcp_view::parse(body); view && !has_mki(body, rtcp_)) return failure{error::unknown_mki};
    return rtcp_view::parse(body);
  }
  /// E flag and index of a packet from parse_srtcp, not yet authenticated.
  esrtcp_word word_of(const rtcp_view& packet) const noexcept {
    const std::uint32_t word = core::load_be32(end_of(packet.bytes()) + rtcp_.word);
    return {word >> 31 != 0, word & 0x7fffffffu};
  }

  /// Verifies what parse_srtp found and only then writes the RTP packet to the start of out and returns it. out.data()
  /// == packet.bytes().data(), or disjoint from the whole SRTP packet. Errors: packet_too_long, buffer_too_small,
  /// overlapping_buffers, authentication_failed; nothing is written then.
  result<mutable_bytes> unprotect_rtp(const rtp_view& packet, packet_index index, mutable_bytes out) const noexcept {
    const std::size_t clear_len = encrypts_ ? packet.header_len() : packet.bytes().size();
    const transform_packet job = make_job(packet.bytes(), out, clear_len, packet.ssrc(), index.value());
    if (const auto fit = check(job, with_trailer(packet.bytes(), rtp_), out, 0, rtp_.len); !fit)
      return failure{fit.error()};
    if (!transform_.open_rtp(job, end_of(packet.bytes()) + rtp_.tag)) return failure{error::authentication_failed};
    copy_clear(job);
    return out.first(packet.bytes().size());
  }

  /// The same for what parse_srtcp found, encrypted or not as its E flag says.
  result<mutable_bytes> unprotect_rtcp(const rtcp_view& packet, mutable_bytes out) const noexcept {
    const esrtcp_word word = word_of(packet);
    const transform_packet job = make_job(packet.bytes(), out, rtcp_clear_len(packet, word), packet.ssrc(), word.index);
    if (const auto fit = check(job, with_trailer(packet.bytes(), rtcp_), out, 0, rtcp_.len); !fit)
      return failure{fit.error()};
    const std::uint8_t* const end = end_of(packet.bytes());
    if (!transform_.open_rtcp(job, end + rtcp_.word, end + rtcp_.tag)) return failure{error::authentication_failed};
    copy_clear(job);
    return out.first(packet.bytes().size());
  }

 private:
  /// Offsets behind the payload, and their sum.
  struct trailer {
    std::uint8_t tag, word, mki, len;
  };
  static_assert(max_rtcp_overhead <= 255);

  static trailer lay_out(bool aead, std::size_t tag_len, std::size_t word_len, std::size_t mki_len) noexcept {
    const auto u8 = [](std::size_t n) { return static_cast<std::uint8_t>(n); };
    const std::size_t len = tag_len + word_len + mki_len;
    if (aead) return {0, u8(tag_len), u8(tag_len + word_len), u8(len)};
    return {u8(word_len + mki_len), 0, u8(word_len), u8(len)};
  }

  packet_protection(Transform&& transform, srtp::profile p, const_bytes mki) noexcept
      : transform_(std::move(transform)), profile_(p), mki_len_(static_cast<std::uint8_t>(mki.size())) {
    const profile_parameters constants = parameters(p);
    const bool aead = is_aead(constants.cipher);
    encrypts_ = constants.cipher != cipher::null_hmac_sha1;
    rtp_ = lay_out(aead, constants.rtp_tag_len, 0, mki.size());
    rtcp_ = lay_out(aead, constants.rtcp_tag_len, 4, mki.size());
    core::copy(mki_, mki.data(), mki.size());
  }

  static const std::uint8_t* end_of(const_bytes body) noexcept { return body.data() + body.size(); }
  static const_bytes with_trailer(const_bytes body, const trailer& t) noexcept {
    return {body.data(), body.size() + t.len};
  }
  static transform_packet make_job(const_bytes in, mutable_bytes out, std::size_t clear_len, ssrc source,
                                   std::uint64_t index) noexcept {
    return {in.data(), out.data(), clear_len, in.size() - clear_len, source, index};
  }
  std::size_t rtcp_clear_len(const rtcp_view& packet, esrtcp_word word) const noexcept {
    return word.encrypted && encrypts_ ? rtcp_view::min_header_len : packet.bytes().size();
  }

  /// in, less `removed` bytes, plus `added` bytes, fits out, and both are the same or disjoint.
  result<void> check(const transform_packet& job, const_bytes in, mutable_bytes out, std::size_t added,
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
  std::uint8_t* begin_seal(const transform_packet& job, const trailer& t) const noexcept {
    copy_clear(job);
    std::uint8_t* const end = job.out + job.header_len + job.text_len;
    if (mki_len_ != 0) std::memcpy(end + t.mki, mki_, mki_len_);
    return end;
  }
  /// MKIs aren't secret.
  bool has_mki(const_bytes body, const trailer& t) const noexcept {
    return std::memcmp(end_of(body) + t.mki, mki_, mki_len_) == 0;
  }

  Transform transform_;
  trailer rtp_{};
  trailer rtcp_{};
  srtp::profile profile_;
  bool encrypts_ = true;
  std::uint8_t mki_len_;
  std::uint8_t mki_[max_mki_len]{};
};

}  // namespace sotto::inline SOTTO_ABI::srtp
