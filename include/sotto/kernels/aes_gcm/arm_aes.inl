// SPDX-License-Identifier: BSL-1.0
// AES-GCM with the ARMv8 cryptography extension: eight blocks per group, GHASH of one group between the AES rounds of
// the next, one reduction per group.

namespace cipher = aes::arm_aes;

// With the bits of each byte mirrored (RBIT), a block is a polynomial in natural order: coefficient x^i is bit i of the
// 128-bit little-endian integer. Everything below works on such blocks.
SOTTO_ALWAYS_INLINE uint8x16_t load_block(const std::uint8_t* p) noexcept { return vrbitq_u8(vld1q_u8(p)); }
SOTTO_ALWAYS_INLINE uint8x16_t load_some(const std::uint8_t* p, std::size_t len) noexcept {
  return vrbitq_u8(cipher::load_some(p, len));
}

/// Both halves get the sum of the halves: the middle factor of Karatsuba's multiplication.
SOTTO_ALWAYS_INLINE uint8x16_t fold(uint8x16_t x) noexcept { return veorq_u8(x, vextq_u8(x, x, 8)); }

/// Powers of H lie in falling order, H^9 first, each with its folded form behind it: 9 * 32 bytes.
inline constexpr std::size_t highest_power = 9, power_len = 32;
static_assert(highest_power * power_len <= sizeof(key::powers));
SOTTO_ALWAYS_INLINE const std::uint8_t* power(const key& k, std::size_t n) noexcept {
  return k.powers + (highest_power - n) * power_len;
}

/// A sum of products, not yet reduced: lo + (lo + mid + hi) x^64 + hi x^128.
struct product_sum {
  uint8x16_t lo = vdupq_n_u8(0), mid = vdupq_n_u8(0), hi = vdupq_n_u8(0);
};

SOTTO_ALWAYS_INLINE void multiply_add(product_sum& sum, uint8x16_t x, const std::uint8_t* by) noexcept {
  const uint8x16_t h = vld1q_u8(by), h_folded = vld1q_u8(by + 16);
  sum.lo = veorq_u8(sum.lo, cipher::pmull(x, h));
  sum.hi = veorq_u8(sum.hi, cipher::pmull_high(x, h));
  sum.mid = veorq_u8(sum.mid, cipher::pmull(fold(x), h_folded));
}

/// Modulo x^128 + x^7 + x^2 + x + 1 (0x87): first what stands from x^192 on, which comes back at x^64 to x^134; then
/// what stands from x^128 on, which comes back below it.
SOTTO_ALWAYS_INLINE uint8x16_t reduce(product_sum sum) noexcept {
  const uint8x16_t zero = vdupq_n_u8(0), modulus = vreinterpretq_u8_u64(vdupq_n_u64(0x87));
  const uint8x16_t mid = veorq_u8(sum.mid, veorq_u8(sum.lo, sum.hi));
  uint8x16_t lo = veorq_u8(sum.lo, vextq_u8(zero, mid, 8));
  uint8x16_t hi = veorq_u8(sum.hi, vextq_u8(mid, zero, 8));
  const uint8x16_t top = cipher::pmull_high(hi, modulus);
  lo = veorq_u8(lo, vextq_u8(zero, top, 8));
  hi = veorq_u8(hi, vextq_u8(top, zero, 8));
  return veorq_u8(lo, cipher::pmull(hi, modulus));
}

SOTTO_ALWAYS_INLINE uint8x16_t multiply(uint8x16_t x, const std::uint8_t* by) noexcept {
  product_sum sum;
  multiply_add(sum, x, by);
  return reduce(sum);
}

/// GHASH of a group of eight: `first`, which carries the hash so far, and seven blocks at rest.
SOTTO_ALWAYS_INLINE uint8x16_t hash_group(const key& k, uint8x16_t first, const std::uint8_t* rest) noexcept {
  product_sum sum;
  const std::uint8_t* by = power(k, 8);
  multiply_add(sum, first, by);
  for (std::size_t i = 0; i < 7; ++i) multiply_add(sum, load_block(rest + 16 * i), by += power_len);
  return reduce(sum);
}

/// The same between the first eight rounds of an encryption of s, which is finished too.
template <class Lanes>
SOTTO_ALWAYS_INLINE uint8x16_t encrypt_and_hash(const key& k, Lanes& s, uint8x16_t first,
                                                const std::uint8_t* rest) noexcept {
  product_sum sum;
  const std::uint8_t *by = power(k, 8), *round_key = k.cipher.round_keys;
  s = cipher::round(s, vld1q_u8(round_key));
  multiply_add(sum, first, by);
  for (std::size_t i = 0; i < 7; ++i) {
    s = cipher::round(s, vld1q_u8(round_key += 16));
    multiply_add(sum, load_block(rest + 16 * i), by += power_len);
  }
  s = cipher::encrypt(k.cipher, s, 8);
  return reduce(sum);
}

