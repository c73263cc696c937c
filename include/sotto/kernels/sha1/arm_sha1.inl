// SPDX-License-Identifier: BSL-1.0
// SHA-1 with the ARMv8 cryptography extension: four steps per instruction.

// Clang before 16 shows these intrinsics only if the command line allows them everywhere, and GCC before 14 inlines
// them only where AES is allowed too; the builtins beneath are there in any region that has SHA-2.
#if defined(__clang__) && __clang_major__ < 16 && !defined(__ARM_FEATURE_SHA2)
SOTTO_ALWAYS_INLINE uint32x4_t sha1c(uint32x4_t abcd, std::uint32_t e, uint32x4_t wk) noexcept {
  return __builtin_neon_vsha1cq_u32(abcd, e, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha1p(uint32x4_t abcd, std::uint32_t e, uint32x4_t wk) noexcept {
  return __builtin_neon_vsha1pq_u32(abcd, e, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha1m(uint32x4_t abcd, std::uint32_t e, uint32x4_t wk) noexcept {
  return __builtin_neon_vsha1mq_u32(abcd, e, wk);
}
SOTTO_ALWAYS_INLINE std::uint32_t sha1h(std::uint32_t a) noexcept { return __builtin_neon_vsha1h_u32(a); }
SOTTO_ALWAYS_INLINE uint32x4_t sha1su0(uint32x4_t a, uint32x4_t b, uint32x4_t c) noexcept {
  return vreinterpretq_u32_s8(
      __builtin_neon_vsha1su0q_v(vreinterpretq_s8_u32(a), vreinterpretq_s8_u32(b), vreinterpretq_s8_u32(c), 50));
}
SOTTO_ALWAYS_INLINE uint32x4_t sha1su1(uint32x4_t a, uint32x4_t b) noexcept {
  return vreinterpretq_u32_s8(__builtin_neon_vsha1su1q_v(vreinterpretq_s8_u32(a), vreinterpretq_s8_u32(b), 50));
}
#elif !defined(__clang__) && defined(__GNUC__) && __GNUC__ < 14
SOTTO_ALWAYS_INLINE uint32x4_t sha1c(uint32x4_t abcd, std::uint32_t e, uint32x4_t wk) noexcept {
  return __builtin_aarch64_crypto_sha1cv4si_uuuu(abcd, e, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha1p(uint32x4_t abcd, std::uint32_t e, uint32x4_t wk) noexcept {
  return __builtin_aarch64_crypto_sha1pv4si_uuuu(abcd, e, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha1m(uint32x4_t abcd, std::uint32_t e, uint32x4_t wk) noexcept {
  return __builtin_aarch64_crypto_sha1mv4si_uuuu(abcd, e, wk);
}
SOTTO_ALWAYS_INLINE std::uint32_t sha1h(std::uint32_t a) noexcept { return __builtin_aarch64_crypto_sha1hsi_uu(a); }
SOTTO_ALWAYS_INLINE uint32x4_t sha1su0(uint32x4_t a, uint32x4_t b, uint32x4_t c) noexcept {
  return __builtin_aarch64_crypto_sha1su0v4si_uuuu(a, b, c);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha1su1(uint32x4_t a, uint32x4_t b) noexcept {
  return __builtin_aarch64_crypto_sha1su1v4si_uuu(a, b);
}
#else
SOTTO_ALWAYS_INLINE uint32x4_t sha1c(uint32x4_t abcd, std::uint32_t e, uint32x4_t wk) noexcept {
  return vsha1cq_u32(abcd, e, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha1p(uint32x4_t abcd, std::uint32_t e, uint32x4_t wk) noexcept {
  return vsha1pq_u32(abcd, e, wk);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha1m(uint32x4_t abcd, std::uint32_t e, uint32x4_t wk) noexcept {
  return vsha1mq_u32(abcd, e, wk);
}
SOTTO_ALWAYS_INLINE std::uint32_t sha1h(std::uint32_t a) noexcept { return vsha1h_u32(a); }
SOTTO_ALWAYS_INLINE uint32x4_t sha1su0(uint32x4_t a, uint32x4_t b, uint32x4_t c) noexcept {
  return vsha1su0q_u32(a, b, c);
}
SOTTO_ALWAYS_INLINE uint32x4_t sha1su1(uint32x4_t a, uint32x4_t b) noexcept { return vsha1su1q_u32(a, b); }
#endif

/// The five variables in registers.
struct chain {
  uint32x4_t abcd;
  std::uint32_t e;
};
SOTTO_ALWAYS_INLINE chain load_chain(const state& s) noexcept { return {vld1q_u32(s.h), s.h[4]}; }
SOTTO_ALWAYS_INLINE void store_chain(state& s, chain v) noexcept {
  vst1q_u32(s.h, v.abcd);
  s.h[4] = v.e;
}
SOTTO_ALWAYS_INLINE void add(chain& to, chain v) noexcept {
  to.abcd = vaddq_u32(to.abcd, v.abcd);
  to.e += v.e;
}

// Four steps each, with the functions and constants of FIPS 180-4 4.1.1 and 4.2.1.
SOTTO_ALWAYS_INLINE void ch4(chain& v, uint32x4_t w) noexcept {
  const std::uint32_t e = sha1h(vgetq_lane_u32(v.abcd, 0));
  v = {sha1c(v.abcd, v.e, vaddq_u32(w, vdupq_n_u32(0x5a827999u))), e};
}
SOTTO_ALWAYS_INLINE void parity4(chain& v, uint32x4_t w, std::uint32_t k) noexcept {
  const std::uint32_t e = sha1h(vgetq_lane_u32(v.abcd, 0));
  v = {sha1p(v.abcd, v.e, vaddq_u32(w, vdupq_n_u32(k))), e};
}
SOTTO_ALWAYS_INLINE void parity4_early(chain& v, uint32x4_t w) noexcept { parity4(v, w, 0x6ed9eba1u); }
SOTTO_ALWAYS_INLINE void parity4_late(chain& v, uint32x4_t w) noexcept { parity4(v, w, 0xca62c1d6u); }
SOTTO_ALWAYS_INLINE void maj4(chain& v, uint32x4_t w) noexcept {
  const std::uint32_t e = sha1h(vgetq_lane_u32(v.abcd, 0));
  v = {sha1m(v.abcd, v.e, vaddq_u32(w, vdupq_n_u32(0x8f1bbcdcu))), e};
}

/// Sixteen words of the schedule; next4 replaces the oldest four.
struct schedule {
  uint32x4_t a, b, c, d;
};
SOTTO_ALWAYS_INLINE uint32x4_t load_words(const std::uint8_t* p) noexcept {
  return vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(p)));
}
SOTTO_ALWAYS_INLINE schedule load_schedule(const std::uint8_t* block) noexcept {
  return {load_words(block), load_words(block + 16), load_words(block + 32), load_words(block + 48)};
}
SOTTO_ALWAYS_INLINE void next4(uint32x4_t& w0, uint32x4_t w4, uint32x4_t w8, uint32x4_t w12) noexcept {
  w0 = sha1su1(sha1su0(w0, w4, w8), w12);
}
/// The next sixteen words at once.
SOTTO_ALWAYS_INLINE void next16(schedule& w) noexcept {
  next4(w.a, w.b, w.c, w.d);
  next4(w.b, w.c, w.d, w.a);
  next4(w.c, w.d, w.a, w.b);
  next4(w.d, w.a, w.b, w.c);
}

inline void compress(state& s, const std::uint8_t* blocks, std::size_t count) noexcept {
  chain h = load_chain(s);
  for (; count != 0; --count, blocks += block_len) {
    chain v = h;
    schedule w = load_schedule(blocks);
    ch4(v, w.a);
    ch4(v, w.b);
    ch4(v, w.c);
    ch4(v, w.d);
    next16(w);
    ch4(v, w.a);
    parity4_early(v, w.b);
    parity4_early(v, w.c);
    parity4_early(v, w.d);
    next16(w);
    parity4_early(v, w.a);
    parity4_early(v, w.b);
    maj4(v, w.c);
    maj4(v, w.d);
    next16(w);
    maj4(v, w.a);
    maj4(v, w.b);
    maj4(v, w.c);
    parity4_late(v, w.d);
    next16(w);
    parity4_late(v, w.a);
    parity4_late(v, w.b);
    parity4_late(v, w.c);
    parity4_late(v, w.d);
    add(h, v);
  }
  store_chain(s, h);
}
