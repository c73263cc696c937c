// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 with NEON: four blocks side by side, a lane each, the first of them the one-time key's; Poly1305 in
// radix 2^64, two blocks of it after each double round, so that its multiplications run beside the vectors.

using vec = uint32x4_t;

inline constexpr std::size_t group_len = 4 * portable::block_len;

/// What four blocks are worked on with: word i of the matrix, a lane per block; then the key stream, 16 bytes each.
struct group {
  vec row[16];
};

/// Ciphertext that still has to be authenticated, in whole blocks.
struct backlog {
  poly1305_64* mac;
  const std::uint8_t* data;
  std::size_t blocks;

  SOTTO_ALWAYS_INLINE void work(std::size_t most) noexcept {
    const std::size_t now = blocks < most ? blocks : most;
    if (now == 0) return;
    mac->blocks(data, now);
    data += 16 * now;
    blocks -= now;
  }
};

SOTTO_ALWAYS_INLINE vec left_16(vec v) noexcept { return vreinterpretq_u32_u16(vrev32q_u16(vreinterpretq_u16_u32(v))); }
SOTTO_ALWAYS_INLINE vec left_8(vec v, uint8x16_t order) noexcept {
  return vreinterpretq_u32_u8(vqtbl1q_u8(vreinterpretq_u8_u32(v), order));
}
template <int N>
SOTTO_ALWAYS_INLINE vec left(vec v) noexcept {
  return vsriq_n_u32(vshlq_n_u32(v, N), v, 32 - N);
}

/// Four quarter rounds in step: Turn 0 is RFC 8439 2.3's column round, Turn 1 its diagonal round.
template <int Turn>
SOTTO_ALWAYS_INLINE void quarter_rounds(vec (&x)[16], uint8x16_t order) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i) {
    x[i] = vaddq_u32(x[i], x[4 + (i + Turn) % 4]);
    x[12 + (i + 3 * Turn) % 4] = left_16(veorq_u32(x[12 + (i + 3 * Turn) % 4], x[i]));
  }
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i) {
    x[8 + (i + 2 * Turn) % 4] = vaddq_u32(x[8 + (i + 2 * Turn) % 4], x[12 + (i + 3 * Turn) % 4]);
    x[4 + (i + Turn) % 4] = left<12>(veorq_u32(x[4 + (i + Turn) % 4], x[8 + (i + 2 * Turn) % 4]));
  }
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i) {
    x[i] = vaddq_u32(x[i], x[4 + (i + Turn) % 4]);
    x[12 + (i + 3 * Turn) % 4] = left_8(veorq_u32(x[12 + (i + 3 * Turn) % 4], x[i]), order);
  }
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i) {
    x[8 + (i + 2 * Turn) % 4] = vaddq_u32(x[8 + (i + 2 * Turn) % 4], x[12 + (i + 3 * Turn) % 4]);
    x[4 + (i + Turn) % 4] = left<7>(veorq_u32(x[4 + (i + Turn) % 4], x[8 + (i + 2 * Turn) % 4]));
  }
}

/// Four rows with a lane per block become four blocks' 16 bytes of these rows.
SOTTO_ALWAYS_INLINE void transpose(vec& a, vec& b, vec& c, vec& d) noexcept {
  const uint64x2_t ab_even = vreinterpretq_u64_u32(vtrn1q_u32(a, b)), ab_odd = vreinterpretq_u64_u32(vtrn2q_u32(a, b));
  const uint64x2_t cd_even = vreinterpretq_u64_u32(vtrn1q_u32(c, d)), cd_odd = vreinterpretq_u64_u32(vtrn2q_u32(c, d));
  a = vreinterpretq_u32_u64(vtrn1q_u64(ab_even, cd_even));
  b = vreinterpretq_u32_u64(vtrn1q_u64(ab_odd, cd_odd));
  c = vreinterpretq_u32_u64(vtrn2q_u64(ab_even, cd_even));
  d = vreinterpretq_u32_u64(vtrn2q_u64(ab_odd, cd_odd));
}

/// The key stream of four blocks from the state's counter on, which moves behind them: block b, 16 bytes of number r
/// are in row 4 * r + b. The backlog, at most 20 blocks, is done meanwhile.
SOTTO_ALWAYS_INLINE void four_blocks(group& g, portable::state& s, backlog& behind) noexcept {
  static constexpr std::uint8_t order_bytes[16] = {3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14};
  static constexpr std::uint32_t lane_numbers[4] = {0, 1, 2, 3};
  const uint8x16_t order = vld1q_u8(order_bytes);
  auto& x = g.row;
  SOTTO_UNROLL
  for (int i = 0; i < 16; ++i) x[i] = vdupq_n_u32(s.word[i]);
  const vec counters = vaddq_u32(x[12], vld1q_u32(lane_numbers));
  x[12] = counters;
  for (int i = 0; i < 10; ++i) {
    quarter_rounds<0>(x, order);
    quarter_rounds<1>(x, order);
    behind.work(2);
  }
  SOTTO_UNROLL
  for (int i = 0; i < 16; ++i) x[i] = vaddq_u32(x[i], i == 12 ? counters : vdupq_n_u32(s.word[i]));
  SOTTO_UNROLL
  for (int i = 0; i < 16; i += 4) transpose(x[i], x[i + 1], x[i + 2], x[i + 3]);
  s.word[12] += 4;
}

