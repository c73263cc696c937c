// SPDX-License-Identifier: BSL-1.0
// Two AES blocks per vector: AVX2 registers, VAES.

inline constexpr int width = 2;
inline constexpr int group_vectors = 8;
using vec = __m256i;

using x86_aesni::expand;

SOTTO_ALWAYS_INLINE vec zero() noexcept { return _mm256_setzero_si256(); }
SOTTO_ALWAYS_INLINE vec load(const std::uint8_t* p) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
SOTTO_ALWAYS_INLINE void store(std::uint8_t* p, vec v) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
}
SOTTO_ALWAYS_INLINE vec load_key(const std::uint8_t* p) noexcept {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
SOTTO_ALWAYS_INLINE vec bit_xor(vec a, vec b) noexcept { return _mm256_xor_si256(a, b); }
SOTTO_ALWAYS_INLINE vec bit_xor3(vec a, vec b, vec c) noexcept { return bit_xor(a, bit_xor(b, c)); }
SOTTO_ALWAYS_INLINE vec aes_round(vec x, vec k) noexcept { return _mm256_aesenc_epi128(x, k); }
SOTTO_ALWAYS_INLINE vec aes_last_round(vec x, vec k) noexcept { return _mm256_aesenclast_epi128(x, k); }

SOTTO_ALWAYS_INLINE vec load_partial(const std::uint8_t* p, std::size_t len) noexcept {
  if (len <= 16) return _mm256_inserti128_si256(zero(), x86_aesni::load_partial128(p, len), 0);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))),
                                 x86_aesni::load_partial128(p + 16, len - 16), 1);
}
SOTTO_ALWAYS_INLINE void store_partial(std::uint8_t* p, vec v, std::size_t len) noexcept {
  const __m128i low = _mm256_castsi256_si128(v);
  if (len <= 16) {
    x86_aesni::store_partial128(p, low, len);
    return;
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), low);
  x86_aesni::store_partial128(p + 16, _mm256_extracti128_si256(v, 1), len - 16);
}
SOTTO_ALWAYS_INLINE vec keep_first(vec v, std::size_t len) noexcept {
  const vec index = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
                                     23, 24, 25, 26, 27, 28, 29, 30, 31);
  return _mm256_and_si256(v, _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(len)), index));
}

SOTTO_ALWAYS_INLINE vec swap_counter(vec v) noexcept {
  return _mm256_shuffle_epi8(v, _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12, 0, 1, 2, 3, 4, 5,
                                                 6, 7, 8, 9, 10, 11, 15, 14, 13, 12));
}
SOTTO_ALWAYS_INLINE vec first_counters(__m128i swapped) noexcept {
  return _mm256_add_epi32(_mm256_broadcastsi128_si256(swapped), _mm256_setr_epi32(0, 0, 0, 0, 0, 0, 0, 1));
}
SOTTO_ALWAYS_INLINE vec next_counters(vec v) noexcept {
  return _mm256_add_epi32(v, _mm256_setr_epi32(0, 0, 0, 2, 0, 0, 0, 2));
}

SOTTO_ALWAYS_INLINE vec xor_lane0(vec v, __m128i block) noexcept {
  return bit_xor(v, _mm256_inserti128_si256(zero(), block, 0));
}
SOTTO_ALWAYS_INLINE __m128i lane0(vec v) noexcept { return _mm256_castsi256_si128(v); }
SOTTO_ALWAYS_INLINE vec clear_lane0(vec v) noexcept { return _mm256_inserti128_si256(v, _mm_setzero_si128(), 0); }

SOTTO_ALWAYS_INLINE vec load_behind_lane0(const std::uint8_t* p, std::size_t len) noexcept {
  return _mm256_inserti128_si256(zero(), x86_aesni::load_partial128(p, len), 1);
}
SOTTO_ALWAYS_INLINE void store_behind_lane0(std::uint8_t* p, vec v, std::size_t len) noexcept {
  x86_aesni::store_partial128(p, _mm256_extracti128_si256(v, 1), len);
}
