// SPDX-License-Identifier: BSL-1.0
// libsodium's rows.
#include <sodium.h>

#include <stdexcept>
#include <string>

#include "aead.hpp"
#include "function.hpp"
#include "rows.hpp"

namespace bench {
namespace {

class chacha20_poly1305 {
 public:
  explicit chacha20_poly1305(bare_aead a) : key_(key_for(a)) {}
  bool seal(const bare_packet& p) noexcept {
    return crypto_aead_chacha20poly1305_ietf_encrypt(p.text, nullptr, p.text, p.text_len, p.aad, header_len, nullptr,
                                                     p.nonce, key_.data()) == 0;
  }
  bool open(const bare_packet& p) noexcept {
    return crypto_aead_chacha20poly1305_ietf_decrypt(p.text, nullptr, nullptr, p.text, p.text_len + aead_tag_len, p.aad,
                                                     header_len, p.nonce, key_.data()) == 0;
  }

 private:
  aead_key key_;
};

class x25519 {
 public:
  static constexpr function of = function::x25519;
  bool operator()(std::size_t, sotto::const_bytes peer, std::uint8_t* secret) noexcept {
    return crypto_scalarmult(secret, master_key.data(), peer.data()) == 0;
  }
};

class x25519_base {
 public:
  static constexpr function of = function::x25519_base;
  bool operator()(std::size_t, sotto::const_bytes scalar, std::uint8_t* public_key) noexcept {
    return crypto_scalarmult_base(public_key, scalar.data()) == 0;
  }
};

class sha256 {
 public:
  static constexpr function of = function::sha256;
  bool operator()(std::size_t, sotto::const_bytes message, std::uint8_t* digest) noexcept {
    return crypto_hash_sha256(digest, message.data(), message.size()) == 0;
  }
};

/// Keyed once: each message continues a copy of the state.
class hmac_sha256 {
 public:
  static constexpr function of = function::hmac_sha256;
  hmac_sha256() { crypto_auth_hmacsha256_init(&keyed_, master_key.data(), master_key.size()); }
  bool operator()(std::size_t, sotto::const_bytes message, std::uint8_t* tag) noexcept {
    crypto_auth_hmacsha256_state state = keyed_;
    return crypto_auth_hmacsha256_update(&state, message.data(), message.size()) == 0 &&
           crypto_auth_hmacsha256_final(&state, tag) == 0;
  }

 private:
  crypto_auth_hmacsha256_state keyed_;
};

}  // namespace

void add_sodium_rows(table& t) {
  for (const bare_aead a : aeads_of(t))
    if (a == bare_aead::chacha20_poly1305) add_aead_row<chacha20_poly1305>(t, "sodium", a, "");
  add_function_row<x25519>(t, "sodium", "");
  add_function_row<x25519_base>(t, "sodium", "");
  add_function_row<sha256>(t, "sodium", "");
  add_function_row<hmac_sha256>(t, "sodium", "");
  if (t.what == task::derive) t.remarks.insert("no row for libsodium with hkdf_sha256: it has it from 1.0.19 on only");
}

std::string describe_sodium() {
  // It chooses its code when it is initialised, and has no way to hide a feature from it.
  if (sodium_init() < 0) throw std::runtime_error("sodium_init failed");
  return std::string(SOTTO_PEER_SODIUM) + ", loaded: " + sodium_version_string() +
         (sodium_runtime_has_avx2() != 0 ? ", with AVX2" : ", without AVX2");
}

}  // namespace bench
