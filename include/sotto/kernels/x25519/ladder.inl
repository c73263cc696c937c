// SPDX-License-Identifier: BSL-1.0
// Inversion, and the Montgomery ladder of RFC 7748 section 5, once for every field arithmetic.

/// RFC 7748 5, decodeUCoordinate: little-endian, the top bit ignored, any value below 2^255 accepted.
template <class Field>
inline auto load(const std::uint8_t* u) noexcept {
  const std::uint64_t words[4] = {core::load_le64(u), core::load_le64(u + 8), core::load_le64(u + 16),
                                  core::load_le64(u + 24)};
  return Field::from_words(words);
}

/// f^(2^n).
template <class Element>
inline Element square_times(Element f, unsigned n) noexcept {
  for (; n != 0; --n) f = square(f);
  return f;
}

/// f^(p - 2), which is 1/f, and 0 for 0. Each name tells the exponent: f_a_b is f^(2^a - 2^b).
template <class Element>
inline Element invert(const Element& f) noexcept {
  const Element f2 = square(f), f9 = mul(square_times(f2, 2), f), f11 = mul(f9, f2);
  const Element f_5_0 = mul(square(f11), f9);
  const Element f_10_0 = mul(square_times(f_5_0, 5), f_5_0);
  const Element f_20_0 = mul(square_times(f_10_0, 10), f_10_0);
  const Element f_40_0 = mul(square_times(f_20_0, 20), f_20_0);
  const Element f_50_0 = mul(square_times(f_40_0, 10), f_10_0);
  const Element f_100_0 = mul(square_times(f_50_0, 50), f_50_0);
  const Element f_200_0 = mul(square_times(f_100_0, 100), f_100_0);
  const Element f_250_0 = mul(square_times(f_200_0, 50), f_50_0);
  return mul(square_times(f_250_0, 5), f11);  // 2^255 - 2^5 + 11 = p - 2
}

/// out = X25519(scalar, u). The loop's variables are the RFC's. Its conditional swap is only needed where the two
/// points are told apart, for the doubling: DA and CB change places with it, and what follows is symmetric in them. The
/// last bit of a clamped scalar is 0, so that no swap is left at the end.
template <class Field>
inline void multiply(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* u) noexcept {
  using element = typename Field::template element<1>;
  struct {
    clamped k;
    element x_2, z_2, x_3, z_3;
  } s;
  const core::wipe_at_exit guard(s);
  s.k = clamp(scalar);
  const element x_1 = load<Field>(u);
  s.x_2 = Field::one();
  s.z_2 = Field::zero();
  s.x_3 = x_1;
  s.z_3 = Field::one();

  std::uint32_t previous = 0;
  for (std::size_t t = 255; t-- != 0;) {
    const std::uint32_t k_t = s.k.bit(t), swap = 0u - (previous ^ k_t);
    previous = k_t;
    const auto A = add(s.x_2, s.z_2), C = add(s.x_3, s.z_3);
    const auto B = sub(s.x_2, s.z_2), D = sub(s.x_3, s.z_3);
    // In an order that keeps a dependent pair apart: a processor looks one or two products ahead.
    const auto DA = mul(D, A), CB = mul(B, C);
    const auto AA = square(select(swap, C, A)), BB = square(select(swap, D, B));
    const auto minus = square(sub(DA, CB));
    const auto E = sub(AA, BB);
    s.x_3 = square(add(DA, CB));
    const auto sum = add(mul_small<121665>(E), AA);
    s.x_2 = mul(AA, BB);
    s.z_3 = mul(minus, x_1);
    s.z_2 = mul(sum, E);
  }
  Field::store(out, mul(s.x_2, invert(s.z_2)));
}

/// One multiplication after the other.
template <class Field>
inline void multiply_each(const job* jobs, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) multiply<Field>(jobs[i].out, jobs[i].scalar, jobs[i].u);
}
