// SPDX-License-Identifier: BSL-1.0
// The tags of a batch with IFMA: a lane per packet, each with its own r.

inline constexpr std::size_t most_slots = 8;  // packets in flight
inline constexpr std::size_t slot_text = 448;
inline constexpr std::size_t slot_aad = 32;
inline constexpr std::size_t slot_len = slot_aad + slot_text + 16;

/// A packet whose key stream is there, block 0 first; and its tag.
struct slot {
  const aead_packet* packet;
  const std::uint8_t* text;
  const std::uint8_t* stream;
  words tag;
};

/// What the packets authenticate, each ending at the end of its row; nothing secret.
struct rows_of_blocks {
  alignas(64) std::uint8_t bytes[most_slots][slot_len + 64];
};

/// 16 bytes of each of eight, `stride` apart, as two vectors.
struct eight {
  vec512 rows0123, rows4567;
};
SOTTO_ALWAYS_INLINE __m128i load128(const std::uint8_t* p) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
SOTTO_ALWAYS_INLINE vec512 four(__m128i a, __m128i b, __m128i c, __m128i d) noexcept {
  const __m256i ab = _mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1);
  const __m256i cd = _mm256_inserti128_si256(_mm256_castsi128_si256(c), d, 1);
  return _mm512_inserti64x4(_mm512_castsi256_si512(ab), cd, 1);
}
SOTTO_ALWAYS_INLINE eight load_rows(const rows_of_blocks& r, std::size_t offset) noexcept {
  return {four(load128(r.bytes[0] + offset), load128(r.bytes[1] + offset), load128(r.bytes[2] + offset),
               load128(r.bytes[3] + offset)),
          four(load128(r.bytes[4] + offset), load128(r.bytes[5] + offset), load128(r.bytes[6] + offset),
               load128(r.bytes[7] + offset))};
}

/// AAD, text and lengths, padded, up to slot_len. Returns the number of blocks.
SOTTO_ALWAYS_INLINE std::size_t lay_out(std::uint8_t* row, const slot& s) noexcept {
  const aead_packet& p = *s.packet;
  const std::size_t aad_len = p.aad_len + p.aad_tail_len;
  const std::size_t text_blocks = (p.text_len + 15) / 16, aad_blocks = (aad_len + 15) / 16;
  std::uint8_t* const text = row + slot_len - 16 * (text_blocks + 1);
  std::uint8_t* const aad = text - 16 * aad_blocks;
  if (aad_blocks != 0) {
    // The AAD's last byte may be followed by up to 63 zeros, where the text goes afterwards.
    const __mmask64 head = first_bytes(p.aad_len);
    _mm512_storeu_si512(aad, _mm512_maskz_loadu_epi8(head, p.aad));
    if (p.aad_tail_len != 0)
      _mm512_mask_storeu_epi8(
          aad, first_bytes(aad_len) & ~head,
          _mm512_maskz_loadu_epi8(first_bytes(aad_len) & ~head, core::before(p.aad_tail, p.aad_len)));
  }
  std::size_t done = 0;
  for (; done + 64 <= p.text_len; done += 64) _mm512_storeu_si512(text + done, _mm512_loadu_si512(s.text + done));
  _mm512_storeu_si512(text + done, _mm512_maskz_loadu_epi8(first_bytes(p.text_len - done), s.text + done));
  const words lengths = lengths_block(p);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(row + slot_len - 16),
                   _mm_set_epi64x(static_cast<long long>(lengths.high), static_cast<long long>(lengths.low)));
  return aad_blocks + text_blocks + 1;
}

SOTTO_ALWAYS_INLINE void authenticate(slot* slots, std::size_t count) noexcept {
  rows_of_blocks rows;
  std::uint64_t blocks[most_slots];
  const std::uint8_t* keys[most_slots];
  std::size_t most = 0;
  for (std::size_t i = 0; i < most_slots; ++i) {
    // Lanes without a packet repeat the first one's key and see no blocks.
    const std::size_t in_lane = i < 4 ? 2 * i : 2 * i - 7;
    blocks[in_lane] = i < count ? lay_out(rows.bytes[i], slots[i]) : 0;
    keys[i] = slots[i < count ? i : 0].stream;
    if (blocks[in_lane] > most) most = blocks[in_lane];
  }
  const vec512 clamp = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0ffffffc0ffffffc, 0x0ffffffc0fffffff));
  const factor r =
      make_factor(split(bit_and(four(load128(keys[0]), load128(keys[1]), load128(keys[2]), load128(keys[3])), clamp),
                        bit_and(four(load128(keys[4]), load128(keys[5]), load128(keys[6]), load128(keys[7])), clamp)));
  const vec512 own = _mm512_loadu_si512(blocks);
  limbs sum{all(0), all(0), all(0)};
  for (std::size_t left = most; left != 0; --left) {
    const __mmask8 joined = _mm512_cmpge_epu64_mask(own, all(left));
    const eight e = load_rows(rows, slot_len - 16 * left);
    limbs b = split(e.rows0123, e.rows4567);
    // Lanes whose packet hasn't begun stay zero.
    b.l0 = _mm512_maskz_mov_epi64(joined, b.l0);
    b.l1 = _mm512_maskz_mov_epi64(joined, b.l1);
    b.l2 = _mm512_maskz_add_epi64(joined, b.l2, all(beyond_limb2));
    sum = carry(multiply_add(sum, r, b));
  }
  sum = carry(multiply_add(sum, r, {all(0), all(0), all(0)}));

  workspace sums;
  _mm512_store_si512(sums.l0, sum.l0);
  _mm512_store_si512(sums.l1, sum.l1);
  _mm512_store_si512(sums.l2, sum.l2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t in_lane = i < 4 ? 2 * i : 2 * i - 7;
    mac m;
    m.start({load128(slots[i].stream), load128(slots[i].stream + 16)});
    set_limbs(m, sums.l0[in_lane], sums.l1[in_lane], sums.l2[in_lane], 0);
    slots[i].tag = m.add_key();
  }
  core::wipe(&sums, sizeof sums);
}
