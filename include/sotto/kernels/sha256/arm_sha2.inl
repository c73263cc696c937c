// SPDX-License-Identifier: BSL-1.0
// SHA-256 with the ARMv8 cryptography extension: four steps per pair of instructions.

// Clang before 16 shows these intrinsics only if the command line allows them everywhere, and GCC before 14 inlines
// them only where AES is allowed too; the builtins beneath are there in any region that has SHA-2.
#if defined(__clang__) && __clang_major__ < 16 && !defined(__ARM_FEATURE_SHA2)
SOTTO_ALWAYS_INLINE uint32x4_t sha256h(uint32x4_t abcd, uint32x4_t efgh, uint32x4_t wk) noexcept {
  return vreinterpretq_u32_s8(
      __builtin_neon_vsha256hq_v(vreinterpretq_s8_u32(abcd), vreinterpretq_s8_u32(efgh), vreinterpretq_s8_u32(wk), 50));
}
SOTTO_ALWAYS_INLINE uint32x4_t sha256h2(uint32x4_t efgh, uint32x4_t abcd, uint32x4_t wk) noexcept {
  return vreinterpretq_u32_s8(__builtin_neon_vsha256h2q_v(vreinterpretq_s8_u32(efgh), vreinterpretq_s8_u32(abcd),
                                                          vreinterpretq_s8_u32(wk), 50));
}
SOTTO_ALWAYS_INLINE uint32x4_t sha256su0(uint32x4_t a, uint32x4_t b) noexcept {
  return vreinterpretq_u32_s8(__builtin_neon_vsha256su0q_v(vreinterpretq_s8_u32(a), vreinterpretq_s8_u32(b), 50));
}
SOTTO_ALWAYS_INLINE uint32x4_t sha256su1(uint32x4_t a, uint32x4_t b, uint32x4_t c) noexcept {
  return vreinterpretq_u32_s8(
      __builtin_neon_vsha256su1q_v(vreinterpretq_s8_u32(a), vreinterpretq_s8_u32(b), vreinterpretq_s8_u32(c), 50));
}
#elif !defined(__clang__) && defined(__GNUC__) && __GNUC__ < 14
SOTTO_ALWAYS_INLINE uint32x4_t sha256h(uint32x4_t abcd, uint32x4_t efgh, uint32x4_t wk) noexcept {
  return __builtin_aarch64_crypto_sha256hv4si_uuuu(abcd, efgh, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha256h2(uint32x4_t efgh, uint32x4_t abcd, uint32x4_t wk) noexcept {
  return __builtin_aarch64_crypto_sha256h2v4si_uuuu(efgh, abcd, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha256su0(uint32x4_t a, uint32x4_t b) noexcept {
  return __builtin_aarch64_crypto_sha256su0v4si_uuu(a, b);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha256su1(uint32x4_t a, uint32x4_t b, uint32x4_t c) noexcept {
  return __builtin_aarch64_crypto_sha256su1v4si_uuuu(a, b, c);
}
#else
SOTTO_ALWAYS_INLINE uint32x4_t sha256h(uint32x4_t abcd, uint32x4_t efgh, uint32x4_t wk) noexcept {
  return vsha256hq_u32(abcd, efgh, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha256h2(uint32x4_t efgh, uint32x4_t abcd, uint32x4_t wk) noexcept {
  return vsha256h2q_u32(efgh, abcd, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha256su0(uint32x4_t a, uint32x4_t b) noexcept { return vsha256su0q_u32(a, b); }
SOTTO_ALWAYS_INLINE uint32x4_t sha256su1(uint32x4_t a, uint32x4_t b, uint32x4_t c) noexcept {
  return vsha256su1q_u32(a, b, c);
}
#endif

/// The eight variables, the first letter in the lowest word.
struct chain {
  uint32x4_t abcd;
  uint32x4_t efgh;
};

/// Sixteen words of the schedule.
struct schedule {
  uint32x4_t w[4];
};

SOTTO_ALWAYS_INLINE schedule load_schedule(const std::uint8_t* block) noexcept {
  schedule s;
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i) s.w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(block + 16 * i)));
  return s;
}

/// Steps 4*Group to 4*Group + 3 (FIPS 180-4 6.2.2). w[Group % 4] is replaced by the words for group Group + 4.
template <int Group>
SOTTO_ALWAYS_INLINE void four_steps(chain& v, schedule& s) noexcept {
  const uint32x4_t w = s.w[Group % 4], wk = vaddq_u32(w, vld1q_u32(round_constants.w + 4 * Group));
  if constexpr (Group < 12)
    s.w[Group % 4] = sha256su1(sha256su0(w, s.w[(Group + 1) % 4]), s.w[(Group + 2) % 4], s.w[(Group + 3) % 4]);
  v = {sha256h(v.abcd, v.efgh, wk), sha256h2(v.efgh, v.abcd, wk)};
}

template <int Group>
SOTTO_ALWAYS_INLINE void steps_from(chain& v, schedule& s) noexcept {
  four_steps<Group>(v, s);
  if constexpr (Group < 15) steps_from<Group + 1>(v, s);
}

inline void compress(state& s, const std::uint8_t* blocks, std::size_t count) noexcept {
  chain h{vld1q_u32(s.h), vld1q_u32(s.h + 4)};
  for (; count != 0; --count, blocks += block_len) {
    chain v = h;
    schedule w = load_schedule(blocks);
    steps_from<0>(v, w);
    h = {vaddq_u32(h.abcd, v.abcd), vaddq_u32(h.efgh, v.efgh)};
  }
  vst1q_u32(s.h, h.abcd);
  vst1q_u32(s.h + 4, h.efgh);
}
