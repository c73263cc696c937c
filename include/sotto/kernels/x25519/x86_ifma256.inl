// SPDX-License-Identifier: BSL-1.0
// What AVX-512 IFMA adds to four lanes.

/// Bit i of Mask chooses lane i of b instead of a's. The compilers merge it with the instruction before.
template <unsigned Mask>
SOTTO_ALWAYS_INLINE vec blend(vec a, vec b) noexcept {
  return _mm256_mask_mov_epi64(a, Mask, b);
}

/// sum plus the low 52 bits of a b, of whose factors only the low 52 bits count.
SOTTO_ALWAYS_INLINE vec add_low(vec sum, vec a, vec b) noexcept { return _mm256_madd52lo_epu64(sum, a, b); }
/// sum plus the high 52 bits of a b.
SOTTO_ALWAYS_INLINE vec add_high(vec sum, vec a, vec b) noexcept { return _mm256_madd52hi_epu64(sum, a, b); }

/// One instruction of three cycles on Zen 4. It takes fifteen elsewhere, but its replacement is four instructions,
/// which cost a fifth of a multiplication here, and Clang would make one of them again; the barrier keeps GCC from
/// doing the opposite.
SOTTO_ALWAYS_INLINE vec times19(vec a) noexcept {
  return _mm256_mullo_epi64(a, splat(core::value_barrier(std::uint64_t{19})));
}
