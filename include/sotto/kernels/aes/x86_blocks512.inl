// SPDX-License-Identifier: BSL-1.0
// Four AES blocks per vector: AVX-512 registers, VAES. Masks make partial loads and stores branch-free.

inline constexpr int width = 4;
inline constexpr int group_vectors = 4;  // VAESENC: latency 4, one 512-bit vector per cycle (Zen 4)
using vec = __m512i;

using x86_aesni::expand;

SOTTO_ALWAYS_INLINE vec zero() noexcept { return _mm512_setzero_si512(); }
SOTTO_ALWAYS_INLINE vec load(const std::uint8_t* p) noexcept { return _mm512_loadu_si512(p); }
SOTTO_ALWAYS_INLINE void store(std::uint8_t* p, vec v) noexcept { _mm512_storeu_si512(p, v); }
SOTTO_ALWAYS_INLINE vec load_key(const std::uint8_t* p) noexcept {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
SOTTO_ALWAYS_INLINE vec bit_xor(vec a, vec b) noexcept { return _mm512_xor_si512(a, b); }
SOTTO_ALWAYS_INLINE vec bit_xor3(vec a, vec b, vec c) noexcept { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
SOTTO_ALWAYS_INLINE vec aes_round(vec x, vec k) noexcept { return _mm512_aesenc_epi128(x, k); }
SOTTO_ALWAYS_INLINE vec aes_last_round(vec x, vec k) noexcept { return _mm512_aesenclast_epi128(x, k); }

/// Ones for the first len bytes, len 0 to 64. 32-bit machines have no 64-bit BZHI.
SOTTO_ALWAYS_INLINE __mmask64 first_bytes(std::size_t len) noexcept {
#if defined(__x86_64__) || defined(_M_X64)
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(len));
#else
  return len >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << len) - 1;
#endif
}
SOTTO_ALWAYS_INLINE vec load_partial(const std::uint8_t* p, std::size_t len) noexcept {
  return _mm512_maskz_loadu_epi8(first_bytes(len), p);
}
SOTTO_ALWAYS_INLINE void store_partial(std::uint8_t* p, vec v, std::size_t len) noexcept {
  _mm512_mask_storeu_epi8(p, first_bytes(len), v);
}
SOTTO_ALWAYS_INLINE vec keep_first(vec v, std::size_t len) noexcept {
  return _mm512_maskz_mov_epi8(first_bytes(len), v);
}

SOTTO_ALWAYS_INLINE vec swap_counter(vec v) noexcept {
  return _mm512_shuffle_epi8(
      v, _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12)));
}
SOTTO_ALWAYS_INLINE vec first_counters(__m128i swapped) noexcept {
  return _mm512_add_epi32(_mm512_broadcast_i32x4(swapped),
                          _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3));
}
SOTTO_ALWAYS_INLINE vec next_counters(vec v) noexcept {
  return _mm512_add_epi32(v, _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0, 0, 4)));
}

SOTTO_ALWAYS_INLINE vec xor_lane0(vec v, __m128i block) noexcept { return bit_xor(v, _mm512_zextsi128_si512(block)); }
SOTTO_ALWAYS_INLINE __m128i lane0(vec v) noexcept { return _mm512_castsi512_si128(v); }
SOTTO_ALWAYS_INLINE vec clear_lane0(vec v) noexcept { return _mm512_maskz_mov_epi64(0xfc, v); }

// The vector starts 16 bytes before the text, where the mask lets nothing be touched.
SOTTO_ALWAYS_INLINE vec load_behind_lane0(const std::uint8_t* p, std::size_t len) noexcept {
  return _mm512_maskz_loadu_epi8(first_bytes(len) << 16, core::before(p, 16));
}
SOTTO_ALWAYS_INLINE void store_behind_lane0(std::uint8_t* p, vec v, std::size_t len) noexcept {
  _mm512_mask_storeu_epi8(core::before(p, 16), first_bytes(len) << 16, v);
}
