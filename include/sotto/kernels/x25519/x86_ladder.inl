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

/// [x_2 + z_2, z_2 - x_2, x_3 + z_3, z_3 - x_3]
using ladder_state = columns<0, bias_most + 2>;

/// A bias in even lanes only.
SOTTO_ALWAYS_INLINE columns<0, bias_most> even_bias() noexcept {
  columns<0, bias_most> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.column[i] = lanes_of(multiple_of_p(i), 0, multiple_of_p(i), 0);
  return r;
}

/// [a, b, c, d] to [a + b, a - b, c + d, c - d]. The even lanes need a bias.
SOTTO_ALWAYS_INLINE columns<0, bias_most + 2> sums_and_differences(const columns<0, bias_most + 1>& f) noexcept {
  columns<0, bias_most + 2> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i)
    r.column[i] = plus(other_of_pair(f.column[i]), blend<odd_lanes>(f.column[i], minus(zero(), f.column[i])));
  return r;
}

/// The state's summands from x_2 and x_3: [G^2 - E^2, E^2 - G^2, T^2, -T^2].
SOTTO_ALWAYS_INLINE columns<0, bias_most + 1> x_summands(const columns<0, 1>& squares) noexcept {
  columns<0, bias_most + 1> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) {
    const vec s = squares.column[i], start = splat(multiple_of_p(i));
    r.column[i] = minus(blend<0x7>(start, plus(start, s)), blend<0xb>(zero(), other_of_pair(s)));
  }
  return r;
}

/// swap: 4 in every 32 bits, or 0.
SOTTO_ALWAYS_INLINE ladder_state ladder_step(const ladder_state& state, vec swap, const split_limbs& x_1) noexcept {
  const limbs s = carry(state);
  const vec first = bit_xor(lanes_of(from_lane(0), from_lane(1), from_lane(2), from_lane(3)), swap);
  const vec second = bit_xor(lanes_of(from_lane(0), from_lane(1), from_lane(1), from_lane(0)), swap);
  limbs f, g;
  SOTTO_UNROLL
  for (int n = 1; n <= limb_count; ++n) {  // limb 0 is ready last
    f.limb[n % limb_count] = permute(s.limb[n % limb_count], first);
    g.limb[n % limb_count] = permute(s.limb[n % limb_count], second);
  }
  const columns<0, bias_most + 1> p = add_product(even_bias(), f, g);
  const limbs v = carry(sums_and_differences(p));
  const columns<0, 1> squares = square(v);

  columns<0, 4> bb4;  // only lane 1 counts; the bias in even lanes would be too much
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) bb4.column[i] = blend<odd_lanes>(zero(), shift_left<2>(p.column[i]));
  const limbs multiplier = carry(add_multiple<486664>(bb4, v));

  const limbs q = carry(squares);
  limbs multiplicand;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i)
    multiplicand.limb[i] = blend<upper_pair>(both_odd(v.limb[i]), both_odd(q.limb[i]));
  return add_split_product(x_summands(squares), multiplicand, join_pairs(split_odd(multiplier), x_1));
}

/// The points (1 : 0) and (x_1 : 1).
SOTTO_ALWAYS_INLINE ladder_state first_state(const fe51<1>& x_1) noexcept {
  ladder_state r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) {
    const std::uint64_t one = i == 0 ? 1 : 0, p = multiple_of_p(i), x = limb_of(x_1, i);
    r.column[i] = lanes_of(one, p - one, x + one, p + one - x);
  }
  return r;
}

SOTTO_ALWAYS_INLINE limbs other_of_pair(const limbs& f) noexcept {
  limbs r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.limb[i] = other_of_pair(f.limb[i]);
  return r;
}

/// [a, b, ...] to [a + b, a - b, ...]
SOTTO_ALWAYS_INLINE limbs sum_and_difference(const limbs& f) noexcept {
  columns<0, 1> unchanged;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) unchanged.column[i] = f.limb[i];
  return carry(sums_and_differences(add(even_bias(), unchanged)));
}

/// out = f / g in lane 0.
SOTTO_ALWAYS_INLINE void store_quotient(std::uint8_t* out, const limbs& f, const limbs& g) noexcept {
  const limbs r = product(f, invert(g));
  struct {
    std::uint64_t lane[lanes];
    std::uint64_t limb[limb_count];
  } s;
  const core::wipe_at_exit guard(s);
  for (int i = 0; i < limb_count; ++i) {
    store(s.lane, r.limb[i]);
    s.limb[i] = s.lane[0];
  }
  field51::store(out, number_of(s.limb));
}

/// out = X25519(scalar, u).
inline void multiply(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* u) noexcept {
  clamped k = clamp(scalar);
  const core::wipe_at_exit guard(k);
  const fe51<1> x = x25519::load<field51>(u);
  limbs everywhere;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) everywhere.limb[i] = splat(limb_of(x, i));
  const split_limbs x_1 = split_odd(everywhere);
  ladder_state state = first_state(x);
  std::uint32_t previous = 0;
  for (std::size_t t = 255; t-- != 0;) {
    const std::uint32_t k_t = k.bit(t);
    state = ladder_step(state, splat((previous ^ k_t) * 0x400000004), x_1);
    previous = k_t;
  }
  const limbs doubled = sum_and_difference(carry(state));  // [2 z_2, 2 x_2]
  store_quotient(out, other_of_pair(doubled), doubled);
}
