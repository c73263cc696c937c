// SPDX-License-Identifier: BSL-1.0
// Four ChaCha20 blocks per row of vectors: AVX-512 registers, rotations in one instruction, masks for partial vectors.

inline constexpr int width = 4;
inline constexpr int max_groups = 5;  // 32 registers
using vec = __m512i;

using x86_ssse3::counter_row;

SOTTO_ALWAYS_INLINE vec zero() noexcept { return _mm512_setzero_si512(); }
SOTTO_ALWAYS_INLINE vec load(const std::uint8_t* p) noexcept { return _mm512_loadu_si512(p); }
SOTTO_ALWAYS_INLINE void store(std::uint8_t* p, vec v) noexcept { _mm512_storeu_si512(p, v); }
SOTTO_ALWAYS_INLINE vec add(vec a, vec b) noexcept { return _mm512_add_epi32(a, b); }
SOTTO_ALWAYS_INLINE vec bit_xor(vec a, vec b) noexcept { return _mm512_xor_si512(a, b); }

template <int Bits>
SOTTO_ALWAYS_INLINE vec rotate(vec v) noexcept {
  return _mm512_rol_epi32(v, Bits);
}

template <int Words>
SOTTO_ALWAYS_INLINE vec turn(vec v) noexcept {
  return _mm512_shuffle_epi32(v, static_cast<_MM_PERM_ENUM>(Words == 1 ? 0x39 : Words == 2 ? 0x4e : 0x93));
}

SOTTO_ALWAYS_INLINE vec broadcast(__m128i row) noexcept { return _mm512_broadcast_i32x4(row); }
SOTTO_ALWAYS_INLINE vec lane_numbers() noexcept {
  return _mm512_setr_epi32(0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0);
}
SOTTO_ALWAYS_INLINE __m128i lane0(vec v) noexcept { return _mm512_castsi512_si128(v); }

SOTTO_ALWAYS_INLINE void rows_to_bytes(vec* out, vec a, vec b, vec c, vec d) noexcept {
  const vec ab01 = _mm512_shuffle_i32x4(a, b, 0x44), ab23 = _mm512_shuffle_i32x4(a, b, 0xee);
  const vec cd01 = _mm512_shuffle_i32x4(c, d, 0x44), cd23 = _mm512_shuffle_i32x4(c, d, 0xee);
  out[0] = _mm512_shuffle_i32x4(ab01, cd01, 0x88);
  out[1] = _mm512_shuffle_i32x4(ab01, cd01, 0xdd);
  out[2] = _mm512_shuffle_i32x4(ab23, cd23, 0x88);
  out[3] = _mm512_shuffle_i32x4(ab23, cd23, 0xdd);
}

/// Ones for the first len bytes, len 0 to 64.
SOTTO_ALWAYS_INLINE __mmask64 first_bytes(std::size_t len) noexcept {
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(len));
}
SOTTO_ALWAYS_INLINE vec load_partial(const std::uint8_t* p, std::size_t len) noexcept {
  return _mm512_maskz_loadu_epi8(first_bytes(len), p);
}
SOTTO_ALWAYS_INLINE void store_partial(std::uint8_t* p, vec v, std::size_t len) noexcept {
  _mm512_mask_storeu_epi8(p, first_bytes(len), v);
}