/// GHASH over AAD and tail except for the multiplication after the last block, which joins the text's first group.
SOTTO_ALWAYS_INLINE uint8x16_t hash_aad(const key& k, const aead_packet& p) noexcept {
  const std::size_t rest = p.aad_len == 0 ? 0 : (p.aad_len - 1) % 16 + 1;  // 1 to 16
  const std::uint8_t* aad = p.aad;
  std::size_t blocks = (p.aad_len - rest) / 16;
  uint8x16_t y = vdupq_n_u8(0);
  for (; blocks >= 8; blocks -= 8, aad += 128) y = hash_group(k, veorq_u8(y, load_block(aad)), aad + 16);
  for (; blocks != 0; --blocks, aad += 16) y = multiply(veorq_u8(y, load_block(aad)), power(k, 1));

  if (p.aad_tail_len == 0) return veorq_u8(y, rest == 16 ? load_block(aad) : load_some(aad, rest));
  std::uint8_t seam[16 + aead_aad_tail_max] = {};
  core::copy(seam, aad, rest);
  core::copy(seam + rest, p.aad_tail, p.aad_tail_len);
  y = veorq_u8(y, load_block(seam));
  return rest + p.aad_tail_len <= 16 ? y : veorq_u8(multiply(y, power(k, 1)), load_block(seam + 16));
}

/// The end of GHASH: y, if `separate` a block before the text, otherwise to be added to what follows; the last text
/// bytes (at most 7 blocks if separate, else 8); the lengths. At most nine powers, one reduction.
SOTTO_ALWAYS_INLINE uint8x16_t hash_end(const key& k, uint8x16_t y, bool separate, const std::uint8_t* text,
                                        std::size_t len, const aead_packet& p) noexcept {
  product_sum sum;
  const std::uint8_t* by = power(k, (len + 15) / 16 + (separate ? 2 : 1));
  multiply_add(sum, y, by);  // y times the power of the next block is as good as adding it there
  if (separate) by += power_len;
  for (; len >= 16; len -= 16, text += 16, by += power_len) multiply_add(sum, load_block(text), by);
  if (len != 0) {
    multiply_add(sum, load_some(text, len), by);
    by += power_len;
  }
  const uint8x16_t lengths =
      vrev64q_u8(cipher::from_halves((std::uint64_t{p.aad_len} + p.aad_tail_len) * 8, std::uint64_t{p.text_len} * 8));
  multiply_add(sum, vrbitq_u8(lengths), by);
  return reduce(sum);
}

/// J0 (SP 800-38D 7.1 step 2 for 96-bit IVs), ready to be taken as the first block.
SOTTO_ALWAYS_INLINE uint32x4_t first_counter(const std::uint8_t* nonce) noexcept {
  constexpr std::uint64_t one = std::uint64_t{1} << 56;  // the last byte of the block
  const uint8x16_t j0 = cipher::from_halves(core::load_le64(nonce), core::load_le32(nonce + 8) | one);
  return vreinterpretq_u32_u8(vrev32q_u8(j0));
}

// J0 is encrypted in the first lane of the first group; the text takes the lanes behind it.
SOTTO_ALWAYS_INLINE uint8x16_t first_lane(cipher::quad s) noexcept { return s.a; }
SOTTO_ALWAYS_INLINE uint8x16_t first_lane(cipher::octet s) noexcept { return s.lo.a; }
SOTTO_ALWAYS_INLINE cipher::quad other_lanes(cipher::quad s) noexcept { return {s.b, s.c, s.d, vdupq_n_u8(0)}; }
SOTTO_ALWAYS_INLINE cipher::octet other_lanes(cipher::octet s) noexcept {
  return {{s.lo.b, s.lo.c, s.lo.d, s.hi.a}, {s.hi.b, s.hi.c, s.hi.d, vdupq_n_u8(0)}};
}

/// Encrypts a text of at most sizeof(Lanes) - 16 bytes. Returns E(J0).
template <class Lanes>
SOTTO_ALWAYS_INLINE uint8x16_t crypt_short(const key& k, const aead_packet& p, Lanes counters) noexcept {
  const Lanes s = cipher::encrypt(k.cipher, counters);
  cipher::xor_some(p.out, p.in, p.text_len, other_lanes(s));
  return first_lane(s);
}

/// Encrypts the last bytes of a text, fewer than sizeof(Lanes), while it hashes the group before. Returns the hash.
template <class Lanes>
SOTTO_ALWAYS_INLINE uint8x16_t crypt_end(const key& k, std::uint8_t* out, const std::uint8_t* in, std::size_t len,
                                         Lanes s, uint8x16_t first, const std::uint8_t* rest) noexcept {
  const uint8x16_t y = encrypt_and_hash(k, s, first, rest);
  cipher::xor_some(out, in, len, s);
  return y;
}

