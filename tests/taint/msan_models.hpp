// SPDX-License-Identifier: BSL-1.0
// Clang's MemorySanitizer reports any secret operand of the few instructions it has no rule for. Here they are replaced
// by the same functions made of operations it follows, none of which branches. Included before the library, whose
// kernels then compile to the same branches and addresses as ever.
#pragma once

#include "backend.hpp"

#if defined(TAINT_MSAN) && (defined(__x86_64__) || defined(__i386__))
#include <immintrin.h>

namespace taint::models {

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

/// The three-way exclusive or, and no other function of three operands.
template <int Truth>
__attribute__((target("avx512f"))) inline __m512i ternary(__m512i a, __m512i b, __m512i c) {
  static_assert(Truth == 0x96, "write a model of this truth table");
  return _mm512_xor_si512(_mm512_xor_si512(a, b), c);
}
template <int Truth>
__attribute__((target("avx512vl"))) inline __m256i ternary(__m256i a, __m256i b, __m256i c) {
  static_assert(Truth == 0x96, "write a model of this truth table");
  return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}
template <int Truth>
__attribute__((target("avx512vl"))) inline __m128i ternary(__m128i a, __m128i b, __m128i c) {
  static_assert(Truth == 0x96, "write a model of this truth table");
  return _mm_xor_si128(_mm_xor_si128(a, b), c);
}

}  // namespace taint::models

#undef _mm_aeskeygenassist_si128
#define _mm_aeskeygenassist_si128(x, rcon) ::taint::models::aeskeygenassist<(rcon)>(x)
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
#endif
