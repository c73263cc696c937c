// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 (RFC 8439 2.8): 256-bit keys, 96-bit nonces, 128-bit tags. Fast without AES instructions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../kernels/chacha20_poly1305/select.hpp"
#include "aead.hpp"
#include "aead_batch.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// A keyed ChaCha20-Poly1305, bound to the best kernel of the machine when it is created. Move-only; the key is wiped
/// when the object is moved from or ends. Const calls may run on several threads at once.
class chacha20_poly1305 {
 public:
  static constexpr std::size_t key_len = kernels::chacha20_poly1305::key_len;
  static constexpr std::size_t nonce_len = kernels::aead_nonce_len;
  static constexpr std::size_t tag_len = kernels::aead_tag_len;
  static constexpr std::uint64_t max_text_len = kernels::chacha20_poly1305::max_text_len;
  using nonce = crypto::nonce<nonce_len>;
  using job = aead_job<chacha20_poly1305>;

  /// Takes a key of 32 bytes (secret). Errors: invalid_key_length. The second form takes one of
  /// kernels::chacha20_poly1305::candidates() that this machine can run: tests and measurements hold several at once.
  static result<chacha20_poly1305> create(const_bytes key) noexcept {
    return create(key, kernels::chacha20_poly1305::select());
  }
  static result<chacha20_poly1305> create(const_bytes key, const kernels::chacha20_poly1305::kernel& kernel) noexcept {
    if (key.size() != key_len) return failure{error::invalid_key_length};
    return chacha20_poly1305(key, kernel);
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

  /// Does seal or open for each job with the job's own key, and leaves what it returned in the job's outcome. Faster
  /// than single calls for short messages, which share the processor's vectors. Jobs may share keys, AAD and inputs; if
  /// one writes what another reads or writes, they run in their order. A job's refusal touches no other job.
  static void seal_batch(std::span<job> jobs) noexcept { run<true>(jobs); }
  static void open_batch(std::span<job> jobs) noexcept { run<false>(jobs); }

  /// The seam that packet transforms use: no checks, the preconditions of kernels::aead_packet hold.
  void seal_packet(const kernels::aead_packet& packet, std::uint8_t* tag) const noexcept {
    kernel_->seal(key_.expose(), packet, tag);
  }
  [[nodiscard]] bool open_packet(const kernels::aead_packet& packet, const std::uint8_t* tag) const noexcept {
    return kernel_->open(key_.expose(), packet, tag);
  }

  /// Which kernel this key is bound to, e.g. "x86_avx2".
  const char* kernel_name() const noexcept { return kernel_->name; }

 private:
  chacha20_poly1305(const_bytes key, const kernels::chacha20_poly1305::kernel& kernel) noexcept : kernel_(&kernel) {
    core::copy(key_.expose().bytes, key.data(), key_len);
  }

  template <bool Sealing>
  static void run(std::span<job> jobs) noexcept {
    detail::batch<Sealing, kernels::chacha20_poly1305::kernel, kernels::chacha20_poly1305::job> waiting;
    for (job& j : jobs) {
      if (j.key == nullptr) {
        j.outcome = failure{error::invalid_argument};
        continue;
      }
      j.outcome = Sealing ? detail::check_seal<chacha20_poly1305>(j.aad, j.in, j.out)
                          : detail::check_open<chacha20_poly1305>(j.aad, j.in, j.out);
      if (!j.outcome) continue;
      const std::size_t text_len = Sealing ? j.in.size() : j.outcome->size();
      // open_batch only reads the tag.
      std::uint8_t* tag = (Sealing ? j.out.data() : const_cast<std::uint8_t*>(j.in.data())) + text_len;
      waiting.next() = {&j.key->key_.expose(),
                        detail::make_packet(j.nonce.data(), j.aad, j.in.data(), j.out.data(), text_len), tag, false};
      waiting.add(*j.key->kernel_, j.outcome);
    }
    waiting.run();
  }

  core::secret<kernels::chacha20_poly1305::key> key_;
  const kernels::chacha20_poly1305::kernel* kernel_;
};

static_assert(aead<chacha20_poly1305>);

}  // namespace sotto::inline SOTTO_ABI::crypto
