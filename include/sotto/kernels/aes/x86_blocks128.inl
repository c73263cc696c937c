// SPDX-License-Identifier: BSL-1.0
// One AES block per vector: SSE registers, AES-NI. Key expansion for every x86 kernel.

inline constexpr int width = 1;  // blocks per vector
inline constexpr int group_vectors =
    8;  // in flight at once: AESENC's latency times its throughput, within 16 registers
using vec = __m128i;

SOTTO_ALWAYS_INLINE vec zero() noexcept { return _mm_setzero_si128(); }
SOTTO_ALWAYS_INLINE vec load(const std::uint8_t* p) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
SOTTO_ALWAYS_INLINE void store(std::uint8_t* p, vec v) noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v); }
SOTTO_ALWAYS_INLINE vec load_key(const std::uint8_t* p) noexcept { return load(p); }
SOTTO_ALWAYS_INLINE vec bit_xor(vec a, vec b) noexcept { return _mm_xor_si128(a, b); }
SOTTO_ALWAYS_INLINE vec bit_xor3(vec a, vec b, vec c) noexcept { return bit_xor(a, bit_xor(b, c)); }
SOTTO_ALWAYS_INLINE vec aes_round(vec x, vec k) noexcept { return _mm_aesenc_si128(x, k); }
SOTTO_ALWAYS_INLINE vec aes_last_round(vec x, vec k) noexcept { return _mm_aesenclast_si128(x, k); }

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
    store(p, v);
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

SOTTO_ALWAYS_INLINE __m128i keep_first128(__m128i v, int len) noexcept {
  const __m128i index = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm_and_si128(v, _mm_cmplt_epi8(index, _mm_set1_epi8(static_cast<char>(len))));
}

SOTTO_ALWAYS_INLINE vec load_partial(const std::uint8_t* p, std::size_t len) noexcept {
  return load_partial128(p, len);
}
SOTTO_ALWAYS_INLINE void store_partial(std::uint8_t* p, vec v, std::size_t len) noexcept {
  store_partial128(p, v, len);
}
/// v with the bytes from len (0 to 16) on zeroed.
SOTTO_ALWAYS_INLINE vec keep_first(vec v, std::size_t len) noexcept { return keep_first128(v, static_cast<int>(len)); }

/// Swaps the bytes of the last word: counters are added in little-endian and encrypted in big-endian order.
SOTTO_ALWAYS_INLINE __m128i swap_counter128(__m128i v) noexcept {
  return _mm_shuffle_epi8(v, _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12));
}
SOTTO_ALWAYS_INLINE vec swap_counter(vec v) noexcept { return swap_counter128(v); }
/// Counters for the first vector from one block (already swapped), and the step from vector to vector.
SOTTO_ALWAYS_INLINE vec first_counters(__m128i swapped) noexcept { return swapped; }
SOTTO_ALWAYS_INLINE vec next_counters(vec v) noexcept { return _mm_add_epi32(v, _mm_setr_epi32(0, 0, 0, 1)); }

/// Lane 0 from a block, the other lanes from v.
SOTTO_ALWAYS_INLINE vec xor_lane0(vec v, __m128i block) noexcept { return _mm_xor_si128(v, block); }
SOTTO_ALWAYS_INLINE __m128i lane0(vec v) noexcept { return v; }

SOTTO_ALWAYS_INLINE vec clear_lane0(vec) noexcept { return zero(); }

/// For a vector whose lane 0 is no text: up to vec_len - 16 bytes into or out of the other lanes. Here there are none.
SOTTO_ALWAYS_INLINE vec load_behind_lane0(const std::uint8_t*, std::size_t) noexcept { return zero(); }
SOTTO_ALWAYS_INLINE void store_behind_lane0(std::uint8_t*, vec, std::size_t) noexcept {}

/// One step of the FIPS 197 5.2 schedule for Nk = 4 and, on either half, Nk = 8: t is the transformed word in all
/// lanes.
SOTTO_ALWAYS_INLINE __m128i schedule_step(__m128i previous, __m128i t) noexcept {
  previous = _mm_xor_si128(previous, _mm_slli_si128(previous, 4));
  previous = _mm_xor_si128(previous, _mm_slli_si128(previous, 8));
  return _mm_xor_si128(previous, t);
}

