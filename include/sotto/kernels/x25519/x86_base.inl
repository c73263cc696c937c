// SPDX-License-Identifier: BSL-1.0
// Multiples of the base point on edwards25519 with a point's four coordinates in the four lanes, in the order of
// fixed_base.inl and with its names. An addition is
//   [Y + X, Y - X, Z, T]                              reduce
//   [Y + X, Y - X, Z, T] * [y + x, y - x, 2, k]       multiply: B, A, D, C
//   [B + A, B - A, D + C, D - C] = [H, E, G, F]       reduce
//   [H, E, G, E] * [G, F, F, H] = [Y, X, Z, T]        multiply

/// A point's columns [Y, X, Z, T], with a bias in even lanes.
using extended_columns = columns<0, bias_most + 1>;

/// [Y + X, Y - X, Z, T]
SOTTO_ALWAYS_INLINE limbs first_factors(const extended_columns& p) noexcept {
  columns<0, bias_most + 2> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i)
    r.column[i] = plus(blend<3>(zero(), other_of_pair(p.column[i])), blend<2>(p.column[i], minus(zero(), p.column[i])));
  return carry(r);
}

/// The sum of p and the point that q is of, or with negative_k a 1, of which q has k with the other sign: that changes
/// the places of F and G.
SOTTO_ALWAYS_INLINE extended_columns add_points(const limbs& p, const limbs& q, std::uint64_t negative_k) noexcept {
  const limbs v = carry(sums_and_differences(add_product(even_bias(), p, q)));
  const vec first = lanes_of(from_lane(0), from_lane(1), from_lane(2), from_lane(1));
  const vec second = bit_xor(lanes_of(from_lane(2), from_lane(3), from_lane(3), from_lane(0)),
                             blend<0x3>(zero(), splat(negative_k * (from_lane(2) ^ from_lane(3)))));
  limbs f, g;
  SOTTO_UNROLL
  for (int n = 1; n <= limb_count; ++n) {
    f.limb[n % limb_count] = permute(v.limb[n % limb_count], first);
    g.limb[n % limb_count] = permute(v.limb[n % limb_count], second);
  }
  return add_product(even_bias(), f, g);
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
  constexpr fe51<1> two_d = {{0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};
  limbs factors;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) {
    const std::uint64_t one = i == 0 ? 1 : 0;
    factors.limb[i] = lanes_of(one, one, 2 * one, limb_of(two_d, i));
  }
  return add_points(f, carry(mul(f, factors)), 0);
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
  extended_columns p;  // the neutral element, (0, 1)
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) {
    const std::uint64_t one = multiple_of_p(i) + (i == 0 ? 1 : 0);
    p.column[i] = lanes_of(one, 0, one, 0);
  }
  for (std::size_t i = 0; i < base_windows; ++i) p = add_digit(p, i, s.d.digit[2 * i + 1]);
  for (int i = 0; i < 4; ++i) p = double_point(p);
  for (std::size_t i = 0; i < base_windows; ++i) p = add_digit(p, i, s.d.digit[2 * i]);

  // u = (Z + Y) / (Z - Y)
  limbs zy = carry(p);
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i)
    zy.limb[i] = permute(zy.limb[i], lanes_of(from_lane(2), from_lane(0), from_lane(2), from_lane(0)));
  const limbs quotient = sum_and_difference(zy);
  store_quotient(out, quotient, other_of_pair(quotient));
}
