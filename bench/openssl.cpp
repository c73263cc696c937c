// SPDX-License-Identifier: BSL-1.0
// OpenSSL's rows: AEADs, key agreement and hashes through EVP, each object made once as its documentation recommends.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/sha.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "aead.hpp"
#include "function.hpp"
#include "rows.hpp"

namespace bench {
namespace {

/// Frees with OpenSSL's function for the type.
template <auto Free>
struct deleter {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
template <class T, auto Free>
using owned = std::unique_ptr<T, deleter<Free>>;

using cipher_context = owned<EVP_CIPHER_CTX, &EVP_CIPHER_CTX_free>;
using key = owned<EVP_PKEY, &EVP_PKEY_free>;
using key_context = owned<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using digest_context = owned<EVP_MD_CTX, &EVP_MD_CTX_free>;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what + " failed");
}

const EVP_CIPHER* cipher_of(bare_aead a) {
  switch (a) {
    case bare_aead::aes_128_gcm: return EVP_aes_128_gcm();
    case bare_aead::aes_256_gcm: return EVP_aes_256_gcm();
    case bare_aead::chacha20_poly1305: return EVP_chacha20_poly1305();
  }
  return nullptr;
}

/// The whole sequence for each packet: nonce, additional data, text, end, tag.
template <bool Encrypt>
class aead {
 public:
  explicit aead(bare_aead a) : context_(EVP_CIPHER_CTX_new()) {
    require(EVP_CipherInit_ex(context_.get(), cipher_of(a), nullptr, key_for(a).data(), nullptr, Encrypt ? 1 : 0) == 1,
            "EVP_CipherInit_ex");
  }
  bool seal(const bare_packet& p) noexcept {
    EVP_CIPHER_CTX* const c = context_.get();
    const int text_len = static_cast<int>(p.text_len);
    int len;
    return EVP_EncryptInit_ex(c, nullptr, nullptr, nullptr, p.nonce) == 1 &&
           EVP_EncryptUpdate(c, nullptr, &len, p.aad, static_cast<int>(header_len)) == 1 &&
           EVP_EncryptUpdate(c, p.text, &len, p.text, text_len) == 1 &&
           EVP_EncryptFinal_ex(c, p.text + len, &len) == 1 &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, aead_tag_len, p.text + text_len) == 1;
  }
  bool open(const bare_packet& p) noexcept {
    EVP_CIPHER_CTX* const c = context_.get();
    const int text_len = static_cast<int>(p.text_len);
    int len;
    return EVP_DecryptInit_ex(c, nullptr, nullptr, nullptr, p.nonce) == 1 &&
           EVP_DecryptUpdate(c, nullptr, &len, p.aad, static_cast<int>(header_len)) == 1 &&
           EVP_DecryptUpdate(c, p.text, &len, p.text, text_len) == 1 &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, aead_tag_len, p.text + text_len) == 1 &&
           EVP_DecryptFinal_ex(c, p.text + len, &len) == 1;
  }

 private:
  cipher_context context_;
};

key private_key(const std::uint8_t* scalar) noexcept {
  return key(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, scalar, 32));
}

/// EVP_PKEY_derive alone: the key and each peer are OpenSSL's objects before.
class x25519 {
 public:
  static constexpr function of = function::x25519;
  x25519() : key_(private_key(master_key.data())) {
    for (key_context& c : contexts_) {
      c.reset(EVP_PKEY_CTX_new(key_.get(), nullptr));
      require(EVP_PKEY_derive_init(c.get()) == 1, "EVP_PKEY_derive_init");
    }
  }
  void prepare(std::size_t i, sotto::const_bytes peer, const std::uint8_t*) {
    const key theirs(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, peer.data(), peer.size()));
    require(EVP_PKEY_derive_set_peer_ex(contexts_[i].get(), theirs.get(), 0) == 1, "EVP_PKEY_derive_set_peer_ex");
  }
  bool operator()(std::size_t i, sotto::const_bytes, std::uint8_t* secret) noexcept {
    std::size_t len = output_len(of);
    return EVP_PKEY_derive(contexts_[i].get(), secret, &len) == 1;
  }

 private:
  key key_;
  key_context contexts_[max_ring_size];
};

/// The one way to a public key: making the key object from the private bytes computes it.
class x25519_base {
 public:
  static constexpr function of = function::x25519_base;
  bool operator()(std::size_t, sotto::const_bytes scalar, std::uint8_t* public_key) noexcept {
    std::size_t len = output_len(of);
    return EVP_PKEY_get_raw_public_key(private_key(scalar.data()).get(), public_key, &len) == 1;
  }
};

