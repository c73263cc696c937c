// SPDX-License-Identifier: BSL-1.0
// GF(2^255 - 19) in lanes for AVX2: ten limbs of 26 and 25 bits in turn, each a vector, so that every lane computes
// with an element of its own. The names and their meaning are those of x86_ifma_field.inl.

/// What a multiplication reads: even limbs are at most 2^26 + 2^17, odd ones at most 2^25 + 2^17.
struct limbs {
  vec limb[limb_count];
};

/// Bit i of Mask chooses lane i of b instead of a's.
template <unsigned Mask>
SOTTO_ALWAYS_INLINE vec blend(vec a, vec b) noexcept {
  return _mm256_blend_epi32(a, b,
                            static_cast<int>((Mask & 1) * 3 + (Mask & 2) * 6 + (Mask & 4) * 12 + (Mask & 8) * 24));
}
SOTTO_ALWAYS_INLINE vec twice(vec a) noexcept { return plus(a, a); }
SOTTO_ALWAYS_INLINE vec times19(vec a) noexcept { return plus(plus(a, twice(a)), shift_left<4>(a)); }
/// The product of the low halves.
SOTTO_ALWAYS_INLINE vec times(vec a, vec b) noexcept { return _mm256_mul_epu32(a, b); }

/// The carry of limb i goes to limb i + 1.
template <int I>
SOTTO_ALWAYS_INLINE void carry_limb(limbs& f) noexcept {
  const vec over = shift_right<limb_bits(I)>(f.limb[I]);
  f.limb[I] = bit_and(f.limb[I], splat(limb_mask(I)));
  f.limb[(I + 1) % 10] = plus(f.limb[(I + 1) % 10], I == 9 ? times19(over) : over);
}

/// Two chains at once, from limb 0 to 6 and from 5 to 1. What leaves limb 9 is below 2^39, so that limb 0 gets less
/// than 2^44 and limb 1, in the end, less than 2^17 more than its 25 bits; limb 6 gets less than 2^14.
template <int Least, int Most>
SOTTO_ALWAYS_INLINE limbs carry(const columns<Least, Most>& f) noexcept {
  static_assert(Most <= 24);
  limbs r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.limb[i] = f.column[i];
  carry_limb<0>(r), carry_limb<5>(r);
  carry_limb<1>(r), carry_limb<6>(r);
  carry_limb<2>(r), carry_limb<7>(r);
  carry_limb<3>(r), carry_limb<8>(r);
  carry_limb<4>(r), carry_limb<9>(r);
  carry_limb<5>(r), carry_limb<0>(r);
  return r;
}

/// What the heaviest column, 0, may have: one product of even limbs, and counted 19 times four of even and twice five
/// of odd limbs.
inline constexpr std::uint64_t most_even = (1 << 26) + (1 << 17), most_odd = (1 << 25) + (1 << 17);
static_assert((1 + 19 * 4) * most_even * most_even + 19 * 2 * 5 * most_odd * most_odd <= std::uint64_t{1} << 59);

/// Lets a row of products begin after the row before has been added. GCC would compute many products first and have no
/// registers left.
SOTTO_ALWAYS_INLINE void begin_row([[maybe_unused]] vec& factor, [[maybe_unused]] vec (&sum)[limb_count]) noexcept {
#if defined(__GNUC__) && !defined(__clang__)
  __asm__(""
          : "+x"(factor), "+x"(sum[0]), "+x"(sum[1]), "+x"(sum[2]), "+x"(sum[3]), "+x"(sum[4]), "+x"(sum[5]),
            "+x"(sum[6]), "+x"(sum[7]), "+x"(sum[8]), "+x"(sum[9]));
#endif
}

/// start + f g. Two odd limbs make twice their column.
template <int A, int B>
SOTTO_ALWAYS_INLINE columns<A, B + 1> add_product(const columns<A, B>& start, const limbs& f, const limbs& g) noexcept {
  vec g19[limb_count], sum[limb_count];
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) {
    g19[i] = times(g.limb[i], splat(19));
    sum[i] = start.column[i];
  }
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) {
    vec factor = f.limb[i];
    begin_row(factor, sum);
    const vec doubled = twice(factor);
    SOTTO_UNROLL
    for (int j = 0; j < limb_count; ++j) {
      const vec a = i % 2 == 1 && j % 2 == 1 ? doubled : factor;
      sum[(i + j) % 10] = plus(sum[(i + j) % 10], times(a, i + j < 10 ? g.limb[j] : g19[j]));
    }
  }
  columns<A, B + 1> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.column[i] = sum[i];
  return r;
}

/// start + f^2. 38 times an odd limb fits 32 bits, and so does 19 times an even one.
template <int A, int B>
SOTTO_ALWAYS_INLINE columns<A, B + 1> add_square(const columns<A, B>& start, const limbs& f) noexcept {
  static_assert(38 * most_odd < std::uint64_t{1} << 32 && 19 * most_even < std::uint64_t{1} << 32);
  columns<A, B + 1> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.column[i] = start.column[i];
  vec second[limb_count];
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) second[i] = times(f.limb[i], splat(i % 2 == 0 ? 19 : 38));
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) {
    vec factor = f.limb[i];
    begin_row(factor, r.column);
    const vec doubled = twice(factor);
    SOTTO_UNROLL
    for (int j = i; j < limb_count; ++j) {
      // Twice for i != j, and twice for two odd limbs, which second has already.
      vec a = i == j ? factor : doubled, b = f.limb[j];
      if (i + j >= 10) {
        b = second[j];
        if (j % 2 == 1 && i % 2 == 0) a = factor;
      } else if (i % 2 == 1 && j % 2 == 1) {
        b = twice(b);
      }
      r.column[(i + j) % 10] = plus(r.column[(i + j) % 10], times(a, b));
    }
  }
  return r;
}

/// f + Factor g.
template <std::uint32_t Factor, int A, int B>
SOTTO_ALWAYS_INLINE columns<A, B + 1> add_multiple(const columns<A, B>& f, const limbs& g) noexcept {
  columns<A, B + 1> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.column[i] = plus(f.column[i], times(g.limb[i], splat(Factor)));
  return r;
}

/// Which lanes, all ones or zeros.
using lane_mask = vec;
SOTTO_ALWAYS_INLINE lane_mask lanes_with_bit(vec a, std::uint64_t bit) noexcept {
  return _mm256_cmpeq_epi64(bit_and(a, splat(bit)), splat(bit));
}
/// a in the lanes of the mask, b in the others.
SOTTO_ALWAYS_INLINE vec select(lane_mask mask, vec a, vec b) noexcept { return _mm256_blendv_epi8(b, a, mask); }
