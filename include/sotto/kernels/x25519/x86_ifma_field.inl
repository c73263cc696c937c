// SPDX-License-Identifier: BSL-1.0
// GF(2^255 - 19) in lanes: five limbs of 51 bits, each a vector, so that every lane computes with an element of its
// own. A product is left in columns; sums and differences are taken there, and one round of carries makes limbs of it.

/// What a multiplication reads: limbs of at most 2^51 + 2^15, well within the 52 bits that the instruction looks at.
struct limbs {
  vec limb[5];
};

/// The carry out of the top column is at most Most * 2^8, and comes back 19 times.
template <int Least, int Most>
SOTTO_ALWAYS_INLINE limbs carry(const columns<Least, Most>& f) noexcept {
  static_assert(Most * 19 * 256 <= 1 << 15);
  const vec mask = splat(limb_mask);
  limbs r;
  r.limb[0] = add_low(bit_and(f.column[0], mask), shift_right<51>(f.column[4]), splat(19));
  SOTTO_UNROLL
  for (int i = 1; i < 5; ++i) r.limb[i] = plus(bit_and(f.column[i], mask), shift_right<51>(f.column[i - 1]));
  return r;
}

SOTTO_ALWAYS_INLINE vec twice(vec a) noexcept { return plus(a, a); }
/// low + 19 high, since 2^255 = 19.
SOTTO_ALWAYS_INLINE vec fold(vec low, vec high) noexcept { return plus(low, times19(high)); }

/// start + f g. The high half of a product of two limbs weighs 2^52, twice as much as the next column, and is at most
/// 2^50 + 2^15: it is summed apart and doubled once. The heaviest column is the first: one low half and 19 times what
/// column 5 has, four low halves and five high ones twice.
template <int A, int B>
SOTTO_ALWAYS_INLINE columns<A, B + 1> add_product(const columns<A, B>& start, const limbs& f, const limbs& g) noexcept {
  static_assert((1 + 19 * 4) * (std::uint64_t{1} << 52) + 19 * 2 * 5 * ((std::uint64_t{1} << 50) + (1 << 15)) <=
                std::uint64_t{1} << 59);
  vec low[9], high[9];
  SOTTO_UNROLL
  for (int i = 0; i < 9; ++i) {
    low[i] = i < 5 ? start.column[i] : zero();
    high[i] = zero();
  }
  // Limb 0 is ready last.
  SOTTO_UNROLL
  for (int m = 1; m <= 5; ++m) {
    SOTTO_UNROLL
    for (int n = 1; n <= 5; ++n) {
      const int i = n % 5, j = m % 5;
      low[i + j] = add_low(low[i + j], f.limb[i], g.limb[j]);
      high[i + j] = add_high(high[i + j], f.limb[i], g.limb[j]);
    }
  }
  columns<A, B + 1> r;
  r.column[0] = fold(low[0], plus(low[5], twice(high[4])));
  SOTTO_UNROLL
  for (int i = 1; i < 4; ++i)
    r.column[i] = fold(plus(low[i], twice(high[i - 1])), plus(low[i + 5], twice(high[i + 4])));
  r.column[4] = fold(plus(low[4], twice(high[3])), twice(high[8]));
  return r;
}

/// start + f^2, with the products of different limbs computed once. A limb may have a 52nd bit, so that doubling is
/// left for the end.
template <int A, int B>
SOTTO_ALWAYS_INLINE columns<A, B + 1> add_square(const columns<A, B>& start, const limbs& f) noexcept {
  // By weight: once the low halves of squares; twice their high halves and the other low halves; four times the rest.
  vec once[10], two[10], four[10];
  SOTTO_UNROLL
  for (int i = 0; i < 10; ++i) {
    once[i] = i < 5 ? start.column[i] : zero();
    two[i] = four[i] = zero();
  }
  SOTTO_UNROLL
  for (int distance = 4; distance >= 0; --distance) {
    SOTTO_UNROLL
    for (int i = 0; i < 5 - distance; ++i) {
      const int j = i + distance;
      if (distance != 0) {
        four[i + j + 1] = add_high(four[i + j + 1], f.limb[i], f.limb[j]);
        two[i + j] = add_low(two[i + j], f.limb[i], f.limb[j]);
      } else {
        two[i + j + 1] = add_high(two[i + j + 1], f.limb[i], f.limb[i]);
        once[i + j] = add_low(once[i + j], f.limb[i], f.limb[i]);
      }
    }
  }
  // What stays zero costs nothing: columns 0 and 1 have no fours, column 9 neither, column 8 no twos.
  vec sum[10];
  SOTTO_UNROLL
  for (int i = 0; i < 10; ++i) {
    sum[i] = i == 8 ? shift_left<2>(four[i]) : twice(two[i]);
    if (i > 1 && i < 8) sum[i] = plus(sum[i], shift_left<2>(four[i]));
    if (i == 0) sum[i] = once[i];
    if (i != 0 && (i < 5 || i % 2 == 0)) sum[i] = plus(sum[i], once[i]);
  }
  columns<A, B + 1> r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) r.column[i] = fold(sum[i], sum[i + 5]);
  return r;
}

/// f + Factor g. The high halves are below Factor + 1.
template <std::uint32_t Factor, int A, int B>
SOTTO_ALWAYS_INLINE columns<A, B + 1> add_multiple(const columns<A, B>& f, const limbs& g) noexcept {
  static_assert(Factor < 1 << 20);
  const vec factor = splat(Factor);
  columns<A, B + 1> r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) {
    const vec high = twice(add_high(zero(), g.limb[(i + 4) % 5], factor));
    const vec low = add_low(f.column[i], g.limb[i], factor);
    r.column[i] = i == 0 ? fold(low, high) : plus(low, high);
  }
  return r;
}
