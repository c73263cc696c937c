// SPDX-License-Identifier: BSL-1.0
// AES-GCM over vectors of any width: included once per instruction set, after the file that names the vectors (ops) and
// defines their carry-less products.
//
// A packet's blocks are J0, text 1, …, text n. They are cut into vectors with J0 in lane 0 of the first, so that the
// key stream for the tag comes out of the same pass as that for the text; and the hashed sequence puts the AAD where J0
// was: AAD, ciphertext 1, …, ciphertext n, lengths. In the first group the text therefore lies one block behind the
// vectors.

using ops::vec_len;

inline constexpr int group_vectors = ops::group_vectors;
inline constexpr int step_vectors = group_vectors / 4;  // granularity of the code for a packet's last group
inline constexpr std::size_t group_blocks = static_cast<std::size_t>(group_vectors) * ops::width;
inline constexpr std::size_t group_len = 16 * group_blocks;
inline constexpr std::size_t j0_len = 16;

/// An unreduced sum of products; middle belongs half-way between low and high.
struct products {
  vec low, middle, high;
};

SOTTO_ALWAYS_INLINE products no_products() noexcept { return {ops::zero(), ops::zero(), ops::zero()}; }

SOTTO_ALWAYS_INLINE void accumulate(products& sum, vec blocks, const std::uint8_t* powers) noexcept {
  const vec h = ops::load(powers);
  sum.low = ops::bit_xor(sum.low, clmul_low(blocks, h));
  sum.middle = ops::bit_xor3(sum.middle, clmul_cross1(blocks, h), clmul_cross2(blocks, h));
  sum.high = ops::bit_xor(sum.high, clmul_high(blocks, h));
}

template <int N>
SOTTO_ALWAYS_INLINE void accumulate(products& sum, const vec (&x)[N], const std::uint8_t* powers) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) accumulate(sum, x[i], powers + static_cast<std::size_t>(i) * vec_len);
}

SOTTO_ALWAYS_INLINE __m128i reduce_products(const products& sum) noexcept {
  return reduce(fold_lanes(ops::bit_xor(sum.low, low_half_up(sum.middle))),
                fold_lanes(ops::bit_xor(sum.high, high_half_down(sum.middle))));
}

/// Where the last n powers of the hash key start: H^n … H^1.
SOTTO_ALWAYS_INLINE const std::uint8_t* last_powers(const key& k, std::size_t n) noexcept {
  return k.powers + 16 * (power_count - n);
}

/// The length block times H. Known from the start, so its products are off the critical path. Lanes above the first
/// multiply zeros with the zeros behind the powers.
SOTTO_ALWAYS_INLINE products length_products(const key& k, const aead_packet& p) noexcept {
  const auto aad_bits = static_cast<std::uint64_t>(p.aad_len + p.aad_tail_len) * 8;
  const auto text_bits = static_cast<std::uint64_t>(p.text_len) * 8;
  const __m128i lengths = _mm_set_epi64x(static_cast<long long>(aad_bits), static_cast<long long>(text_bits));
  products sum = no_products();
  accumulate(sum, ops::xor_lane0(ops::zero(), lengths), last_powers(k, 1));
  return sum;
}

/// The hash of all AAD blocks but the last, with the last added to it: what goes into lane 0.
SOTTO_NOINLINE inline __m128i absorb_any_aad(const key& k, const aead_packet& p) noexcept {
  namespace one = kernels::aes::x86_aesni;
  const __m128i h = one::load(last_powers(k, 1));
  __m128i y = _mm_setzero_si128();
  const std::uint8_t* aad = p.aad;
  std::size_t left = p.aad_len;
  for (; left > 16; aad += 16, left -= 16) y = x86_aesni::multiply(_mm_xor_si128(y, reverse128(one::load(aad))), h);
  // At most 16 bytes of either part are left.
  std::uint8_t last[32] = {};
  core::copy(last, aad, left);
  core::copy(last + left, p.aad_tail, p.aad_tail_len);
  if (left + p.aad_tail_len <= 16) return _mm_xor_si128(y, reverse128(one::load(last)));
  y = x86_aesni::multiply(_mm_xor_si128(y, reverse128(one::load(last))), h);
  return _mm_xor_si128(y, reverse128(one::load(last + 16)));
}

