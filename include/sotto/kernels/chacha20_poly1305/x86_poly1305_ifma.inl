// SPDX-License-Identifier: BSL-1.0
// The authenticator of longer texts: Poly1305 over eight blocks at once in limbs of 44, 44 and 42 bits (VPMADD52), for
// packets that are worth eight powers of r.
//
// The sequence is: the AAD's last block (with all before it), the text's blocks, the lengths. Zeros in front make it a
// multiple of eight, so that the last vector always meets r^8 … r^1. Two loads of four blocks interleave into low and
// high halves, and blocks 0 to 7 get lanes 0 2 4 6 1 3 5 7.

/// One number in each lane.
struct limbs {
  vec512 l0, l1, l2;
};

/// What it is multiplied by, with 20 times the upper limbs: 2^132 = 20 modulo p.
struct factor {
  limbs r;
  vec512 v1, v2;
};

/// The products' lower 52 bits and the rest, by weight: 2^0, 2^44, 2^88, and 2^52 times these.
struct products {
  limbs low, high;
};

inline constexpr std::uint64_t mask44 = (std::uint64_t{1} << 44) - 1;
inline constexpr std::uint64_t mask42 = (std::uint64_t{1} << 42) - 1;
inline constexpr std::uint64_t beyond_limb2 = std::uint64_t{1} << 40;  // the bit behind a block
inline constexpr std::size_t turn_len = 128;                           // eight blocks

SOTTO_ALWAYS_INLINE vec512 all(std::uint64_t v) noexcept { return _mm512_set1_epi64(static_cast<long long>(v)); }
SOTTO_ALWAYS_INLINE vec512 add64(vec512 a, vec512 b) noexcept { return _mm512_add_epi64(a, b); }
SOTTO_ALWAYS_INLINE vec512 bit_and(vec512 a, vec512 b) noexcept { return _mm512_and_si512(a, b); }
SOTTO_ALWAYS_INLINE vec512 times20(vec512 v) noexcept {
  return add64(_mm512_slli_epi64(v, 4), _mm512_slli_epi64(v, 2));
}
SOTTO_ALWAYS_INLINE factor make_factor(limbs r) noexcept { return {r, times20(r.l1), times20(r.l2)}; }
SOTTO_ALWAYS_INLINE limbs sum(limbs a, limbs b) noexcept {
  return {add64(a.l0, b.l0), add64(a.l1, b.l1), add64(a.l2, b.l2)};
}

SOTTO_ALWAYS_INLINE vec512 low_products(vec512 sum, vec512 a, vec512 x, vec512 b, vec512 y, vec512 c,
                                        vec512 z) noexcept {
  return _mm512_madd52lo_epu64(_mm512_madd52lo_epu64(_mm512_madd52lo_epu64(sum, a, x), b, y), c, z);
}
SOTTO_ALWAYS_INLINE vec512 high_products(vec512 a, vec512 x, vec512 b, vec512 y, vec512 c, vec512 z) noexcept {
  const vec512 none = _mm512_setzero_si512();
  return _mm512_madd52hi_epu64(_mm512_madd52hi_epu64(_mm512_madd52hi_epu64(none, a, x), b, y), c, z);
}

/// a * f + b. For limbs of a below 2^44, 2^44 + 2^12 and 2^42 + 2^12, of r below 2^44, 2^44 and 2^42.4, and of b below
/// 2^44, 2^44 and 2^42: the low sums are below 2^53.7, the high ones below 2^39.8, 2^38 and 2^37.1.
SOTTO_ALWAYS_INLINE products multiply_add(const limbs& a, const factor& f, const limbs& b) noexcept {
  return {{low_products(b.l0, a.l2, f.v1, a.l1, f.v2, a.l0, f.r.l0),
           low_products(b.l1, a.l2, f.v2, a.l0, f.r.l1, a.l1, f.r.l0),
           low_products(b.l2, a.l2, f.r.l0, a.l0, f.r.l2, a.l1, f.r.l1)},
          {high_products(a.l2, f.v1, a.l1, f.v2, a.l0, f.r.l0), high_products(a.l2, f.v2, a.l0, f.r.l1, a.l1, f.r.l0),
           high_products(a.l2, f.r.l0, a.l0, f.r.l2, a.l1, f.r.l1)}};
}

/// Carries all limbs at once, and the first once more: below 2^44, 2^44 + 2^12 and 2^42 + 2^12.
SOTTO_ALWAYS_INLINE limbs carry(const products& p) noexcept {
  const vec512 d1 = add64(p.low.l1, _mm512_slli_epi64(p.high.l0, 8));
  const vec512 d2 = add64(p.low.l2, _mm512_slli_epi64(p.high.l1, 8));
  const vec512 fold = add64(_mm512_srli_epi64(d2, 42), _mm512_slli_epi64(p.high.l2, 10));  // weight 2^130; below 2^48.1
  const vec512 l0 = add64(add64(bit_and(p.low.l0, all(mask44)), fold), _mm512_slli_epi64(fold, 2));
  const vec512 l1 = add64(bit_and(d1, all(mask44)), _mm512_srli_epi64(p.low.l0, 44));
  const vec512 l2 = add64(bit_and(d2, all(mask42)), _mm512_srli_epi64(d1, 44));
  return {bit_and(l0, all(mask44)), add64(l1, _mm512_srli_epi64(l0, 44)), l2};
}

