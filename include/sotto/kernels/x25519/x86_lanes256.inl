// SPDX-License-Identifier: BSL-1.0
// Four lanes of 64 bits (AVX2). Lanes 2 i and 2 i + 1 are a pair.

inline constexpr std::size_t lanes = 4;
using vec = __m256i;

SOTTO_ALWAYS_INLINE vec zero() noexcept { return _mm256_setzero_si256(); }
SOTTO_ALWAYS_INLINE vec splat(std::uint64_t x) noexcept { return _mm256_set1_epi64x(static_cast<long long>(x)); }
SOTTO_ALWAYS_INLINE vec lanes_of(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) noexcept {
  return _mm256_setr_epi64x(static_cast<long long>(a), static_cast<long long>(b), static_cast<long long>(c),
                            static_cast<long long>(d));
}
SOTTO_ALWAYS_INLINE vec load(const std::uint64_t* p) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
SOTTO_ALWAYS_INLINE void store(std::uint64_t* p, vec v) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
}
SOTTO_ALWAYS_INLINE vec bit_and(vec a, vec b) noexcept { return _mm256_and_si256(a, b); }
SOTTO_ALWAYS_INLINE vec bit_or(vec a, vec b) noexcept { return _mm256_or_si256(a, b); }
SOTTO_ALWAYS_INLINE vec bit_xor(vec a, vec b) noexcept { return _mm256_xor_si256(a, b); }
SOTTO_ALWAYS_INLINE vec plus(vec a, vec b) noexcept { return _mm256_add_epi64(a, b); }
SOTTO_ALWAYS_INLINE vec minus(vec a, vec b) noexcept { return _mm256_sub_epi64(a, b); }
template <int N>
SOTTO_ALWAYS_INLINE vec shift_left(vec a) noexcept {
  return _mm256_slli_epi64(a, N);
}
template <int N>
SOTTO_ALWAYS_INLINE vec shift_right(vec a) noexcept {
  return _mm256_srli_epi64(a, N);
}

/// Lanes 2 i and 2 i + 1 change places.
SOTTO_ALWAYS_INLINE vec other_of_pair(vec a) noexcept { return _mm256_shuffle_epi32(a, 0x4e); }
/// Lane 2 i, or 2 i + 1, in both.
SOTTO_ALWAYS_INLINE vec both_even(vec a) noexcept { return _mm256_unpacklo_epi64(a, a); }
SOTTO_ALWAYS_INLINE vec both_odd(vec a) noexcept { return _mm256_unpackhi_epi64(a, a); }

/// How permute names lane i: by its two 32-bit halves.
constexpr std::uint64_t from_lane(std::uint64_t i) noexcept { return 2 * i | (2 * i + 1) << 32; }
/// The lanes that order names.
SOTTO_ALWAYS_INLINE vec permute(vec a, vec order) noexcept { return _mm256_permutevar8x32_epi32(a, order); }

inline constexpr unsigned upper_pair = 0xc, odd_lanes = 0xa;
