// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 (RFC 8439 2.8) with Poly1305 on the integer units, over vectors of any width: included once per
// instruction set, after x86_chacha20.inl.
//
// ChaCha20 fills the vector units and Poly1305 the multiplier: while one pass of key stream is made, the text of the
// pass before it is authenticated, block by block between the rounds.

#if SOTTO_HAS_POLY1305_64
using mac = poly1305_64;
#else
using mac = poly1305_32;
#endif

/// Whole blocks of text that wait for the authenticator.
struct waiting {
  const std::uint8_t* at;
  std::size_t blocks;
};

SOTTO_ALWAYS_INLINE void absorb(mac& m, waiting& w, std::size_t at_most) noexcept {
  const std::size_t now = w.blocks < at_most ? w.blocks : at_most;
  m.blocks(w.at, now);
  w.at += 16 * now;
  w.blocks -= now;
}

/// Fewer than 16 bytes, padded with zeros (RFC 8439 2.8).
SOTTO_ALWAYS_INLINE void absorb_rest(mac& m, const std::uint8_t* data, std::size_t len) noexcept {
  alignas(16) std::uint8_t last[16];
  _mm_store_si128(reinterpret_cast<__m128i*>(last), x86_ssse3::load_partial128(data, len));
  m.blocks(last, 1);
}

/// AAD and its tail as one string, padded.
SOTTO_NOINLINE inline void absorb_any_aad(mac& m, const aead_packet& p) noexcept {
  const std::size_t rest = p.aad_len % 16, whole = p.aad_len - rest;
  m.blocks(p.aad, whole / 16);
  std::uint8_t seam[32] = {};
  core::copy(seam, p.aad + whole, rest);
  core::copy(seam + rest, p.aad_tail, p.aad_tail_len);
  m.blocks(seam, (rest + p.aad_tail_len + 15) / 16);
}

SOTTO_ALWAYS_INLINE void absorb_aad(mac& m, const aead_packet& p) noexcept {
  if (p.aad_len - 1 < 16 && p.aad_tail_len == 0) return absorb_rest(m, p.aad, p.aad_len);
  absorb_any_aad(m, p);
}

SOTTO_ALWAYS_INLINE void absorb_lengths(mac& m, const aead_packet& p) noexcept {
  std::uint8_t lengths[16];
  core::store_le64(lengths, std::uint64_t{p.aad_len} + p.aad_tail_len);
  core::store_le64(lengths + 8, p.text_len);
  m.blocks(lengths, 1);
}

/// r and s, which are the first half of block 0 (RFC 8439 2.6).
SOTTO_ALWAYS_INLINE void start_mac(mac& m, const group& first) noexcept {
  alignas(16) std::uint8_t one_time_key[32];
  _mm_store_si128(reinterpret_cast<__m128i*>(one_time_key), lane0(first.a));
  _mm_store_si128(reinterpret_cast<__m128i*>(one_time_key + 16), lane0(first.b));
  m.start(one_time_key);
  core::wipe(one_time_key, sizeof one_time_key);
}

/// Rounds of N groups, with the waiting text between them.
template <int N>
SOTTO_ALWAYS_INLINE void rounds_beside_mac(group (&x)[N], mac& m, waiting& w) noexcept {
  const std::size_t share = (w.blocks + 9) / 10;
  for (int i = 0; i < 10; ++i) {
    double_round(x);
    absorb(m, w, share);
  }
}

inline constexpr std::size_t most_text = static_cast<std::size_t>(max_groups) * group_len;

/// The first pass of a packet: the authenticator's key and the first text.
template <bool Whole, int N>
SOTTO_ALWAYS_INLINE void seal_first(generator& g, mac& m, cursor& at) noexcept {
  group x[N];
  load_states(x, g);
  for (int i = 0; i < 10; ++i) double_round(x);
  add_states(x, g);
  start_mac(m, x[0]);
  xor_text<true, Whole>(x, at);
}

template <bool Whole, int N>
SOTTO_ALWAYS_INLINE void seal_next(generator& g, mac& m, waiting& w, cursor& at) noexcept {
  group x[N];
  load_states(x, g);
  rounds_beside_mac(x, m, w);
  add_states(x, g);
  const std::uint8_t* const from = at.out;
  xor_text<false, Whole>(x, at);
  w.blocks = static_cast<std::size_t>(at.out - from) / 16;
}

/// RFC 8439 2.8.
inline void seal(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  generator g = start(k, 0, p.nonce);
  mac m;
  const core::wipe_at_exit guard(m);
  cursor at{p.in, p.out, p.text_len};
  if (p.text_len + block_len <= group_len)
    seal_first<false, 1>(g, m, at);
  else if (max_groups == 1 || p.text_len + block_len <= 2 * group_len)
    seal_first<false, max_groups < 2 ? max_groups : 2>(g, m, at);
  else
    seal_first<false, max_groups>(g, m, at);
  absorb_aad(m, p);
  waiting w{p.out, (p.text_len - at.left) / 16};
  while (at.left >= most_text) seal_next<true, max_groups>(g, m, w, at);
  while (at.left > group_len) seal_next<false, max_groups < 2 ? max_groups : 2>(g, m, w, at);
  if (at.left != 0) seal_next<false, 1>(g, m, w, at);
  absorb(m, w, w.blocks);
  if (p.text_len % 16 != 0) absorb_rest(m, w.at, p.text_len % 16);
  absorb_lengths(m, p);
  m.finish(tag);
}

/// RFC 8439 2.8, with the verdict before the first byte of plaintext.
inline bool open(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  generator g = start(k, 0, p.nonce);
  mac m;
  const core::wipe_at_exit guard(m);
  group x[1];
  load_states(x, g);
  for (int i = 0; i < 10; ++i) double_round(x);
  add_states(x, g);
  start_mac(m, x[0]);
  absorb_aad(m, p);
  m.blocks(p.in, p.text_len / 16);
  if (p.text_len % 16 != 0) absorb_rest(m, p.in + p.text_len / 16 * 16, p.text_len % 16);
  absorb_lengths(m, p);
  std::uint8_t expected[16];
  m.finish(expected);
  const bool genuine = core::equal(expected, tag, sizeof expected);
  core::wipe(expected, sizeof expected);
  if (!genuine) return false;
  cursor at{p.in, p.out, p.text_len};
  xor_text<true, false>(x, at);
  cipher_text(g, at);
  return true;
}

inline void seal_batch(job* jobs, std::size_t count) noexcept {
  for (; count != 0; --count, ++jobs) seal(*jobs->key, jobs->packet, jobs->tag);
}

inline void open_batch(job* jobs, std::size_t count) noexcept {
  for (; count != 0; --count, ++jobs) jobs->authentic = open(*jobs->key, jobs->packet, jobs->tag);
}

/// RFC 8439 2.5: a short last block has its one bit right behind its last byte.
inline void poly1305(const std::uint8_t* one_time_key, const std::uint8_t* message, std::size_t len,
                     std::uint8_t* tag) noexcept {
  mac m;
  const core::wipe_at_exit guard(m);
  m.start(one_time_key);
  m.blocks(message, len / 16);
  if (const std::size_t rest = len % 16; rest != 0) {
    std::uint8_t last[16] = {};
    core::copy(last, message + (len - rest), rest);
    last[rest] = 1;
    m.blocks(last, 1, 0);
  }
  m.finish(tag);
}