/// Eight blocks of 16 bytes as numbers, without what stands behind each.
SOTTO_ALWAYS_INLINE limbs split(vec512 blocks0123, vec512 blocks4567) noexcept {
  const vec512 low = _mm512_unpacklo_epi64(blocks0123, blocks4567);
  const vec512 high = _mm512_unpackhi_epi64(blocks0123, blocks4567);
  return {bit_and(low, all(mask44)),
          _mm512_ternarylogic_epi64(_mm512_srli_epi64(low, 44), _mm512_slli_epi64(high, 20), all(mask44), 0xa8),
          _mm512_srli_epi64(high, 24)};
}

/// A scalar accumulator below 5 * 2^128 in limbs.
SOTTO_ALWAYS_INLINE std::uint64_t limb0(const mac& m) noexcept { return m.h0 & mask44; }
SOTTO_ALWAYS_INLINE std::uint64_t limb1(const mac& m) noexcept { return (m.h0 >> 44 | m.h1 << 20) & mask44; }
SOTTO_ALWAYS_INLINE std::uint64_t limb2(const mac& m) noexcept { return m.h1 >> 24 | m.h2 << 40; }

/// Limbs of weight 2^0, 2^44, 2^88 and 2^130, below 2^58 and the last below 2^52, into a scalar accumulator.
SOTTO_ALWAYS_INLINE void set_limbs(mac& m, word w0, word w1, word w2, word w3) noexcept {
  w1 += w0 >> 44;
  w2 += w1 >> 44;
  w3 += w2 >> 42;
  w0 = (w0 & mask44) + 5 * w3;
  w1 = (w1 & mask44) + (w0 >> 44);
  w2 = (w2 & mask42) + (w1 >> 44);
  w0 &= mask44;
  w1 &= mask44;
  m.h0 = w0 | w1 << 44;
  m.h1 = w1 >> 20 | w2 << 24;
  m.h2 = w2 >> 40;
}

/// The lanes of the given blocks (bit i: block i).
SOTTO_ALWAYS_INLINE __mmask8 lanes_of(std::uint32_t blocks) noexcept {
  return static_cast<__mmask8>(_pdep_u32(blocks, 0x55) | _pdep_u32(blocks >> 4, 0xaa));
}
SOTTO_ALWAYS_INLINE vec512 in_lanes(__mmask8 lanes, std::uint64_t v) noexcept {
  return _mm512_maskz_set1_epi64(lanes, static_cast<long long>(v));
}

/// Bytes [from, to) of 64, zeros elsewhere; only these are touched.
SOTTO_ALWAYS_INLINE vec512 load_range(const std::uint8_t* p, std::size_t from, std::size_t to) noexcept {
  return _mm512_maskz_loadu_epi8(first_bytes(at_most(to, 64)) & ~first_bytes(at_most(from, 64)), p);
}

/// What of text_mac lies in memory: r^8 … r^1 in the lanes' order; secret.
struct alignas(64) workspace {
  std::uint64_t l0[8], l1[8], l2[8];
};

/// A packet's sequence under way.
struct text_mac {
  mac one;    ///< for the AAD, the first text and the end
  mac power;  ///< r^exponent
  std::size_t exponent;
  std::size_t done;  ///< text that has joined `one`, where the vectors begin
  limbs sum;         ///< to be multiplied by r^8 before the next vector joins
  factor r8;
  const std::uint8_t* next;  ///< the text of the next vector
  std::size_t next_end;      ///< where it ends, counted from the text's start
  std::size_t left;          ///< vectors that haven't joined
  std::size_t ready;         ///< those of which all text may be read, without the last

  /// Takes the key from block 0. Nothing of the text is read yet.
  SOTTO_ALWAYS_INLINE void start(const mac_key& key, const aead_packet& p, const std::uint8_t*) noexcept {
    one.start(key);
    power = one;
    power.h0 = one.r0;
    power.h1 = one.r1;
    power.h2 = 0;
    exponent = 1;
    begin_aad(one, p);
    done = 0;
  }

  /// Stores a power and makes the next one.
  SOTTO_ALWAYS_INLINE void raise(workspace& table) noexcept {
    const std::size_t lane = exponent < 5 ? 9 - 2 * exponent : 16 - 2 * exponent;
    table.l0[lane] = limb0(power);
    table.l1[lane] = limb1(power);
    table.l2[lane] = limb2(power);
    power.block(0, 0, 0);
    ++exponent;
  }

