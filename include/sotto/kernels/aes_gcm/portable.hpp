// SPDX-License-Identifier: BSL-1.0
// AES-GCM in the order of SP 800-38D's steps, with a constant-time GHASH. The reference for every other kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
#include "../../core/constant_time.hpp"
#include "../../core/secret.hpp"
#include "../aead_packet.hpp"
#include "../aes/portable.hpp"
#include "contract.hpp"

namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::portable {

/// A block as SP 800-38D 6.3 sees it: the coefficient of x^0 is the *top* bit of hi, that of x^127 the lowest of lo.
struct element {
  std::uint64_t hi, lo;
};

inline element load(const std::uint8_t* p) noexcept { return {core::load_be64(p), core::load_be64(p + 8)}; }
inline void store(std::uint8_t* p, element e) noexcept {
  core::store_be64(p, e.hi);
  core::store_be64(p + 8, e.lo);
}

/// The lower 64 bits of the product of two polynomials over GF(2), by integer multiplications "with holes": each factor
/// is split into four that use every fourth bit only, so that the carries out of a column stay in the three bits above
/// it as long as the column sums at most 15 ones. 32-bit factors have 8 such bits, so no column sums more than 8.
/// 64-bit factors have 16: column i (of 0 to 15) sums at most i + 1, and the carry out of the last one leaves the word.
/// Constant time wherever the machine's multiplication is.
template <class Factor>
inline std::uint64_t holed_product(Factor x, Factor y) noexcept {
  constexpr std::uint64_t m0 = 0x1111111111111111u, m1 = m0 << 1, m2 = m0 << 2, m3 = m0 << 3;
  constexpr auto f0 = static_cast<Factor>(m0), f1 = static_cast<Factor>(m1), f2 = static_cast<Factor>(m2),
                 f3 = static_cast<Factor>(m3);
  // Widening after the masks lets a 32-bit machine see 32x32->64 multiplications.
  const std::uint64_t x0 = x & f0, x1 = x & f1, x2 = x & f2, x3 = x & f3;
  const std::uint64_t y0 = y & f0, y1 = y & f1, y2 = y & f2, y3 = y & f3;
  const std::uint64_t z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1);
  const std::uint64_t z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2);
  const std::uint64_t z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3);
  const std::uint64_t z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0);
  return (z0 & m0) | (z1 & m1) | (z2 & m2) | (z3 & m3);
}

inline std::uint64_t reverse_bits(std::uint64_t x) noexcept {
  x = ((x >> 1) & 0x5555555555555555u) | ((x & 0x5555555555555555u) << 1);
  x = ((x >> 2) & 0x3333333333333333u) | ((x & 0x3333333333333333u) << 2);
  x = ((x >> 4) & 0x0f0f0f0f0f0f0f0fu) | ((x & 0x0f0f0f0f0f0f0f0fu) << 4);
  return core::byte_swap(x);
}

/// The 127-bit product of two 64-bit polynomials.
template <class Word>
inline element product(std::uint64_t x, std::uint64_t y) noexcept {
  if constexpr (sizeof(Word) == 8) {
    // The upper half is the lower half of the mirrored product, which has 127 bits: hence the shift.
    return {reverse_bits(holed_product<std::uint64_t>(reverse_bits(x), reverse_bits(y))) >> 1,
            holed_product<std::uint64_t>(x, y)};
  } else {
    const auto x0 = static_cast<std::uint32_t>(x), x1 = static_cast<std::uint32_t>(x >> 32);
    const auto y0 = static_cast<std::uint32_t>(y), y1 = static_cast<std::uint32_t>(y >> 32);
    const std::uint64_t low = holed_product<std::uint32_t>(x0, y0), high = holed_product<std::uint32_t>(x1, y1);
    const std::uint64_t mid = holed_product<std::uint32_t>(x0 ^ x1, y0 ^ y1) ^ low ^ high;
    return {high ^ (mid >> 32), low ^ (mid << 32)};
  }
}

/// SP 800-38D 6.3: the product modulo x^128 + x^7 + x^2 + x + 1.
template <class Word>
inline element multiply(element x, element y) noexcept {
  const element high = product<Word>(x.hi, y.hi), low = product<Word>(x.lo, y.lo);
  element mid = product<Word>(x.hi ^ x.lo, y.hi ^ y.lo);
  mid = {mid.hi ^ high.hi ^ low.hi, mid.lo ^ high.lo ^ low.lo};

  // 255 bits, with x^0 at the top: up by one, so that it is the top bit of v3.
  const std::uint64_t p3 = high.hi, p2 = high.lo ^ mid.hi, p1 = low.hi ^ mid.lo, p0 = low.lo;
  std::uint64_t v3 = (p3 << 1) | (p2 >> 63), v2 = (p2 << 1) | (p1 >> 63), v1 = (p1 << 1) | (p0 >> 63), v0 = p0 << 1;

  // x^128 = x^7 + x^2 + x + 1, first for x^192 to x^255 (v0), then for x^128 to x^191 (v1). Up a degree is to the
  // right.
  v2 ^= v0 ^ (v0 >> 1) ^ (v0 >> 2) ^ (v0 >> 7);
  v1 ^= (v0 << 63) ^ (v0 << 62) ^ (v0 << 57);
  v3 ^= v1 ^ (v1 >> 1) ^ (v1 >> 2) ^ (v1 >> 7);
  v2 ^= (v1 << 63) ^ (v1 << 62) ^ (v1 << 57);
  return {v3, v2};
}

