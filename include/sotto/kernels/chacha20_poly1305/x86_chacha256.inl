// SPDX-License-Identifier: BSL-1.0
// Two ChaCha20 blocks per row of vectors: AVX2 registers.

inline constexpr int width = 2;
inline constexpr int group_step = 1;
#if defined(__x86_64__) || defined(_M_X64)
inline constexpr int max_groups = 3;
#else
inline constexpr int max_groups = 1;
#endif
inline constexpr bool shares_lanes = true;  // batches of short packets
using vec = __m256i;

using x86_ssse3::counter_row;

SOTTO_ALWAYS_INLINE vec zero() noexcept { return _mm256_setzero_si256(); }
SOTTO_ALWAYS_INLINE vec load(const std::uint8_t* p) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
SOTTO_ALWAYS_INLINE void store(std::uint8_t* p, vec v) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
}
SOTTO_ALWAYS_INLINE vec add(vec a, vec b) noexcept { return _mm256_add_epi32(a, b); }
SOTTO_ALWAYS_INLINE vec bit_xor(vec a, vec b) noexcept { return _mm256_xor_si256(a, b); }

template <int Bits>
SOTTO_ALWAYS_INLINE vec rotate(vec v) noexcept {
  if constexpr (Bits == 16)
    return _mm256_shuffle_epi8(v, _mm256_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13, 2, 3, 0, 1, 6,
                                                   7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  else if constexpr (Bits == 8)
    return _mm256_shuffle_epi8(v, _mm256_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14, 3, 0, 1, 2, 7,
                                                   4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
  else
    return _mm256_or_si256(_mm256_slli_epi32(v, Bits), _mm256_srli_epi32(v, 32 - Bits));
}

template <int Words>
SOTTO_ALWAYS_INLINE vec turn(vec v) noexcept {
  return _mm256_shuffle_epi32(v, Words == 1 ? 0x39 : Words == 2 ? 0x4e : 0x93);
}

SOTTO_ALWAYS_INLINE vec broadcast(__m128i row) noexcept { return _mm256_broadcastsi128_si256(row); }
SOTTO_ALWAYS_INLINE vec lane_numbers() noexcept { return _mm256_setr_epi32(0, 0, 0, 0, 1, 0, 0, 0); }
SOTTO_ALWAYS_INLINE __m128i lane0(vec v) noexcept { return _mm256_castsi256_si128(v); }
SOTTO_ALWAYS_INLINE vec side_by_side(const __m128i (&rows)[width]) noexcept {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(rows[0]), rows[1], 1);
}

SOTTO_ALWAYS_INLINE void rows_to_bytes(vec* out, vec a, vec b, vec c, vec d) noexcept {
  out[0] = _mm256_permute2x128_si256(a, b, 0x20);
  out[1] = _mm256_permute2x128_si256(c, d, 0x20);
  out[2] = _mm256_permute2x128_si256(a, b, 0x31);
  out[3] = _mm256_permute2x128_si256(c, d, 0x31);
}

SOTTO_ALWAYS_INLINE vec load_partial(const std::uint8_t* p, std::size_t len) noexcept {
  if (len <= 16) return _mm256_inserti128_si256(zero(), x86_ssse3::load_partial128(p, len), 0);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))),
                                 x86_ssse3::load_partial128(p + 16, len - 16), 1);
}
SOTTO_ALWAYS_INLINE void store_partial(std::uint8_t* p, vec v, std::size_t len) noexcept {
  const __m128i low = _mm256_castsi256_si128(v);
  if (len <= 16) {
    x86_ssse3::store_partial128(p, low, len);
    return;
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), low);
  x86_ssse3::store_partial128(p + 16, _mm256_extracti128_si256(v, 1), len - 16);
}
