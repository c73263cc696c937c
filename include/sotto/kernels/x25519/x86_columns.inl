// SPDX-License-Identifier: BSL-1.0
// Elements of GF(2^255 - 19) in lanes, for every kind of limb: a product is left in columns of 64 bits. Sums and
// differences are taken there, and one call of carry makes limbs of them.

/// What a multiplication leaves: columns with the weights of the limbs, each from Least * 2^59 to Most * 2^59. A
/// difference that could be negative doesn't compile, nor a sum that carry couldn't reduce.
template <int Least, int Most>
struct columns {
  vec column[limb_count];
};

template <int A, int B, int C, int D>
SOTTO_ALWAYS_INLINE columns<A + C, B + D> add(const columns<A, B>& f, const columns<C, D>& g) noexcept {
  columns<A + C, B + D> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.column[i] = plus(f.column[i], g.column[i]);
  return r;
}

template <int A, int B, int C, int D>
SOTTO_ALWAYS_INLINE columns<A - D, B - C> sub(const columns<A, B>& f, const columns<C, D>& g) noexcept {
  static_assert(A >= D);
  columns<A - D, B - C> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.column[i] = minus(f.column[i], g.column[i]);
  return r;
}

/// A zero that a product may be subtracted from.
SOTTO_ALWAYS_INLINE columns<1, bias_most> bias() noexcept {
  columns<1, bias_most> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.column[i] = splat(multiple_of_p(i));
  return r;
}

SOTTO_ALWAYS_INLINE columns<0, 0> nothing() noexcept {
  columns<0, 0> r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.column[i] = zero();
  return r;
}
