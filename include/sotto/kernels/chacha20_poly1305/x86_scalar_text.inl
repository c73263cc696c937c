// SPDX-License-Identifier: BSL-1.0
// The authenticator of longer texts where Poly1305 has no vectors: the multiplier works beside them.

/// What of text_mac lies in memory.
struct workspace {};

/// A packet's AAD and text under way.
struct text_mac {
  mac one;
  const std::uint8_t* next;  ///< text that hasn't joined
  std::size_t done;          ///< how much has
  std::size_t ready;         ///< blocks that may be read
  std::size_t share;         ///< of them, for one turn

  /// Takes the key from block 0. Nothing of the text is read yet.
  SOTTO_ALWAYS_INLINE void start(const mac_key& key, const aead_packet& p, const std::uint8_t* text) noexcept {
    one.start(key);
    begin_aad(one, p);
    next = text;
    done = ready = share = 0;
  }

  SOTTO_ALWAYS_INLINE void start_lanes(const aead_packet&, const std::uint8_t*, workspace&) noexcept {}

  /// The text's first len bytes may be read; they are to last for so many passes of ten turns.
  SOTTO_ALWAYS_INLINE void release(std::size_t len, std::size_t passes) noexcept {
    ready = (len - done) / 16;
    share = passes == 0 ? 0 : (ready + 10 * passes - 1) / (10 * passes);
  }

  SOTTO_ALWAYS_INLINE void take_turn() noexcept { absorb(at_most(share, ready)); }

  SOTTO_ALWAYS_INLINE words finish(const aead_packet& p, const workspace&) noexcept {
    absorb_padded(one, next, p.text_len - done);
    return finish_packet(one, p);
  }

  SOTTO_ALWAYS_INLINE void absorb(std::size_t blocks) noexcept {
    one.blocks(next, blocks);
    next += 16 * blocks;
    done += 16 * blocks;
    ready -= blocks;
  }
};

/// The first pass of a longer packet.
template <bool Add>
SOTTO_ALWAYS_INLINE void first_pass(generator& g, cursor& at, text_mac& m, const aead_packet& p,
                                    const std::uint8_t* text, workspace&) noexcept {
  alone nothing;
  const mac_key key = at.left >= most_text - block_len ? pass<true, Add, true, max_groups>(g, at, nothing)
                                                       : pass<true, Add, false, max_groups>(g, at, nothing);
  m.start(key, p, text);
}

/// There are no packets between those of one pass in rows and those of many.
inline constexpr std::size_t mixed_text = 0;
inline bool open_mixed(const key&, const aead_packet&, const std::uint8_t*) noexcept { return false; }
