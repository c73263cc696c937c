// SPDX-License-Identifier: BSL-1.0
// ChaCha20 on sixteen blocks at once with AVX-512: a vector holds one word of the state of each, so that no shuffles
// are needed between the rounds. 35 percent faster per block than the rows of x86_chacha20.inl, for whole passes only.

using vec512 = __m512i;

inline constexpr int tall_blocks = 16;
inline constexpr std::size_t whole_len = tall_blocks * block_len;

SOTTO_ALWAYS_INLINE vec512 tall_word(const std::uint8_t* p) noexcept {
  return _mm512_set1_epi32(static_cast<int>(core::load_le32(p)));
}

/// Word i of the states (RFC 8439 2.3) of the next sixteen blocks.
SOTTO_ALWAYS_INLINE vec512 tall_state(const generator& g, int i) noexcept {
  if (i == 0) return _mm512_set1_epi32(0x61707865);
  if (i == 1) return _mm512_set1_epi32(0x3320646e);
  if (i == 2) return _mm512_set1_epi32(0x79622d32);
  if (i == 3) return _mm512_set1_epi32(0x6b206574);
  if (i < 12) return tall_word(g.key_bytes + 4 * (i - 4));
  if (i > 12) return tall_word(g.nonce + 4 * (i - 13));
  return _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(g.counter)),
                          _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

/// A quarter of each of four quarter rounds, on columns or, turned by one, on diagonals: a += b, d = (d ^ a) <<< Bits.
template <int Bits>
SOTTO_ALWAYS_INLINE void tall_step(vec512 (&x)[16], int a, int b, int d, int turn_a, int turn_b, int turn_d) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i)
    x[a + (i + turn_a) % 4] = _mm512_add_epi32(x[a + (i + turn_a) % 4], x[b + (i + turn_b) % 4]);
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i)
    x[d + (i + turn_d) % 4] =
        _mm512_rol_epi32(_mm512_xor_si512(x[d + (i + turn_d) % 4], x[a + (i + turn_a) % 4]), Bits);
}

/// A round on columns (Turn 0) or on diagonals (Turn 1).
template <int Turn>
SOTTO_ALWAYS_INLINE void tall_round(vec512 (&x)[16]) noexcept {
  tall_step<16>(x, 0, 4, 12, 0, Turn, 3 * Turn);
  tall_step<12>(x, 8, 12, 4, 2 * Turn, 3 * Turn, Turn);
  tall_step<8>(x, 0, 4, 12, 0, Turn, 3 * Turn);
  tall_step<7>(x, 8, 12, 4, 2 * Turn, 3 * Turn, Turn);
}

/// Words 4 row to 4 row + 3 of all blocks become rows: x[4 row + j] holds those of blocks j, 4 + j, 8 + j and 12 + j.
SOTTO_ALWAYS_INLINE void words_to_rows(vec512 (&x)[16], int row) noexcept {
  vec512* const w = x + 4 * row;
  const vec512 low01 = _mm512_unpacklo_epi32(w[0], w[1]), high01 = _mm512_unpackhi_epi32(w[0], w[1]);
  const vec512 low23 = _mm512_unpacklo_epi32(w[2], w[3]), high23 = _mm512_unpackhi_epi32(w[2], w[3]);
  w[0] = _mm512_unpacklo_epi64(low01, low23);
  w[1] = _mm512_unpackhi_epi64(low01, low23);
  w[2] = _mm512_unpacklo_epi64(high01, high23);
  w[3] = _mm512_unpackhi_epi64(high01, high23);
}

/// The states of the next sixteen blocks.
SOTTO_ALWAYS_INLINE void tall_load(vec512 (&x)[16], const generator& g) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < 16; ++i) x[i] = tall_state(g, i);
}

SOTTO_ALWAYS_INLINE void tall_double_round(vec512 (&x)[16]) noexcept {
  tall_round<0>(x);
  tall_round<1>(x);
}

