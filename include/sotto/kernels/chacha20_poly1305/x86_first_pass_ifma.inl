// SPDX-License-Identifier: BSL-1.0
// The first pass of a packet of more than eight blocks, with AVX-512.

/// Text that one pass covers.
inline constexpr std::size_t mixed_text = step_text - block_len + whole_len;

/// Up to twenty blocks: four in rows, which go twice as fast and end half-way, and sixteen tall ones. While these go
/// on, the multiplier makes the powers of r and authenticates `Share` blocks of the text per turn. The rows' key stream
/// goes to `at` unless it is Held; the tall blocks lack what follows the rounds.
template <bool Add, bool Held, std::size_t Share>
SOTTO_ALWAYS_INLINE void mixed_rounds(group (&rows)[group_step], vec512 (&tall)[16], generator& g, cursor& at,
                                      text_mac& m, const aead_packet& p, const std::uint8_t* text,
                                      workspace& w) noexcept {
  generator in_rows = g;
  load_states(rows, in_rows);
  pass_on(g, group_step);
  tall_load(tall, g);
  for (int i = 0; i < 5; ++i) {
    tall_double_round(tall);
    double_round(rows);
    double_round(rows);
  }
  add_states(rows, in_rows);
  if (!Held) output<true, Add, true>(rows, at);
  m.start(key_of(rows), p, text);
  constexpr std::size_t turns = 4;
  for (std::size_t i = 0; i < turns; ++i) {
    tall_double_round(tall);
    if (i != 0) m.raise(w);
    m.raise(w);
    m.one.blocks(text + 16 * Share * i, Share);
  }
  tall_double_round(tall);
  m.done = 16 * Share * turns;
}

/// Only the rows' text is there for the turns when sealing.
inline constexpr std::size_t seal_share = 3, open_share = 5;
static_assert(4 * 16 * seal_share == step_text - block_len);

template <bool Add>
SOTTO_ALWAYS_INLINE void first_pass(generator& g, cursor& at, text_mac& m, const aead_packet& p,
                                    const std::uint8_t* text, workspace& w) noexcept {
  if (at.left > most_text - block_len) {
    group rows[group_step];
    vec512 tall[16];
    mixed_rounds<Add, false, Add ? seal_share : open_share>(rows, tall, g, at, m, p, text, w);
    tall_to_stream(tall, g);
    tall_put<Add, false>(tall, g, at);
  } else {
    alone nothing;
    m.start(pass<true, Add, false, max_groups>(g, at, nothing), p, text);
  }
  m.start_lanes(p, text, w);
}

/// A packet of one pass: all of its key stream waits in registers for the verdict, or wherever the compiler keeps them.
/// Storing and wiping it would take a tenth of the time.
SOTTO_NOINLINE inline bool open_mixed(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  generator g = start(k, 0, p.nonce);
  cursor at{p.in, p.out, p.text_len};
  group rows[group_step];
  vec512 tall[16];
  text_mac m;
  workspace w;
  mixed_rounds<true, true, open_share>(rows, tall, g, at, m, p, p.in, w);
  tall_to_stream(tall, g);  // before the lanes, whose latency hides it
  m.start_lanes(p, p.in, w);
  const bool genuine = tag_matches(m.finish(p, w), tag);
  core::wipe(&w, sizeof w);
  if (!genuine || p.out == nullptr) return genuine;
  output<true, true, true>(rows, at);
  tall_put<true, false>(tall, g, at);
  return true;
}