SOTTO_ALWAYS_INLINE __m128i load12(const std::uint8_t* p) noexcept {
  return _mm_unpacklo_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)),
                            _mm_cvtsi32_si128(static_cast<int>(core::load_le32(p + 8))));
}

/// Twelve bytes, the RTP header without CSRCs or extension, take a short way.
SOTTO_ALWAYS_INLINE __m128i absorb_aad(const key& k, const aead_packet& p) noexcept {
  if (p.aad_len == 12 && p.aad_tail_len == 0) return reverse128(load12(p.aad));
  return absorb_any_aad(k, p);
}

/// SP 800-38D 7.1 step 2: J0 = nonce ‖ 1, in the order that counters are added in.
SOTTO_ALWAYS_INLINE __m128i j0(const std::uint8_t* nonce) noexcept { return _mm_insert_epi32(load12(nonce), 1, 3); }

/// The text that isn't processed yet.
struct cursor {
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t left;
};

/// Text bytes that a whole group covers.
template <bool First>
inline constexpr std::size_t whole_group_text = group_len - (First ? j0_len : 0);

template <bool First>
SOTTO_ALWAYS_INLINE void pass_read_group(cursor& at) noexcept {
  at.in += whole_group_text<First>;
  at.left -= whole_group_text<First>;
}
template <bool First>
SOTTO_ALWAYS_INLINE void pass_whole_group(cursor& at) noexcept {
  pass_read_group<First>(at);
  at.out += whole_group_text<First>;
}

/// Where vector i's text starts, except for vector 0 of the first group, which the callers treat by itself.
template <bool First>
SOTTO_ALWAYS_INLINE std::size_t text_offset(int i) noexcept {
  return static_cast<std::size_t>(i) * vec_len - (First ? j0_len : 0);
}

SOTTO_ALWAYS_INLINE std::size_t at_most(std::size_t n, std::size_t limit) noexcept { return n < limit ? n : limit; }

template <int N>
SOTTO_ALWAYS_INLINE void copy_vectors(vec (&to)[N], const vec (&from)[N]) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) to[i] = from[i];
}

/// Loads N vectors of text, zeros where it ends. All but the last step_vectors are known to be full, unless they hold
/// J0.
template <bool First, bool Whole, int N>
SOTTO_ALWAYS_INLINE void load_text(vec (&x)[N], const std::uint8_t* in, std::size_t left) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    if (First && i == 0) {
      x[i] = ops::load_behind_lane0(in, Whole ? vec_len - j0_len : at_most(left, vec_len - j0_len));
    } else {
      const std::size_t offset = text_offset<First>(i);
      if (Whole || i < N - step_vectors || offset + vec_len <= left)
        x[i] = ops::load(in + offset);
      else
        x[i] = offset < left ? ops::load_partial(in + offset, left - offset) : ops::zero();
    }
  }
}

/// Adds N vectors of text to the key stream in x and stores them. Then x holds what was stored, with zeros elsewhere.
template <bool First, bool Whole, int N>
SOTTO_ALWAYS_INLINE void xor_text(vec (&x)[N], const cursor& at) noexcept {
  vec text[N];
  load_text<First, Whole>(text, at.in, at.left);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    x[i] = ops::bit_xor(x[i], text[i]);
    if (First && i == 0) {
      const std::size_t len = Whole ? vec_len - j0_len : at_most(at.left, vec_len - j0_len);
      ops::store_behind_lane0(at.out, x[i], len);
      x[i] = ops::clear_lane0(Whole ? x[i] : ops::keep_first(x[i], j0_len + len));
    } else {
      const std::size_t offset = text_offset<First>(i);
      if (Whole || i < N - step_vectors || offset + vec_len <= at.left) {
        ops::store(at.out + offset, x[i]);
      } else {
        const std::size_t len = offset < at.left ? at.left - offset : 0;
        if (len != 0) ops::store_partial(at.out + offset, x[i], len);
        x[i] = ops::keep_first(x[i], len);
      }
    }
  }
}

/// Prepares vectors for hashing: byte order, and the running hash into lane 0.
template <int N>
SOTTO_ALWAYS_INLINE void add_hash(vec (&x)[N], __m128i y) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i] = reverse(x[i]);
  x[0] = ops::xor_lane0(x[0], y);
}

