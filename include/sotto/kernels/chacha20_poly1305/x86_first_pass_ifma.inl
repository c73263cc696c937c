// SPDX-License-Identifier: BSL-1.0
// The first pass of a packet of more than eight blocks, with AVX-512.

/// Up to twenty blocks: four in rows, which go twice as fast and end half-way, and sixteen tall ones. While these go
/// on, the multiplier makes the powers of r and authenticates the rows' text.
template <bool Add>
SOTTO_ALWAYS_INLINE void mixed_pass(generator& g, cursor& at, text_mac& m, const aead_packet& p,
                                    const std::uint8_t* text, workspace& w) noexcept {
  generator in_rows = g;
  group rows[group_step];
  load_states(rows, in_rows);
  pass_on(g, group_step);
  vec512 tall[16];
  tall_load(tall, g);
  for (int i = 0; i < 5; ++i) {
    tall_double_round(tall);
    double_round(rows);
    double_round(rows);
  }
  add_states(rows, in_rows);
  output<true, Add, true>(rows, at);
  m.start(key_of(rows), p);
  // Only the rows' text is there when sealing.
  constexpr std::size_t turns = 4, share = Add ? 3 : 5;
  static_assert(16 * turns * 3 == step_text - block_len);
  for (std::size_t i = 0; i < turns; ++i) {
    tall_double_round(tall);
    if (i != 0) m.raise(w);
    m.raise(w);
    m.one.blocks(text + 16 * share * i, share);
  }
  tall_double_round(tall);
  tall_finish<Add, false>(tall, g, at);
  m.start_lanes(p, text, 16 * share * turns, w);
}

template <bool Add>
SOTTO_ALWAYS_INLINE void first_pass(generator& g, cursor& at, text_mac& m, const aead_packet& p,
                                    const std::uint8_t* text, workspace& w) noexcept {
  if (at.left > most_text - block_len) return mixed_pass<Add>(g, at, m, p, text, w);
  alone nothing;
  m.start(pass<true, Add, false, max_groups>(g, at, nothing), p);
  m.start_lanes(p, text, 0, w);
}
