// SPDX-License-Identifier: BSL-1.0
// AES-GCM (NIST SP 800-38D, RFC 5116 5.1): 128-, 192- and 256-bit keys, 96-bit nonces, 128-bit tags.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../kernels/aes_gcm/select.hpp"
#include "aead.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// A keyed AES-GCM, bound to the best kernel of the machine when it is created. Move-only; the key is wiped when the
/// object is moved from or ends. Const calls may run on several threads at once.
class aes_gcm {
 public:
  static constexpr std::size_t nonce_len = kernels::aead_nonce_len;
  static constexpr std::size_t tag_len = kernels::aead_tag_len;
  static constexpr std::uint64_t max_text_len = kernels::aes_gcm::max_text_len;
  using nonce = crypto::nonce<nonce_len>;

  /// Expands a key of 16, 24 or 32 bytes (secret). Errors: invalid_key_length. The second form takes one of
  /// kernels::aes_gcm::candidates() that this machine can run: tests and measurements hold several at once.
  static result<aes_gcm> create(const_bytes key) noexcept { return create(key, kernels::aes_gcm::select()); }
  static result<aes_gcm> create(const_bytes key, const kernels::aes_gcm::kernel& kernel) noexcept {
    if (key.size() != 16 && key.size() != 24 && key.size() != 32) return failure{error::invalid_key_length};
    return aes_gcm(key, kernel);
  }

  /// Encrypts plaintext and writes ciphertext ‖ tag (plaintext.size() + 16 bytes) to the start of out, which it
  /// returns. In place (out.data() == plaintext.data()) or disjoint. Errors: buffer_too_small, overlapping_buffers,
  /// message_too_long; out is untouched then. The nonce must never repeat for this key.
  result<mutable_bytes> seal(nonce n, const_bytes aad, const_bytes plaintext, mutable_bytes out) const noexcept {
    return detail::seal(*this, n, aad, plaintext, out);
  }

  /// Verifies ciphertext ‖ tag and only then writes the plaintext (sealed.size() - 16 bytes) to the start of out, which
  /// it returns. In place or disjoint. Errors: authentication_failed (also for fewer than 16 bytes), buffer_too_small,
  /// overlapping_buffers, message_too_long; out is untouched then.
  result<mutable_bytes> open(nonce n, const_bytes aad, const_bytes sealed, mutable_bytes out) const noexcept {
    return detail::open(*this, n, aad, sealed, out);
  }

  /// The seam that packet transforms use: no checks, the preconditions of kernels::aead_packet hold.
  void seal_packet(const kernels::aead_packet& packet, std::uint8_t* tag) const noexcept {
    kernel_->seal(key_.expose(), packet, tag);
  }
  [[nodiscard]] bool open_packet(const kernels::aead_packet& packet, const std::uint8_t* tag) const noexcept {
    return kernel_->open(key_.expose(), packet, tag);
  }

  /// Which kernel this key is bound to, e.g. "x86_vaes512".
  const char* kernel_name() const noexcept { return kernel_->name; }

 private:
  aes_gcm(const_bytes key, const kernels::aes_gcm::kernel& kernel) noexcept : kernel_(&kernel) {
    kernel.expand(key_.expose(), key.data(), key.size());
  }

  core::secret<kernels::aes_gcm::key> key_;
  const kernels::aes_gcm::kernel* kernel_;
};

static_assert(aead<aes_gcm>);

}  // namespace sotto::inline SOTTO_ABI::crypto