/// Key stream in the order of its bytes; secret, for whoever holds one to wipe.
struct stream {
  alignas(16) std::uint8_t bytes[group_len];
};

SOTTO_ALWAYS_INLINE void store(stream& to, const group& g) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < 16; ++i) vst1q_u8(to.bytes + 64 * (i % 4) + 16 * (i / 4), vreinterpretq_u8_u32(g.row[i]));
}

/// A whole group of text.
SOTTO_ALWAYS_INLINE void crypt_group(const group& g, const std::uint8_t* in, std::uint8_t* out) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < 16; ++i) {
    const int at = 64 * (i % 4) + 16 * (i / 4);
    vst1q_u8(out + at, veorq_u8(vld1q_u8(in + at), vreinterpretq_u8_u32(g.row[i])));
  }
}

/// Any text up to a group.
inline void crypt_some(const std::uint8_t* key_stream, const std::uint8_t* in, std::uint8_t* out,
                       std::size_t len) noexcept {
  for (; len >= 16; key_stream += 16, in += 16, out += 16, len -= 16)
    vst1q_u8(out, veorq_u8(vld1q_u8(in), vld1q_u8(key_stream)));
  for (std::size_t i = 0; i < len; ++i) out[i] = static_cast<std::uint8_t>(in[i] ^ key_stream[i]);
}

/// All that a packet's call works with; secret.
struct work {
  portable::state state;
  poly1305_64 mac;
  stream first;
};

/// The first group: block 0 starts the MAC, which takes the AAD; the other three are for the text's first bytes.
inline constexpr std::size_t first_len = group_len - portable::block_len;
SOTTO_ALWAYS_INLINE void start(work& w, const key& k, const aead_packet& p) noexcept {
  portable::set_up(w.state, k, 0, p.nonce);
  group g;
  backlog nothing{&w.mac, nullptr, 0};
  four_blocks(g, w.state, nothing);
  store(w.first, g);
  w.mac.start(w.first.bytes);
  portable::add_aad(w.mac, p);
}

/// Encrypts or decrypts len bytes from the state's counter on. The backlog is done beside the first group; with Sealing
/// each group's output joins it for the next one.
template <bool Sealing>
inline void crypt(portable::state& s, backlog& behind, const std::uint8_t* in, std::uint8_t* out,
                  std::size_t len) noexcept {
  group g;
  for (; len >= group_len; in += group_len, out += group_len, len -= group_len) {
    four_blocks(g, s, behind);
    crypt_group(g, in, out);
    if (Sealing) behind.blocks = group_len / 16;  // its data already points here: text is one piece
  }
  if (len == 0) return;
  stream rest;
  const core::wipe_at_exit guard(rest);
  four_blocks(g, s, behind);
  store(rest, g);
  crypt_some(rest.bytes, in, out, len);
}

inline void seal(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  work w;
  const core::wipe_at_exit guard(w);
  start(w, k, p);
  const std::size_t head = p.text_len < first_len ? p.text_len : first_len;
  crypt_some(w.first.bytes + portable::block_len, p.in, p.out, head);
  // Where there is more text, the head is whole blocks.
  backlog behind{&w.mac, p.out, p.text_len > head ? head / 16 : 0};
  crypt<true>(w.state, behind, p.in + head, p.out + head, p.text_len - head);
  portable::add_padded(w.mac, behind.data, p.text_len - static_cast<std::size_t>(behind.data - p.out));
  portable::add_lengths(w.mac, p);
  w.mac.finish(tag);
}

/// The comparison before the decryption.
inline bool open(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  work w;
  std::uint8_t expected[aead_tag_len];
  const core::wipe_at_exit guard(w);
  const core::wipe_at_exit expected_guard(expected);
  start(w, k, p);
  portable::add_padded(w.mac, p.in, p.text_len);
  portable::add_lengths(w.mac, p);
  w.mac.finish(expected);
  if (!core::equal(expected, tag, sizeof expected)) return false;
  if (p.out == nullptr) return true;
  const std::size_t head = p.text_len < first_len ? p.text_len : first_len;
  crypt_some(w.first.bytes + portable::block_len, p.in, p.out, head);
  backlog nothing{&w.mac, nullptr, 0};
  crypt<false>(w.state, nothing, p.in + head, p.out + head, p.text_len - head);
  return true;
}

inline void seal_batch(job* jobs, std::size_t count) noexcept {
  for (; count != 0; --count, ++jobs) seal(*jobs->key, jobs->packet, jobs->tag);
}

inline void open_batch(job* jobs, std::size_t count) noexcept {
  for (; count != 0; --count, ++jobs) jobs->authentic = open(*jobs->key, jobs->packet, jobs->tag);
}

inline void chacha20(const key& k, std::uint32_t counter, const std::uint8_t* nonce, const std::uint8_t* in,
                     std::uint8_t* out, std::size_t len) noexcept {
  portable::state s;
  const core::wipe_at_exit guard(s);
  portable::set_up(s, k, counter, nonce);
  backlog nothing{nullptr, nullptr, 0};
  crypt<false>(s, nothing, in, out, len);
}
