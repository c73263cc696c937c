// SPDX-License-Identifier: BSL-1.0
// AES with the ARMv8 cryptography extension: four or eight blocks interleaved. The GCM and AES-CM kernels build on it.

// Clang before 16 shows these intrinsics only if the command line allows them everywhere, and GCC before 14 inlines
// them only where SHA-2 is allowed too; the builtins beneath are there in any region that has AES.
#if defined(__clang__) && __clang_major__ < 16 && !defined(__ARM_FEATURE_AES)
SOTTO_ALWAYS_INLINE uint8x16_t aese(uint8x16_t s, uint8x16_t k) noexcept {
  return vreinterpretq_u8_s8(__builtin_neon_vaeseq_v(vreinterpretq_s8_u8(s), vreinterpretq_s8_u8(k), 48));
}
SOTTO_ALWAYS_INLINE uint8x16_t aesmc(uint8x16_t s) noexcept {
  return vreinterpretq_u8_s8(__builtin_neon_vaesmcq_v(vreinterpretq_s8_u8(s), 48));
}
SOTTO_ALWAYS_INLINE poly128_t pmull64(poly64_t a, poly64_t b) noexcept { return __builtin_neon_vmull_p64(a, b); }
SOTTO_ALWAYS_INLINE poly128_t pmull64_high(poly64x2_t a, poly64x2_t b) noexcept {
  return __builtin_neon_vmull_p64(vgetq_lane_p64(a, 1), vgetq_lane_p64(b, 1));
}
#elif !defined(__clang__) && defined(__GNUC__) && __GNUC__ < 14
SOTTO_ALWAYS_INLINE uint8x16_t aese(uint8x16_t s, uint8x16_t k) noexcept {
  return __builtin_aarch64_crypto_aesev16qi_uuu(s, k);
}
SOTTO_ALWAYS_INLINE uint8x16_t aesmc(uint8x16_t s) noexcept { return __builtin_aarch64_crypto_aesmcv16qi_uu(s); }
SOTTO_ALWAYS_INLINE poly128_t pmull64(poly64_t a, poly64_t b) noexcept {
  return __builtin_aarch64_crypto_pmulldi_ppp(a, b);
}
SOTTO_ALWAYS_INLINE poly128_t pmull64_high(poly64x2_t a, poly64x2_t b) noexcept {
  return __builtin_aarch64_crypto_pmullv2di_ppp(a, b);
}
#else
SOTTO_ALWAYS_INLINE uint8x16_t aese(uint8x16_t s, uint8x16_t k) noexcept { return vaeseq_u8(s, k); }
SOTTO_ALWAYS_INLINE uint8x16_t aesmc(uint8x16_t s) noexcept { return vaesmcq_u8(s); }
SOTTO_ALWAYS_INLINE poly128_t pmull64(poly64_t a, poly64_t b) noexcept { return vmull_p64(a, b); }
SOTTO_ALWAYS_INLINE poly128_t pmull64_high(poly64x2_t a, poly64x2_t b) noexcept { return vmull_high_p64(a, b); }
#endif

/// The carry-less product of the lower halves.
SOTTO_ALWAYS_INLINE uint8x16_t pmull(uint8x16_t a, uint8x16_t b) noexcept {
  return vreinterpretq_u8_p128(
      pmull64(vgetq_lane_p64(vreinterpretq_p64_u8(a), 0), vgetq_lane_p64(vreinterpretq_p64_u8(b), 0)));
}
/// The carry-less product of the upper halves.
SOTTO_ALWAYS_INLINE uint8x16_t pmull_high(uint8x16_t a, uint8x16_t b) noexcept {
  return vreinterpretq_u8_p128(pmull64_high(vreinterpretq_p64_u8(a), vreinterpretq_p64_u8(b)));
}

SOTTO_ALWAYS_INLINE uint8x16_t from_halves(std::uint64_t low, std::uint64_t high) noexcept {
  return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(low), vcreate_u64(high)));
}

struct quad {
  uint8x16_t a, b, c, d;
};
struct octet {
  quad lo, hi;
};

/// AddRoundKey, SubBytes, ShiftRows, MixColumns: AESE and AESMC side by side, since many cores fuse them.
SOTTO_ALWAYS_INLINE uint8x16_t round(uint8x16_t s, uint8x16_t k) noexcept { return aesmc(aese(s, k)); }
SOTTO_ALWAYS_INLINE quad round(quad s, uint8x16_t k) noexcept {
  return {round(s.a, k), round(s.b, k), round(s.c, k), round(s.d, k)};
}
SOTTO_ALWAYS_INLINE octet round(octet s, uint8x16_t k) noexcept { return {round(s.lo, k), round(s.hi, k)}; }

