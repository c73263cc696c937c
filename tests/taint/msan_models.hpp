// SPDX-License-Identifier: BSL-1.0
// Clang's MemorySanitizer has no rule for some instructions. It reports any secret operand of a few, which are replaced
// here by the same functions made of operations it follows, none of which branches. Of the others it takes each bit of
// the result to depend on the same bit of the operands only; here the result is marked as the instruction deserves.
// Included before the library, whose kernels then compile to the same branches and addresses as ever.
#pragma once

#include <cstddef>

#include "backend.hpp"

#if defined(TAINT_MSAN) && (defined(__x86_64__) || defined(__i386__))
#include <immintrin.h>

namespace taint::models {

template <class T>
inline bool is_secret(const T& v, std::size_t at = 0, std::size_t len = sizeof(T)) {
  return __msan_test_shadow(reinterpret_cast<const char*>(&v) + at, len) != -1;
}

/// The result, secret in every bit if any bit of an operand is.
template <class R, class... T>
inline void mix(R& result, const T&... operands) {
  if ((is_secret(operands) || ...)) __msan_poison(&result, sizeof result);
}

/// The same for each 64-bit lane by itself.
template <class R, class... T>
inline void mix_lanes(R& result, const T&... operands) {
  for (std::size_t at = 0; at < sizeof result; at += 8)
    if ((is_secret(operands, at, 8) || ...)) __msan_poison(reinterpret_cast<char*>(&result) + at, 8);
}

/// Rotates each 32-bit lane left.
template <int Bits>
__attribute__((target("sse2"))) inline __m128i rotl(__m128i x) {
  return _mm_or_si128(_mm_slli_epi32(x, Bits), _mm_srli_epi32(x, 32 - Bits));
}

/// AESENCLAST of four equal columns with a zero round key is SubWord: ShiftRows leaves equal columns as they are.
__attribute__((target("sse2,aes"))) inline __m128i sub_word(__m128i equal_columns) {
  return _mm_aesenclast_si128(equal_columns, _mm_setzero_si128());
}

template <int Rcon>
__attribute__((target("sse2,aes"))) inline __m128i aeskeygenassist(__m128i x) {
  const __m128i one = sub_word(_mm_shuffle_epi32(x, 0x55)), three = sub_word(_mm_shuffle_epi32(x, 0xff));
  const __m128i low = _mm_unpacklo_epi32(one, rotl<24>(one)), high = _mm_unpacklo_epi32(three, rotl<24>(three));
  return _mm_xor_si128(_mm_unpacklo_epi64(low, high), _mm_set_epi32(Rcon, 0, Rcon, 0));
}

/// Four rounds of FIPS 180-4 6.1.2. abcd holds a in its highest lane; e has been added to the highest lane of w.
template <int Quarter>
inline __m128i sha1rnds4(__m128i abcd, __m128i w) {
  constexpr unsigned constants[4] = {0x5a827999u, 0x6ed9eba1u, 0x8f1bbcdcu, 0xca62c1d6u};
  alignas(16) unsigned v[4], words[4];
  _mm_store_si128(reinterpret_cast<__m128i*>(v), abcd);
  _mm_store_si128(reinterpret_cast<__m128i*>(words), w);
  unsigned a = v[3], b = v[2], c = v[1], d = v[0], e = 0;
  const auto rotate = [](unsigned x, int bits) { return (x << bits) | (x >> (32 - bits)); };
  for (int i = 3; i >= 0; --i) {
    const unsigned f = Quarter == 0 ? (b & c) ^ (~b & d) : Quarter == 2 ? (b & c) ^ (b & d) ^ (c & d) : b ^ c ^ d;
    const unsigned next = rotate(a, 5) + f + e + words[i] + constants[Quarter];
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  return _mm_set_epi32(static_cast<int>(a), static_cast<int>(b), static_cast<int>(c), static_cast<int>(d));
}

/// Any function of three operands, as the or of those rows of its truth table that give one.
template <int Truth, class V>
inline void ternary_of(V& r, const V& a, const V& b, const V& c) {
  r = Truth == 0x96 ? a ^ b ^ c : a ^ a;
  if constexpr (Truth == 0x96) return;
  if constexpr ((Truth & 0x01) != 0) r |= ~a & ~b & ~c;
  if constexpr ((Truth & 0x02) != 0) r |= ~a & ~b & c;
  if constexpr ((Truth & 0x04) != 0) r |= ~a & b & ~c;
  if constexpr ((Truth & 0x08) != 0) r |= ~a & b & c;
  if constexpr ((Truth & 0x10) != 0) r |= a & ~b & ~c;
  if constexpr ((Truth & 0x20) != 0) r |= a & ~b & c;
  if constexpr ((Truth & 0x40) != 0) r |= a & b & ~c;
  if constexpr ((Truth & 0x80) != 0) r |= a & b & c;
}
template <int Truth>
__attribute__((target("avx512f"))) inline __m512i ternary(__m512i a, __m512i b, __m512i c) {
  __m512i r;
  ternary_of<Truth>(r, a, b, c);
  return r;
}
template <int Truth>
__attribute__((target("avx512vl"))) inline __m256i ternary(__m256i a, __m256i b, __m256i c) {
  __m256i r;
  ternary_of<Truth>(r, a, b, c);
  return r;
}
template <int Truth>
__attribute__((target("avx512vl"))) inline __m128i ternary(__m128i a, __m128i b, __m128i c) {
  __m128i r;
  ternary_of<Truth>(r, a, b, c);
  return r;
}

#define TAINT_SHA(name)                                                             \
  __attribute__((target("sse4.1,sha"))) inline __m128i name(__m128i a, __m128i b) { \
    __m128i r = _mm_##name##_epu32(a, b);                                           \
    mix(r, a, b);                                                                   \
    return r;                                                                       \
  }
TAINT_SHA(sha1nexte)
TAINT_SHA(sha1msg1)
TAINT_SHA(sha1msg2)
TAINT_SHA(sha256msg1)
TAINT_SHA(sha256msg2)
#undef TAINT_SHA
__attribute__((target("sse4.1,sha"))) inline __m128i sha256rnds2(__m128i cdgh, __m128i abef, __m128i wk) {
  __m128i r = _mm_sha256rnds2_epu32(cdgh, abef, wk);
  mix(r, cdgh, abef, wk);
  return r;
}

inline unsigned char addcarry(unsigned char carry, unsigned long long a, unsigned long long b,
                              unsigned long long* sum) {
  const unsigned long long partial = a + b;
  unsigned long long whole = partial + carry;
  auto carry_out = static_cast<unsigned char>((partial < a) | (whole < partial));
  mix(whole, carry, a, b);
  mix(carry_out, carry, a, b);
  *sum = whole;
  return carry_out;
}

__attribute__((target("avx512f,avx512ifma"))) inline __m512i madd52lo(__m512i sum, __m512i a, __m512i b) {
  __m512i r = _mm512_madd52lo_epu64(sum, a, b);
  mix_lanes(r, sum, a, b);
  return r;
}
__attribute__((target("avx512f,avx512ifma"))) inline __m512i madd52hi(__m512i sum, __m512i a, __m512i b) {
  __m512i r = _mm512_madd52hi_epu64(sum, a, b);
  mix_lanes(r, sum, a, b);
  return r;
}
__attribute__((target("avx512vl,avx512ifma"))) inline __m256i madd52lo(__m256i sum, __m256i a, __m256i b) {
  __m256i r = _mm256_madd52lo_epu64(sum, a, b);
  mix_lanes(r, sum, a, b);
  return r;
}
__attribute__((target("avx512vl,avx512ifma"))) inline __m256i madd52hi(__m256i sum, __m256i a, __m256i b) {
  __m256i r = _mm256_madd52hi_epu64(sum, a, b);
  mix_lanes(r, sum, a, b);
  return r;
}

/// Lanes go where the index says; a secret index may send any of them anywhere.
__attribute__((target("avx512vl"))) inline __m256i permutexvar(__m256i index, __m256i v) {
  __m256i r = _mm256_permutexvar_epi64(index, v);
  if (is_secret(index)) {
    __msan_poison(&r, sizeof r);
    return r;
  }
  __msan_unpoison(&r, sizeof r);
  for (std::size_t lane = 0; lane < 4; ++lane)
    if (is_secret(v, 8 * static_cast<std::size_t>(index[lane] & 3), 8))
      __msan_poison(reinterpret_cast<char*>(&r) + 8 * lane, 8);
  return r;
}

}  // namespace taint::models

#undef _mm_aeskeygenassist_si128
#define _mm_aeskeygenassist_si128(x, rcon) ::taint::models::aeskeygenassist<(rcon)>(x)
#define _mm_sha1nexte_epu32(a, b) ::taint::models::sha1nexte(a, b)
#define _mm_sha1msg1_epu32(a, b) ::taint::models::sha1msg1(a, b)
#define _mm_sha1msg2_epu32(a, b) ::taint::models::sha1msg2(a, b)
#define _mm_sha256msg1_epu32(a, b) ::taint::models::sha256msg1(a, b)
#define _mm_sha256msg2_epu32(a, b) ::taint::models::sha256msg2(a, b)
#define _mm_sha256rnds2_epu32(cdgh, abef, wk) ::taint::models::sha256rnds2(cdgh, abef, wk)
#define _addcarry_u64(carry, a, b, sum) ::taint::models::addcarry(carry, a, b, sum)
#define _mm512_madd52lo_epu64(sum, a, b) ::taint::models::madd52lo(sum, a, b)
#define _mm512_madd52hi_epu64(sum, a, b) ::taint::models::madd52hi(sum, a, b)
#define _mm256_madd52lo_epu64(sum, a, b) ::taint::models::madd52lo(sum, a, b)
#define _mm256_madd52hi_epu64(sum, a, b) ::taint::models::madd52hi(sum, a, b)
#define _mm256_permutexvar_epi64(index, v) ::taint::models::permutexvar(index, v)
#undef _mm_sha1rnds4_epu32
#define _mm_sha1rnds4_epu32(abcd, w, quarter) ::taint::models::sha1rnds4<(quarter)>(abcd, w)
#undef _mm512_ternarylogic_epi64
#define _mm512_ternarylogic_epi64(a, b, c, truth) ::taint::models::ternary<(truth)>(a, b, c)
#undef _mm256_ternarylogic_epi64
#define _mm256_ternarylogic_epi64(a, b, c, truth) ::taint::models::ternary<(truth)>(a, b, c)
#undef _mm_ternarylogic_epi64
#define _mm_ternarylogic_epi64(a, b, c, truth) ::taint::models::ternary<(truth)>(a, b, c)
#undef _mm512_ternarylogic_epi32
#define _mm512_ternarylogic_epi32(a, b, c, truth) ::taint::models::ternary<(truth)>(a, b, c)
#undef _mm256_ternarylogic_epi32
#define _mm256_ternarylogic_epi32(a, b, c, truth) ::taint::models::ternary<(truth)>(a, b, c)
#undef _mm_ternarylogic_epi32
#define _mm_ternarylogic_epi32(a, b, c, truth) ::taint::models::ternary<(truth)>(a, b, c)
#endif
