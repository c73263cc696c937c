// SPDX-License-Identifier: BSL-1.0
// SRTP with an AEAD (RFC 7714), and with ChaCha20-Poly1305 as it would have it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/aead.hpp"
#include "../crypto/aes_gcm.hpp"
#include "../crypto/chacha20_poly1305.hpp"
#include "../kernels/aead_packet.hpp"
#include "key_derivation.hpp"
#include "profile.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The profile cipher that an AEAD implements; specialise it beside a new AEAD.
template <crypto::aead A>
inline constexpr cipher cipher_of = cipher::none;
template <>
inline constexpr cipher cipher_of<crypto::aes_gcm> = cipher::aes_gcm;
template <>
inline constexpr cipher cipher_of<crypto::chacha20_poly1305> = cipher::chacha20_poly1305;

/// SRTP with an AEAD (RFC 7714). A's nonces have 12 bytes.
template <crypto::aead A>
class aead_transform {
  static_assert(A::nonce_len == 12 && A::tag_len == 16);

 public:
  static constexpr bool supports(profile p) noexcept { return parameters(p).cipher == cipher_of<A>; }

  /// Binds session keys, one set for each direction's RTP and RTCP: keys as long as the profile's, 12 bytes of salt.
  /// Errors: unsupported, invalid_key_length, invalid_salt_length.
  static result<aead_transform> create(profile p, const session_keys& rtp, const session_keys& rtcp) noexcept {
    if (!supports(p)) return failure{error::unsupported};
    if (rtp.cipher_key.size() != parameters(p).key_len || rtcp.cipher_key.size() != parameters(p).key_len)
      return failure{error::invalid_key_length};
    if (rtp.salt.size() != 12 || rtcp.salt.size() != 12) return failure{error::invalid_salt_length};
    auto rtp_aead = A::create(rtp.cipher_key);
    if (!rtp_aead) return failure{rtp_aead.error()};
    auto rtcp_aead = A::create(rtcp.cipher_key);
    if (!rtcp_aead) return failure{rtcp_aead.error()};
    return aead_transform(std::move(*rtp_aead), std::move(*rtcp_aead), rtp.salt, rtcp.salt);
  }

  static constexpr std::uint64_t max_text_len() noexcept { return A::max_text_len; }

  void seal_rtp(const transform_packet& p, std::uint8_t* tag) const noexcept {
    const nonce iv(salts_.expose().rtp, p);
    rtp_.seal_packet(kernel_packet(iv, p, p.out, nullptr, p.out + p.header_len), tag);
  }
  bool open_rtp(const transform_packet& p, const std::uint8_t* tag) const noexcept {
    const nonce iv(salts_.expose().rtp, p);
    return rtp_.open_packet(kernel_packet(iv, p, p.in, nullptr, p.out + p.header_len), tag);
  }
  bool open_rtp(const transform_packet& p, const std::uint8_t* tag, std::size_t) const noexcept {
    return open_rtp(p, tag);
  }
  bool verify_rtp(const transform_packet& p, const std::uint8_t* tag, std::size_t) const noexcept {
    const nonce iv(salts_.expose().rtp, p);
    return rtp_.open_packet(kernel_packet(iv, p, p.in, nullptr, nullptr), tag);
  }
  void seal_rtcp(const transform_packet& p, const std::uint8_t* esrtcp, std::uint8_t* tag) const noexcept {
    const nonce iv(salts_.expose().rtcp, p);
    rtcp_.seal_packet(kernel_packet(iv, p, p.out, esrtcp, p.out + p.header_len), tag);
  }
  bool open_rtcp(const transform_packet& p, const std::uint8_t* esrtcp, const std::uint8_t* tag) const noexcept {
    const nonce iv(salts_.expose().rtcp, p);
    return rtcp_.open_packet(kernel_packet(iv, p, p.in, esrtcp, p.out + p.header_len), tag);
  }
  bool verify_rtcp(const transform_packet& p, const std::uint8_t* esrtcp, const std::uint8_t* tag) const noexcept {
    const nonce iv(salts_.expose().rtcp, p);
    return rtcp_.open_packet(kernel_packet(iv, p, p.in, esrtcp, nullptr), tag);
  }
  const char* kernel_name() const noexcept { return rtp_.kernel_name(); }

 private:
  struct salt {
    std::uint64_t high;  // bytes 0 to 7, big-endian
    std::uint32_t low;   // bytes 8 to 11
  };
  struct salt_pair {
    salt rtp, rtcp;
  };

  /// RFC 7714 8.1: 00 00 ‖ SSRC ‖ ROC ‖ SEQ, XORed with the salt. 9.1 puts the SRTCP index where the low half of ROC ‖
  /// SEQ is, behind two zero bytes: the same sum for a 31-bit index.
  struct nonce {
    nonce(const salt& s, const transform_packet& p) noexcept {
      core::store_be64(bytes, s.high ^ (std::uint64_t{p.ssrc.value()} << 16) ^ (p.index >> 32));
      core::store_be32(bytes + 8, s.low ^ static_cast<std::uint32_t>(p.index));
    }
    std::uint8_t bytes[12];
  };

  /// RFC 7714 8.2, 9.2, 9.3: the additional data are the header and, for SRTCP, the word behind the tag. A null `text`
  /// verifies only.
  static kernels::aead_packet kernel_packet(const nonce& iv, const transform_packet& p, const std::uint8_t* header,
                                            const std::uint8_t* esrtcp, std::uint8_t* text) noexcept {
    return {iv.bytes,
            header,
            p.header_len,
            esrtcp,
            esrtcp != nullptr ? std::size_t{4} : std::size_t{0},
            p.in + p.header_len,
            text,
            p.text_len};
  }
  static salt load_salt(const_bytes s) noexcept { return {core::load_be64(s.data()), core::load_be32(s.data() + 8)}; }

  aead_transform(A&& rtp, A&& rtcp, const_bytes rtp_salt, const_bytes rtcp_salt) noexcept
      : rtp_(std::move(rtp)), rtcp_(std::move(rtcp)) {
    salts_.expose().rtp = load_salt(rtp_salt);
    salts_.expose().rtcp = load_salt(rtcp_salt);
  }

  A rtp_;
  A rtcp_;
  core::secret<salt_pair> salts_;
};

static_assert(packet_transform<aead_transform<crypto::aes_gcm>>);
static_assert(packet_transform<aead_transform<crypto::chacha20_poly1305>>);

}  // namespace sotto::inline SOTTO_ABI::srtp
