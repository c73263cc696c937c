// SPDX-License-Identifier: BSL-1.0
// Key and salt of one KID, and what is done to a frame with them (RFC 9605 4.4.2 to 4.4.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../cpu/target.hpp"
#include "../crypto/aes_gcm.hpp"
#include "../crypto/hkdf.hpp"
#include "../crypto/sha2.hpp"
#include "../kernels/aead_packet.hpp"
#include "aes_ctr_hmac_sha256.hpp"
#include "base_key.hpp"
#include "cipher_suite.hpp"
#include "header.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// The most metadata of one frame, in bytes: they are gathered behind the header, in memory of fixed size.
inline constexpr std::size_t max_metadata_len = 1024;

/// Bytes of the application's that a frame's tag covers though they travel elsewhere (RFC 9605 9.4), not encrypted.
/// A view: it refers to the bytes, which must outlive its last use.
class metadata {
 public:
  metadata() noexcept = default;
  /// Copies nothing. What takes the metadata checks its length against max_metadata_len.
  explicit metadata(const_bytes bytes) noexcept : bytes_(bytes) {}
  /// The bytes that it was made of.
  const_bytes bytes() const noexcept { return bytes_; }

 private:
  const_bytes bytes_;
};

namespace detail {

/// sframe_key and sframe_salt (RFC 9605 4.4.2).
struct key_and_salt {
  std::uint8_t key[max_key_len];
  std::uint8_t salt[nonce_len];
};

template <class Hash>
void derive_key_salt(cipher_suite s, key_id kid, const base_key& from, key_and_salt& to) noexcept {
  using hkdf = crypto::hkdf<Hash>;
  static constexpr std::string_view key_label = "SFrame 1.0 Secret key ", salt_label = "SFrame 1.0 Secret salt ";
  const auto prk = hkdf::extract(crypto::hkdf_salt(), crypto::hkdf_input(from.expose()));
  std::uint8_t purpose[10];
  core::store_be64(purpose, kid.value());
  core::store_be16(purpose + 8, static_cast<std::uint16_t>(s));
  const auto fill = [&](std::string_view label, mutable_bytes out) {
    const const_bytes info[] = {{reinterpret_cast<const std::uint8_t*>(label.data()), label.size()}, purpose};
    hkdf::expand(prk, crypto::hkdf_info(std::span<const const_bytes>(info)), out).value();
  };
  fill(key_label, mutable_bytes(to.key).first(parameters(s).key_len));
  fill(salt_label, to.salt);
}

/// A frame on its way through the cipher: preconditions of kernels::aead_packet, and at most max_metadata_len bytes of
/// metadata.
struct frame {
  const_bytes header;
  const_bytes metadata;
  counter ctr;
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t text_len;
};

/// Move-only and wiped; a moved-from one has no key and must not be used. Const calls may run on several threads.
class frame_cipher {
  // Unlike std::visit: no table of functions and no exception to throw.
  template <class F>
  SOTTO_ALWAYS_INLINE auto visit(F&& f) const noexcept {
    if (const auto* a = std::get_if<crypto::aes_gcm>(&aead_)) return f(*a);
    return f(*std::get_if<aes_ctr_hmac_sha256>(&aead_));
  }

  /// nonce = salt XOR CTR; the additional data are header ‖ metadata, gathered only if there are two of them.
  template <class F>
  SOTTO_ALWAYS_INLINE auto with_packet(const frame& f, F&& use) const noexcept {
    std::uint8_t nonce[nonce_len];
    core::store_be32(nonce, salt_.expose().high);
    core::store_be64(nonce + 4, salt_.expose().low ^ f.ctr.value());
    std::uint8_t gathered[max_header_len + max_metadata_len];
    const std::uint8_t* aad = f.header.data();
    if (!f.metadata.empty()) {
      core::copy(gathered, f.header.data(), f.header.size());
      core::copy(gathered + f.header.size(), f.metadata.data(), f.metadata.size());
      aad = gathered;
    }
    const kernels::aead_packet packet{nonce, aad,       f.header.size() + f.metadata.size(), nullptr, 0, f.in,
                                      f.out, f.text_len};
    return visit([&](const auto& a) { return use(a, packet); });
  }

 public:
  /// Errors: unsupported (no such suite), invalid_key_length (a base key that was moved from).
  static result<frame_cipher> create(cipher_suite s, key_id kid, const base_key& from) noexcept {
    const suite_parameters wanted = parameters(s);
    if (wanted.key_len == 0) return failure{error::unsupported};
    if (from.expose().empty()) return failure{error::invalid_key_length};
    key_and_salt made;
    const core::wipe_at_exit guard(made);
    if (wanted.hash_len == 64)
      derive_key_salt<crypto::sha512>(s, kid, from, made);
    else
      derive_key_salt<crypto::sha256>(s, kid, from, made);
    const const_bytes key = const_bytes(made.key).first(wanted.key_len);
    if (wanted.tag_len == max_tag_len) return wrap(crypto::aes_gcm::create(key), made, s);
    return wrap(aes_ctr_hmac_sha256::create(key, wanted.tag_len), made, s);
  }

  cipher_suite suite() const noexcept { return suite_; }
  std::size_t tag_len() const noexcept { return tag_len_; }
  const char* kernel_name() const noexcept {
    return visit([](const auto& a) { return a.kernel_name(); });
  }
  /// The most plaintext that one nonce may encrypt.
  std::uint64_t max_text_len() const noexcept {
    return visit([](const auto& a) { return std::decay_t<decltype(a)>::max_text_len; });
  }

  void seal(const frame& f, std::uint8_t* tag) const noexcept {
    with_packet(f, [&](const auto& a, const kernels::aead_packet& p) { a.seal_packet(p, tag); });
  }
  /// False leaves f.out as it was.
  [[nodiscard]] bool open(const frame& f, const std::uint8_t* tag) const noexcept {
    return with_packet(f, [&](const auto& a, const kernels::aead_packet& p) { return a.open_packet(p, tag); });
  }

 private:
  struct salt {
    std::uint32_t high;
    std::uint64_t low;  // the last 8 bytes, big-endian: what the counter is XORed into
  };

  template <class Aead>
  static result<frame_cipher> wrap(result<Aead>&& made, const key_and_salt& from, cipher_suite s) noexcept {
    if (!made) return failure{made.error()};
    return frame_cipher(std::move(*made), from, s);
  }
  template <class Aead>
  frame_cipher(Aead&& aead, const key_and_salt& from, cipher_suite s) noexcept
      : aead_(std::move(aead)), suite_(s), tag_len_(parameters(s).tag_len) {
    salt_.expose() = {core::load_be32(from.salt), core::load_be64(from.salt + 4)};
  }

  std::variant<crypto::aes_gcm, aes_ctr_hmac_sha256> aead_;
  core::secret<salt> salt_;
  cipher_suite suite_;
  std::size_t tag_len_;
};

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::sframe
