// SPDX-License-Identifier: BSL-1.0
// SHA-256 with the SHA extensions: two rounds per instruction. One stream is bound by the latency of SHA256RNDS2, 32
// in a row, so the schedule is computed beside the rounds and the chaining value stays in registers between blocks.

/// The variables as SHA256RNDS2 wants them, the first letter in the highest word.
struct chain {
  __m128i abef;
  __m128i cdgh;
};

/// Sixteen message words, W0 in the lowest word of w[0].
struct message {
  __m128i w[4];
};

SOTTO_ALWAYS_INLINE chain load_chain(const state& s) noexcept {
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(s.h)), 0xb1);
  const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(s.h + 4)), 0x1b);
  return {_mm_alignr_epi8(badc, hgfe, 8), _mm_unpacklo_epi64(hgfe, _mm_unpackhi_epi64(badc, badc))};
}

SOTTO_ALWAYS_INLINE void store_chain(state& s, const chain& c) noexcept {
  const __m128i abcd = _mm_unpackhi_epi64(c.cdgh, c.abef), efgh = _mm_unpacklo_epi64(c.cdgh, c.abef);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(s.h), _mm_shuffle_epi32(abcd, 0x1b));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(s.h + 4), _mm_shuffle_epi32(efgh, 0x1b));
}

SOTTO_ALWAYS_INLINE message load_message(const std::uint8_t* block) noexcept {
  const __m128i swap = _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
  message m;
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i)
    m.w[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i)), swap);
  return m;
}

/// Rounds 4*Group to 4*Group + 3 (FIPS 180-4 6.2.2). w[Group % 4] is replaced by the words for group Group + 4.
template <int Group>
SOTTO_ALWAYS_INLINE void four_rounds(chain& c, message& m) noexcept {
  const __m128i w = m.w[Group % 4];
  const __m128i wk = _mm_add_epi32(w, _mm_load_si128(reinterpret_cast<const __m128i*>(round_constants.w + 4 * Group)));
  // Two rounds make ABEF into the next CDGH, so each instruction writes the older half.
  c.cdgh = _mm_sha256rnds2_epu32(c.cdgh, c.abef, wk);
  c.abef = _mm_sha256rnds2_epu32(c.abef, c.cdgh, _mm_shuffle_epi32(wk, 0x0e));
  if constexpr (Group < 12) {
    const __m128i w12 = m.w[(Group + 3) % 4];
    const __m128i w9 = _mm_alignr_epi8(w12, m.w[(Group + 2) % 4], 4);
    m.w[Group % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w, m.w[(Group + 1) % 4]), w9), w12);
  }
}

template <int Group>
SOTTO_ALWAYS_INLINE void rounds_from(chain& c, message& m) noexcept {
  four_rounds<Group>(c, m);
  if constexpr (Group < 15) rounds_from<Group + 1>(c, m);
}

inline void compress(state& s, const std::uint8_t* blocks, std::size_t count) noexcept {
  chain c = load_chain(s);
  for (; count != 0; --count, blocks += block_len) {
    const chain start = c;
    message m = load_message(blocks);
    rounds_from<0>(c, m);
    c.abef = _mm_add_epi32(c.abef, start.abef);
    c.cdgh = _mm_add_epi32(c.cdgh, start.cdgh);
  }
  store_chain(s, c);
}
