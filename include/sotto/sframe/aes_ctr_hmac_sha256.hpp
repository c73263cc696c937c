// SPDX-License-Identifier: BSL-1.0
// SFrame's AEAD with short tags (RFC 9605 4.5.1): AES-128 in counter mode, then HMAC-SHA256 over the ciphertext.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/aead.hpp"
#include "../crypto/hmac.hpp"
#include "../crypto/sha2.hpp"
#include "../kernels/aead_packet.hpp"
#include "../kernels/aes/select.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// A keyed AES_128_CTR_HMAC_SHA256 with tags of 10, 8 or 4 bytes, AES and both HMAC states expanded. Move-only and
/// wiped. Const calls may run on several threads at once.
class aes_ctr_hmac_sha256 {
 public:
  static constexpr std::size_t key_len = 48;  ///< 16 bytes for AES, 32 for HMAC
  static constexpr std::size_t nonce_len = kernels::aead_nonce_len;
  /// The block counter has 32 bits.
  static constexpr std::uint64_t max_text_len = std::uint64_t{1} << 36;
  using nonce = crypto::nonce<nonce_len>;

  /// Expands a key of 48 bytes (secret). The last parameters are one of kernels::aes::candidates() and
  /// kernels::sha256::candidates() each that this machine can run. Errors: invalid_key_length, invalid_argument (a tag
  /// length that no suite has).
  static result<aes_ctr_hmac_sha256> create(
      const_bytes key, std::size_t tag_len, const kernels::aes::kernel& aes = kernels::aes::select(),
      const crypto::sha256::kernel& sha256 = crypto::sha256::best_kernel()) noexcept {
    if (key.size() != key_len) return failure{error::invalid_key_length};
    if (tag_len != 10 && tag_len != 8 && tag_len != 4) return failure{error::invalid_argument};
    return aes_ctr_hmac_sha256(key, tag_len, aes, sha256);
  }

  std::size_t tag_len() const noexcept { return tag_len_; }

  /// Encrypts plaintext and writes ciphertext ‖ tag to the start of out, which it returns. In place or disjoint; aad
  /// lies elsewhere. Errors: buffer_too_small, overlapping_buffers, message_too_long; out is untouched then. The nonce
  /// must never repeat for this key.
  result<mutable_bytes> seal(nonce n, const_bytes aad, const_bytes plaintext, mutable_bytes out) const noexcept {
    if (out.size() < tag_len_ || out.size() - tag_len_ < plaintext.size()) return failure{error::buffer_too_small};
    out = out.first(plaintext.size() + tag_len_);
    const auto checked = crypto::detail::check_text<aes_ctr_hmac_sha256>(aad, plaintext, out);
    if (!checked) return failure{checked.error()};
    seal_packet(crypto::detail::make_packet(n.data(), aad, plaintext.data(), out.data(), plaintext.size()),
                out.data() + plaintext.size());
    return out;
  }

  /// Verifies ciphertext ‖ tag and only then writes the plaintext to the start of out, which it returns. In place or
  /// disjoint; aad lies elsewhere. Errors: authentication_failed (also for less than a tag), buffer_too_small,
  /// overlapping_buffers, message_too_long; out is untouched then.
  result<mutable_bytes> open(nonce n, const_bytes aad, const_bytes sealed, mutable_bytes out) const noexcept {
    if (sealed.size() < tag_len_) return failure{error::authentication_failed};
    const const_bytes text = sealed.first(sealed.size() - tag_len_);
    if (out.size() < text.size()) return failure{error::buffer_too_small};
    out = out.first(text.size());
    if (!core::same_or_disjoint(sealed, out)) return failure{error::overlapping_buffers};
    const auto checked = crypto::detail::check_text<aes_ctr_hmac_sha256>(aad, text, out);
    if (!checked) return failure{checked.error()};
    if (!open_packet(crypto::detail::make_packet(n.data(), aad, sealed.data(), out.data(), text.size()),
                     sealed.data() + text.size()))
      return failure{error::authentication_failed};
    return out;
  }

  /// The seam that frames use: no checks, the preconditions of kernels::aead_packet hold.
  void seal_packet(const kernels::aead_packet& p, std::uint8_t* tag) const noexcept {
    apply_key_stream(p);
    std::uint8_t whole[mac::tag_len];
    compute_tag(p, p.out, whole);
    core::copy(tag, whole, tag_len_);  // the rest of it is as public as this part, were it sent
  }
  [[nodiscard]] bool open_packet(const kernels::aead_packet& p, const std::uint8_t* tag) const noexcept {
    std::uint8_t expected[mac::tag_len];
    const core::wipe_at_exit guard(expected);
    compute_tag(p, p.in, expected);
    if (!core::equal(expected, tag, tag_len_)) return false;
    if (p.out != nullptr) apply_key_stream(p);
    return true;
  }

  /// Which kernel encrypts, e.g. "x86_vaes512".
  const char* kernel_name() const noexcept { return aes_->name; }

 private:
  using mac = crypto::hmac_sha256;
  static constexpr std::size_t aes_key_len = 16;

  aes_ctr_hmac_sha256(const_bytes key, std::size_t tag_len, const kernels::aes::kernel& aes,
                      const crypto::sha256::kernel& sha256) noexcept
      : mac_(key.subspan(aes_key_len), sha256), aes_(&aes), tag_len_(tag_len) {
    aes.expand(aes_key_.expose(), key.data(), aes_key_len);
  }

  /// The first counter block is nonce ‖ 00000000.
  void apply_key_stream(const kernels::aead_packet& p) const noexcept {
    std::uint8_t block[kernels::aes::block_len]{};
    core::copy(block, p.nonce, nonce_len);
    aes_->ctr(aes_key_.expose(), block, p.in, p.out, p.text_len);
  }

  /// len(aad) ‖ len(ct) ‖ Nt ‖ nonce ‖ aad ‖ ct, the lengths in 8 bytes each.
  void compute_tag(const kernels::aead_packet& p, const std::uint8_t* ciphertext,
                   std::span<std::uint8_t, mac::tag_len> out) const noexcept {
    std::uint8_t head[24 + nonce_len];
    core::store_be64(head, std::uint64_t{p.aad_len} + p.aad_tail_len);
    core::store_be64(head + 8, p.text_len);
    core::store_be64(head + 16, tag_len_);
    core::copy(head + 24, p.nonce, nonce_len);
    auto message = mac_.begin();
    message.update(head);
    message.update({p.aad, p.aad_len});
    message.update({p.aad_tail, p.aad_tail_len});
    message.update({ciphertext, p.text_len});
    message.finish(out);
  }

  core::secret<kernels::aes::key> aes_key_;
  mac mac_;
  const kernels::aes::kernel* aes_;
  std::size_t tag_len_;
};

}  // namespace sotto::inline SOTTO_ABI::sframe
