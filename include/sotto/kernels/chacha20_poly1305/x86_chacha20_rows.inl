// SPDX-License-Identifier: BSL-1.0
// The whole pass where the rows of x86_chacha20.inl are the only layout.

inline constexpr std::size_t whole_len = most_text;

template <bool Add, class Beside>
SOTTO_ALWAYS_INLINE void whole_pass(generator& g, cursor& at, Beside& work) noexcept {
  (void)pass<false, Add, true, max_groups>(g, at, work);
}

/// Key stream that was kept onto its text.
SOTTO_ALWAYS_INLINE void xor_stream(const std::uint8_t* stream, const std::uint8_t* in, std::uint8_t* out,
                                    std::size_t len) noexcept {
  std::size_t done = 0;
  for (; done + vec_len <= len; done += vec_len) store(out + done, bit_xor(load(stream + done), load(in + done)));
  if (done != len)
    store_partial(out + done, bit_xor(load(stream + done), load_partial(in + done, len - done)), len - done);
}

SOTTO_ALWAYS_INLINE void wipe_stream(std::uint8_t* stream, const std::uint8_t* end) noexcept {
#if defined(__GNUC__) || defined(__clang__)
  for (std::uint8_t* at = stream; at < end; at += vec_len) store(at, zero());
  core::wipe(stream, 0);  // keeps the stores
#else
  core::wipe(stream, static_cast<std::size_t>(end - stream));
#endif
}
