// SPDX-License-Identifier: BSL-1.0
// Four lanes of AVX2 limbs: two products that share them, and numbers from memory.

/// The second factors of two products: lanes 2 i have the even limbs, lanes 2 i + 1 the odd ones.
struct split_limbs {
  vec limb[5];
};

/// The number in each odd lane, for its pair.
SOTTO_ALWAYS_INLINE split_limbs split_odd(const limbs& f) noexcept {
  split_limbs r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) r.limb[i] = _mm256_unpackhi_epi64(f.limb[2 * i], f.limb[2 * i + 1]);
  return r;
}

/// Those of g in the upper pair, of f in the lower one.
SOTTO_ALWAYS_INLINE split_limbs join_pairs(const split_limbs& f, const split_limbs& g) noexcept {
  split_limbs r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i) r.limb[i] = blend<upper_pair>(f.limb[i], g.limb[i]);
  return r;
}

/// start + f g in both lanes of a pair. Place i is column i in lanes 2 i and column i + 1 in lanes 2 i + 1, where the
/// last place is beyond 2^255 already, and where odd limbs meet odd ones.
template <int A, int B>
SOTTO_ALWAYS_INLINE columns<A, B + 1> add_split_product(const columns<A, B>& start, const limbs& f,
                                                        const split_limbs& g) noexcept {
  vec g19[5], place[limb_count];
  SOTTO_UNROLL
  for (int j = 0; j < 5; ++j) g19[j] = times(g.limb[j], splat(19));
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) place[i] = zero();
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) {
    vec a = i % 2 == 0 ? f.limb[i] : blend<odd_lanes>(f.limb[i], twice(f.limb[i]));
    begin_row(a, place);
    SOTTO_UNROLL
    for (int j = 0; j < 5; ++j) {
      const int at = i + 2 * j;
      const vec b = at < 9 ? g.limb[j] : at == 9 ? blend<odd_lanes>(g.limb[j], g19[j]) : g19[j];
      place[at % 10] = plus(place[at % 10], times(a, b));
    }
  }
  columns<A, B + 1> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i)
    r.column[i] = plus(plus(start.column[i], both_even(place[i])), both_odd(place[(i + 9) % 10]));
  return r;
}

/// Limbs of four numbers below 2^255 from their words: word[i] has word i of each.
SOTTO_ALWAYS_INLINE limbs limbs_from_words(const vec (&word)[4]) noexcept {
  const vec even = splat(limb_mask(0)), odd = splat(limb_mask(1));
  return {{bit_and(word[0], even), bit_and(shift_right<26>(word[0]), odd),
           bit_and(bit_or(shift_right<51>(word[0]), shift_left<13>(word[1])), even),
           bit_and(shift_right<13>(word[1]), odd), bit_and(shift_right<38>(word[1]), even), bit_and(word[2], odd),
           bit_and(shift_right<25>(word[2]), even),
           bit_and(bit_or(shift_right<51>(word[2]), shift_left<13>(word[3])), odd),
           bit_and(shift_right<12>(word[3]), even), shift_right<38>(word[3])}};
}
