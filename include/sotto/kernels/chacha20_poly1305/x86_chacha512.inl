// SPDX-License-Identifier: BSL-1.0
// Two ChaCha20 blocks per row of vectors, with what AVX-512 adds: rotations in one instruction, 32 registers, masks for
// partial vectors. 256 bits, because Zen 4 needs 14 percent more time for the same work in 512, and rotates no faster.

inline constexpr int width = 2;
inline constexpr int group_step = 2;  // one group takes as long as two
inline constexpr int max_groups = 6;
inline constexpr bool shares_lanes = true;  // batches of short packets
using vec = __m256i;

using x86_avx2::add;
using x86_avx2::bit_xor;
using x86_avx2::broadcast;
using x86_avx2::lane0;
using x86_avx2::lane_numbers;
using x86_avx2::load;
using x86_avx2::rows_to_bytes;
using x86_avx2::side_by_side;
using x86_avx2::store;
using x86_avx2::turn;
using x86_avx2::zero;
using x86_ssse3::counter_row;

template <int Bits>
SOTTO_ALWAYS_INLINE vec rotate(vec v) noexcept {
  return _mm256_rol_epi32(v, Bits);
}

/// Ones for the first len bytes, len 0 to 64.
SOTTO_ALWAYS_INLINE std::uint64_t first_bytes(std::size_t len) noexcept {
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(len));
}
SOTTO_ALWAYS_INLINE vec load_partial(const std::uint8_t* p, std::size_t len) noexcept {
  return _mm256_maskz_loadu_epi8(static_cast<__mmask32>(first_bytes(len)), p);
}
SOTTO_ALWAYS_INLINE void store_partial(std::uint8_t* p, vec v, std::size_t len) noexcept {
  _mm256_mask_storeu_epi8(p, static_cast<__mmask32>(first_bytes(len)), v);
}
