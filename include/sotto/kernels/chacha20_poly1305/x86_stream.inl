// SPDX-License-Identifier: BSL-1.0
// ChaCha20 by itself, after the file that defines the whole pass.

/// All of the text from the next block on, beside whatever takes turns.
template <bool Add, class Beside>
SOTTO_ALWAYS_INLINE void cipher_text(generator& g, cursor& at, Beside& work) noexcept {
  while (at.left >= whole_len) {
    work.begin_pass(at);
    whole_pass<Add>(g, at, work);
  }
  while (at.left > 2 * step_text) {
    work.begin_pass(at);
    (void)pass<false, Add, false, max_groups>(g, at, work);
  }
  if (at.left > step_text) {
    work.begin_pass(at);
    (void)pass<false, Add, false, two_steps>(g, at, work);
  }
  if (at.left != 0) {
    work.begin_pass(at);
    (void)pass<false, Add, false, group_step>(g, at, work);
  }
}

/// RFC 8439 2.4, the counter modulo 2^32.
inline void chacha20(const key& k, std::uint32_t counter, const std::uint8_t* nonce, const std::uint8_t* in,
                     std::uint8_t* out, std::size_t len) noexcept {
  generator g = start(k, counter, nonce);
  cursor at{in, out, len};
  alone nothing;
  cipher_text<true>(g, at, nothing);
}

/// draft-irtf-cfrg-xchacha 2.2: the first and the last row after twenty rounds, without the addition.
inline void hchacha20(const key& k, const std::uint8_t* nonce, key& subkey) noexcept {
  const generator g{broadcast(_mm_loadu_si128(reinterpret_cast<const __m128i*>(k.bytes))),
                    broadcast(_mm_loadu_si128(reinterpret_cast<const __m128i*>(k.bytes + 16))),
                    broadcast(_mm_loadu_si128(reinterpret_cast<const __m128i*>(nonce))),
                    nullptr,
                    nullptr,
                    0};
  group x[1];
  alone nothing;
  load_states(x, g);
  rounds(x, nothing);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(subkey.bytes), lane0(x[0].a));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(subkey.bytes + 16), lane0(x[0].d));
}
