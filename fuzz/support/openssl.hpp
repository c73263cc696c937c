// SPDX-License-Identifier: BSL-1.0
// The same algorithms from OpenSSL, where it is installed: an answer that shares no code with ours.
#pragma once

#if defined(SOTTO_PEER_OPENSSL)

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "check.hpp"
#include "input.hpp"

namespace fuzz::openssl {

namespace detail {

inline void must(int outcome) { require(outcome == 1, "OpenSSL refused a valid call"); }
inline int as_int(std::size_t n) { return static_cast<int>(n); }
inline std::size_t must_be_positive(int n) {
  must(n > 0);
  return static_cast<std::size_t>(n);
}

/// Fetched once per mode and key size: fetching costs more than a short message.
inline const EVP_CIPHER* cipher(const char* const (&names)[3], const EVP_CIPHER* (&fetched)[3], std::size_t key_len) {
  const std::size_t i = key_len / 8 - 2;
  if (fetched[i] == nullptr) fetched[i] = EVP_CIPHER_fetch(nullptr, names[i], nullptr);
  require(fetched[i] != nullptr, "OpenSSL has no such cipher");
  return fetched[i];
}

inline EVP_CIPHER_CTX* context() {
  static EVP_CIPHER_CTX* const c = EVP_CIPHER_CTX_new();
  return c;
}

/// Ciphertext ‖ tag of an AEAD, or with neither AAD nor tag what any other cipher makes.
inline bytes encrypt(const EVP_CIPHER* cipher, const bytes& key, const std::uint8_t* iv, const bytes* aad,
                     const bytes& text) {
  EVP_CIPHER_CTX* const c = context();
  bytes out(text.size() + (aad != nullptr ? 16 : 0));
  int len = 0;
  must(EVP_CIPHER_CTX_reset(c));
  must(EVP_EncryptInit_ex(c, cipher, nullptr, key.data(), iv));
  if (aad != nullptr && !aad->empty()) must(EVP_EncryptUpdate(c, nullptr, &len, aad->data(), as_int(aad->size())));
  if (!text.empty()) must(EVP_EncryptUpdate(c, out.data(), &len, text.data(), as_int(text.size())));
  if (aad == nullptr) return out;
  must(EVP_EncryptFinal_ex(c, out.data() + text.size(), &len));
  must(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, out.data() + text.size()));
  return out;
}

}  // namespace detail

/// Ciphertext with the 16-byte tag behind it.
inline bytes gcm_seal(const bytes& key, const bytes& nonce, const bytes& aad, const bytes& text) {
  static const char* const names[] = {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"};
  static const EVP_CIPHER* fetched[3];
  return detail::encrypt(detail::cipher(names, fetched, key.size()), key, nonce.data(), &aad, text);
}
inline bytes chacha20_poly1305_seal(const bytes& key, const bytes& nonce, const bytes& aad, const bytes& text) {
  static const EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  return detail::encrypt(fetched, key, nonce.data(), &aad, text);
}

/// Counter mode with a 128-bit counter.
inline bytes ctr(const bytes& key, const bytes& counter, const bytes& text) {
  static const char* const names[] = {"AES-128-CTR", "AES-192-CTR", "AES-256-CTR"};
  static const EVP_CIPHER* fetched[3];
  return detail::encrypt(detail::cipher(names, fetched, key.size()), key, counter.data(), nullptr, text);
}

/// Whole blocks, one by one.
inline bytes ecb(const bytes& key, const bytes& text) {
  static const char* const names[] = {"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"};
  static const EVP_CIPHER* fetched[3];
  return detail::encrypt(detail::cipher(names, fetched, key.size()), key, nullptr, nullptr, text);
}

/// RFC 8439 2.4, the counter modulo 2^32: OpenSSL's counter has 64 bits, so that it starts again where ours wraps.
inline bytes chacha20(const bytes& key, std::uint32_t counter, const bytes& nonce, const bytes& text) {
  static const EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "ChaCha20", nullptr);
  const std::uint64_t to_wrap = ((std::uint64_t{1} << 32) - counter) * 64;
  const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(to_wrap, text.size()));
  bytes iv;
  for (int shift = 0; shift < 32; shift += 8) iv.push_back(static_cast<std::uint8_t>(counter >> shift));
  append(iv, nonce);
  bytes out = detail::encrypt(fetched, key, iv.data(), nullptr, slice(text, 0, now));
  if (now != text.size()) append(out, chacha20(key, 0, nonce, slice(text, now, text.size() - now)));
  return out;
}

