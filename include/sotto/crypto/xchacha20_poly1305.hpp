// SPDX-License-Identifier: BSL-1.0
// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03 2.3): as ChaCha20-Poly1305, with nonces of 192 bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../kernels/chacha20_poly1305/select.hpp"
#include "aead.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// A keyed XChaCha20-Poly1305: the first 16 bytes of a nonce make a subkey for each message, so that nonces may be
/// drawn at random. Bound to the best kernel of the machine when it is created. Move-only; the key is wiped when the
/// object is moved from or ends. Const calls may run on several threads at once.
class xchacha20_poly1305 {
 public:
  static constexpr std::size_t key_len = kernels::chacha20_poly1305::key_len;
  static constexpr std::size_t nonce_len = 24;
  static constexpr std::size_t tag_len = kernels::aead_tag_len;
  static constexpr std::uint64_t max_text_len = kernels::chacha20_poly1305::max_text_len;
  using nonce = crypto::nonce<nonce_len>;

  /// Takes a key of 32 bytes (secret). Errors: invalid_key_length. The second form takes one of
  /// kernels::chacha20_poly1305::candidates() that this machine can run.
  static result<xchacha20_poly1305> create(const_bytes key) noexcept {
    return create(key, kernels::chacha20_poly1305::select());
  }
  static result<xchacha20_poly1305> create(const_bytes key, const kernels::chacha20_poly1305::kernel& kernel) noexcept {
    if (key.size() != key_len) return failure{error::invalid_key_length};
    return xchacha20_poly1305(key, kernel);
  }

  /// Encrypts plaintext and writes ciphertext ‖ tag (plaintext.size() + 16 bytes) to the start of out, which it
  /// returns. In place (out.data() == plaintext.data()) or disjoint. Errors: buffer_too_small, overlapping_buffers,
  /// message_too_long (2^38 - 64 bytes is the most); out is untouched then. The nonce must never repeat for this key.
  result<mutable_bytes> seal(nonce n, const_bytes aad, const_bytes plaintext, mutable_bytes out) const noexcept {
    return detail::seal(*this, n, aad, plaintext, out);
  }

  /// Verifies ciphertext ‖ tag and only then writes the plaintext (sealed.size() - 16 bytes) to the start of out, which
  /// it returns. In place or disjoint. Errors: authentication_failed (also for fewer than 16 bytes), buffer_too_small,
  /// overlapping_buffers, message_too_long; out is untouched then.
  result<mutable_bytes> open(nonce n, const_bytes aad, const_bytes sealed, mutable_bytes out) const noexcept {
    return detail::open(*this, n, aad, sealed, out);
  }

  /// The seam for layers above: no checks, the preconditions of kernels::aead_packet hold, but the nonce is 24 bytes.
  void seal_packet(const kernels::aead_packet& packet, std::uint8_t* tag) const noexcept {
    const message m(*this, packet);
    kernel_->seal(m.subkey.expose(), m.packet, tag);
  }
  [[nodiscard]] bool open_packet(const kernels::aead_packet& packet, const std::uint8_t* tag) const noexcept {
    const message m(*this, packet);
    return kernel_->open(m.subkey.expose(), m.packet, tag);
  }

  /// Which kernel this key is bound to, e.g. "x86_avx2".
  const char* kernel_name() const noexcept { return kernel_->name; }

 private:
  /// What ChaCha20-Poly1305 sees: the subkey, and four zero bytes before the rest of the nonce.
  struct message {
    message(const xchacha20_poly1305& x, const kernels::aead_packet& p) noexcept : packet(p) {
      x.kernel_->hchacha20(x.key_.expose(), p.nonce, subkey.expose());
      core::copy(rest + 4, p.nonce + 16, 8);
      packet.nonce = rest;
    }
    message(const message&) = delete;
    message& operator=(const message&) = delete;

    core::secret<kernels::chacha20_poly1305::key> subkey;
    std::uint8_t rest[kernels::aead_nonce_len] = {};
    kernels::aead_packet packet;
  };

  xchacha20_poly1305(const_bytes key, const kernels::chacha20_poly1305::kernel& kernel) noexcept : kernel_(&kernel) {
    core::copy(key_.expose().bytes, key.data(), key_len);
  }

  core::secret<kernels::chacha20_poly1305::key> key_;
  const kernels::chacha20_poly1305::kernel* kernel_;
};

static_assert(aead<xchacha20_poly1305>);

}  // namespace sotto::inline SOTTO_ABI::crypto
