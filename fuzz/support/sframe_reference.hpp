// SPDX-License-Identifier: BSL-1.0
// SFrame a second time (RFC 9605): headers read bit by bit, and with OpenSSL keys and whole frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bytes.hpp"
#include "openssl.hpp"
#include "sotto/sframe/cipher_suite.hpp"

namespace fuzz {

inline bytes big_endian(std::uint64_t value, std::size_t len) {
  bytes b(len);
  for (std::size_t i = 0; i < len && i < 8; ++i) b[len - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
  return b;
}

struct sframe_header {
  std::uint64_t kid, ctr;
  std::size_t len;
};

/// RFC 9605 4.3.
inline bytes write_sframe_header(std::uint64_t kid, std::uint64_t ctr) {
  unsigned config = 0;
  bytes behind;
  for (const std::uint64_t value : {kid, ctr}) {
    std::size_t len = 1;
    while (len < 8 && value >> (8 * len) != 0) ++len;
    config = config << 4 | (value < 8 ? static_cast<unsigned>(value) : 8u | static_cast<unsigned>(len - 1));
    if (value >= 8) append(behind, big_endian(value, len));
  }
  bytes all{static_cast<std::uint8_t>(config)};
  append(all, behind);
  return all;
}

/// What starts a frame, if it is the encoding of some header.
inline std::optional<sframe_header> read_sframe_header(const bytes& frame) {
  if (frame.empty()) return std::nullopt;
  sframe_header h{0, 0, 1};
  std::uint64_t* const values[] = {&h.kid, &h.ctr};
  const unsigned config = frame[0], nibbles[] = {config >> 4, config & 15};
  for (int i = 0; i < 2; ++i) {
    *values[i] = nibbles[i] < 8 ? nibbles[i] : 0;
    for (unsigned n = 8; n <= nibbles[i]; ++n) {
      if (h.len == frame.size()) return std::nullopt;
      *values[i] = *values[i] * 256 + frame[h.len++];
    }
  }
  if (write_sframe_header(h.kid, h.ctr) != slice(frame, 0, h.len)) return std::nullopt;
  return h;
}

#if defined(SOTTO_PEER_OPENSSL)
/// One key of one KID.
class sframe_reference {
 public:
  sframe_reference(sotto::sframe::cipher_suite s, std::uint64_t kid, const bytes& base_key)
      : p_(sotto::sframe::parameters(s)), kid_(kid) {
    const bytes secret = openssl::hkdf_extract(hash(p_), {}, base_key);
    bytes purpose = big_endian(kid, 8);
    append(purpose, big_endian(static_cast<std::uint64_t>(s), 2));
    const auto derive = [&](const char* label, std::size_t len) {
      bytes info(label, label + std::char_traits<char>::length(label));
      append(info, purpose);
      return openssl::hkdf_expand(hash(p_), secret, info, len);
    };
    key_ = derive("SFrame 1.0 Secret key ", p_.key_len);
    salt_ = derive("SFrame 1.0 Secret salt ", 12);
  }

  /// RFC 9605 5.1.
  static bytes next(sotto::sframe::cipher_suite s, const bytes& base_key) {
    const auto p = sotto::sframe::parameters(s);
    const bytes label = {'S', 'F', 'r', 'a', 'm', 'e', ' ', '1', '.', '0', ' ', 'R', 'a', 't', 'c', 'h', 'e', 't'};
    return openssl::hkdf_expand(hash(p), openssl::hkdf_extract(hash(p), {}, base_key), label, p.hash_len);
  }

  bytes encrypt(std::uint64_t ctr, const bytes& metadata, const bytes& text) const {
    bytes frame = write_sframe_header(kid_, ctr), aad = frame, nonce = salt_;
    append(aad, metadata);
    const bytes number = big_endian(ctr, 12);
    for (std::size_t i = 0; i < 12; ++i) nonce[i] ^= number[i];
    append(frame, p_.tag_len == 16 ? openssl::gcm_seal(key_, nonce, aad, text) : encrypt_then_mac(nonce, aad, text));
    return frame;
  }

 private:
  static const EVP_MD* hash(const sotto::sframe::suite_parameters& p) {
    return p.hash_len == 64 ? EVP_sha512() : EVP_sha256();
  }
  bytes encrypt_then_mac(const bytes& nonce, const bytes& aad, const bytes& text) const {
    bytes block = nonce;
    append(block, bytes(4));
    bytes ct = openssl::ctr(slice(key_, 0, 16), block, text);
    bytes data = big_endian(aad.size(), 8);
    for (const std::uint64_t n : {std::uint64_t{ct.size()}, std::uint64_t{p_.tag_len}}) append(data, big_endian(n, 8));
    for (const bytes& part : {nonce, aad, ct}) append(data, part);
    append(ct, slice(openssl::hmac(EVP_sha256(), slice(key_, 16, 32), data), 0, p_.tag_len));
    return ct;
  }

  sotto::sframe::suite_parameters p_;
  std::uint64_t kid_;
  bytes key_, salt_;
};
#endif

}  // namespace fuzz
