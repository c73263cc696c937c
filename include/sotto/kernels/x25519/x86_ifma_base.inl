// SPDX-License-Identifier: BSL-1.0
// Multiples of the base point on edwards25519 with a point's four coordinates in the four lanes, in the order of
// fixed_base.inl and with its names. An addition is
//   [Y + X, Y - X, Z, T]                              reduce
//   [Y + X, Y - X, Z, T] * [y + x, y - x, 2, k]       multiply: B, A, D, C
//   [B + A, B - A, D + C, D - C] = [H, E, G, F]       reduce
//   [H, E, G, E] * [G, F, F, H] = [Y, X, Z, T]        multiply

/// A point's columns [Y, X, Z, T], with a bias in even lanes.
using extended_columns = columns<0, 3>;

/// [Y + X, Y - X, Z, T]
SOTTO_ALWAYS_INLINE limbs first_factors(const extended_columns& p) noexcept {
  columns<0, 4> r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i)
    r.column[i] = plus(_mm256_maskz_shuffle_epi32(0x0f, p.column[i], static_cast<_MM_PERM_ENUM>(0x4e)),
                       _mm256_mask_sub_epi64(p.column[i], 0x2, zero(), p.column[i]));
  return carry(r);
}

/// The sum of p and the point that q is of, or with negative_k a 1, of which q has k with the other sign: that changes
/// the places of F and G.
SOTTO_ALWAYS_INLINE extended_columns add_points(const limbs& p, const limbs& q, std::uint64_t negative_k) noexcept {
  const limbs v = carry(sums_and_differences(add_product(even_bias(), p, q)));
  const vec first = lanes_of(0, 1, 2, 1);
  const vec second = bit_xor(lanes_of(2, 3, 3, 0), _mm256_maskz_mov_epi64(0x3, splat(negative_k)));
  limbs f, g;
  SOTTO_UNROLL
  for (int n = 1; n <= 5; ++n) {
    f.limb[n % 5] = _mm256_permutexvar_epi64(first, v.limb[n % 5]);
    g.limb[n % 5] = _mm256_permutexvar_epi64(second, v.limb[n % 5]);
  }
  return add_product(even_bias(), f, g);
}

/// Limbs of four numbers from their words: word[i] has word i of each.
SOTTO_ALWAYS_INLINE limbs limbs_from_words(const vec (&word)[4]) noexcept {
  const vec mask = splat(limb_mask);
  return {{bit_and(word[0], mask), bit_and(bit_or(shift_right<51>(word[0]), shift_left<13>(word[1])), mask),
           bit_and(bit_or(shift_right<38>(word[1]), shift_left<26>(word[2])), mask),
           bit_and(bit_or(shift_right<25>(word[2]), shift_left<39>(word[3])), mask), shift_right<12>(word[3])}};
}

/// Adds digit 256^window B. Every entry of the window is read.
SOTTO_ALWAYS_INLINE extended_columns add_digit(const extended_columns& p, std::size_t window,
                                               std::int8_t digit) noexcept {
  const auto d = split(digit);
  vec sum = zero(), difference = zero(), k = zero();
  SOTTO_UNROLL
  for (std::uint32_t j = 0; j < base_multiples; ++j) {
    const vec mask = splat(std::uint64_t{0} - (core::mask_if_zero(d.magnitude ^ (j + 1)) & 1u));
    sum = bit_or(sum, bit_and(load(base_table[window][j]), mask));
    difference = bit_or(difference, bit_and(load(base_table[window][j] + 4), mask));
    k = bit_or(k, bit_and(load(base_table[window][j] + 8), mask));
  }
  // Digit 0 gives the neutral element, (1, 1, 0).
  const vec one = lanes_of(core::mask_if_zero(d.magnitude) & 1u, 0, 0, 0);
  // -(x, y) = (-x, y)
  const vec swap = bit_and(bit_xor(sum, difference), splat(std::uint64_t{0} - (d.sign & 1u)));
  sum = bit_xor(bit_or(sum, one), swap);
  difference = bit_xor(bit_or(difference, one), swap);
  const vec two = lanes_of(2, 0, 0, 0);
  const vec a = _mm256_unpacklo_epi64(sum, difference), b = _mm256_unpackhi_epi64(sum, difference);
  const vec c = _mm256_unpacklo_epi64(two, k), e = _mm256_unpackhi_epi64(two, k);
  const vec words[4] = {_mm256_permute2x128_si256(a, c, 0x20), _mm256_permute2x128_si256(b, e, 0x20),
                        _mm256_permute2x128_si256(a, c, 0x31), _mm256_permute2x128_si256(b, e, 0x31)};
  return add_points(first_factors(p), limbs_from_words(words), d.sign & 1u);
}

/// The same addition, which is complete, with the point itself made the second summand: [Y + X, Y - X, 2 Z, 2 d T].
SOTTO_ALWAYS_INLINE extended_columns double_point(const extended_columns& p) noexcept {
  const limbs f = first_factors(p);
  limbs one_one_two_2d = {{lanes_of(1, 1, 2, 0x69b9426b2f159), lanes_of(0, 0, 0, 0x35050762add7a),
                           lanes_of(0, 0, 0, 0x3cf44c0038052), lanes_of(0, 0, 0, 0x6738cc7407977),
                           lanes_of(0, 0, 0, 0x2406d9dc56dff)}};
  return add_points(f, carry(mul(f, one_one_two_2d)), 0);
}

/// out = X25519(scalar, 9).
inline void multiply_base(std::uint8_t* out, const std::uint8_t* scalar) noexcept {
  struct {
    clamped k;
    signed_digits d;
  } s;
  const core::wipe_at_exit guard(s);
  s.k = clamp(scalar);
  s.d = recode(s.k);
  extended_columns p = {{plus(even_bias().column[0], lanes_of(1, 0, 1, 0)), even_bias().column[1],
                         even_bias().column[2], even_bias().column[3], even_bias().column[4]}};
  for (std::size_t i = 0; i < base_windows; ++i) p = add_digit(p, i, s.d.digit[2 * i + 1]);
  for (int i = 0; i < 4; ++i) p = double_point(p);
  for (std::size_t i = 0; i < base_windows; ++i) p = add_digit(p, i, s.d.digit[2 * i]);

  // u = (Z + Y) / (Z - Y)
  limbs r = carry(p);
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) r.limb[i] = _mm256_permutexvar_epi64(lanes_of(2, 0, 2, 0), r.limb[i]);
  const limbs quotient = carry(sums_and_differences(add(even_bias(), as_columns(r))));
  store_quotient(out, quotient, other_of_pair(quotient));
}
