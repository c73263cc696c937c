// SPDX-License-Identifier: BSL-1.0
// Many packets, each with its own key, over vectors of any width: included once per instruction set, after
// x86_packet.inl and what defines authenticate().
//
// A short packet alone waits for the latency of its rounds and then for that of its multiplications. Here the blocks of
// up to eight of them, keys' blocks and all, fill the lanes of the same passes. Longer packets go one by one.

/// One block of key stream: whose, and which.
struct lane {
  const std::uint8_t* key_bytes;
  const std::uint8_t* nonce;
  std::uint32_t counter;
};

inline constexpr std::size_t pass_lanes = static_cast<std::size_t>(max_groups) * static_cast<std::size_t>(width);
inline constexpr std::size_t most_lanes = most_slots * (1 + slot_text / block_len);

/// What waits for its key stream, and that key stream: secret.
struct lane_list {
  lane lanes[most_lanes + pass_lanes];
  std::size_t count;
  alignas(64) std::uint8_t stream[(most_lanes + pass_lanes) * block_len];
};

SOTTO_ALWAYS_INLINE group lane_states(const lane* l) noexcept {
  __m128i low[width], high[width], last[width];
  SOTTO_UNROLL
  for (int i = 0; i < width; ++i) {
    low[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(l[i].key_bytes));
    high[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(l[i].key_bytes + 16));
    last[i] = counter_row(l[i].counter, l[i].nonce);
  }
  return {constants(), side_by_side(low), side_by_side(high), side_by_side(last)};
}

/// The key stream of N groups of lanes.
template <int N>
SOTTO_ALWAYS_INLINE void lane_pass(const lane* l, std::uint8_t* stream) noexcept {
  group x[N];
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i] = lane_states(l + i * width);
  alone nothing;
  rounds(x, nothing);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    const group s = lane_states(l + i * width);
    x[i] = {add(x[i].a, s.a), add(x[i].b, s.b), add(x[i].c, s.c), add(x[i].d, s.d)};
  }
  cursor at{nullptr, stream, 0};
  output<false, false, false>(x, at);
}

SOTTO_ALWAYS_INLINE void make_streams(lane_list& list) noexcept {
  // Passes are whole: their last lanes may repeat the last one.
  const std::size_t end = (list.count + pass_lanes - 1) / pass_lanes * pass_lanes;
  for (std::size_t i = list.count; i < end; ++i) list.lanes[i] = list.lanes[list.count - 1];
  for (std::size_t i = 0; i < list.count;) {
    const std::size_t left = list.count - i;
    const lane* const l = list.lanes + i;
    std::uint8_t* const stream = list.stream + i * block_len;
    if (left > 2 * step_text / block_len) {
      lane_pass<max_groups>(l, stream);
      i += pass_lanes;
    } else if (left > step_text / block_len) {
      lane_pass<two_steps>(l, stream);
      i += static_cast<std::size_t>(two_steps) * width;
    } else {
      lane_pass<group_step>(l, stream);
      i += static_cast<std::size_t>(group_step) * width;
    }
  }
}

/// Packets that share lanes.
struct gathered {
  job* jobs[most_slots];
  std::size_t count;
};

SOTTO_ALWAYS_INLINE bool is_short(const aead_packet& p) noexcept {
  return shares_lanes && p.text_len <= slot_text && p.aad_len <= slot_aad - p.aad_tail_len;
}

/// All that is gathered: their key stream in one go, then their tags.
template <bool Seal>
SOTTO_NOINLINE inline void finish_gathered(gathered& g) noexcept {
  if (g.count == 1) {
    job& j = *g.jobs[0];
    if (Seal)
      seal(*j.key, j.packet, j.tag);
    else
      j.authentic = open(*j.key, j.packet, j.tag);
    g.count = 0;
    return;
  }
  lane_list list;
  slot slots[most_slots];
  list.count = 0;
  for (std::size_t i = 0; i < g.count; ++i) {
    const job& j = *g.jobs[i];
    slots[i].packet = &j.packet;
    slots[i].text = Seal ? j.packet.out : j.packet.in;
    slots[i].stream = list.stream + list.count * block_len;
    const std::size_t blocks = 1 + (j.packet.text_len + block_len - 1) / block_len;
    for (std::size_t b = 0; b < blocks; ++b)
      list.lanes[list.count++] = {j.key->bytes, j.packet.nonce, static_cast<std::uint32_t>(b)};
  }
  make_streams(list);
  for (std::size_t i = 0; Seal && i < g.count; ++i) {
    const aead_packet& p = *slots[i].packet;
    xor_stream(slots[i].stream + block_len, p.in, p.out, p.text_len);
  }
  authenticate(slots, g.count);
  for (std::size_t i = 0; i < g.count; ++i) {
    job& j = *g.jobs[i];
    if (Seal) {
      store_tag(j.tag, slots[i].tag);
    } else {
      j.authentic = tag_matches(slots[i].tag, j.tag);
      if (j.authentic) xor_stream(slots[i].stream + block_len, j.packet.in, j.packet.out, j.packet.text_len);
    }
  }
  wipe_stream(list.stream, list.stream + (list.count + pass_lanes - 1) / pass_lanes * pass_lanes * block_len);
  core::wipe(slots, sizeof slots);
  g.count = 0;
}

inline void seal_batch(job* jobs, std::size_t count) noexcept {
  gathered g;
  g.count = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_short(jobs[i].packet)) {
      seal(*jobs[i].key, jobs[i].packet, jobs[i].tag);
      continue;
    }
    g.jobs[g.count++] = &jobs[i];
    if (g.count == most_slots) finish_gathered<true>(g);
  }
  if (g.count != 0) finish_gathered<true>(g);
}

inline void open_batch(job* jobs, std::size_t count) noexcept {
  gathered g;
  g.count = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_short(jobs[i].packet)) {
      jobs[i].authentic = open(*jobs[i].key, jobs[i].packet, jobs[i].tag);
      continue;
    }
    g.jobs[g.count++] = &jobs[i];
    if (g.count == most_slots) finish_gathered<false>(g);
  }
  if (g.count != 0) finish_gathered<false>(g);
}
