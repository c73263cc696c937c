// SPDX-License-Identifier: BSL-1.0
// Eight lanes of 64 bits (AVX-512 IFMA): the operations that field elements are computed with.

inline constexpr std::size_t lanes = 8;
using vec = __m512i;

SOTTO_ALWAYS_INLINE vec zero() noexcept { return _mm512_setzero_si512(); }
SOTTO_ALWAYS_INLINE vec splat(std::uint64_t x) noexcept { return _mm512_set1_epi64(static_cast<long long>(x)); }
SOTTO_ALWAYS_INLINE vec load(const std::uint64_t* p) noexcept { return _mm512_loadu_si512(p); }
SOTTO_ALWAYS_INLINE void store(std::uint64_t* p, vec v) noexcept { _mm512_storeu_si512(p, v); }
SOTTO_ALWAYS_INLINE vec bit_and(vec a, vec b) noexcept { return _mm512_and_si512(a, b); }
SOTTO_ALWAYS_INLINE vec plus(vec a, vec b) noexcept { return _mm512_add_epi64(a, b); }
SOTTO_ALWAYS_INLINE vec minus(vec a, vec b) noexcept { return _mm512_sub_epi64(a, b); }
template <int N>
SOTTO_ALWAYS_INLINE vec shift_left(vec a) noexcept {
  return _mm512_slli_epi64(a, N);
}
template <int N>
SOTTO_ALWAYS_INLINE vec shift_right(vec a) noexcept {
  return _mm512_srli_epi64(a, N);
}
/// sum plus the low 52 bits of a b, of whose factors only the low 52 bits count.
SOTTO_ALWAYS_INLINE vec add_low(vec sum, vec a, vec b) noexcept { return _mm512_madd52lo_epu64(sum, a, b); }
/// sum plus the high 52 bits of a b.
SOTTO_ALWAYS_INLINE vec add_high(vec sum, vec a, vec b) noexcept { return _mm512_madd52hi_epu64(sum, a, b); }
/// One instruction where it takes three cycles (Zen 4), three uops where it takes fifteen; never more work than shifts.
SOTTO_ALWAYS_INLINE vec times19(vec a) noexcept {
  return _mm512_mullo_epi64(a, splat(core::value_barrier(std::uint64_t{19})));
}

using lane_mask = __mmask8;
SOTTO_ALWAYS_INLINE lane_mask lanes_with_bit(vec a, std::uint64_t bit) noexcept {
  return _mm512_test_epi64_mask(a, splat(bit));
}
/// a in the lanes of the mask, b in the others.
SOTTO_ALWAYS_INLINE vec select(lane_mask mask, vec a, vec b) noexcept { return _mm512_mask_mov_epi64(b, mask, a); }