/// Encrypts x while the previous group is hashed: the products fill the gaps that AES's latency leaves.
template <int N>
SOTTO_ALWAYS_INLINE __m128i encrypt_and_hash(vec (&x)[N], const vec (&previous)[group_vectors], const key& k) noexcept {
  const std::uint8_t* powers = last_powers(k, group_blocks);
  products sum = no_products();
  ops::first_key(x, k.cipher.round_keys);
  SOTTO_UNROLL
  for (int r = 1; r < 10; ++r) {
    ops::one_round(x, k.cipher.round_keys + 16 * r);
    constexpr int spacing = 8 / group_vectors;
    if (r % spacing == 0 && r / spacing <= group_vectors)
      accumulate(sum, previous[r / spacing - 1], powers + static_cast<std::size_t>(r / spacing - 1) * vec_len);
  }
  ops::rounds_from_10(x, k.cipher);
  return reduce_products(sum);
}

/// Blocks of the hashed sequence that the last group holds.
template <bool First>
SOTTO_ALWAYS_INLINE std::size_t blocks_left(std::size_t left) noexcept {
  return (left + 15) / 16 + (First ? 1 : 0);
}

/// A packet between two groups: the next counters, the group that waits to be hashed, the hash before it.
struct state {
  cursor at;
  vec counters;
  vec previous[group_vectors];
  __m128i y;
  __m128i tag_mask;
};

/// The last group of a packet: N vectors, all but step_vectors - 1 of them needed. If it is also the first, nothing
/// waits.
template <int N, bool First>
SOTTO_ALWAYS_INLINE void seal_last_vectors(const key& k, const aead_packet& p, state& s, std::uint8_t* tag) noexcept {
  vec x[N];
  ops::take_counters(x, s.counters);
  products sum = length_products(k, p);
  if constexpr (First) {
    ops::encrypt(x, k.cipher);
    s.tag_mask = ops::lane0(x[0]);
  } else {
    s.y = encrypt_and_hash(x, s.previous, k);
  }
  xor_text<First, false>(x, s.at);
  add_hash(x, s.y);
  accumulate(sum, x, last_powers(k, blocks_left<First>(s.at.left) + 1));
  kernels::aes::x86_aesni::store(tag, _mm_xor_si128(reverse128(reduce_products(sum)), s.tag_mask));
}

/// Chooses the code for the number of vectors that the last group needs.
template <bool First>
SOTTO_ALWAYS_INLINE void seal_last_group(const key& k, const aead_packet& p, state& s, std::uint8_t* tag) noexcept {
  constexpr std::size_t step_blocks = static_cast<std::size_t>(step_vectors) * ops::width;
  switch ((blocks_left<First>(s.at.left) + step_blocks - 1) / step_blocks) {
    case 0:
    case 1: return seal_last_vectors<1 * step_vectors, First>(k, p, s, tag);
    case 2: return seal_last_vectors<2 * step_vectors, First>(k, p, s, tag);
    case 3: return seal_last_vectors<3 * step_vectors, First>(k, p, s, tag);
    default: return seal_last_vectors<4 * step_vectors, First>(k, p, s, tag);
  }
}

SOTTO_NOINLINE inline void seal_long(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  state s;
  s.at = {p.in, p.out, p.text_len};
  s.counters = ops::first_counters(j0(p.nonce));
  vec x[group_vectors];
  ops::take_counters(x, s.counters);
  ops::encrypt(x, k.cipher);
  s.tag_mask = ops::lane0(x[0]);
  xor_text<true, true>(x, s.at);
  add_hash(x, absorb_aad(k, p));
  pass_whole_group<true>(s.at);
  copy_vectors(s.previous, x);

  while (s.at.left > whole_group_text<false>) {
    ops::take_counters(x, s.counters);
    const __m128i y = encrypt_and_hash(x, s.previous, k);
    xor_text<false, true>(x, s.at);
    add_hash(x, y);
    pass_whole_group<false>(s.at);
    copy_vectors(s.previous, x);
  }
  // GCC makes a copy of the loop for each key size, and would make three of all that follows if it knew the key.
  seal_last_group<false>(*core::value_barrier(&k), p, s, tag);
}

