// SPDX-License-Identifier: BSL-1.0
#include "certificate.hpp"

#include <openssl/ec.h>

#include <cstddef>

#include "../support/keys.hpp"

namespace examples {
namespace {

evp_pkey_ptr make_key() {
  const evp_pkey_ctx_ptr making(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr));
  EVP_PKEY* key = nullptr;
  require(making && EVP_PKEY_keygen_init(making.get()) == 1 &&
              EVP_PKEY_CTX_set_ec_paramgen_curve_nid(making.get(), NID_X9_62_prime256v1) == 1 &&
              EVP_PKEY_keygen(making.get(), &key) == 1,
          "making a key on P-256");
  return evp_pkey_ptr(key);
}

void set_serial_and_name(X509* x509) {
  std::array<std::uint8_t, 16> random;
  fill_random(random);
  // Positive, and not zero (RFC 5280 4.1.2.2).
  const std::uint64_t serial = (sotto::core::load_be64(&random[0]) >> 1) | 1;
  require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial) == 1, "setting a serial number");
  const std::string text = std::to_string(sotto::core::load_be64(&random[8]));
  X509_NAME* const name = X509_get_subject_name(x509);
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text.c_str()), -1,
                                     -1, 0) == 1 &&
              X509_set_issuer_name(x509, name) == 1,
          "naming a certificate");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

certificate make_certificate() {
  certificate made{make_key(), x509_ptr(X509_new())};
  X509* const x509 = made.x509.get();
  require(x509 != nullptr && X509_set_version(x509, 2) == 1, "making a certificate");  // 2 stands for version 3
  set_serial_and_name(x509);
  // A day on both sides: the clocks of two machines differ.
  constexpr long day = 24 * 60 * 60;
  require(X509_gmtime_adj(X509_getm_notBefore(x509), -day) != nullptr &&
              X509_gmtime_adj(X509_getm_notAfter(x509), day) != nullptr && X509_set_pubkey(x509, made.key.get()) == 1 &&
              X509_sign(x509, made.key.get(), EVP_sha256()) > 0,
          "signing a certificate");
  return made;
}

fingerprint fingerprint_of(const X509& x509) {
  fingerprint f;
  unsigned len = 0;
  require(X509_digest(&x509, EVP_sha256(), f.data(), &len) == 1 && len == f.size(), "hashing a certificate");
  return f;
}

std::string to_text(const fingerprint& f) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : f) {
    if (!text.empty()) text += ':';
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

fingerprint parse_fingerprint(std::string_view text) {
  fingerprint f{};
  bool good = text.size() == 3 * f.size() - 1;
  for (std::size_t i = 0; good && i < f.size(); ++i) {
    const int high = hex_digit(text[3 * i]), low = hex_digit(text[3 * i + 1]);
    good = high >= 0 && low >= 0 && (i + 1 == f.size() || text[3 * i + 2] == ':');
    if (good) f[i] = static_cast<std::uint8_t>(16 * high + low);
  }
  if (!good) throw std::runtime_error("a SHA-256 fingerprint is 32 pairs of hex digits with colons between them");
  return f;
}

}  // namespace examples
