// SPDX-License-Identifier: BSL-1.0
// The tags of a batch where Poly1305 has no vectors: two packets at a time, so that one multiplies while the other
// carries.

inline constexpr std::size_t most_slots = 8;  // packets in flight
inline constexpr std::size_t slot_text = 384;
inline constexpr std::size_t slot_aad = std::size_t{1} << 30;  // of any length

/// A packet whose key stream is there, block 0 first; and its tag.
struct slot {
  const aead_packet* packet;
  const std::uint8_t* text;
  const std::uint8_t* stream;
  words tag;
};

SOTTO_ALWAYS_INLINE mac start_slot(const slot& s) noexcept {
  mac m;
  m.start({_mm_loadu_si128(reinterpret_cast<const __m128i*>(s.stream)),
           _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.stream + 16))});
  begin_aad(m, *s.packet);
  return m;
}

SOTTO_ALWAYS_INLINE void finish_slot(slot& s, mac& m, std::size_t done) noexcept {
  absorb_padded(m, s.text + done, s.packet->text_len - done);
  s.tag = finish_packet(m, *s.packet);
  m.wipe();
}

SOTTO_ALWAYS_INLINE void authenticate(slot* slots, std::size_t count) noexcept {
  std::size_t i = 0;
  for (; i + 2 <= count; i += 2) {
    slot &a = slots[i], &b = slots[i + 1];
    mac ma = start_slot(a), mb = start_slot(b);
    const std::size_t both = at_most(a.packet->text_len, b.packet->text_len) / 16;
    for (std::size_t n = 0; n < both; ++n) {
      ma.blocks(a.text + 16 * n, 1);
      mb.blocks(b.text + 16 * n, 1);
    }
    finish_slot(a, ma, 16 * both);
    finish_slot(b, mb, 16 * both);
  }
  if (i != count) {
    mac m = start_slot(slots[i]);
    finish_slot(slots[i], m, 0);
  }
}
