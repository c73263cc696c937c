// SPDX-License-Identifier: BSL-1.0
// Carry-less multiplication of one block per vector (PCLMULQDQ), and the arithmetic on single blocks that every x86
// kernel needs: reduction and powers of the hash key.

namespace ops = kernels::aes::x86_aesni;
using vec = ops::vec;

/// A block's bytes in reverse: GHASH's bit order becomes plain polynomial order (POLYVAL, RFC 8452 Appendix A).
SOTTO_ALWAYS_INLINE __m128i reverse128(__m128i v) noexcept {
  return _mm_shuffle_epi8(v, _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

SOTTO_ALWAYS_INLINE vec reverse(vec v) noexcept { return reverse128(v); }
SOTTO_ALWAYS_INLINE vec clmul_low(vec a, vec b) noexcept { return _mm_clmulepi64_si128(a, b, 0x00); }
SOTTO_ALWAYS_INLINE vec clmul_high(vec a, vec b) noexcept { return _mm_clmulepi64_si128(a, b, 0x11); }
SOTTO_ALWAYS_INLINE vec clmul_cross1(vec a, vec b) noexcept { return _mm_clmulepi64_si128(a, b, 0x01); }
SOTTO_ALWAYS_INLINE vec clmul_cross2(vec a, vec b) noexcept { return _mm_clmulepi64_si128(a, b, 0x10); }
SOTTO_ALWAYS_INLINE vec low_half_up(vec v) noexcept { return _mm_slli_si128(v, 8); }
SOTTO_ALWAYS_INLINE vec high_half_down(vec v) noexcept { return _mm_srli_si128(v, 8); }
SOTTO_ALWAYS_INLINE __m128i fold_lanes(vec v) noexcept { return v; }

/// high:low * x^-128 mod x^128 + x^127 + x^126 + x^121 + 1, in two folds by the polynomial's upper half.
SOTTO_ALWAYS_INLINE __m128i reduce(__m128i low, __m128i high) noexcept {
  const __m128i poly = _mm_setr_epi32(0, 0, 0, static_cast<int>(0xc2000000u));
  low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly, 0x10));
  low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, poly, 0x10));
  return _mm_xor_si128(low, high);
}

/// a * b * x^-128 in the same field.
SOTTO_ALWAYS_INLINE __m128i multiply(__m128i a, __m128i b) noexcept {
  const __m128i middle = _mm_xor_si128(clmul_cross1(a, b), clmul_cross2(a, b));
  return reduce(_mm_xor_si128(clmul_low(a, b), low_half_up(middle)),
                _mm_xor_si128(clmul_high(a, b), high_half_down(middle)));
}

/// v * x: with the hash key scaled so, products of reversed blocks need no shift (RFC 8452 Appendix A, mulX_POLYVAL).
SOTTO_ALWAYS_INLINE __m128i times_x(__m128i v) noexcept {
  const __m128i carries = _mm_srli_epi32(v, 31);
  const __m128i overflow = _mm_srai_epi32(_mm_shuffle_epi32(v, 0xff), 31);  // all ones if the top bit falls out
  const __m128i poly = _mm_setr_epi32(1, 0, 0, static_cast<int>(0xc2000000u));
  const __m128i shifted = _mm_or_si128(_mm_slli_epi32(v, 1), _mm_slli_si128(carries, 4));
  return _mm_xor_si128(shifted, _mm_and_si128(overflow, poly));
}

/// SP 800-38D 7.1 step 1, and H^17 … H^1 in that order with zeros behind. Every power is the product of two about half
/// its degree, so that independent products overlap.
inline void expand(key& k, const std::uint8_t* bytes, std::size_t key_len) noexcept {
  ops::expand(k.cipher, bytes, key_len);
  __m128i power[power_count + 1];
  ops::vec h[1] = {ops::zero()};
  ops::encrypt(h, k.cipher);
  power[1] = times_x(reverse128(h[0]));
  for (std::size_t n = 2; n <= power_count; ++n) power[n] = multiply(power[n / 2], power[n - n / 2]);
  for (std::size_t n = 1; n <= power_count; ++n) ops::store(k.powers + 16 * (power_count - n), power[n]);
  for (std::size_t n = power_count; n < power_count + 3; ++n) ops::store(k.powers + 16 * n, ops::zero());
  core::wipe(power, sizeof power);
  core::wipe(h, sizeof h);
}
