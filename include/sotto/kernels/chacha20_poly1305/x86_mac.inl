// SPDX-License-Identifier: BSL-1.0
// Poly1305 (RFC 8439 2.5) on the integer units, for every x86 kernel: short packets, and whatever runs beside vectors.

/// A tag, or the two halves of a block, as little-endian numbers.
struct words {
  std::uint64_t low, high;
};

/// 0 to 16 bytes with zeros behind; reads nothing beyond. The branches are on a public length.
SOTTO_ALWAYS_INLINE words load_words(const std::uint8_t* p, std::size_t len) noexcept {
  if (len >= 16) return {core::load_le64(p), core::load_le64(p + 8)};
  if (len > 8) return {core::load_le64(p), core::load_le64(p + len - 8) >> (8 * (16 - len))};
  if (len == 8) return {core::load_le64(p), 0};
  if (len >= 4) return {core::load_le32(p) | std::uint64_t{core::load_le32(p + len - 4)} << (8 * (len - 4)), 0};
  if (len == 0) return {0, 0};
  // First, middle and last byte cover lengths 1 to 3; where they coincide they agree.
  return {
      std::uint64_t{p[0]} | std::uint64_t{p[len / 2]} << (8 * (len / 2)) | std::uint64_t{p[len - 1]} << (8 * (len - 1)),
      0};
}

#if SOTTO_HAS_POLY1305_64

/// high:low += b:a, and top:high:low += c:b:a. GCC keeps the results of its carry intrinsics in memory and takes twice
/// the time for sums of 128 bits.
#if defined(__GNUC__) && !defined(__clang__)
using word = std::uint64_t;
SOTTO_ALWAYS_INLINE void add2(word& low, word& high, word a, word b) noexcept {
  __asm__("add %2, %0\n\tadc %3, %1" : "+&r"(low), "+r"(high) : "r"(a), "re"(b) : "cc");
}
SOTTO_ALWAYS_INLINE void add3(word& low, word& high, word& top, word a, word b, word c) noexcept {
  __asm__("add %3, %0\n\tadc %4, %1\n\tadc %5, %2"
          : "+&r"(low), "+&r"(high), "+r"(top)
          : "rm"(a), "rme"(b), "re"(c)
          : "cc");
}
#else
using word = unsigned long long;
SOTTO_ALWAYS_INLINE void add2(word& low, word& high, word a, word b) noexcept {
  const unsigned char carry = _addcarry_u64(0, low, a, &low);
  (void)_addcarry_u64(carry, high, b, &high);
}
SOTTO_ALWAYS_INLINE void add3(word& low, word& high, word& top, word a, word b, word c) noexcept {
  unsigned char carry = _addcarry_u64(0, low, a, &low);
  carry = _addcarry_u64(carry, high, b, &high);
  (void)_addcarry_u64(carry, top, c, &top);
}
#endif

/// A message under way in radix 2^64; secret, and small enough to live in registers as long as nobody takes its
/// address: what isn't inlined gets a copy, and nothing of it lies in memory to be wiped. Between blocks the
/// accumulator has the last block in it but isn't multiplied yet: the next block joins the product before it is folded,
/// off the chain of latencies.
struct mac {
  word r0, r1;      ///< clamped: below 2^60, and r1 a multiple of 4
  word v1;          ///< r1 * 5 / 4: r1 * 2^128 modulo p
  word s0, s1;      ///< the second half of the one-time key
  word h0, h1, h2;  ///< the accumulator: h2 is at most 6

  /// The one-time key in two rows (RFC 8439 2.5.1).
  SOTTO_ALWAYS_INLINE void start(const mac_key& key) noexcept {
    r0 = low_word(key.r) & 0x0ffffffc0fffffffu;
    r1 = low_word(_mm_unpackhi_epi64(key.r, key.r)) & 0x0ffffffc0ffffffcu;
    v1 = r1 + (r1 >> 2);
    s0 = low_word(key.s);
    s1 = low_word(_mm_unpackhi_epi64(key.s, key.s));
    h0 = h1 = h2 = 0;
  }

  /// The first block, if it is a whole one.
  SOTTO_ALWAYS_INLINE void begin(word low, word high) noexcept {
    h0 = low;
    h1 = high;
    h2 = 1;
  }

  /// h = r * h + block + beyond * 2^128. Products of h0 and h1 are below 2^124.4, h2 * v1 and h2 * r0 below 2^63.
  SOTTO_ALWAYS_INLINE void block(word low, word high, word beyond = 1) noexcept {
    const uint128 a = product(r0, h0), b = product(v1, h1), c = product(r1, h0), d = product(r0, h1);
    word d0 = low_half(a), carried = high_half(a), d1 = low_half(c), d2 = h2 * r0;
    add2(d1, d2, h2 * v1, high_half(c));
    add2(d0, carried, low_half(b), high_half(b));
    add2(d1, d2, low_half(d), high_half(d));
    add2(d1, d2, carried, 0);                       // d2 is all from 2^128 on, below 2^63.4
    const word fold = (d2 >> 2) + (d2 & ~word{3});  // 5 * (d2 / 4)
    d2 &= 3;
    add3(d0, d1, d2, low, high, beyond);
    add3(d0, d1, d2, fold, 0, 0);
    h0 = d0;
    h1 = d1;
    h2 = d2;
  }