inline void store_tag(std::uint8_t* tag, uint8x16_t y, uint8x16_t e_j0) noexcept {
  vst1q_u8(tag, veorq_u8(vrbitq_u8(y), e_j0));
}

inline constexpr std::size_t first_group_len = 7 * 16, group_len = 8 * 16;

inline void seal(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  uint32x4_t counter = first_counter(p.nonce);
  uint8x16_t first = hash_aad(k, p);
  if (p.text_len < first_group_len) {
    const uint8x16_t e_j0 = p.text_len <= 3 * 16 ? crypt_short(k, p, cipher::next_quad(counter))
                                                 : crypt_short(k, p, cipher::next_octet(counter));
    return store_tag(tag, hash_end(k, first, true, p.out, p.text_len, p), e_j0);
  }

  // The group to hash next is always `first` and seven ciphertext blocks at `rest`.
  cipher::octet s = cipher::encrypt(k.cipher, cipher::next_octet(counter));
  const uint8x16_t e_j0 = first_lane(s);
  s = other_lanes(s);
  cipher::xor_to(p.out, p.in, s.lo);
  cipher::xor_to(p.out + 64, p.in + 64, s.hi.a);
  cipher::xor_to(p.out + 80, p.in + 80, s.hi.b);
  cipher::xor_to(p.out + 96, p.in + 96, s.hi.c);

  const std::uint8_t *rest = p.out, *in = p.in + first_group_len;
  std::uint8_t* out = p.out + first_group_len;
  std::size_t left = p.text_len - first_group_len;
  for (; left >= group_len; left -= group_len, in += group_len, out += group_len) {
    s = cipher::next_octet(counter);
    first = encrypt_and_hash(k, s, first, rest);
    cipher::xor_to(out, in, s);
    first = veorq_u8(first, load_block(out));
    rest = out + 16;
  }
  uint8x16_t y;
  if (left == 0) {
    y = hash_group(k, first, rest);
  } else if (left < 4 * 16) {
    y = crypt_end(k, out, in, left, cipher::next_quad(counter), first, rest);
  } else {
    y = crypt_end(k, out, in, left, cipher::next_octet(counter), first, rest);
  }
  store_tag(tag, hash_end(k, y, false, out, left, p), e_j0);
}

/// All of GHASH over the ciphertext at p.in.
SOTTO_ALWAYS_INLINE uint8x16_t hash_ciphertext(const key& k, const aead_packet& p) noexcept {
  uint8x16_t first = hash_aad(k, p);
  if (p.text_len < first_group_len) return hash_end(k, first, true, p.in, p.text_len, p);
  const std::uint8_t *rest = p.in, *in = p.in + first_group_len;
  std::size_t left = p.text_len - first_group_len;
  for (; left >= group_len; left -= group_len, in += group_len) {
    first = veorq_u8(hash_group(k, first, rest), load_block(in));
    rest = in + 16;
  }
  return hash_end(k, hash_group(k, first, rest), false, in, left, p);
}

inline bool open(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  uint32x4_t counter = first_counter(p.nonce);
  const uint8x16_t e_j0 = cipher::encrypt(k.cipher, cipher::next_block(counter));
  // The difference is folded in registers, so that the valid tag of a forged packet never reaches memory.
  const uint8x16_t expected = veorq_u8(vrbitq_u8(hash_ciphertext(k, p)), e_j0);
  const uint64x2_t difference = vreinterpretq_u64_u8(veorq_u8(expected, vld1q_u8(tag)));
  const std::uint64_t any = vgetq_lane_u64(difference, 0) | vgetq_lane_u64(difference, 1);
  const auto any32 = static_cast<std::uint32_t>(any | (any >> 32));
  if (!core::reveal(core::mask_if_zero(any32) & 1u)) return false;
  if (p.out != nullptr) cipher::ctr_from(k.cipher, counter, p.in, p.out, p.text_len);
  return true;
}

inline void expand(key& k, const std::uint8_t* bytes, std::size_t key_len) noexcept {
  cipher::expand(k.cipher, bytes, key_len);
  const uint8x16_t h = vrbitq_u8(cipher::encrypt(k.cipher, vdupq_n_u8(0)));
  std::uint8_t* to = k.powers + highest_power * power_len;
  uint8x16_t h_n = h;
  for (std::size_t n = 1; n <= highest_power; ++n) {
    to -= power_len;
    vst1q_u8(to, h_n);
    vst1q_u8(to + 16, fold(h_n));
    h_n = multiply(h, to);
  }
}
