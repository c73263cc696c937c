// SPDX-License-Identifier: BSL-1.0
// Where each piece of a protected packet lies: the wire formats of RFC 3711 3.1 and 3.4, RFC 7714 8.2 and 9.2, RFC
// 4771.
//
//                HMAC profiles                         AEAD profiles
//     SRTP       payload ‖ MKI ‖ [ROC] ‖ tag           ciphertext ‖ tag ‖ MKI ‖ [ROC]
//     SRTCP      data ‖ E,index ‖ MKI ‖ tag            ciphertext ‖ tag ‖ E,index ‖ MKI
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "keying.hpp"
#include "packet.hpp"
#include "packet_index.hpp"
#include "profile.hpp"
#include "protection_options.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The word behind SRTCP packets: the E flag above the 31-bit index (RFC 3711 3.4).
struct esrtcp_word {
  bool encrypted;
  std::uint32_t index;
};

namespace detail {

/// Offsets behind the payload and lengths, in bytes.
struct trailer {
  std::uint8_t tag, tag_len;
  std::uint8_t word;  // SRTCP's E flag and index
  std::uint8_t mki;
  std::uint8_t roc;  // 4 bytes where carries_roc
  std::uint8_t len;  // all of it
  bool carries_roc;
};

/// The layout of one session's packets: all its master keys have one profile and one length of MKI.
class packet_layout {
 public:
  /// mki_len is at most max_mki_len, the options passed check().
  packet_layout(profile p, const protection_options& o, std::size_t mki_len) noexcept
      : carriage_(o.roc_carriage), mki_len_(static_cast<std::uint8_t>(mki_len)) {
    const profile_parameters constants = parameters(p);
    const bool aead = is_aead(constants.cipher);
    const std::size_t tag_len = constants.rtp_tag_len;
    rtcp_ = aead ? aead_trailer(constants.rtcp_tag_len, 4, 0) : hmac_trailer(constants.rtcp_tag_len, 4, 0);
    if (aead) {
      rtp_ = aead_trailer(tag_len, 0, 0);
      with_roc_ = aead_trailer(tag_len, 0, 4);
      return;
    }
    const roc_carriage_mode mode = carriage_.mode;
    const bool bare = mode == roc_carriage_mode::mode_1 || mode == roc_carriage_mode::mode_3;
    rtp_ = hmac_trailer(bare ? 0 : tag_len, 0, 0);
    // RFC 4771 5: a tag of n bytes with a ROC leaves n - 4 to the MAC.
    with_roc_ = hmac_trailer(mode == roc_carriage_mode::mode_3 || tag_len < 4 ? 0 : tag_len - 4, 0, 4);
  }

  const trailer& rtcp() const noexcept { return rtcp_; }
  /// The trailer of an RTP packet without a ROC, and of the one with this sequence number.
  const trailer& plain_rtp() const noexcept { return rtp_; }
  const trailer& rtp(sequence_number seq) const noexcept {
    return carriage_.mode != roc_carriage_mode::none && seq.value() % carriage_.rate == 0 ? with_roc_ : rtp_;
  }
  bool carries_rocs() const noexcept { return carriage_.mode != roc_carriage_mode::none; }
  std::size_t max_rtp_len() const noexcept {
    return carries_rocs() && with_roc_.len > rtp_.len ? with_roc_.len : rtp_.len;
  }
  std::size_t mki_len() const noexcept { return mki_len_; }

  /// The part of an SRTP packet before its trailer; the trailer lies behind the view's bytes. Errors: malformed_packet.
  result<rtp_view> parse_srtp(const_bytes packet) const noexcept {
    if (!carries_rocs()) return parse_plain_srtp(packet);
    if (packet.size() < rtp_view::min_header_len) return failure{error::malformed_packet};
    return parse(packet, rtp(sequence_number(core::load_be16(packet.data() + 2))));
  }
  /// The same where no packet carries a ROC.
  result<rtp_view> parse_plain_srtp(const_bytes packet) const noexcept { return parse(packet, rtp_); }
  /// The same for SRTCP.
  result<rtcp_view> parse_srtcp(const_bytes packet) const noexcept {
    if (packet.size() < rtcp_.len) return failure{error::malformed_packet};
    return rtcp_view::parse(packet.first(packet.size() - rtcp_.len));
  }

  /// What lies behind a packet that parse_srtp or parse_srtcp found.
  static const std::uint8_t* end_of(const_bytes body) noexcept { return body.data() + body.size(); }
  const_bytes mki_of(const rtp_view& p) const noexcept { return {end_of(p.bytes()) + rtp(p.sequence()).mki, mki_len_}; }
  const_bytes mki_of(const rtcp_view& p) const noexcept { return {end_of(p.bytes()) + rtcp_.mki, mki_len_}; }
  /// E flag and index, not yet authenticated.
  esrtcp_word word_of(const rtcp_view& p) const noexcept {
    const std::uint32_t word = core::load_be32(end_of(p.bytes()) + rtcp_.word);
    return {word >> 31 != 0, word & 0x7fffffffu};
  }
  /// The ROC that this packet carries, not yet authenticated; call it only where rtp(seq).carries_roc.
  rollover_counter roc_of(const rtp_view& p) const noexcept {
    return rollover_counter(core::load_be32(end_of(p.bytes()) + rtp(p.sequence()).roc));
  }

 private:
  static result<rtp_view> parse(const_bytes packet, const trailer& t) noexcept {
    if (packet.size() < t.len) return failure{error::malformed_packet};
    return rtp_view::parse(packet.first(packet.size() - t.len));
  }
  static std::uint8_t u8(std::size_t n) noexcept { return static_cast<std::uint8_t>(n); }
  trailer aead_trailer(std::size_t tag_len, std::size_t word_len, std::size_t roc_len) const noexcept {
    const std::size_t mki = tag_len + word_len, roc = mki + mki_len_;
    return {0, u8(tag_len), u8(tag_len), u8(mki), u8(roc), u8(roc + roc_len), roc_len != 0};
  }
  trailer hmac_trailer(std::size_t tag_len, std::size_t word_len, std::size_t roc_len) const noexcept {
    const std::size_t roc = word_len + mki_len_, tag = roc + roc_len;
    return {u8(tag), u8(tag_len), 0, u8(word_len), u8(roc), u8(tag + tag_len), roc_len != 0};
  }

  trailer rtp_{}, with_roc_{}, rtcp_{};
  srtp::roc_carriage carriage_;
  std::uint8_t mki_len_;
};

}  // namespace detail

/// The most that protection adds to a packet of any profile, in bytes: tag, MKI, ROC, the empty extension that Cryptex
/// adds to packets with CSRCs only; for RTCP E flag and index. Senders with length_hiding add max_padding_len at most.
inline constexpr std::size_t max_rtp_overhead = 16 + max_mki_len + 4 + 4;
inline constexpr std::size_t max_rtcp_overhead = 16 + 4 + max_mki_len;
static_assert(max_rtp_overhead <= 255 && max_rtcp_overhead <= 255);

}  // namespace sotto::inline SOTTO_ABI::srtp
