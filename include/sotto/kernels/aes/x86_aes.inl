// SPDX-License-Identifier: BSL-1.0
// AES over vectors of any width: included once per instruction set, after the file that defines vec and its operations.

inline constexpr std::size_t vec_len = 16 * static_cast<std::size_t>(width);

template <int N>
SOTTO_ALWAYS_INLINE void one_round(vec (&x)[N], const std::uint8_t* round_key) noexcept {
  const vec k = load_key(round_key);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i] = aes_round(x[i], k);
}

template <int N>
SOTTO_ALWAYS_INLINE void first_key(vec (&x)[N], const std::uint8_t* round_keys) noexcept {
  const vec k = load_key(round_keys);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i] = bit_xor(x[i], k);
}

/// Everything after round 9. The key's size is public, and this branch costs less than three copies of every caller.
template <int N>
SOTTO_ALWAYS_INLINE void rounds_from_10(vec (&x)[N], const key& k) noexcept {
  const std::uint8_t* rk = k.round_keys + 160;
  if (k.rounds > 10) {
    one_round(x, rk);
    one_round(x, rk + 16);
    rk += 32;
    if (k.rounds > 12) {
      one_round(x, rk);
      one_round(x, rk + 16);
      rk += 32;
    }
  }
  const vec last = load_key(rk);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i] = aes_last_round(x[i], last);
}

template <int N>
SOTTO_ALWAYS_INLINE void encrypt(vec (&x)[N], const key& k) noexcept {
  first_key(x, k.round_keys);
  SOTTO_UNROLL
  for (int r = 1; r < 10; ++r) one_round(x, k.round_keys + 16 * r);
  rounds_from_10(x, k);
}

/// The next N vectors of counter blocks.
template <int N>
SOTTO_ALWAYS_INLINE void take_counters(vec (&x)[N], vec& counters) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    x[i] = swap_counter(counters);
    counters = next_counters(counters);
  }
}

/// N whole vectors of key stream onto the text.
template <int N>
SOTTO_ALWAYS_INLINE void ctr_whole(const key& k, vec& counters, const std::uint8_t* in, std::uint8_t* out) noexcept {
  vec x[N];
  take_counters(x, counters);
  encrypt(x, k);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    const auto at = static_cast<std::size_t>(i) * vec_len;
    store(out + at, bit_xor(x[i], load(in + at)));
  }
}

/// The last len bytes, fewer than N vectors but more than N - Step: all key stream at once, for the latency of one
/// block.
template <int N, int Step>
SOTTO_ALWAYS_INLINE void ctr_partial(const key& k, vec& counters, const std::uint8_t* in, std::uint8_t* out,
                                     std::size_t len) noexcept {
  vec x[N];
  take_counters(x, counters);
  encrypt(x, k);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    const auto at = static_cast<std::size_t>(i) * vec_len;
    if (i < N - Step || at + vec_len <= len)
      store(out + at, bit_xor(x[i], load(in + at)));
    else if (at < len)
      store_partial(out + at, bit_xor(x[i], load_partial(in + at, len - at)), len - at);
  }
}

/// Text of any length from the given counters on.
SOTTO_ALWAYS_INLINE void ctr_text(const key& k, vec counters, const std::uint8_t* in, std::uint8_t* out,
                                  std::size_t len) noexcept {
  constexpr int n = 8, step = 2;
  constexpr std::size_t whole = n * vec_len;
  while (len >= whole) {
    ctr_whole<n>(k, counters, in, out);
    in += whole;
    out += whole;
    len -= whole;
  }
  if (len == 0) return;
  if (len <= 2 * vec_len)
    ctr_partial<2, step>(k, counters, in, out, len);
  else if (len <= 4 * vec_len)
    ctr_partial<4, step>(k, counters, in, out, len);
  else if (len <= 6 * vec_len)
    ctr_partial<6, step>(k, counters, in, out, len);
  else
    ctr_partial<8, step>(k, counters, in, out, len);
}

inline void ctr(const key& k, const std::uint8_t* counter, const std::uint8_t* in, std::uint8_t* out,
                std::size_t len) noexcept {
  const __m128i first = x86_aesni::swap_counter128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(counter)));
  ctr_text(k, first_counters(first), in, out, len);
}

inline void encrypt_blocks(const key& k, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) noexcept {
  std::size_t len = 16 * blocks;
  while (len >= group_vectors * vec_len) {
    vec x[group_vectors];
    SOTTO_UNROLL
    for (int i = 0; i < group_vectors; ++i) x[i] = load(in + static_cast<std::size_t>(i) * vec_len);
    encrypt(x, k);
    SOTTO_UNROLL
    for (int i = 0; i < group_vectors; ++i) store(out + static_cast<std::size_t>(i) * vec_len, x[i]);
    in += group_vectors * vec_len;
    out += group_vectors * vec_len;
    len -= group_vectors * vec_len;
  }
  while (len != 0) {
    const std::size_t now = len < vec_len ? len : vec_len;
    vec x[1] = {load_partial(in, now)};
    encrypt(x, k);
    store_partial(out, x[0], now);
    in += now;
    out += now;
    len -= now;
  }
}