  /// Ends the scalar part and takes the first vector. Of the text more than
  /// 96 bytes are left, and as many as the vector holds may be read. The chain of powers costs little: the vector units
  /// are busy with key stream meanwhile.
  SOTTO_ALWAYS_INLINE void start_lanes(const aead_packet& p, const std::uint8_t* text, workspace& table) noexcept {
    while (exponent < 8) raise(table);
    table.l0[0] = limb0(power);
    table.l1[0] = limb1(power);
    table.l2[0] = limb2(power);
    r8 = make_factor({all(limb0(power)), all(limb1(power)), all(limb2(power))});

    const std::size_t blocks = (p.text_len - done + 15) / 16 + 2, padding = (0 - blocks) & 7;
    const std::size_t before_text = 16 * (padding + 1);
    left = (blocks + padding) / 8 - 1;
    next_end = done + 2 * turn_len - before_text;
    next = text + next_end - turn_len;
    ready = 0;
    const std::uint8_t* const from = core::before(text, before_text - done);
    sum = split(load_range(from, before_text, 64),
                load_range(core::before(from, std::size_t{0} - 64), before_text < 64 ? 0 : before_text - 64, 64));
    const __mmask8 first = lanes_of(1u << padding), first_text = lanes_of(0xffu & (0xfeu << padding));
    sum.l0 = add64(sum.l0, in_lanes(first, limb0(one)));
    sum.l1 = add64(sum.l1, in_lanes(first, limb1(one)));
    sum.l2 = add64(sum.l2, add64(in_lanes(first, limb2(one)), in_lanes(first_text, beyond_limb2)));
  }

  /// The text's first len bytes may be read.
  SOTTO_ALWAYS_INLINE void release(std::size_t len, std::size_t) noexcept {
    ready = len < next_end ? 0 : at_most((len - next_end) / turn_len + 1, left - 1);
  }

  /// Eight more blocks.
  SOTTO_ALWAYS_INLINE void join(vec512 blocks0123, vec512 blocks4567) noexcept {
    limbs blocks = split(blocks0123, blocks4567);
    blocks.l2 = add64(blocks.l2, all(beyond_limb2));
    sum = carry(multiply_add(sum, r8, blocks));
  }

  SOTTO_ALWAYS_INLINE void take_turn() noexcept {
    if (ready == 0) return;
    join(_mm512_loadu_si512(next), _mm512_loadu_si512(next + 64));
    next += turn_len;
    next_end += turn_len;
    --ready;
    --left;
  }

  /// All that is left, and the tag.
  SOTTO_ALWAYS_INLINE words finish(const aead_packet& p, const workspace& table) noexcept {
    release(p.text_len, 1);
    while (ready != 0) take_turn();
    // The last vector holds up to seven blocks of text, and the lengths.
    const std::size_t len = turn_len + p.text_len - next_end;
    const words lengths = lengths_block(p);
    join(load_range(next, 0, len),
         _mm512_inserti32x4(load_range(core::before(next, std::size_t{0} - 64), 0, len < 64 ? 0 : len - 64),
                            _mm_set_epi64x(static_cast<long long>(lengths.high), static_cast<long long>(lengths.low)),
                            3));
    const factor last =
        make_factor({_mm512_load_si512(table.l0), _mm512_load_si512(table.l1), _mm512_load_si512(table.l2)});
    add_lanes(multiply_add(sum, last, {all(0), all(0), all(0)}));
    return one.add_key();
  }

  /// The sum over all lanes back into the scalar accumulator.
  SOTTO_ALWAYS_INLINE void add_lanes(const products& p) noexcept {
    const vec512 d0 = p.low.l0, d1 = add64(p.low.l1, _mm512_slli_epi64(p.high.l0, 8));
    const vec512 d2 = add64(p.low.l2, _mm512_slli_epi64(p.high.l1, 8)), d3 = _mm512_slli_epi64(p.high.l2, 10);
    const vec512 d01 = add64(_mm512_unpacklo_epi64(d0, d1), _mm512_unpackhi_epi64(d0, d1));
    const vec512 d23 = add64(_mm512_unpacklo_epi64(d2, d3), _mm512_unpackhi_epi64(d2, d3));
    const vec512 pairs = add64(_mm512_shuffle_i64x2(d01, d23, 0x88), _mm512_shuffle_i64x2(d01, d23, 0xdd));
    const __m256i lower = _mm512_castsi512_si256(pairs), upper = _mm512_extracti64x4_epi64(pairs, 1);
    const __m128i w01 = _mm_add_epi64(_mm256_castsi256_si128(lower), _mm256_extracti128_si256(lower, 1));
    const __m128i w23 = _mm_add_epi64(_mm256_castsi256_si128(upper), _mm256_extracti128_si256(upper, 1));
    // Below 2^57 each, and w3 below 2^52. w3 counts from 2^130.
    word w0 = mac::low_word(w01), w1 = mac::low_word(_mm_unpackhi_epi64(w01, w01));
    word w2 = mac::low_word(w23), w3 = mac::low_word(_mm_unpackhi_epi64(w23, w23));
    set_limbs(one, w0, w1, w2, w3);
  }
};
