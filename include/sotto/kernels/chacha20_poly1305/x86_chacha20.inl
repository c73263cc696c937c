// SPDX-License-Identifier: BSL-1.0
// ChaCha20 (RFC 8439 2.3 and 2.4) over vectors of any width: included once per instruction set, after the file that
// defines vec and its operations.
//
// A vector holds one row of the state of `width` blocks: a quarter round works on all four columns at once. Four such
// vectors are a group; several groups in flight hide the latency of one. Against the layout of one vector per state
// word, this one has shuffles between the rounds, but it needs neither transposition nor many blocks, and a packet has
// few.

inline constexpr std::size_t block_len = 64;
inline constexpr std::size_t vec_len = 16 * static_cast<std::size_t>(width);
inline constexpr std::size_t group_len = block_len * static_cast<std::size_t>(width);
inline constexpr int block_vectors = 4 / width;  // vectors that hold one block's bytes

SOTTO_ALWAYS_INLINE std::size_t at_most(std::size_t n, std::size_t limit) noexcept { return n < limit ? n : limit; }

/// The rows of `width` blocks.
struct group {
  vec a, b, c, d;
};

/// Where the key stream stands.
struct generator {
  vec key_low, key_high;
  vec next;  ///< last row of the next group
  // The same for layouts that start from words: the caller's key and nonce, and the next block's counter.
  const std::uint8_t* key_bytes;
  const std::uint8_t* nonce;
  std::uint32_t counter;
};

SOTTO_ALWAYS_INLINE vec constants() noexcept {
  return broadcast(_mm_setr_epi32(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574));
}

SOTTO_ALWAYS_INLINE generator start(const key& k, std::uint32_t counter, const std::uint8_t* nonce) noexcept {
  return {broadcast(_mm_loadu_si128(reinterpret_cast<const __m128i*>(k.bytes))),
          broadcast(_mm_loadu_si128(reinterpret_cast<const __m128i*>(k.bytes + 16))),
          add(broadcast(counter_row(counter, nonce)), lane_numbers()),
          k.bytes,
          nonce,
          counter};
}

/// The last row, this many groups later.
SOTTO_ALWAYS_INLINE vec later(vec row, int groups) noexcept {
  return add(row, broadcast(_mm_cvtsi32_si128(groups * width)));
}

SOTTO_ALWAYS_INLINE void pass_on(generator& g, int groups) noexcept {
  g.next = later(g.next, groups);
  g.counter += static_cast<std::uint32_t>(groups * width);
}

/// Four quarter rounds in each block of each group (RFC 8439 2.1).
template <int N>
SOTTO_ALWAYS_INLINE void quarter_rounds(group (&x)[N]) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i].a = add(x[i].a, x[i].b);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i].d = rotate<16>(bit_xor(x[i].d, x[i].a));
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i].c = add(x[i].c, x[i].d);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i].b = rotate<12>(bit_xor(x[i].b, x[i].c));
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i].a = add(x[i].a, x[i].b);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i].d = rotate<8>(bit_xor(x[i].d, x[i].a));
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i].c = add(x[i].c, x[i].d);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i].b = rotate<7>(bit_xor(x[i].b, x[i].c));
}

/// A column round and a diagonal round. Diagonals become columns by turning the rows against row b, which comes last
/// out of a round and is needed first in the next: the turns of the others cost no latency.
template <int N>
SOTTO_ALWAYS_INLINE void double_round(group (&x)[N]) noexcept {
  quarter_rounds(x);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i] = {turn<3>(x[i].a), x[i].b, turn<1>(x[i].c), turn<2>(x[i].d)};
  quarter_rounds(x);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i] = {turn<1>(x[i].a), x[i].b, turn<3>(x[i].c), turn<2>(x[i].d)};
}

/// The states of the next N groups.
template <int N>
SOTTO_ALWAYS_INLINE void load_states(group (&x)[N], const generator& g) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i] = {constants(), g.key_low, g.key_high, later(g.next, i)};
}

/// What follows the rounds: the states added once more. The generator passes on.
template <int N>
SOTTO_ALWAYS_INLINE void add_states(group (&x)[N], generator& g) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    x[i].a = add(x[i].a, constants());
    x[i].b = add(x[i].b, g.key_low);
    x[i].c = add(x[i].c, g.key_high);
    x[i].d = add(x[i].d, later(g.next, i));
  }
  pass_on(g, N);
}

/// The text that isn't processed yet.
struct cursor {
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t left;
};

/// Twenty rounds, and after every two a turn for the work beside them.
template <int N, class Beside>
SOTTO_ALWAYS_INLINE void rounds(group (&x)[N], Beside& work) noexcept {
  for (int i = 0; i < 10; ++i) {
    double_round(x);
    work.take_turn();
  }
}

/// Nothing to do beside the rounds.
struct alone {
  SOTTO_ALWAYS_INLINE void begin_pass(const cursor&) noexcept {}
  SOTTO_ALWAYS_INLINE void take_turn() noexcept {}
};

/// The next N groups of key stream.
template <int N, class Beside>
SOTTO_ALWAYS_INLINE void generate(group (&x)[N], generator& g, Beside& work) noexcept {
  load_states(x, g);
  rounds(x, work);
  add_states(x, g);
}

/// Text that a pass of so many groups covers.
inline constexpr std::size_t most_text = static_cast<std::size_t>(max_groups) * group_len;
inline constexpr std::size_t step_text = static_cast<std::size_t>(group_step) * group_len;
inline constexpr int two_steps = max_groups < 2 * group_step ? max_groups : 2 * group_step;
inline constexpr std::size_t two_text = static_cast<std::size_t>(two_steps) * group_len;

/// The first half of block 0 (RFC 8439 2.6); secret.
struct mac_key {
  __m128i r, s;
};

template <int N>
SOTTO_ALWAYS_INLINE mac_key key_of(const group (&x)[N]) noexcept {
  return {lane0(x[0].a), lane0(x[0].b)};
}

/// Key stream of N groups onto the text, up to its end (Add), or by itself to out, where a whole pass fits. With Key
/// the first block isn't for the text.
template <bool Key, bool Add, bool Whole, int N>
SOTTO_ALWAYS_INLINE void output(const group (&x)[N], cursor& at) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    vec stream[4];
    rows_to_bytes(stream, x[i].a, x[i].b, x[i].c, x[i].d);
    SOTTO_UNROLL
    for (int j = Key && i == 0 ? block_vectors : 0; j < 4; ++j) {
      const std::size_t offset = static_cast<std::size_t>(4 * i + j) * vec_len - (Key ? block_len : 0);
      if (!Add)
        store(at.out + offset, stream[j]);
      else if (Whole || offset + vec_len <= at.left)
        store(at.out + offset, bit_xor(stream[j], load(at.in + offset)));
      else if (offset < at.left)
        store_partial(at.out + offset, bit_xor(stream[j], load_partial(at.in + offset, at.left - offset)),
                      at.left - offset);
    }
  }
  const std::size_t covered = static_cast<std::size_t>(N) * group_len - (Key ? block_len : 0);
  const std::size_t text = Whole ? covered : at_most(covered, at.left);
  if (Add) at.in += text;
  at.out += Add ? text : covered;
  at.left -= text;
}

/// The next N groups; returns the one-time key if block 0 is among them.
template <bool Key, bool Add, bool Whole, int N, class Beside>
SOTTO_ALWAYS_INLINE mac_key pass(generator& g, cursor& at, Beside& work) noexcept {
  group x[N];
  generate(x, g, work);
  output<Key, Add, Whole>(x, at);
  return key_of(x);
}
