// SPDX-License-Identifier: BSL-1.0
// Keys, senders and receivers for tests, and SFrame written a second time, straight from the text of RFC 9605.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "sotto/crypto.hpp"
#include "sotto/sframe.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"

namespace frames {

namespace sframe = sotto::sframe;
namespace crypto = sotto::crypto;
using octets = std::vector<std::uint8_t>;

inline octets operator+(octets a, const octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
inline octets text(const char* s) { return octets(s, s + std::strlen(s)); }
inline octets big_endian(std::uint64_t value, std::size_t len) {
  octets out(len);
  for (std::size_t i = 0; i < len; ++i)
    out[len - 1 - i] = i < 8 ? static_cast<std::uint8_t>(value >> (8 * i)) : std::uint8_t{0};
  return out;
}
inline octets first(const octets& from, std::size_t len) {
  return octets(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(len));
}
inline octets tail(const octets& from, std::size_t start) {
  return octets(from.begin() + static_cast<std::ptrdiff_t>(start), from.end());
}
inline octets copy(sotto::const_bytes from) { return octets(from.begin(), from.end()); }

/// RFC 9605 4.3, as a list of bits.
inline octets header(std::uint64_t kid, std::uint64_t ctr) {
  std::string config;
  octets behind;
  for (const std::uint64_t value : {kid, ctr}) {
    std::size_t len = 1;
    while (len < 8 && value >> (8 * len) != 0) ++len;
    const std::uint64_t field = value < 8 ? value : len - 1;
    config += value < 8 ? '0' : '1';
    for (int bit = 2; bit >= 0; --bit) config += (field >> bit & 1) != 0 ? '1' : '0';
    if (value >= 8) behind = behind + big_endian(value, len);
  }
  return octets{static_cast<std::uint8_t>(std::stoul(config, nullptr, 2))} + behind;
}

template <class Hash>
octets mac(const octets& key, const octets& message) {
  octets out(Hash::digest_len);
  crypto::hmac<Hash>(key).compute(message, std::span<std::uint8_t, Hash::digest_len>(out.data(), Hash::digest_len));
  return out;
}
/// RFC 5869 with an empty salt.
template <class Hash>
octets hkdf(const octets& input, const octets& info, std::size_t len) {
  const octets prk = mac<Hash>({}, input);
  octets out, t;
  for (std::uint8_t i = 1; out.size() < len; ++i) {
    t = mac<Hash>(prk, t + info + octets{i});
    out = out + t;
  }
  return first(out, len);
}
inline octets hkdf(sframe::cipher_suite s, const octets& input, const octets& info, std::size_t len) {
  return s == sframe::cipher_suite::aes_256_gcm_sha512_128 ? hkdf<crypto::sha512>(input, info, len)
                                                           : hkdf<crypto::sha256>(input, info, len);
}

/// The table of RFC 9605 4.5.
struct constants {
  sframe::cipher_suite suite;
  std::size_t nh, nk, nt;
};
inline constexpr constants table[] = {{sframe::cipher_suite::aes_128_ctr_hmac_sha256_80, 32, 48, 10},
                                      {sframe::cipher_suite::aes_128_ctr_hmac_sha256_64, 32, 48, 8},
                                      {sframe::cipher_suite::aes_128_ctr_hmac_sha256_32, 32, 48, 4},
                                      {sframe::cipher_suite::aes_128_gcm_sha256_128, 32, 16, 16},
                                      {sframe::cipher_suite::aes_256_gcm_sha512_128, 64, 32, 16}};

/// RFC 9605 4.5.1, a block at a time.
inline octets aes_ctr_hmac(const constants& c, const octets& key, const octets& nonce, const octets& aad,
                           const octets& plaintext) {
  const auto aes = crypto::aes_ctr::create(first(key, 16)).value();
  octets ct;
  for (std::size_t i = 0; i < plaintext.size(); ++i) {
    octets block = nonce + big_endian(i / 16, 4);
    aes.encrypt_blocks(block, block).value();
    ct.push_back(plaintext[i] ^ block[i % 16]);
  }
  const octets data = big_endian(aad.size(), 8) + big_endian(ct.size(), 8) + big_endian(c.nt, 8) + nonce + aad + ct;
  return ct + first(mac<crypto::sha256>(tail(key, 16), data), c.nt);
}

/// RFC 9605 4.4.2 and 4.4.3.
inline octets encrypt(const constants& c, std::uint64_t kid, std::uint64_t ctr, const octets& base_key,
                      const octets& metadata, const octets& plaintext) {
  const octets purpose = big_endian(kid, 8) + big_endian(static_cast<std::uint64_t>(c.suite), 2);
  const octets key = hkdf(c.suite, base_key, text("SFrame 1.0 Secret key ") + purpose, c.nk);
  octets nonce = hkdf(c.suite, base_key, text("SFrame 1.0 Secret salt ") + purpose, 12);
  const octets ctr_bytes = big_endian(ctr, 12);
  for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] ^= ctr_bytes[i];
  const octets head = header(kid, ctr), aad = head + metadata;
  if (c.nt != 16) return head + aes_ctr_hmac(c, key, nonce, aad, plaintext);
  octets sealed(plaintext.size() + 16);
  crypto::aes_gcm::create(key)
      .value()
      .seal(crypto::aes_gcm::nonce(std::span<const std::uint8_t, 12>(nonce.data(), 12)), aad, plaintext, sealed)
      .value();
  return head + sealed;
}

inline octets base_key_bytes(std::uint64_t seed = 1, std::size_t len = 32) {
  return support::pattern_bytes(1000 + seed, len);
}
inline sframe::base_key base_key(std::uint64_t seed = 1) {
  return sframe::base_key::create(base_key_bytes(seed)).value();
}
inline sframe::sender sender(sframe::cipher_suite s, std::uint64_t kid = 3, std::uint64_t ctr = 0) {
  return sframe::sender::create(s, sframe::key_id(kid), base_key(), sframe::counter(ctr)).value();
}
inline sframe::receiver receiver(sframe::cipher_suite s, std::uint64_t kid = 3, std::uint64_t max_forgeries = ~0ull) {
  return sframe::receiver::create(s, sframe::key_id(kid), base_key(), {max_forgeries}).value();
}

/// The next frame of any sender.
template <class Sender>
octets protect(Sender& tx, const octets& plaintext, const octets& metadata = {}) {
  octets out(plaintext.size() + sframe::max_overhead);
  return copy(tx.protect(plaintext, out, sframe::metadata(metadata)).value());
}
/// A frame with this counter.
inline octets numbered(sframe::cipher_suite s, std::uint64_t ctr, std::uint64_t kid = 3) {
  auto tx = sender(s, kid, ctr);
  return protect(tx, {1, 2, 3});
}

/// What a receiver says to a frame, in memory of exactly the frame's size; 0 is success. A refusal must leave the
/// output as it was.
template <class Receiver>
int answer(Receiver& rx, const octets& frame, const octets& metadata = {}) {
  octets out(frame.size(), 0x5a);
  const auto got = rx.unprotect(frame, out, sframe::metadata(metadata));
  if (got) return 0;
  CHECK(out == octets(frame.size(), 0x5a));
  return static_cast<int>(got.error());
}
inline constexpr int code(sotto::error e) { return static_cast<int>(e); }

/// An object's bytes, to see whether a call changed any.
template <class T>
octets snapshot(const T& object) {
  octets out(sizeof object);
  std::memcpy(out.data(), static_cast<const void*>(&object), sizeof object);
  return out;
}
/// How many bytes differ.
inline std::size_t distance(const octets& a, const octets& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i] ? 1 : 0;
  return count;
}

}  // namespace frames