/// The last round, without MixColumns, and the round key behind it.
SOTTO_ALWAYS_INLINE uint8x16_t last_round(uint8x16_t s, uint8x16_t k, uint8x16_t after) noexcept {
  return veorq_u8(aese(s, k), after);
}
SOTTO_ALWAYS_INLINE quad last_round(quad s, uint8x16_t k, uint8x16_t after) noexcept {
  return {last_round(s.a, k, after), last_round(s.b, k, after), last_round(s.c, k, after), last_round(s.d, k, after)};
}
SOTTO_ALWAYS_INLINE octet last_round(octet s, uint8x16_t k, uint8x16_t after) noexcept {
  return {last_round(s.lo, k, after), last_round(s.hi, k, after)};
}

/// What remains of an encryption after `done` full rounds. Lanes is one block, a quad or an octet.
template <class Lanes>
SOTTO_ALWAYS_INLINE Lanes encrypt(const key& k, Lanes s, std::uint32_t done = 0) noexcept {
  const std::uint8_t* round_key = k.round_keys + 16 * done;
  const std::uint8_t* const last = k.round_keys + 16 * (k.rounds - 1);
  for (; round_key != last; round_key += 16) s = round(s, vld1q_u8(round_key));
  return last_round(s, vld1q_u8(last), vld1q_u8(last + 16));
}

/// Counter blocks are kept with each word in host order, so that counting is an addition.
SOTTO_ALWAYS_INLINE uint32x4_t load_counter(const std::uint8_t* block) noexcept {
  return vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(block)));
}
SOTTO_ALWAYS_INLINE uint8x16_t next_block(uint32x4_t& counter) noexcept {
  const uint8x16_t block = vrev32q_u8(vreinterpretq_u8_u32(counter));
  counter = vaddq_u32(counter, vsetq_lane_u32(1, vdupq_n_u32(0), 3));
  return block;
}
SOTTO_ALWAYS_INLINE quad next_quad(uint32x4_t& counter) noexcept {
  quad s;
  s.a = next_block(counter);
  s.b = next_block(counter);
  s.c = next_block(counter);
  s.d = next_block(counter);
  return s;
}
SOTTO_ALWAYS_INLINE octet next_octet(uint32x4_t& counter) noexcept {
  octet s;
  s.lo = next_quad(counter);
  s.hi = next_quad(counter);
  return s;
}

SOTTO_ALWAYS_INLINE void xor_to(std::uint8_t* out, const std::uint8_t* in, uint8x16_t s) noexcept {
  vst1q_u8(out, veorq_u8(vld1q_u8(in), s));
}
SOTTO_ALWAYS_INLINE void xor_to(std::uint8_t* out, const std::uint8_t* in, quad s) noexcept {
  xor_to(out, in, s.a);
  xor_to(out + 16, in + 16, s.b);
  xor_to(out + 32, in + 32, s.c);
  xor_to(out + 48, in + 48, s.d);
}
SOTTO_ALWAYS_INLINE void xor_to(std::uint8_t* out, const std::uint8_t* in, octet s) noexcept {
  xor_to(out, in, s.lo);
  xor_to(out + 64, in + 64, s.hi);
}

/// The first len < 16 bytes, then zeros. Neither this nor store_some touches the byte behind, or calls memcpy, around
/// which the compiler would have to spill the key stream.
SOTTO_ALWAYS_INLINE uint8x16_t load_some(const std::uint8_t* p, std::size_t len) noexcept {
  std::uint64_t low = 0, high = 0;
  const std::uint8_t* end = p + len;
  if (len & 1) low = *--end;
  if (len & 2) {
    end -= 2;
    low = (low << 16) | (std::uint64_t{end[1]} << 8) | end[0];
  }
  if (len & 4) low = (low << 32) | core::load_le32(end -= 4);
  if (len & 8) {
    high = low;
    low = core::load_le64(p);
  }
  return from_halves(low, high);
}
SOTTO_ALWAYS_INLINE void store_some(std::uint8_t* p, uint8x16_t v, std::size_t len) noexcept {
  std::uint64_t low = vgetq_lane_u64(vreinterpretq_u64_u8(v), 0);
  if (len & 8) {
    core::store_le64(p, low);
    low = vgetq_lane_u64(vreinterpretq_u64_u8(v), 1);
    p += 8;
  }
  if (len & 4) {
    core::store_le32(p, static_cast<std::uint32_t>(low));
    low >>= 32;
    p += 4;
  }
  if (len & 2) {
    p[0] = static_cast<std::uint8_t>(low);
    p[1] = static_cast<std::uint8_t>(low >> 8);
    low >>= 16;
    p += 2;
  }
  if (len & 1) *p = static_cast<std::uint8_t>(low);
}

