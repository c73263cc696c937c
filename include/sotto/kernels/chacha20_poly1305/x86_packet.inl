// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 (RFC 8439 2.8) over vectors of any width: included once per instruction set, after x86_chacha20.inl
// and what defines text_mac, the authenticator of longer texts.
//
// Block 0 makes the authenticator's key and comes out of the same pass as the first text. A short packet has one pass,
// and then its blocks go through the multiplier one by one. While a further pass of a longer packet is made, the text
// of the pass before it is authenticated between the rounds.

template <int N>
SOTTO_ALWAYS_INLINE void seal_short(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  generator g = start(k, 0, p.nonce);
  cursor at{p.in, p.out, p.text_len};
  alone nothing;
  mac m;
  m.start(pass<true, true, false, N>(g, at, nothing));
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
  m.start(key_of(x));
  begin_aad(m, p);
  absorb_padded(m, p.in, p.text_len);
  const words expected = finish_packet(m, p);
  m.wipe();
  if (!tag_matches(expected, tag)) return false;
  if (p.out == nullptr) return true;
  cursor at{p.in, p.out, p.text_len};
  output<true, true, false>(x, at);
  return true;
}

/// The same for what the authenticator of longer texts is worth.
SOTTO_NOINLINE inline bool open_rows(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  generator g = start(k, 0, p.nonce);
  group x[max_groups];
  alone nothing;
  generate(x, g, nothing);
  text_mac m;
  workspace w;
  m.start(key_of(x), p, p.in);
  m.start_lanes(p, p.in, w);
  const bool genuine = tag_matches(m.finish(p, w), tag);
  m.one.wipe();
  core::wipe(&w, sizeof w);
  if (!genuine || p.out == nullptr) return genuine;
  cursor at{p.in, p.out, p.text_len};
  output<true, true, false>(x, at);
  return true;
}

/// Authenticates what has been sealed.
struct beside_sealing {
  text_mac& m;
  const std::uint8_t* text;

  SOTTO_ALWAYS_INLINE void begin_pass(const cursor& at) noexcept {
    m.release(static_cast<std::size_t>(at.out - text), 1);
  }
  SOTTO_ALWAYS_INLINE void take_turn() noexcept { m.take_turn(); }
};

/// Authenticates what is to be opened, all of which is there.
struct beside_opening {
  text_mac& m;

  SOTTO_ALWAYS_INLINE void begin_pass(const cursor&) noexcept {}
  SOTTO_ALWAYS_INLINE void take_turn() noexcept { m.take_turn(); }
};

SOTTO_NOINLINE inline void seal_long(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  generator g = start(k, 0, p.nonce);
  cursor at{p.in, p.out, p.text_len};
  text_mac m;
  workspace w;
  first_pass<true>(g, at, m, p, p.out, w);
  beside_sealing work{m, p.out};
  cipher_text<true>(g, at, work);
  store_tag(tag, m.finish(p, w));
  m.one.wipe();
  core::wipe(&w, sizeof w);
}

/// RFC 8439 2.8.
inline void seal(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  if (p.text_len <= step_text - block_len)
    seal_short<group_step>(k, p, tag);
  else if (p.text_len <= two_text - block_len)
    seal_short<two_steps>(k, p, tag);
  else
    seal_long(k, p, tag);
}

/// Key stream that open_long prepares while it authenticates: a packet of an Ethernet frame fits.
inline constexpr std::size_t stream_len = 1536;

SOTTO_NOINLINE inline bool open_long(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  alignas(64) std::uint8_t stream[stream_len + most_text];  // the last pass is stored whole
  generator g = start(k, 0, p.nonce);
  cursor kept{nullptr, stream, at_most(p.text_len, stream_len)};
  text_mac m;
  workspace w;
  first_pass<false>(g, kept, m, p, p.in, w);
  m.release(p.text_len, (kept.left + most_text - 1) / most_text);
  beside_opening work{m};
  cipher_text<false>(g, kept, work);
  const bool genuine = tag_matches(m.finish(p, w), tag);
  m.one.wipe();
  core::wipe(&w, sizeof w);
  if (genuine && p.out != nullptr) {
    const std::size_t prepared = at_most(p.text_len, static_cast<std::size_t>(kept.out - stream));
    xor_stream(stream, p.in, p.out, prepared);
    cursor rest{p.in + prepared, p.out + prepared, p.text_len - prepared};
    alone nothing;
    cipher_text<true>(g, rest, nothing);
  }
  wipe_stream(stream, kept.out);
  return genuine;
}

/// RFC 8439 2.8, with the verdict before the first byte of plaintext.
inline bool open(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  if (p.text_len <= step_text - block_len) return open_short<group_step>(k, p, tag);
  if (p.text_len <= two_text - block_len) return open_short<two_steps>(k, p, tag);
  if (p.text_len <= most_text - block_len) return open_rows(k, p, tag);
  if (p.text_len <= mixed_text) return open_mixed(k, p, tag);
  return open_long(k, p, tag);
}