/// SP 800-38D 7.1.
inline void seal(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  if (p.text_len > whole_group_text<true>) return seal_long(k, p, tag);
  state s;
  s.at = {p.in, p.out, p.text_len};
  s.counters = ops::first_counters(j0(p.nonce));
  s.y = absorb_aad(k, p);
  seal_last_group<true>(k, p, s, tag);
}

/// The verdict on a tag; only this becomes public.
SOTTO_ALWAYS_INLINE bool tag_matches(__m128i expected, const std::uint8_t* tag) noexcept {
  const __m128i same = _mm_cmpeq_epi8(expected, kernels::aes::x86_aesni::load(tag));
  return core::reveal(core::mask_if_zero(static_cast<std::uint32_t>(_mm_movemask_epi8(same)) ^ 0xffffu));
}

/// A packet of one group: the key stream waits in registers for the verdict.
template <int N>
SOTTO_ALWAYS_INLINE bool open_short(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  const cursor at{p.in, p.out, p.text_len};
  vec counters = ops::first_counters(j0(p.nonce));
  vec x[N], hashed[N];
  ops::take_counters(x, counters);
  products sum = length_products(k, p);
  load_text<true, false>(hashed, p.in, p.text_len);
  add_hash(hashed, absorb_aad(k, p));
  accumulate(sum, hashed, last_powers(k, blocks_left<true>(p.text_len) + 1));
  ops::encrypt(x, k.cipher);
  if (!tag_matches(_mm_xor_si128(reverse128(reduce_products(sum)), ops::lane0(x[0])), tag)) return false;
  if (p.out != nullptr) xor_text<true, false>(x, at);
  return true;
}

/// The hash of a whole packet that is longer than one group.
SOTTO_ALWAYS_INLINE __m128i hash_packet(const key& k, const aead_packet& p) noexcept {
  cursor at{p.in, nullptr, p.text_len};
  const std::uint8_t* powers = last_powers(k, group_blocks);
  vec x[group_vectors];
  load_text<true, true>(x, at.in, at.left);
  add_hash(x, absorb_aad(k, p));
  pass_read_group<true>(at);
  while (at.left > whole_group_text<false>) {
    products sum = no_products();
    accumulate(sum, x, powers);
    load_text<false, true>(x, at.in, at.left);
    add_hash(x, reduce_products(sum));
    pass_read_group<false>(at);
  }
  products sum = no_products();
  accumulate(sum, x, powers);
  const __m128i y = reduce_products(sum);

  // Vector by vector: no more of the last group's powers may be read than lie behind its start.
  sum = length_products(k, p);
  powers = last_powers(k, blocks_left<false>(at.left) + 1);
  for (std::size_t done = 0; done < at.left; done += vec_len, powers += vec_len) {
    vec v[1] = {ops::load_partial(at.in + done, at_most(at.left - done, vec_len))};
    add_hash(v, done == 0 ? y : _mm_setzero_si128());
    accumulate(sum, v, powers);
  }
  return reduce_products(sum);
}

SOTTO_NOINLINE inline bool open_long(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  vec counters = ops::first_counters(j0(p.nonce));
  vec x[1];
  ops::take_counters(x, counters);
  ops::encrypt(x, k.cipher);
  if (!tag_matches(_mm_xor_si128(reverse128(hash_packet(k, p)), ops::lane0(x[0])), tag)) return false;
  if (p.out == nullptr) return true;
  const __m128i first_text = _mm_add_epi32(j0(p.nonce), _mm_setr_epi32(0, 0, 0, 1));
  ops::ctr_text(k.cipher, ops::first_counters(first_text), p.in, p.out, p.text_len);
  return true;
}

/// SP 800-38D 7.2, with the verdict before the first byte of plaintext.
inline bool open(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  if (p.text_len > whole_group_text<true>) return open_long(k, p, tag);
  constexpr std::size_t step_blocks = static_cast<std::size_t>(step_vectors) * ops::width;
  switch ((blocks_left<true>(p.text_len) + step_blocks - 1) / step_blocks) {
    case 1: return open_short<1 * step_vectors>(k, p, tag);
    case 2: return open_short<2 * step_vectors>(k, p, tag);
    case 3: return open_short<3 * step_vectors>(k, p, tag);
    default: return open_short<4 * step_vectors>(k, p, tag);
  }
}