inline bytes poly1305(const bytes& one_time_key, const bytes& message) {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "POLY1305", nullptr);
  static EVP_MAC_CTX* const c = EVP_MAC_CTX_new(algorithm);
  bytes tag(16);
  std::size_t len = 0;
  detail::must(EVP_MAC_init(c, one_time_key.data(), one_time_key.size(), nullptr));
  detail::must(EVP_MAC_update(c, message.data(), message.size()));
  detail::must(EVP_MAC_final(c, tag.data(), &len, tag.size()));
  return tag;
}

inline bytes digest(const EVP_MD* hash, const bytes& message) {
  bytes out(detail::must_be_positive(EVP_MD_get_size(hash)));
  detail::must(EVP_Digest(message.data(), message.size(), out.data(), nullptr, hash, nullptr));
  return out;
}

inline bytes hmac(const EVP_MD* hash, const bytes& key, const bytes& message) {
  // A null key would mean "the previous one".
  static const std::uint8_t none = 0;
  bytes out(detail::must_be_positive(EVP_MD_get_size(hash)));
  require(HMAC(hash, key.empty() ? &none : key.data(), detail::as_int(key.size()), message.data(), message.size(),
               out.data(), nullptr) != nullptr,
          "OpenSSL refused a valid call");
  return out;
}

/// HKDF in one of EVP_KDF's modes. A missing salt or info is an empty one.
inline bytes hkdf(int mode, const EVP_MD* hash, const bytes& key, const char* second_name, const bytes& second,
                  std::size_t len) {
  static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  static EVP_KDF_CTX* const c = EVP_KDF_CTX_new(algorithm);
  static std::uint8_t none = 0;
  require(c != nullptr, "OpenSSL has no HKDF");
  const auto octets = [](const char* name, const bytes& b) {
    return OSSL_PARAM_construct_octet_string(name, b.empty() ? &none : const_cast<std::uint8_t*>(b.data()), b.size());
  };
  const OSSL_PARAM given[] = {
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>(EVP_MD_get0_name(hash)), 0),
      octets(OSSL_KDF_PARAM_KEY, key), octets(second_name, second), OSSL_PARAM_construct_end()};
  bytes out(len);
  EVP_KDF_CTX_reset(c);
  detail::must(EVP_KDF_derive(c, out.data(), out.size(), given));
  return out;
}
inline bytes hkdf_extract(const EVP_MD* hash, const bytes& salt, const bytes& ikm) {
  const std::size_t prk_len = detail::must_be_positive(EVP_MD_get_size(hash));
  return hkdf(EVP_KDF_HKDF_MODE_EXTRACT_ONLY, hash, ikm, OSSL_KDF_PARAM_SALT, salt, prk_len);
}
/// OpenSSL derives at least a byte.
inline bytes hkdf_expand(const EVP_MD* hash, const bytes& prk, const bytes& info, std::size_t len) {
  if (len == 0) return {};
  return hkdf(EVP_KDF_HKDF_MODE_EXPAND_ONLY, hash, prk, OSSL_KDF_PARAM_INFO, info, len);
}

namespace detail {

struct free_key {
  void operator()(EVP_PKEY* k) const { EVP_PKEY_free(k); }
  void operator()(EVP_PKEY_CTX* c) const { EVP_PKEY_CTX_free(c); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, free_key>;

inline key_ptr x25519_private(const bytes& scalar) {
  key_ptr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, scalar.data(), scalar.size()));
  must(key != nullptr);
  return key;
}

}  // namespace detail

/// RFC 7748 6.1's shared secret, or nothing if OpenSSL refuses the point.
inline std::optional<bytes> x25519(const bytes& scalar, const bytes& u) {
  const auto key = detail::x25519_private(scalar);
  const detail::key_ptr peer(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, u.data(), u.size()));
  const std::unique_ptr<EVP_PKEY_CTX, detail::free_key> c(EVP_PKEY_CTX_new(key.get(), nullptr));
  require(peer != nullptr && c != nullptr, "OpenSSL refused a valid call");
  detail::must(EVP_PKEY_derive_init(c.get()));
  // Low order shows at the end.
  detail::must(EVP_PKEY_derive_set_peer_ex(c.get(), peer.get(), 0));
  bytes out(32);
  std::size_t len = out.size();
  if (EVP_PKEY_derive(c.get(), out.data(), &len) != 1) {
    ERR_clear_error();
    return {};
  }
  return out;
}

inline bytes x25519_public(const bytes& scalar) {
  bytes out(32);
  std::size_t len = out.size();
  detail::must(EVP_PKEY_get_raw_public_key(detail::x25519_private(scalar).get(), out.data(), &len));
  return out;
}

}  // namespace fuzz::openssl

#endif
