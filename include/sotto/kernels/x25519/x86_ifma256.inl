// SPDX-License-Identifier: BSL-1.0
// Four lanes of 64 bits (AVX-512 IFMA and VL): the operations that field elements are computed with.

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
/// sum plus the low 52 bits of a b, of whose factors only the low 52 bits count.
SOTTO_ALWAYS_INLINE vec add_low(vec sum, vec a, vec b) noexcept { return _mm256_madd52lo_epu64(sum, a, b); }
/// sum plus the high 52 bits of a b.
SOTTO_ALWAYS_INLINE vec add_high(vec sum, vec a, vec b) noexcept { return _mm256_madd52hi_epu64(sum, a, b); }
/// Three cycles on Zen 4. Elsewhere VPMULLQ takes fifteen, but two shifts and two additions are one instruction to
/// Clang, and one is four to GCC, which costs a fifth of the time of a multiplication: hence the barrier.
SOTTO_ALWAYS_INLINE vec times19(vec a) noexcept {
  return _mm256_mullo_epi64(a, splat(core::value_barrier(std::uint64_t{19})));
}
