// SPDX-License-Identifier: BSL-1.0
// The one secret that an SFrame sender and its receivers share (RFC 9605 4.4.1), and its ratchet (5.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/hkdf.hpp"
#include "../crypto/sha2.hpp"
#include "cipher_suite.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// The RFC sets no length for a base key. Fewer bytes than the smallest cipher key make no sense, more than the largest
/// hash have no use.
inline constexpr std::size_t min_base_key_len = 16;
inline constexpr std::size_t max_base_key_len = 64;

/// A base_key. Move-only and wiped. A sender or a receiver consumes it, so one object never serves both directions, nor
/// two senders: RFC 9605 4.4.1 has each key marked for encryption or decryption, never both, and here that is what it
/// was moved into. The same bytes in two objects escape this; whoever distributes them sees to it that each end creates
/// either. Const calls may run on several threads at once.
class base_key {
 public:
  /// Copies 16 to 64 bytes (secret, uniformly random). They belong to one sender: two that encrypt with the same key
  /// and KID give both plaintexts away. Errors: invalid_key_length.
  static result<base_key> create(const_bytes bytes) noexcept {
    if (bytes.size() < min_base_key_len || bytes.size() > max_base_key_len) return failure{error::invalid_key_length};
    return base_key(bytes);
  }

  /// The key one ratchet step further, from which nobody finds back: as many bytes as the suite's hash gives. Empty if
  /// this one was moved from or there is no such suite; senders and receivers refuse an empty key.
  [[nodiscard]] base_key next(cipher_suite s) const noexcept {
    if (bytes_.size() == 0 || parameters(s).hash_len == 0) return base_key();
    return parameters(s).hash_len == 64 ? next<crypto::sha512>() : next<crypto::sha256>();
  }

  /// The secret itself, for distribution over an end-to-end protected channel; empty after a move. Refers to this
  /// object.
  const_bytes expose() const& noexcept { return bytes_.expose(); }
  const_bytes expose() const&& = delete;

 private:
  base_key() noexcept = default;
  explicit base_key(const_bytes bytes) noexcept : bytes_(bytes) {}

  /// RFC 9605 5.1.
  template <class Hash>
  base_key next() const noexcept {
    using hkdf = crypto::hkdf<Hash>;
    const auto prk = hkdf::extract(crypto::hkdf_salt(), crypto::hkdf_input(expose()));
    return base_key(hkdf::template expand<Hash::digest_len>(prk, crypto::hkdf_info("SFrame 1.0 Ratchet")).expose());
  }

  core::secret_bytes<max_base_key_len> bytes_;
};

}  // namespace sotto::inline SOTTO_ABI::sframe
