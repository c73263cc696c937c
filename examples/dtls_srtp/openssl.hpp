// SPDX-License-Identifier: BSL-1.0
// OpenSSL's objects with owners, and its errors as exceptions.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace examples {

template <auto Free>
struct openssl_deleter {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using evp_pkey_ptr = std::unique_ptr<EVP_PKEY, openssl_deleter<EVP_PKEY_free>>;
using evp_pkey_ctx_ptr = std::unique_ptr<EVP_PKEY_CTX, openssl_deleter<EVP_PKEY_CTX_free>>;
using x509_ptr = std::unique_ptr<X509, openssl_deleter<X509_free>>;
using bio_method_ptr = std::unique_ptr<BIO_METHOD, openssl_deleter<BIO_meth_free>>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, openssl_deleter<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, openssl_deleter<SSL_free>>;

/// The reasons in this thread's error queue, which is empty afterwards.
inline std::string openssl_reasons() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    const char* const reason = ERR_reason_error_string(code);
    text += (text.empty() ? "" : "; ") + (reason != nullptr ? std::string(reason) : "error " + std::to_string(code));
  }
  return text.empty() ? "no reason given" : text;
}

/// Most of OpenSSL's functions return 1, or an object, for success.
inline void require(bool good, const char* doing) {
  if (!good) throw std::runtime_error(std::string(doing) + ": " + openssl_reasons());
}

}  // namespace examples
