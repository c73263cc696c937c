// SPDX-License-Identifier: BSL-1.0
// Four lanes of IFMA limbs: two products that share them, and numbers from memory.

/// The second factors of two products: lanes 2 i have limbs 0, 1 and 2, lanes 2 i + 1 have 3, 4 and nothing.
struct split_limbs {
  vec limb[3];
};

/// The number in each odd lane, for its pair.
SOTTO_ALWAYS_INLINE split_limbs split_odd(const limbs& f) noexcept {
  return {{_mm256_unpackhi_epi64(f.limb[0], f.limb[3]), _mm256_unpackhi_epi64(f.limb[1], f.limb[4]),
           _mm256_unpackhi_epi64(f.limb[2], zero())}};
}

/// Those of g in the upper pair, of f in the lower one.
SOTTO_ALWAYS_INLINE split_limbs join_pairs(const split_limbs& f, const split_limbs& g) noexcept {
  split_limbs r;
  SOTTO_UNROLL
  for (int i = 0; i < 3; ++i) r.limb[i] = blend<upper_pair>(f.limb[i], g.limb[i]);
  return r;
}

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
  for (int i = 2; i < 5; ++i) place[i] = blend<odd_lanes>(place[i], times19(place[i]));
  SOTTO_UNROLL
  for (int i = 0; i < 3; ++i) place[i] = fold(place[i], place[i + 5]);
  columns<A, B + 1> r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i)
    r.column[i] = plus(plus(start.column[i], both_even(place[i])), both_odd(place[(i + 2) % 5]));
  return r;
}

/// Limbs of four numbers below 2^255 from their words: word[i] has word i of each.
SOTTO_ALWAYS_INLINE limbs limbs_from_words(const vec (&word)[4]) noexcept {
  const vec mask = splat(limb_mask);
  return {{bit_and(word[0], mask), bit_and(bit_or(shift_right<51>(word[0]), shift_left<13>(word[1])), mask),
           bit_and(bit_or(shift_right<38>(word[1]), shift_left<26>(word[2])), mask),
           bit_and(bit_or(shift_right<25>(word[2]), shift_left<39>(word[3])), mask), shift_right<12>(word[3])}};
}