// The same for fewer bytes than s has.
SOTTO_ALWAYS_INLINE void xor_some(std::uint8_t* out, const std::uint8_t* in, std::size_t len, uint8x16_t s) noexcept {
  store_some(out, veorq_u8(load_some(in, len), s), len);
}
SOTTO_ALWAYS_INLINE void xor_some(std::uint8_t* out, const std::uint8_t* in, std::size_t len, quad s) noexcept {
  if (len & 32) {
    xor_to(out, in, s.a);
    xor_to(out + 16, in + 16, s.b);
    s.a = s.c;
    s.b = s.d;
    out += 32, in += 32;
  }
  if (len & 16) {
    xor_to(out, in, s.a);
    s.a = s.b;
    out += 16, in += 16;
  }
  xor_some(out, in, len & 15, s.a);
}
SOTTO_ALWAYS_INLINE void xor_some(std::uint8_t* out, const std::uint8_t* in, std::size_t len, octet s) noexcept {
  if (len & 64) {
    xor_to(out, in, s.lo);
    s.lo = s.hi;
    out += 64, in += 64;
  }
  xor_some(out, in, len & 63, s.lo);
}

SOTTO_ALWAYS_INLINE void ctr_from(const key& k, uint32x4_t counter, const std::uint8_t* in, std::uint8_t* out,
                                  std::size_t len) noexcept {
  for (; len >= 128; len -= 128, in += 128, out += 128) xor_to(out, in, encrypt(k, next_octet(counter)));
  if (len >= 64) {
    xor_to(out, in, encrypt(k, next_quad(counter)));
    len -= 64, in += 64, out += 64;
  }
  if (len != 0) xor_some(out, in, len, encrypt(k, next_quad(counter)));
}

inline void ctr(const key& k, const std::uint8_t* counter, const std::uint8_t* in, std::uint8_t* out,
                std::size_t len) noexcept {
  ctr_from(k, load_counter(counter), in, out, len);
}

inline void encrypt_blocks(const key& k, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) noexcept {
  for (; blocks >= 4; blocks -= 4, in += 64, out += 64) {
    const quad s = encrypt(k, quad{vld1q_u8(in), vld1q_u8(in + 16), vld1q_u8(in + 32), vld1q_u8(in + 48)});
    vst1q_u8(out, s.a);
    vst1q_u8(out + 16, s.b);
    vst1q_u8(out + 32, s.c);
    vst1q_u8(out + 48, s.d);
  }
  for (; blocks != 0; --blocks, in += 16, out += 16) vst1q_u8(out, encrypt(k, vld1q_u8(in)));
}

/// SubWord: with the same word in every column, ShiftRows changes nothing.
SOTTO_ALWAYS_INLINE std::uint32_t sub_word(std::uint32_t w) noexcept {
  const uint8x16_t s = aese(vreinterpretq_u8_u32(vdupq_n_u32(w)), vdupq_n_u8(0));
  return vgetq_lane_u32(vreinterpretq_u32_u8(s), 0);
}

/// FIPS 197 5.2 in place, words little-endian: RotWord is a rotation to the right, Rcon stands in the low byte.
inline void expand(key& k, const std::uint8_t* bytes, std::size_t key_len) noexcept {
  k.rounds = rounds_for(key_len);
  core::copy(k.round_keys, bytes, key_len);
  const std::size_t end = 16 * (std::size_t{k.rounds} + 1);
  std::uint32_t rcon = 1, t = core::load_le32(bytes + key_len - 4);
  std::size_t place = 0;  // of the word within its run of key_len bytes
  for (std::size_t i = key_len; i < end; i += 4) {
    if (place == 0) {
      t = sub_word((t >> 8) | (t << 24)) ^ rcon;
      rcon = (rcon << 1) ^ ((rcon >> 7) * 0x11bu);
    } else if (place == 16 && key_len == 32) {
      t = sub_word(t);
    }
    t ^= core::load_le32(k.round_keys + i - key_len);
    core::store_le32(k.round_keys + i, t);
    place = place + 4 == key_len ? 0 : place + 4;
  }
}
