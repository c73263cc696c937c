// SPDX-License-Identifier: BSL-1.0
// SHA-1 with the SHA extensions: four rounds per instruction. The chaining value stays in registers between blocks.

/// A, B, C, D (A in the highest word) and E (in the highest word).
struct chain {
  __m128i abcd;
  __m128i e;
};

/// Sixteen message words, W0 in the highest word of w[0].
struct message {
  __m128i w[4];
};

SOTTO_ALWAYS_INLINE chain load_chain(const state& s) noexcept {
  const __m128i h = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.h));
  return {_mm_shuffle_epi32(h, 0x1b), _mm_setr_epi32(0, 0, 0, static_cast<int>(s.h[4]))};
}

SOTTO_ALWAYS_INLINE void store_chain(state& s, const chain& c) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(s.h), _mm_shuffle_epi32(c.abcd, 0x1b));
  s.h[4] = static_cast<std::uint32_t>(_mm_extract_epi32(c.e, 3));
}

SOTTO_ALWAYS_INLINE message load_message(const std::uint8_t* block) noexcept {
  const __m128i reverse = _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  message m;
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i)
    m.w[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i)), reverse);
  return m;
}

/// Rounds 4*Group to 4*Group + 3 (FIPS 180-4 6.1.2). before is ABCD four rounds earlier, whose A rotated is this
/// group's E; w[Group % 4] is replaced by the words for group Group + 4.
template <int Group>
SOTTO_ALWAYS_INLINE void four_rounds(chain& c, __m128i& before, message& m) noexcept {
  const __m128i w = m.w[Group % 4];
  const __m128i e = Group == 0 ? _mm_add_epi32(c.e, w) : _mm_sha1nexte_epu32(before, w);
  before = c.abcd;
  c.abcd = _mm_sha1rnds4_epu32(c.abcd, e, Group / 5);
  if constexpr (Group < 16) {
    const __m128i t = _mm_xor_si128(_mm_sha1msg1_epu32(w, m.w[(Group + 1) % 4]), m.w[(Group + 2) % 4]);
    m.w[Group % 4] = _mm_sha1msg2_epu32(t, m.w[(Group + 3) % 4]);
  }
}

template <int Group>
SOTTO_ALWAYS_INLINE void rounds_from(chain& c, __m128i& before, message& m) noexcept {
  four_rounds<Group>(c, before, m);
  if constexpr (Group < 19) rounds_from<Group + 1>(c, before, m);
}

SOTTO_ALWAYS_INLINE void absorb(chain& c, message m) noexcept {
  const chain start = c;
  __m128i before = c.abcd;
  rounds_from<0>(c, before, m);
  c.e = _mm_sha1nexte_epu32(before, start.e);
  c.abcd = _mm_add_epi32(c.abcd, start.abcd);
}

SOTTO_ALWAYS_INLINE void absorb_blocks(chain& c, const std::uint8_t* blocks, std::size_t count) noexcept {
  for (; count != 0; --count, blocks += block_len) absorb(c, load_message(blocks));
}

/// The block that holds the 20-byte digest in c behind one earlier block, padded (FIPS 180-4 5.1.1): HMAC's outer hash.
SOTTO_ALWAYS_INLINE message digest_message(const chain& c) noexcept {
  constexpr int bits = (64 + 20) * 8;
  message m;
  m.w[0] = c.abcd;
  m.w[1] = _mm_or_si128(c.e, _mm_setr_epi32(0, 0, static_cast<int>(0x80000000u), 0));
  m.w[2] = _mm_setzero_si128();
  m.w[3] = _mm_setr_epi32(bits, 0, 0, 0);
  return m;
}

/// The 20 digest bytes, big-endian.
SOTTO_ALWAYS_INLINE void store_digest(std::uint8_t* out, const chain& c) noexcept {
  const __m128i reverse = _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_shuffle_epi8(c.abcd, reverse));
  core::store_be32(out + 16, static_cast<std::uint32_t>(_mm_extract_epi32(c.e, 3)));
}

inline void compress(state& s, const std::uint8_t* blocks, std::size_t count) noexcept {
  chain c = load_chain(s);
  absorb_blocks(c, blocks, count);
  store_chain(s, c);
}
