// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 (RFC 8439 2.8) over vectors of any width: included once per instruction set, after x86_chacha20.inl
// and what defines text_mac, the authenticator of longer texts.
//
// Block 0 makes the authenticator's key and comes out of the same pass as the first text. A short packet has one pass,
// and then its blocks go through the multiplier one by one. While a further pass of a longer packet is made, the text
// of the pass before it is authenticated between the rounds.

/// One-time key, from block 0.
template <int N>
SOTTO_ALWAYS_INLINE __m128i key_r(const group (&x)[N]) noexcept {
  return lane0(x[0].a);
}
template <int N>
SOTTO_ALWAYS_INLINE __m128i key_s(const group (&x)[N]) noexcept {
  return lane0(x[0].b);
}

template <int N>
SOTTO_ALWAYS_INLINE void seal_short(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  generator g = start(k, 0, p.nonce);
  group x[N];
  alone nothing;
  generate(x, g, nothing);
  mac m;
  m.start(key_r(x), key_s(x));
  cursor at{p.in, p.out, p.text_len};
  xor_text<true, false>(x, at);
  begin_aad(m, p);
  absorb_padded(m, p.out, p.text_len);
  store_tag(tag, finish_packet(m, p));
  m.wipe();
}

/// The key stream waits in registers for the verdict.
template <int N>
SOTTO_ALWAYS_INLINE bool open_short(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  generator g = start(k, 0, p.nonce);
  group x[N];
  alone nothing;
  generate(x, g, nothing);
  mac m;
  m.start(key_r(x), key_s(x));
  begin_aad(m, p);
  absorb_padded(m, p.in, p.text_len);
  const words expected = finish_packet(m, p);
  m.wipe();
  if (!tag_matches(expected, tag)) return false;
  cursor at{p.in, p.out, p.text_len};
  xor_text<true, false>(x, at);
  return true;
}

/// The first pass of a longer packet.
template <bool Whole>
SOTTO_ALWAYS_INLINE void seal_first(generator& g, const aead_packet& p, cursor& at, text_mac& m,
                                    workspace& w) noexcept {
  group x[max_groups];
  alone nothing;
  generate(x, g, nothing);
  xor_text<true, Whole>(x, at);
  m.start(key_r(x), key_s(x), p, p.out, w);
}

/// A further pass, while the text of those before it is authenticated.
template <bool Whole, int N>
SOTTO_ALWAYS_INLINE void seal_next(generator& g, const aead_packet& p, cursor& at, text_mac& m) noexcept {
  group x[N];
  m.release(static_cast<std::size_t>(at.out - p.out), 1);
  generate(x, g, m);
  xor_text<false, Whole>(x, at);
}

inline constexpr int two_steps = max_groups < 2 * group_step ? max_groups : 2 * group_step;

SOTTO_NOINLINE inline void seal_long(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  generator g = start(k, 0, p.nonce);
  cursor at{p.in, p.out, p.text_len};
  text_mac m;
  workspace w;
  if (p.text_len >= most_text - block_len)
    seal_first<true>(g, p, at, m, w);
  else
    seal_first<false>(g, p, at, m, w);
  while (at.left >= most_text) seal_next<true, max_groups>(g, p, at, m);
  if (at.left > 2 * step_text)
    seal_next<false, max_groups>(g, p, at, m);
  else if (at.left > step_text)
    seal_next<false, two_steps>(g, p, at, m);
  else if (at.left != 0)
    seal_next<false, group_step>(g, p, at, m);
  store_tag(tag, m.finish(p, w));
  m.one.wipe();
  core::wipe(&w, sizeof w);
}

/// RFC 8439 2.8.
inline void seal(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  if (p.text_len + block_len <= step_text)
    seal_short<group_step>(k, p, tag);
  else if (p.text_len + block_len <= 2 * step_text)
    seal_short<two_steps>(k, p, tag);
  else
    seal_long(k, p, tag);
}

/// Key stream that open_long prepares while it authenticates: a packet of an Ethernet frame fits.
inline constexpr std::size_t stream_len = 1536;

/// The next N groups of key stream into memory.
template <int N>
SOTTO_ALWAYS_INLINE void store_stream(std::uint8_t* stream, const group (&x)[N]) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    vec bytes[4];
    rows_to_bytes(bytes, x[i].a, x[i].b, x[i].c, x[i].d);
    SOTTO_UNROLL
    for (int j = 0; j < 4; ++j) store(stream + static_cast<std::size_t>(4 * i + j) * vec_len, bytes[j]);
  }
}

SOTTO_ALWAYS_INLINE void xor_stream(const std::uint8_t* stream, cursor& at, std::size_t len) noexcept {
  std::size_t done = 0;
  for (; done + vec_len <= len; done += vec_len) store(at.out + done, bit_xor(load(stream + done), load(at.in + done)));
  if (done != len)
    store_partial(at.out + done, bit_xor(load(stream + done), load_partial(at.in + done, len - done)), len - done);
  advance(at, len);
}

SOTTO_ALWAYS_INLINE void wipe_stream(std::uint8_t* stream, std::size_t len) noexcept {
  for (std::size_t i = 0; i < len; i += vec_len) store(stream + i, zero());
#if defined(__GNUC__) || defined(__clang__)
  core::wipe(stream, 0);  // keeps the stores
#else
  core::wipe(stream, len);
#endif
}

template <int N>
SOTTO_ALWAYS_INLINE void prepare_stream(generator& g, text_mac& m, std::uint8_t* stream, std::size_t& made) noexcept {
  group x[N];
  generate(x, g, m);
  store_stream(stream + made, x);
  made += static_cast<std::size_t>(N) * group_len;
}

SOTTO_NOINLINE inline bool open_long(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  static_assert(stream_len % most_text == 0);
  alignas(64) std::uint8_t stream[stream_len];
  generator g = start(k, 0, p.nonce);
  text_mac m;
  workspace w;
  {
    group x[max_groups];
    alone nothing;
    generate(x, g, nothing);
    store_stream(stream, x);
    m.start(key_r(x), key_s(x), p, p.in, w);
  }
  std::size_t made = most_text;
  const std::size_t needed = at_most(p.text_len + block_len, stream_len);
  m.release(p.text_len, (needed - 1) / most_text);
  while (needed > made + 2 * step_text) prepare_stream<max_groups>(g, m, stream, made);
  if (needed > made + step_text)
    prepare_stream<two_steps>(g, m, stream, made);
  else if (needed > made)
    prepare_stream<group_step>(g, m, stream, made);
  const bool genuine = tag_matches(m.finish(p, w), tag);
  m.one.wipe();
  core::wipe(&w, sizeof w);
  if (genuine) {
    cursor at{p.in, p.out, p.text_len};
    xor_stream(stream + block_len, at, at_most(p.text_len, made - block_len));
    cipher_text(g, at);
  }
  wipe_stream(stream, made);
  return genuine;
}

/// RFC 8439 2.8, with the verdict before the first byte of plaintext.
inline bool open(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  if (p.text_len + block_len <= step_text) return open_short<group_step>(k, p, tag);
  if (p.text_len + block_len <= 2 * step_text) return open_short<two_steps>(k, p, tag);
  return open_long(k, p, tag);
}

inline void seal_batch(job* jobs, std::size_t count) noexcept {
  for (; count != 0; --count, ++jobs) seal(*jobs->key, jobs->packet, jobs->tag);
}

inline void open_batch(job* jobs, std::size_t count) noexcept {
  for (; count != 0; --count, ++jobs) jobs->authentic = open(*jobs->key, jobs->packet, jobs->tag);
}
