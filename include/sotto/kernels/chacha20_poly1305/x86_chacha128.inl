// SPDX-License-Identifier: BSL-1.0
// One ChaCha20 block per row of vectors: SSE registers, SSSE3's byte shuffle for the rotations by whole bytes.

inline constexpr int width = 1;       // blocks side by side in a vector
inline constexpr int group_step = 1;  // passes have one, two or three times this many groups
/// Groups of `width` blocks in flight: four rows each, and what they need besides, within 16 registers, or 8 on i686.
#if defined(__x86_64__) || defined(_M_X64)
inline constexpr int max_groups = 3;
#else
inline constexpr int max_groups = 1;
#endif
inline constexpr bool shares_lanes = false;  // a batch of short packets in three lanes is slower than one by one
using vec = __m128i;

SOTTO_ALWAYS_INLINE vec zero() noexcept { return _mm_setzero_si128(); }
SOTTO_ALWAYS_INLINE vec load(const std::uint8_t* p) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
SOTTO_ALWAYS_INLINE void store(std::uint8_t* p, vec v) noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v); }
SOTTO_ALWAYS_INLINE vec add(vec a, vec b) noexcept { return _mm_add_epi32(a, b); }
SOTTO_ALWAYS_INLINE vec bit_xor(vec a, vec b) noexcept { return _mm_xor_si128(a, b); }

/// Every 32-bit word rotated to the left.
template <int Bits>
SOTTO_ALWAYS_INLINE vec rotate(vec v) noexcept {
  if constexpr (Bits == 16)
    return _mm_shuffle_epi8(v, _mm_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  else if constexpr (Bits == 8)
    return _mm_shuffle_epi8(v, _mm_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
  else
    return _mm_or_si128(_mm_slli_epi32(v, Bits), _mm_srli_epi32(v, 32 - Bits));
}

/// The four words of each row moved this many places towards the first.
template <int Words>
SOTTO_ALWAYS_INLINE vec turn(vec v) noexcept {
  return _mm_shuffle_epi32(v, Words == 1 ? 0x39 : Words == 2 ? 0x4e : 0x93);
}

/// The same row for every block of a group; and what makes their counters consecutive.
SOTTO_ALWAYS_INLINE vec broadcast(__m128i row) noexcept { return row; }
SOTTO_ALWAYS_INLINE vec lane_numbers() noexcept { return zero(); }
SOTTO_ALWAYS_INLINE __m128i lane0(vec v) noexcept { return v; }
/// The rows of one block each, as a group's row.
SOTTO_ALWAYS_INLINE vec side_by_side(const __m128i (&rows)[width]) noexcept { return rows[0]; }

/// Rows a to d become what they are in memory: block after block, in vectors of vec_len bytes.
SOTTO_ALWAYS_INLINE void rows_to_bytes(vec* out, vec a, vec b, vec c, vec d) noexcept {
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/// 0 to 16 bytes into the low end of a vector, zeros above; reads nothing beyond. The branches are on a public length.
SOTTO_ALWAYS_INLINE __m128i load_partial128(const std::uint8_t* p, std::size_t len) noexcept {
  if (len >= 16) return load(p);
  std::uint64_t low = 0, high = 0;
  if (len >= 8) {
    low = core::load_le64(p);
    if (len > 8) high = core::load_le64(p + len - 8) >> (8 * (16 - len));
  } else if (len >= 4) {
    low = core::load_le32(p);
    if (len > 4) low |= std::uint64_t{core::load_le32(p + len - 4)} << (8 * (len - 4));
  } else if (len != 0) {
    // First, middle and last byte cover lengths 1 to 3; where they coincide they agree.
    low = std::uint64_t{p[0]} | std::uint64_t{p[len / 2]} << (8 * (len / 2)) |
          std::uint64_t{p[len - 1]} << (8 * (len - 1));
  }
  return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}

/// The low 0 to 16 bytes of a vector to memory; writes nothing beyond.
SOTTO_ALWAYS_INLINE void store_partial128(std::uint8_t* p, __m128i v, std::size_t len) noexcept {
  if (len >= 16) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v);
    return;
  }
  if (len & 8) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p), v);
    v = _mm_srli_si128(v, 8);
    p += 8;
  }
  if (len & 4) {
    core::store_le32(p, static_cast<std::uint32_t>(_mm_cvtsi128_si32(v)));
    v = _mm_srli_si128(v, 4);
    p += 4;
  }
  const auto rest = static_cast<std::uint32_t>(_mm_cvtsi128_si32(v));
  if (len & 2) {
    p[0] = static_cast<std::uint8_t>(rest);
    p[1] = static_cast<std::uint8_t>(rest >> 8);
    if (len & 1) p[2] = static_cast<std::uint8_t>(rest >> 16);
  } else if (len & 1) {
    p[0] = static_cast<std::uint8_t>(rest);
  }
}

SOTTO_ALWAYS_INLINE vec load_partial(const std::uint8_t* p, std::size_t len) noexcept {
  return load_partial128(p, len);
}
SOTTO_ALWAYS_INLINE void store_partial(std::uint8_t* p, vec v, std::size_t len) noexcept {
  store_partial128(p, v, len);
}

/// A nonce's three words behind a counter: the last row of RFC 8439 2.3.
SOTTO_ALWAYS_INLINE __m128i counter_row(std::uint32_t counter, const std::uint8_t* nonce) noexcept {
  const __m128i words = _mm_unpacklo_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(nonce)),
                                           _mm_cvtsi32_si128(static_cast<int>(core::load_le32(nonce + 8))));
  return _mm_or_si128(_mm_slli_si128(words, 4), _mm_cvtsi32_si128(static_cast<int>(counter)));
}
