// SPDX-License-Identifier: BSL-1.0
// OpenSSL's rows: the bare AEAD through EVP.
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "rows.hpp"
#include "sotto_operations.hpp"

namespace bench {
namespace {

constexpr int tag_len = 16;

struct free_context {
  void operator()(EVP_CIPHER_CTX* c) const noexcept { EVP_CIPHER_CTX_free(c); }
};
using context = std::unique_ptr<EVP_CIPHER_CTX, free_context>;

/// Keyed once; each packet only sets its nonce, as OpenSSL's documentation recommends.
context make_context(std::size_t key_len, bool encrypt) {
  context c(EVP_CIPHER_CTX_new());
  const EVP_CIPHER* cipher = key_len == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
  if (c == nullptr || EVP_CipherInit_ex(c.get(), cipher, nullptr, master_key.data(), nullptr, encrypt ? 1 : 0) != 1)
    throw std::runtime_error("EVP_CipherInit_ex failed");
  return c;
}

class seal {
 public:
  explicit seal(std::size_t key_len) : key_len_(key_len), context_(make_context(key_len, true)) {}
  void refill(const ring& packets, std::uint64_t first) {
    fill(nonces_, first);
    packets.fill(first);
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    EVP_CIPHER_CTX* const c = context_.get();
    std::uint8_t* const text = packets.payload(i);
    const int text_len = static_cast<int>(packets.payload_len());
    int len;
    return EVP_EncryptInit_ex(c, nullptr, nullptr, nullptr, nonces_[i].data()) == 1 &&
           EVP_EncryptUpdate(c, nullptr, &len, packets.at(i), static_cast<int>(header_len)) == 1 &&
           EVP_EncryptUpdate(c, text, &len, text, text_len) == 1 && EVP_EncryptFinal_ex(c, text + len, &len) == 1 &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, tag_len, text + text_len) == 1;
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return holds(packets.payload(i), sealed_payload(key_len_, packets, index));
  }

 private:
  std::size_t key_len_;
  context context_;
  nonces nonces_;
};

class open {
 public:
  explicit open(std::size_t key_len) : sealed_(key_len), context_(make_context(key_len, false)) {}
  void refill(const ring& packets, std::uint64_t first) {
    fill(nonces_, first);
    sealed_.fill(packets, nonces_, first);
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    EVP_CIPHER_CTX* const c = context_.get();
    std::uint8_t* const text = packets.payload(i);
    const int text_len = static_cast<int>(packets.payload_len());
    int len;
    return EVP_DecryptInit_ex(c, nullptr, nullptr, nullptr, nonces_[i].data()) == 1 &&
           EVP_DecryptUpdate(c, nullptr, &len, packets.at(i), static_cast<int>(header_len)) == 1 &&
           EVP_DecryptUpdate(c, text, &len, text, text_len) == 1 &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, tag_len, text + text_len) == 1 &&
           EVP_DecryptFinal_ex(c, text + len, &len) == 1;
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return packets.holds_plain_packet(i, index);
  }

 private:
  sealed_packets sealed_;
  context context_;
  nonces nonces_;
};

}  // namespace

void add_openssl_rows(table& t) {
  for (const std::size_t key_len : {std::size_t{16}, std::size_t{32}}) {
    const std::string algorithm = "aes_" + std::to_string(8 * key_len) + "_gcm";
    if (t.way == direction::protect)
      t.add<seal>("openssl", bare_name(t.way), algorithm, "", key_len);
    else
      t.add<open>("openssl", bare_name(t.way), algorithm, "", key_len);
  }
}

std::string describe_openssl() {
  return std::string(SOTTO_PEER_OPENSSL) + ", loaded: " + OpenSSL_version(OPENSSL_VERSION);
}

}  // namespace bench
