// SPDX-License-Identifier: BSL-1.0
// One agreement: the four lanes hold the four field elements of a ladder step. With the names of RFC 7748 5, a step
// takes
//   [x_2 + z_2, z_2 - x_2, x_3 + z_3, z_3 - x_3] = [A, -B, C, -D]         reduce
//   [A, -B, C, -D] * [A, -B, -B, A] = [AA, BB, -CB, -DA]                  multiply
//   [AA + BB, AA - BB, -CB - DA, DA - CB] = [G, E, T, R]                  reduce
//   [G^2, E^2, T^2, R^2]                                                  square, reduce
//   [z_2, z_3] = [E * (4 BB + 486664 E), R^2 * x_1]                       multiply
//   [x_2, x_3] = [G^2 - E^2, T^2]                                         add to the next step's sums
// where x_2 and z_2 are four times the RFC's and both differences have the other sign, which changes no quotient. What
// counts is the latency of this chain: sums are taken before they are reduced, the one permutation that crosses the
// vector's middle also swaps the points, and the last two products share four lanes.

inline constexpr __mmask8 lower_pair = 0x3, upper_pair = 0xc, even_lanes = 0x5, odd_lanes = 0xa;

/// Lanes 2 i and 2 i + 1 change places.
SOTTO_ALWAYS_INLINE vec other_of_pair(vec a) noexcept { return _mm256_shuffle_epi32(a, 0x4e); }
SOTTO_ALWAYS_INLINE vec both_even(vec a) noexcept { return _mm256_unpacklo_epi64(a, a); }
SOTTO_ALWAYS_INLINE vec both_odd(vec a) noexcept { return _mm256_unpackhi_epi64(a, a); }

/// f + g in even lanes, f - g in odd ones, where f is the even lane and g the odd one of the pair. The even one has
/// to have a bias.
SOTTO_ALWAYS_INLINE columns<0, 4> sums_and_differences(const columns<0, 3>& f) noexcept {
  columns<0, 4> r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i)
    r.column[i] = plus(other_of_pair(f.column[i]), _mm256_mask_sub_epi64(f.column[i], odd_lanes, zero(), f.column[i]));
  return r;
}

SOTTO_ALWAYS_INLINE columns<0, 2> even_bias() noexcept {
  const columns<1, 2> all = bias();
  columns<0, 2> r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) r.column[i] = _mm256_maskz_mov_epi64(even_lanes, all.column[i]);
  return r;
}

/// The second factors of two products: lanes 2 i have limbs 0, 1 and 2, lanes 2 i + 1 have 3, 4 and nothing.
struct split_limbs {
  vec limb[3];
};

/// start + f g in both lanes of a pair. Their halves of g are three columns apart, so that lane 2 i + 1 holds columns 3
/// to 9 in the places of 0 to 6, of which those from 5 on count 19 times: places 2 to 4. What a place of lane 2 i + 1
/// misses, its empty limb supplies as zero.
template <int A, int B>
SOTTO_ALWAYS_INLINE columns<A, B + 1> add_split_product(const columns<A, B>& start, const limbs& f,
                                                        const split_limbs& g) noexcept {
  vec low[7], high[7];
  SOTTO_UNROLL
  for (int i = 0; i < 7; ++i) low[i] = high[i] = zero();
  SOTTO_UNROLL
  for (int j = 2; j >= 0; --j) {
    SOTTO_UNROLL
    for (int n = 1; n <= 5; ++n) {
      const int i = n % 5;
      low[i + j] = add_low(low[i + j], f.limb[i], g.limb[j]);
      high[i + j] = add_high(high[i + j], f.limb[i], g.limb[j]);
    }
  }
  vec place[8];
  place[0] = low[0];
  SOTTO_UNROLL
  for (int i = 1; i < 7; ++i) place[i] = plus(low[i], twice(high[i - 1]));
  place[7] = twice(high[6]);
  SOTTO_UNROLL
  for (int i = 2; i < 5; ++i) place[i] = _mm256_mask_mov_epi64(place[i], odd_lanes, times19(place[i]));
  SOTTO_UNROLL
  for (int i = 0; i < 3; ++i) place[i] = fold(place[i], place[i + 5]);
  columns<A, B + 1> r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i)
    r.column[i] = plus(plus(start.column[i], both_even(place[i])), both_odd(place[(i + 2) % 5]));
  return r;
}

/// [x_2 + z_2, z_2 - x_2, x_3 + z_3, z_3 - x_3]
using ladder_state = columns<0, 5>;