class sha256 {
 public:
  static constexpr function of = function::sha256;
  bool operator()(std::size_t, sotto::const_bytes message, std::uint8_t* digest) noexcept {
    return SHA256(message.data(), message.size(), digest) != nullptr;
  }
};

/// With the algorithm fetched and the context made once, which SHA256() does anew in each call.
class sha256_evp {
 public:
  static constexpr function of = function::sha256;
  sha256_evp() : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    require(EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1, "EVP_DigestInit_ex2");
  }
  bool operator()(std::size_t, sotto::const_bytes message, std::uint8_t* digest) noexcept {
    EVP_MD_CTX* const c = context_.get();
    return EVP_DigestInit_ex2(c, nullptr, nullptr) == 1 && EVP_DigestUpdate(c, message.data(), message.size()) == 1 &&
           EVP_DigestFinal_ex(c, digest, nullptr) == 1;
  }

 private:
  owned<EVP_MD, &EVP_MD_free> algorithm_;
  digest_context context_;
};

/// OpenSSL's parameters want pointers to what they don't change.
OSSL_PARAM sha256_by_name() noexcept {
  static char name[] = "SHA256";
  return OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
}
OSSL_PARAM bytes(const char* name, sotto::const_bytes value) noexcept {
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(value.data()), value.size());
}

/// Keyed once.
class hmac_sha256 {
 public:
  static constexpr function of = function::hmac_sha256;
  hmac_sha256() : algorithm_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)), context_(EVP_MAC_CTX_new(algorithm_.get())) {
    const OSSL_PARAM parameters[] = {sha256_by_name(), OSSL_PARAM_construct_end()};
    require(EVP_MAC_init(context_.get(), master_key.data(), master_key.size(), parameters) == 1, "EVP_MAC_init");
  }
  bool operator()(std::size_t, sotto::const_bytes message, std::uint8_t* tag) noexcept {
    EVP_MAC_CTX* const c = context_.get();
    std::size_t len;
    return EVP_MAC_init(c, nullptr, 0, nullptr) == 1 && EVP_MAC_update(c, message.data(), message.size()) == 1 &&
           EVP_MAC_final(c, tag, &len, output_len(of)) == 1;
  }

 private:
  owned<EVP_MAC, &EVP_MAC_free> algorithm_;
  owned<EVP_MAC_CTX, &EVP_MAC_CTX_free> context_;
};

/// Hash, salt and info set once.
class hkdf_sha256 {
 public:
  static constexpr function of = function::hkdf_sha256;
  hkdf_sha256() : algorithm_(EVP_KDF_fetch(nullptr, "HKDF", nullptr)), context_(EVP_KDF_CTX_new(algorithm_.get())) {
    const OSSL_PARAM parameters[] = {sha256_by_name(), bytes(OSSL_KDF_PARAM_SALT, master_key),
                                     bytes(OSSL_KDF_PARAM_INFO, hkdf_info()), OSSL_PARAM_construct_end()};
    require(EVP_KDF_CTX_set_params(context_.get(), parameters) == 1, "EVP_KDF_CTX_set_params");
  }
  bool operator()(std::size_t, sotto::const_bytes input, std::uint8_t* derived) noexcept {
    const OSSL_PARAM parameters[] = {bytes(OSSL_KDF_PARAM_KEY, input), OSSL_PARAM_construct_end()};
    return EVP_KDF_derive(context_.get(), derived, output_len(of), parameters) == 1;
  }

 private:
  owned<EVP_KDF, &EVP_KDF_free> algorithm_;
  owned<EVP_KDF_CTX, &EVP_KDF_CTX_free> context_;
};

}  // namespace

void add_openssl_rows(table& t) {
  for (const bare_aead a : aeads_of(t)) add_aead_row<aead<true>, aead<false>>(t, "openssl", a, "");
  add_function_row<x25519>(t, "openssl", "");
  add_function_row<x25519_base>(t, "openssl", "");
  add_function_row<sha256>(t, "openssl", "one-shot");
  add_function_row<sha256_evp>(t, "openssl_evp", "");
  add_function_row<hmac_sha256>(t, "openssl", "");
  add_function_row<hkdf_sha256>(t, "openssl", "");
}

}  // namespace bench