/// SP 800-38D 6.4 over data of any length, the last block padded with zeros.
template <class Word>
inline element ghash(element y, element h, const std::uint8_t* data, std::size_t len) noexcept {
  for (; len >= 16; data += 16, len -= 16) {
    const element x = load(data);
    y = multiply<Word>({y.hi ^ x.hi, y.lo ^ x.lo}, h);
  }
  if (len != 0) {
    std::uint8_t last[16] = {};
    std::memcpy(last, data, len);
    y = ghash<Word>(y, h, last, sizeof last);
  }
  return y;
}

/// GHASH over the AAD and its tail as one string, padded.
template <class Word>
inline element ghash_aad(element h, const aead_packet& p) noexcept {
  const std::size_t rest = p.aad_len % 16, whole = p.aad_len - rest;
  const element y = ghash<Word>({0, 0}, h, p.aad, whole);
  std::uint8_t seam[15 + aead_aad_tail_max];
  if (rest != 0) std::memcpy(seam, p.aad + whole, rest);
  core::copy(seam + rest, p.aad_tail, p.aad_tail_len);
  return ghash<Word>(y, h, seam, rest + p.aad_tail_len);
}

/// Step 2 of both algorithms for a 96-bit IV: J0 = IV ‖ 0^31 ‖ 1; count 2 is inc32(J0).
inline void counter_block(std::uint8_t (&block)[16], const std::uint8_t* nonce, std::uint32_t count) noexcept {
  std::memcpy(block, nonce, aead_nonce_len);
  core::store_be32(block + aead_nonce_len, count);
}

/// GCTR from inc32(J0).
inline void crypt(const key& k, const aead_packet& p) noexcept {
  std::uint8_t counter[16];
  counter_block(counter, p.nonce, 2);
  aes::portable::ctr(k.cipher, counter, p.in, p.out, p.text_len);
}

/// The tag over AAD and ciphertext: S, then GCTR from J0.
template <class Word>
inline void authenticate(const key& k, const aead_packet& p, const std::uint8_t* ciphertext,
                         std::uint8_t* tag) noexcept {
  const element h = load(k.powers);
  element s = ghash_aad<Word>(h, p);
  s = ghash<Word>(s, h, ciphertext, p.text_len);
  const element lengths{(std::uint64_t{p.aad_len} + p.aad_tail_len) * 8, std::uint64_t{p.text_len} * 8};
  s = multiply<Word>({s.hi ^ lengths.hi, s.lo ^ lengths.lo}, h);

  std::uint8_t j0[16], block[16];
  const core::wipe_at_exit guard(block);
  counter_block(j0, p.nonce, 1);
  store(block, s);
  aes::portable::ctr(k.cipher, j0, block, tag, sizeof block);
}

/// The hash key H = CIPH_K(0^128), kept as the first power.
inline void expand(key& k, const std::uint8_t* bytes, std::size_t key_len) noexcept {
  aes::portable::expand(k.cipher, bytes, key_len);
  std::memset(k.powers, 0, sizeof k.powers);
  aes::portable::encrypt_blocks(k.cipher, k.powers, k.powers, 1);
}

/// SP 800-38D 7.1.
template <class Word>
inline void seal(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  crypt(k, p);
  authenticate<Word>(k, p, p.out, tag);
}

/// SP 800-38D 7.2, with the comparison before the decryption.
template <class Word>
inline bool open(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  std::uint8_t expected[aead_tag_len];
  const core::wipe_at_exit guard(expected);  // a valid tag for whatever a forger sent
  authenticate<Word>(k, p, p.in, expected);
  if (!core::equal(expected, tag, sizeof expected)) return false;
  if (p.out != nullptr) crypt(k, p);
  return true;
}

/// The word whose multiplications the machine has.
using machine_word = std::conditional_t<sizeof(void*) == 8, std::uint64_t, std::uint32_t>;

inline constexpr kernel table{&expand, &seal<machine_word>, &open<machine_word>, "portable"};

}  // namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::portable