/// The state's summands of x: [G^2 - E^2, E^2 - G^2, T^2, -T^2].
SOTTO_ALWAYS_INLINE columns<0, 4> x_summands(const columns<0, 1>& squares) noexcept {
  const columns<1, 2> start = bias();
  columns<0, 4> r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) {
    const vec s = squares.column[i];
    r.column[i] = minus(_mm256_mask_add_epi64(start.column[i], 0x7, start.column[i], s),
                        _mm256_maskz_shuffle_epi32(0xcf, s, static_cast<_MM_PERM_ENUM>(0x4e)));
  }
  return r;
}

SOTTO_ALWAYS_INLINE ladder_state ladder_step(const ladder_state& state, vec swap, const split_limbs& x_1) noexcept {
  const limbs s = carry(state);
  const vec first = _mm256_xor_si256(_mm256_setr_epi64x(0, 1, 2, 3), swap);
  const vec second = _mm256_xor_si256(_mm256_setr_epi64x(0, 1, 1, 0), swap);
  limbs f, g;
  SOTTO_UNROLL
  for (int n = 1; n <= 5; ++n) {
    const int i = n % 5;
    f.limb[i] = _mm256_permutexvar_epi64(first, s.limb[i]);
    g.limb[i] = _mm256_permutexvar_epi64(second, s.limb[i]);
  }

  const columns<0, 3> p = add_product(even_bias(), f, g);
  const limbs v = carry(sums_and_differences(p));
  const columns<0, 1> squares = square(v);

  // Only lane 1 of this counts: 4 BB has four units there.
  columns<0, 4> bb;
  limbs e, rr;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) {
    bb.column[i] = shift_left<2>(p.column[i]);
    e.limb[i] = both_odd(v.limb[i]);
  }
  const limbs h = carry(add_multiple<486664>(bb, v));
  const split_limbs multipliers = {{_mm256_mask_unpackhi_epi64(x_1.limb[0], lower_pair, h.limb[0], h.limb[3]),
                                    _mm256_mask_unpackhi_epi64(x_1.limb[1], lower_pair, h.limb[1], h.limb[4]),
                                    _mm256_mask_unpackhi_epi64(x_1.limb[2], lower_pair, h.limb[2], zero())}};
  const limbs q = carry(squares);
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) rr.limb[i] = _mm256_mask_unpackhi_epi64(e.limb[i], upper_pair, q.limb[i], q.limb[i]);
  return add_split_product(x_summands(squares), rr, multipliers);
}

/// The points (1 : 0) and (x_1 : 1).
SOTTO_ALWAYS_INLINE ladder_state first_state(const fe51<1>& x_1) noexcept {
  ladder_state r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) {
    const std::uint64_t one = i == 0 ? 1 : 0, minus_one = multiple_of_p(i) - one;
    r.column[i] = lanes_of(one, minus_one, x_1.limb[i] + one, multiple_of_p(i) + one - x_1.limb[i]);
  }
  return r;
}

SOTTO_ALWAYS_INLINE limbs other_of_pair(const limbs& f) noexcept {
  limbs r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) r.limb[i] = other_of_pair(f.limb[i]);
  return r;
}

/// out = f / g in lane 0.
SOTTO_ALWAYS_INLINE void store_quotient(std::uint8_t* out, const limbs& f, const limbs& g) noexcept {
  const limbs r = product(f, invert(g));
  std::uint64_t limb[5][lanes];
  const core::wipe_at_exit guard(limb);
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) store(limb[i], r.limb[i]);
  field51::store(out, {{limb[0][0], limb[1][0], limb[2][0], limb[3][0], limb[4][0]}});
}

SOTTO_ALWAYS_INLINE columns<0, 1> as_columns(const limbs& f) noexcept {
  return {{f.limb[0], f.limb[1], f.limb[2], f.limb[3], f.limb[4]}};
}

/// out = X25519(scalar, u).
inline void multiply(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* u) noexcept {
  clamped k = clamp(scalar);
  const core::wipe_at_exit guard(k);
  const fe51<1> x = x25519::load<field51>(u);
  const split_limbs x_1 = {
      {lanes_of(0, 0, x.limb[0], x.limb[3]), lanes_of(0, 0, x.limb[1], x.limb[4]), lanes_of(0, 0, x.limb[2], 0)}};
  ladder_state state = first_state(x);
  std::uint32_t previous = 0;
  for (std::size_t t = 255; t-- != 0;) {
    const std::uint32_t k_t = k.bit(t);
    state = ladder_step(state, splat(2 * (previous ^ k_t)), x_1);
    previous = k_t;
  }
  // [2 z_2, 2 x_2] from the state's sum and difference
  const limbs doubled = carry(sums_and_differences(add(even_bias(), as_columns(carry(state)))));
  store_quotient(out, other_of_pair(doubled), doubled);
}
