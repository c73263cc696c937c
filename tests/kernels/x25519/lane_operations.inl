// SPDX-License-Identifier: BSL-1.0
// What a kernel's ladder does with field elements, on limbs in memory, limb by limb over all lanes. Included in the
// kernel's region, after `namespace field` names where the element type is.

inline field::limbs get(const std::uint64_t* from) {
  field::limbs f;
  for (int i = 0; i < field::limb_count; ++i) f.limb[i] = field::load(from + field::lanes * static_cast<std::size_t>(i));
  return f;
}
inline void put(std::uint64_t* to, const field::limbs& f) {
  for (int i = 0; i < field::limb_count; ++i) field::store(to + field::lanes * static_cast<std::size_t>(i), f.limb[i]);
}

inline void product(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g) {
  put(r, field::carry(field::add_product(field::nothing(), get(f), get(g))));
}
inline void square(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t*) {
  put(r, field::carry(field::add_square(field::nothing(), get(f))));
}
inline void multiple(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g) {
  put(r, field::carry(field::add_multiple<121665>(field::add_square(field::nothing(), get(f)), get(g))));
}
inline void difference(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g) {
  const auto minuend = field::add(field::bias(), field::add_square(field::nothing(), get(f)));
  put(r, field::carry(field::sub(minuend, field::add_product(field::nothing(), get(f), get(g)))));
}
inline constexpr operations all{&product, &square, &multiple, &difference};
