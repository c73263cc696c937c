// SPDX-License-Identifier: BSL-1.0
// Carry-less multiplication of four blocks per vector (VPCLMULQDQ, AVX-512).

namespace ops = kernels::aes::x86_vaes512;
using vec = ops::vec;

using x86_aesni::expand;
using x86_aesni::reduce;
using x86_aesni::reverse128;

SOTTO_ALWAYS_INLINE vec reverse(vec v) noexcept {
  return _mm512_shuffle_epi8(
      v, _mm512_broadcast_i32x4(_mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)));
}
SOTTO_ALWAYS_INLINE vec clmul_low(vec a, vec b) noexcept { return _mm512_clmulepi64_epi128(a, b, 0x00); }
SOTTO_ALWAYS_INLINE vec clmul_high(vec a, vec b) noexcept { return _mm512_clmulepi64_epi128(a, b, 0x11); }
SOTTO_ALWAYS_INLINE vec clmul_cross1(vec a, vec b) noexcept { return _mm512_clmulepi64_epi128(a, b, 0x01); }
SOTTO_ALWAYS_INLINE vec clmul_cross2(vec a, vec b) noexcept { return _mm512_clmulepi64_epi128(a, b, 0x10); }
SOTTO_ALWAYS_INLINE vec low_half_up(vec v) noexcept { return _mm512_bslli_epi128(v, 8); }
SOTTO_ALWAYS_INLINE vec high_half_down(vec v) noexcept { return _mm512_bsrli_epi128(v, 8); }
SOTTO_ALWAYS_INLINE __m128i fold_lanes(vec v) noexcept {
  const __m256i halves = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
  return _mm_xor_si128(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
}
