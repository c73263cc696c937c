// SPDX-License-Identifier: BSL-1.0
// SRTP with AES counter mode or no cipher, and HMAC-SHA1 (RFC 3711 4, RFC 6188).
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../kernels/aes_cm_hmac_sha1/select.hpp"
#include "key_derivation.hpp"
#include "profile.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// AES counter mode or no cipher, with HMAC-SHA1 (RFC 3711 4.1.1, 4.1.3, 4.2.1; RFC 6188).
class aes_cm_hmac_sha1_transform {
 public:
  static constexpr bool supports(profile p) noexcept {
    return parameters(p).cipher == cipher::aes_cm_hmac_sha1 || parameters(p).cipher == cipher::null_hmac_sha1;
  }

  /// Binds session keys: cipher keys as long as the profile's, 14 bytes of salt, 20 of authentication key. The last
  /// parameter is one of kernels::aes_cm_hmac_sha1::candidates() that this machine can run.
  /// Errors: unsupported, invalid_key_length, invalid_salt_length.
  static result<aes_cm_hmac_sha1_transform> create(
      profile p, const session_keys& rtp, const session_keys& rtcp,
      const kernels::aes_cm_hmac_sha1::kernel& kernel = kernels::aes_cm_hmac_sha1::select()) noexcept {
    if (!supports(p)) return failure{error::unsupported};
    for (const session_keys* k : {&rtp, &rtcp}) {
      if (k->cipher_key.size() != parameters(p).key_len || k->authentication_key.size() != authentication_key_len)
        return failure{error::invalid_key_length};
      if (k->salt.size() != 14) return failure{error::invalid_salt_length};
    }
    return aes_cm_hmac_sha1_transform(p, rtp, rtcp, kernel);
  }

  static constexpr std::uint64_t max_text_len() noexcept { return kernels::aes_cm_hmac_sha1::max_text_len; }

  void seal_rtp(const transform_packet& p, std::uint8_t* tag) const noexcept {
    const rollover roc(p);
    seal(rtp_.expose(), p, roc.bytes, tag, rtp_tag_len_);
  }
  bool open_rtp(const transform_packet& p, const std::uint8_t* tag) const noexcept {
    return open_rtp(p, tag, rtp_tag_len_);
  }
  bool open_rtp(const transform_packet& p, const std::uint8_t* tag, std::size_t tag_len) const noexcept {
    const rollover roc(p);
    return open(rtp_.expose(), p, roc.bytes, tag, tag_len);
  }
  /// HMAC covers what is sent: a packet that is all header isn't decrypted.
  bool verify_rtp(const transform_packet& p, const std::uint8_t* tag, std::size_t tag_len) const noexcept {
    return open_rtp(all_header(p), tag, tag_len);
  }
  bool verify_rtcp(const transform_packet& p, const std::uint8_t* esrtcp, const std::uint8_t* tag) const noexcept {
    return open_rtcp(all_header(p), esrtcp, tag);
  }
  void seal_rtcp(const transform_packet& p, const std::uint8_t* esrtcp, std::uint8_t* tag) const noexcept {
    seal(rtcp_.expose(), p, esrtcp, tag, rtcp_tag_len_);
  }
  bool open_rtcp(const transform_packet& p, const std::uint8_t* esrtcp, const std::uint8_t* tag) const noexcept {
    return open(rtcp_.expose(), p, esrtcp, tag, rtcp_tag_len_);
  }
  const char* kernel_name() const noexcept { return kernel_->name; }

 private:
  struct direction {
    kernels::aes_cm_hmac_sha1::key key;
    std::uint64_t salt_high;  // k_s * 2^16 as two big-endian halves
    std::uint64_t salt_low;
  };

  /// RFC 3711 4.1.1: (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16).
  struct counter {
    counter(const direction& d, const transform_packet& p) noexcept {
      core::store_be64(bytes, d.salt_high ^ p.ssrc.value());
      core::store_be64(bytes + 8, d.salt_low ^ (p.index << 16));
    }
    std::uint8_t bytes[16];
  };
  /// RFC 3711 4.2: the ROC is authenticated behind the packet.
  struct rollover {
    explicit rollover(const transform_packet& p) noexcept {
      core::store_be32(bytes, static_cast<std::uint32_t>(p.index >> 16));
    }
    std::uint8_t bytes[4];
  };

  static void bind(direction& d, const session_keys& k, const kernels::aes_cm_hmac_sha1::kernel& kernel) noexcept {
    kernel.expand(d.key, k.cipher_key.data(), k.cipher_key.size(), k.authentication_key.data(),
                  k.authentication_key.size());
    d.salt_high = core::load_be64(k.salt.data());
    d.salt_low = (std::uint64_t{core::load_be32(k.salt.data() + 8)} << 32) |
                 (std::uint64_t{core::load_be16(k.salt.data() + 12)} << 16);
  }
  aes_cm_hmac_sha1_transform(profile p, const session_keys& rtp, const session_keys& rtcp,
                             const kernels::aes_cm_hmac_sha1::kernel& kernel) noexcept
      : kernel_(&kernel), rtp_tag_len_(parameters(p).rtp_tag_len), rtcp_tag_len_(parameters(p).rtcp_tag_len) {
    bind(rtp_.expose(), rtp, kernel);
    bind(rtcp_.expose(), rtcp, kernel);
  }

  void seal(const direction& d, const transform_packet& p, const std::uint8_t* suffix, std::uint8_t* tag,
            std::size_t tag_len) const noexcept {
    const counter iv(d, p);
    kernel_->seal(d.key, kernel_packet(iv, p, suffix), tag, tag_len);
  }
  bool open(const direction& d, const transform_packet& p, const std::uint8_t* suffix, const std::uint8_t* tag,
            std::size_t tag_len) const noexcept {
    const counter iv(d, p);
    return kernel_->open(d.key, kernel_packet(iv, p, suffix), tag, tag_len);
  }
  static transform_packet all_header(transform_packet p) noexcept {
    p.header_len += p.text_len;
    p.text_len = 0;
    return p;
  }
  static kernels::aes_cm_hmac_sha1::packet kernel_packet(const counter& iv, const transform_packet& p,
                                                         const std::uint8_t* suffix) noexcept {
    return {iv.bytes, suffix, p.in + p.header_len, p.out + p.header_len, p.header_len, p.text_len};
  }

  core::secret<direction> rtp_;
  core::secret<direction> rtcp_;
  const kernels::aes_cm_hmac_sha1::kernel* kernel_;
  std::uint8_t rtp_tag_len_;
  std::uint8_t rtcp_tag_len_;
};

static_assert(packet_transform<aes_cm_hmac_sha1_transform>);

}  // namespace sotto::inline SOTTO_ABI::srtp