  SOTTO_ALWAYS_INLINE void blocks(const std::uint8_t* data, std::size_t count) noexcept {
    for (; count != 0; --count, data += 16) block(core::load_le64(data), core::load_le64(data + 8));
  }

  /// The accumulator multiplied for the last time, plus s.
  SOTTO_ALWAYS_INLINE words finish() noexcept {
    block(0, 0, 0);
    return add_key();
  }

  /// (h modulo p) + s, modulo 2^128.
  SOTTO_ALWAYS_INLINE words add_key() noexcept {
    // h is below 2p, and h >= p exactly if h + 5 >= 2^130; h - p = h + 5 - 2^130, and the tag sees nothing above 2^128.
    word low = h0, high = h1, top = h2;
    add3(low, high, top, 5, 0, 0);
    const word beyond_p = top >> 2;
    add2(h0, h1, 5 * beyond_p, 0);
    add2(h0, h1, s0, s1);
    return {h0, h1};
  }

  SOTTO_ALWAYS_INLINE void wipe() noexcept {}

  static SOTTO_ALWAYS_INLINE word low_word(__m128i v) noexcept { return static_cast<word>(_mm_cvtsi128_si64(v)); }
};

#else

/// A message under way; 32-bit machines have no wider multiplication than portable_32 uses.
struct mac {
  poly1305_32 state;

  void start(const mac_key& key) noexcept {
    std::uint8_t one_time_key[32];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(one_time_key), key.r);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(one_time_key + 16), key.s);
    state.start(one_time_key);
    core::wipe(one_time_key, sizeof one_time_key);
  }

  void begin(std::uint64_t low, std::uint64_t high) noexcept { block(low, high); }

  void block(std::uint64_t low, std::uint64_t high, std::uint32_t beyond = 1) noexcept {
    std::uint8_t bytes[16];
    core::store_le64(bytes, low);
    core::store_le64(bytes + 8, high);
    state.blocks(bytes, 1, beyond);
  }

  void blocks(const std::uint8_t* data, std::size_t count) noexcept { state.blocks(data, count); }

  words finish() noexcept {
    std::uint8_t tag[16];
    state.finish(tag);
    return {core::load_le64(tag), core::load_le64(tag + 8)};
  }

  void wipe() noexcept { core::wipe(&state, sizeof state); }
};

#endif

/// Text of any length, padded with zeros (RFC 8439 2.8).
SOTTO_ALWAYS_INLINE void absorb_padded(mac& m, const std::uint8_t* data, std::size_t len) noexcept {
  m.blocks(data, len / 16);
  if (len % 16 == 0) return;
  const words last = load_words(data + len / 16 * 16, len % 16);
  m.block(last.low, last.high);
}

/// AAD and its tail as one string, padded.
SOTTO_NOINLINE inline mac begin_any_aad(mac m, const aead_packet& p) noexcept {
  const std::size_t rest = p.aad_len % 16, whole = p.aad_len - rest;
  m.blocks(p.aad, whole / 16);
  std::uint8_t seam[32] = {};
  core::copy(seam, p.aad + whole, rest);
  core::copy(seam + rest, p.aad_tail, p.aad_tail_len);
  m.blocks(seam, (rest + p.aad_tail_len + 15) / 16);
  return m;
}

/// Twelve bytes, the RTP header without CSRCs or extension, take a short way.
SOTTO_ALWAYS_INLINE void begin_aad(mac& m, const aead_packet& p) noexcept {
  if (p.aad_len == 12 && p.aad_tail_len == 0)
    m.begin(core::load_le64(p.aad), core::load_le32(p.aad + 8));
  else
    m = begin_any_aad(m, p);
}

SOTTO_ALWAYS_INLINE words lengths_block(const aead_packet& p) noexcept {
  return {std::uint64_t{p.aad_len} + p.aad_tail_len, p.text_len};
}

/// The block behind the text, and the tag.
SOTTO_ALWAYS_INLINE words finish_packet(mac& m, const aead_packet& p) noexcept {
  const words lengths = lengths_block(p);
  m.block(lengths.low, lengths.high);
  return m.finish();
}

SOTTO_ALWAYS_INLINE void store_tag(std::uint8_t* tag, words w) noexcept {
  core::store_le64(tag, w.low);
  core::store_le64(tag + 8, w.high);
}

/// The verdict on a tag; only this becomes public.
SOTTO_ALWAYS_INLINE bool tag_matches(words expected, const std::uint8_t* tag) noexcept {
  const std::uint64_t difference = (expected.low ^ core::load_le64(tag)) | (expected.high ^ core::load_le64(tag + 8));
  return core::reveal(core::mask_if_zero(static_cast<std::uint32_t>(difference | difference >> 32)));
}

/// RFC 8439 2.5: a short last block has its one bit right behind its last byte.
inline void poly1305(const std::uint8_t* one_time_key, const std::uint8_t* message, std::size_t len,
                     std::uint8_t* tag) noexcept {
  mac m;
  m.start({_mm_loadu_si128(reinterpret_cast<const __m128i*>(one_time_key)),
           _mm_loadu_si128(reinterpret_cast<const __m128i*>(one_time_key + 16))});
  m.blocks(message, len / 16);
  if (const std::size_t rest = len % 16; rest != 0) {
    words last = load_words(message + (len - rest), rest);
    (rest < 8 ? last.low : last.high) |= std::uint64_t{1} << (rest % 8 * 8);
    m.block(last.low, last.high, 0);
  }
  store_tag(tag, m.finish());
  m.wipe();
}
