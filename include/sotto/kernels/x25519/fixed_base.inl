// SPDX-License-Identifier: BSL-1.0
// Multiples of the base point on edwards25519 (RFC 7748 4.1), which is birationally equivalent to curve25519 and has
// complete addition formulas: signed digits of four bits select points of a table. Once for every field arithmetic.

/// Extended coordinates: x = X/Z, y = Y/Z, T = XY/Z.
template <class Field>
struct extended {
  typename Field::template element<1> X, Y, Z, T;
};

/// The unified addition of Hisil, Wong, Carter and Dawson (2008, 3.1) for a = -1 and an affine second point.
template <class Field>
SOTTO_ALWAYS_INLINE void add_digit(extended<Field>& p, std::size_t window, std::int8_t digit) noexcept {
  std::uint64_t q[12];
  const std::uint32_t sign = look_up(q, window, digit);
  const auto plus = Field::from_words(q), minus = Field::from_words(q + 4), unsigned_k = Field::from_words(q + 8);
  const auto k = select(sign, sub(Field::zero(), unsigned_k), unsigned_k);
  const auto A = mul(sub(p.Y, p.X), minus), B = mul(add(p.Y, p.X), plus);
  const auto C = mul(p.T, k);
  const auto D = add(p.Z, p.Z);
  const auto E = sub(B, A);
  const auto F = sub(D, C);
  const auto G = add(D, C);
  const auto H = add(B, A);
  p.X = mul(F, E);
  p.Y = mul(G, H);
  p.Z = mul(F, G);
  p.T = mul(E, H);
}

/// Doubling for a = -1 (the same paper, 3.3, with 2XY by a multiplication and all four results negated, which is the
/// same point: the sums stay smaller).
template <class Field>
inline void double_point(extended<Field>& p) noexcept {
  const auto A = square(p.X), B = square(p.Y), C = square(p.Z), XY = mul(p.X, p.Y);
  const auto E = add(XY, XY), H = add(A, B);
  const auto G = sub(B, A);
  const auto F = sub(add(add(C, C), A), B);
  p.X = mul(F, E);
  p.Y = mul(G, H);
  p.Z = mul(F, G);
  p.T = mul(E, H);
}

/// out = X25519(scalar, 9): the digits with odd index first, times 16, then the others, each pair from one window; at
/// the end u = (1 + y)/(1 - y). Four bits and 32 windows: five bits take 12 additions of 64 away, but scan twice the
/// entries for each, in a table that no longer fits a first-level cache.
template <class Field>
inline void multiply_base(std::uint8_t* out, const std::uint8_t* scalar) noexcept {
  struct {
    clamped k;
    signed_digits d;
    extended<Field> p;
  } s;
  const core::wipe_at_exit guard(s);
  s.k = clamp(scalar);
  s.d = recode(s.k);
  s.p = {Field::zero(), Field::one(), Field::one(), Field::zero()};
  for (std::size_t i = 0; i < base_windows; ++i) add_digit(s.p, i, s.d.digit[2 * i + 1]);
  for (int i = 0; i < 4; ++i) double_point(s.p);
  for (std::size_t i = 0; i < base_windows; ++i) add_digit(s.p, i, s.d.digit[2 * i]);
  const auto denominator = mul(sub(s.p.Z, s.p.Y), Field::one());
  Field::store(out, mul(add(s.p.Z, s.p.Y), invert(denominator)));
}
