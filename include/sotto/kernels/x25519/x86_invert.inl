// SPDX-License-Identifier: BSL-1.0
// Inversion in every lane.

SOTTO_ALWAYS_INLINE columns<0, 1> mul(const limbs& f, const limbs& g) noexcept { return add_product(nothing(), f, g); }
SOTTO_ALWAYS_INLINE columns<0, 1> square(const limbs& f) noexcept { return add_square(nothing(), f); }

/// f^(2^n) for n > 0.
SOTTO_NOINLINE inline limbs square_times(limbs f, int n) noexcept {
  do f = carry(square(f));
  while (--n != 0);
  return f;
}

SOTTO_NOINLINE inline limbs product(const limbs& f, const limbs& g) noexcept { return carry(mul(f, g)); }

/// f^(p - 2), which is 1/f, and 0 for 0. Each name tells the exponent: f_a_b is f^(2^a - 2^b).
inline limbs invert(const limbs& f) noexcept {
  const limbs f2 = square_times(f, 1), f9 = product(square_times(f2, 2), f), f11 = product(f9, f2);
  const limbs f_5_0 = product(square_times(f11, 1), f9);
  const limbs f_10_0 = product(square_times(f_5_0, 5), f_5_0);
  const limbs f_20_0 = product(square_times(f_10_0, 10), f_10_0);
  const limbs f_40_0 = product(square_times(f_20_0, 20), f_20_0);
  const limbs f_50_0 = product(square_times(f_40_0, 10), f_10_0);
  const limbs f_100_0 = product(square_times(f_50_0, 50), f_50_0);
  const limbs f_200_0 = product(square_times(f_100_0, 100), f_100_0);
  const limbs f_250_0 = product(square_times(f_200_0, 50), f_50_0);
  return product(square_times(f_250_0, 5), f11);  // 2^255 - 2^5 + 11 = p - 2
}