/// One block of key stream onto the text (Add), or by itself to out, where a whole pass fits.
template <bool Add, bool Whole>
SOTTO_ALWAYS_INLINE void tall_output(vec512 stream, int block, const cursor& at) noexcept {
  const std::size_t offset = static_cast<std::size_t>(block) * block_len;
  if (Whole || !Add) {
    if (Add) stream = _mm512_xor_si512(stream, _mm512_loadu_si512(at.in + offset));
    _mm512_storeu_si512(at.out + offset, stream);
  } else if (offset < at.left) {
    const __mmask64 mask = first_bytes(at_most(at.left - offset, block_len));
    _mm512_mask_storeu_epi8(at.out + offset, mask,
                            _mm512_xor_si512(stream, _mm512_maskz_loadu_epi8(mask, at.in + offset)));
  }
}

/// What follows the rounds: the states added once more, and each block of key stream into a vector of its own.
SOTTO_ALWAYS_INLINE void tall_to_stream(vec512 (&x)[16], const generator& g) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < 16; ++i) x[i] = _mm512_add_epi32(x[i], tall_state(g, i));
  SOTTO_UNROLL
  for (int row = 0; row < 4; ++row) words_to_rows(x, row);
  SOTTO_UNROLL
  for (int j = 0; j < 4; ++j) {
    const vec512 ab01 = _mm512_shuffle_i32x4(x[j], x[4 + j], 0x44), ab23 = _mm512_shuffle_i32x4(x[j], x[4 + j], 0xee);
    const vec512 cd01 = _mm512_shuffle_i32x4(x[8 + j], x[12 + j], 0x44);
    const vec512 cd23 = _mm512_shuffle_i32x4(x[8 + j], x[12 + j], 0xee);
    x[j] = _mm512_shuffle_i32x4(ab01, cd01, 0x88);
    x[4 + j] = _mm512_shuffle_i32x4(ab01, cd01, 0xdd);
    x[8 + j] = _mm512_shuffle_i32x4(ab23, cd23, 0x88);
    x[12 + j] = _mm512_shuffle_i32x4(ab23, cd23, 0xdd);
  }
}

/// Puts the key stream out.
template <bool Add, bool Whole>
SOTTO_ALWAYS_INLINE void tall_put(const vec512 (&stream)[16], generator& g, cursor& at) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < 16; ++i) tall_output<Add, Whole>(stream[i], i, at);
  const std::size_t text = Whole ? whole_len : at_most(whole_len, at.left);
  if (Add) at.in += text;
  at.out += Add ? text : whole_len;
  at.left -= text;
  pass_on(g, tall_blocks / width);
}

/// Sixteen blocks of text.
template <bool Add, class Beside>
SOTTO_ALWAYS_INLINE void whole_pass(generator& g, cursor& at, Beside& work) noexcept {
  vec512 x[16];
  tall_load(x, g);
  for (int i = 0; i < 10; ++i) {
    tall_double_round(x);
    work.take_turn();
  }
  tall_to_stream(x, g);
  tall_put<Add, true>(x, g, at);
}

/// Key stream that was kept onto its text.
SOTTO_ALWAYS_INLINE void xor_stream(const std::uint8_t* stream, const std::uint8_t* in, std::uint8_t* out,
                                    std::size_t len) noexcept {
  std::size_t done = 0;
  for (; done + block_len <= len; done += block_len)
    _mm512_storeu_si512(out + done, _mm512_xor_si512(_mm512_loadu_si512(stream + done), _mm512_loadu_si512(in + done)));
  const __mmask64 rest = first_bytes(len - done);
  _mm512_mask_storeu_epi8(
      out + done, rest,
      _mm512_xor_si512(_mm512_maskz_loadu_epi8(rest, stream + done), _mm512_maskz_loadu_epi8(rest, in + done)));
}

SOTTO_ALWAYS_INLINE void wipe_stream(std::uint8_t* stream, const std::uint8_t* end) noexcept {
#if defined(__GNUC__) || defined(__clang__)
  for (std::uint8_t* at = stream; at < end; at += block_len) _mm512_storeu_si512(at, _mm512_setzero_si512());
  core::wipe(stream, 0);  // keeps the stores
#else
  core::wipe(stream, static_cast<std::size_t>(end - stream));
#endif
}