template <int Rcon>
SOTTO_ALWAYS_INLINE __m128i rotated_word(__m128i k) noexcept {
  return _mm_shuffle_epi32(_mm_aeskeygenassist_si128(k, Rcon), 0xff);
}
SOTTO_ALWAYS_INLINE __m128i plain_word(__m128i k) noexcept {
  return _mm_shuffle_epi32(_mm_aeskeygenassist_si128(k, 0), 0xaa);
}

inline void expand128(std::uint8_t* rk, const std::uint8_t* bytes) noexcept {
  __m128i k = load(bytes);
  store(rk, k);
  store(rk + 16, k = schedule_step(k, rotated_word<0x01>(k)));
  store(rk + 32, k = schedule_step(k, rotated_word<0x02>(k)));
  store(rk + 48, k = schedule_step(k, rotated_word<0x04>(k)));
  store(rk + 64, k = schedule_step(k, rotated_word<0x08>(k)));
  store(rk + 80, k = schedule_step(k, rotated_word<0x10>(k)));
  store(rk + 96, k = schedule_step(k, rotated_word<0x20>(k)));
  store(rk + 112, k = schedule_step(k, rotated_word<0x40>(k)));
  store(rk + 128, k = schedule_step(k, rotated_word<0x80>(k)));
  store(rk + 144, k = schedule_step(k, rotated_word<0x1b>(k)));
  store(rk + 160, schedule_step(k, rotated_word<0x36>(k)));
}

/// Six words at a time: a holds the first four, b the last two in its low half.
template <int Rcon>
SOTTO_ALWAYS_INLINE void schedule_step192(std::uint8_t* out, __m128i& a, __m128i& b) noexcept {
  const __m128i t = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(b, Rcon), 0x55);
  a = schedule_step(a, t);
  b = _mm_xor_si128(b, _mm_slli_si128(b, 4));
  b = _mm_xor_si128(b, _mm_shuffle_epi32(a, 0xff));
  store(out, a);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out + 16), b);
}

inline void expand192(std::uint8_t* rk, const std::uint8_t* bytes) noexcept {
  __m128i a = load(bytes);
  __m128i b = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes + 16));
  store(rk, a);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(rk + 16), b);
  schedule_step192<0x01>(rk + 24, a, b);
  schedule_step192<0x02>(rk + 48, a, b);
  schedule_step192<0x04>(rk + 72, a, b);
  schedule_step192<0x08>(rk + 96, a, b);
  schedule_step192<0x10>(rk + 120, a, b);
  schedule_step192<0x20>(rk + 144, a, b);
  schedule_step192<0x40>(rk + 168, a, b);
  // The eighth step yields only the last round key: 13 x 4 words end inside it.
  const __m128i t = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(b, 0x80), 0x55);
  store(rk + 192, schedule_step(a, t));
}

inline void expand256(std::uint8_t* rk, const std::uint8_t* bytes) noexcept {
  __m128i a = load(bytes), b = load(bytes + 16);
  store(rk, a);
  store(rk + 16, b);
  store(rk + 32, a = schedule_step(a, rotated_word<0x01>(b)));
  store(rk + 48, b = schedule_step(b, plain_word(a)));
  store(rk + 64, a = schedule_step(a, rotated_word<0x02>(b)));
  store(rk + 80, b = schedule_step(b, plain_word(a)));
  store(rk + 96, a = schedule_step(a, rotated_word<0x04>(b)));
  store(rk + 112, b = schedule_step(b, plain_word(a)));
  store(rk + 128, a = schedule_step(a, rotated_word<0x08>(b)));
  store(rk + 144, b = schedule_step(b, plain_word(a)));
  store(rk + 160, a = schedule_step(a, rotated_word<0x10>(b)));
  store(rk + 176, b = schedule_step(b, plain_word(a)));
  store(rk + 192, a = schedule_step(a, rotated_word<0x20>(b)));
  store(rk + 208, b = schedule_step(b, plain_word(a)));
  store(rk + 224, schedule_step(a, rotated_word<0x40>(b)));
}

/// FIPS 197 5.2. Round keys in the standard byte order: every x86 kernel shares this layout.
inline void expand(key& k, const std::uint8_t* bytes, std::size_t key_len) noexcept {
  k.rounds = rounds_for(key_len);
  if (key_len == 16)
    expand128(k.round_keys, bytes);
  else if (key_len == 24)
    expand192(k.round_keys, bytes);
  else
    expand256(k.round_keys, bytes);
}
