// SPDX-License-Identifier: BSL-1.0
// The whole pass where the rows of x86_chacha20.inl are the only layout.

inline constexpr std::size_t whole_len = most_text;

template <bool Key, bool Add, class Beside>
SOTTO_ALWAYS_INLINE mac_key whole_pass(generator& g, cursor& at, Beside& work) noexcept {
  return pass<Key, Add, true, max_groups>(g, at, work);
}
