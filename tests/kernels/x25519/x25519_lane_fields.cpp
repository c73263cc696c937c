// SPDX-License-Identifier: BSL-1.0
// The field arithmetic of the x86 kernels at the limits of its limbs, lane by lane, judged by slow bytewise arithmetic;
// and that of the reference, as one lane, in the same combinations.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/x25519/bytewise_field.hpp"
#include "sotto/cpu/features.hpp"
#include "sotto/kernels/x25519/candidates.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/pattern.hpp"

namespace x25519 = sotto::kernels::x25519;

namespace {

using operation = void (*)(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g);
struct operations {
  operation product, square;
  operation multiple;    ///< f^2 + 121665 g
  operation difference;  ///< f^2 - f g
};

/// How a field's limbs lie in memory, and how large those of a factor may be, the result of a carry included.
struct layout {
  std::size_t lanes, limbs;
  std::size_t (*weight)(std::size_t limb);
  std::uint64_t (*most)(std::size_t limb);
};

[[maybe_unused]] constexpr layout radix51(std::size_t lanes) {
  return {lanes, 5, [](std::size_t i) { return 51 * i; },
          [](std::size_t) { return (std::uint64_t{1} << 51) + (1 << 15); }};
}
[[maybe_unused]] constexpr layout radix25{
    4, 10, [](std::size_t i) { return (51 * i + 1) / 2; },
    [](std::size_t i) { return (std::uint64_t{1} << (i % 2 == 0 ? 26 : 25)) + (1 << 17); }};
[[maybe_unused]] constexpr layout radix64{1, 4, [](std::size_t i) { return 64 * i; },
                                          [](std::size_t) { return ~std::uint64_t{0}; }};

/// Limbs at their largest, zero, all ones, a power of two, or anything, each lane for itself.
std::vector<std::uint64_t> elements(const layout& l, std::size_t kind, support::pattern& p) {
  std::vector<std::uint64_t> f(l.lanes * l.limbs);
  for (std::size_t i = 0; i < f.size(); ++i) {
    const std::size_t limb = i / l.lanes, bits = l.weight(limb + 1) - l.weight(limb);
    const std::uint64_t choice = kind < 4 ? kind : p.below(6), ones = ~std::uint64_t{0} >> (64 - bits);
    f[i] = choice == 0   ? l.most(limb)
           : choice == 1 ? 0
           : choice == 2 ? ones
           : choice == 3 ? (ones >> 1) + 1
                         : p.next() & ones;
  }
  return f;
}

bytewise::number value(const layout& l, const std::vector<std::uint64_t>& f, std::size_t lane) {
  bytewise::number sum{};
  for (std::size_t i = 0; i < l.limbs; ++i)
    sum = bytewise::add(sum, bytewise::shifted(f[i * l.lanes + lane], l.weight(i)));
  return sum;
}

void check(const layout& l, const operations& o, support::row& row) {
  support::pattern p(3);
  for (std::size_t n = 0; n < (support::full_grid() ? 600u : 100u); ++n) {
    const auto f = elements(l, n / 4, p), g = elements(l, n < 16 ? n % 4 : 4, p);
    std::vector<std::uint64_t> product(f.size()), square(f.size()), multiple(f.size()), difference(f.size());
    o.product(product.data(), f.data(), g.data());
    o.square(square.data(), f.data(), g.data());
    o.multiple(multiple.data(), f.data(), g.data());
    o.difference(difference.data(), f.data(), g.data());
    for (std::size_t lane = 0; lane < l.lanes; ++lane) {
      const auto F = value(l, f, lane), G = value(l, g, lane);
      const auto FF = bytewise::mul(F, F), FG = bytewise::mul(F, G);
      const char* fault = nullptr;
      if (value(l, product, lane) != FG) fault = "wrong product";
      if (value(l, square, lane) != FF) fault = "wrong square";
      if (value(l, multiple, lane) != bytewise::add(FF, bytewise::mul(G, bytewise::from(std::uint64_t{121665}))))
        fault = "wrong multiple";
      if (value(l, difference, lane) != bytewise::sub(FF, FG)) fault = "wrong difference";
      for (const auto* r : {&product, &square, &multiple, &difference})
        for (std::size_t i = 0; i < l.limbs; ++i)
          if ((*r)[i * l.lanes + lane] > l.most(i)) fault = "a limb beyond its bound";
      row.judge(fault, [&] { return "case " + std::to_string(n) + ", lane " + std::to_string(lane); });
    }
  }
}

[[maybe_unused]] bool runs_here(std::uint32_t needs) {
  const bool has = sotto::cpu::detected().contains(sotto::cpu::feature_set(needs));
  if (!has) WARN("SKIPPED: this processor can't run it");
  return has;
}

}  // namespace

namespace reference {
using field = x25519::field25;
field::element<1> get(const std::uint64_t* f) {
  field::element<1> e;
  for (std::size_t i = 0; i < 10; ++i) e.limb[i] = static_cast<std::uint32_t>(f[i]);
  return e;
}
template <class Element>
void put(std::uint64_t* to, const Element& f) {
  const auto reduced = mul(f, field::one());
  for (std::size_t i = 0; i < 10; ++i) to[i] = reduced.limb[i];
}
void product(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g) { put(r, mul(get(f), get(g))); }
void square(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t*) { put(r, x25519::square(get(f))); }
void multiple(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g) {
  put(r, add(x25519::square(get(f)), x25519::mul_small<121665>(get(g))));
}
void difference(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g) {
  put(r, sub(x25519::square(get(f)), mul(get(f), get(g))));
}
constexpr operations all{&product, &square, &multiple, &difference};
}  // namespace reference

TEST_CASE("the reference's field is right up to its limits") {
  constexpr layout one_lane{1, 10, [](std::size_t i) { return (51 * i + 1) / 2; },
                            [](std::size_t i) { return (std::uint64_t{1} << (i % 2 == 0 ? 26 : 25)) + 0x2000; }};
  support::row row;
  check(one_lane, reference::all, row);
  REQUIRE_ROW(row);
}

#if SOTTO_X25519_HAS_FIELD51 && SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_AVX2)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_AVX2)
namespace avx2 {
namespace field = x25519::x86_avx2;
#include "lane_operations.inl"
}  // namespace avx2
SOTTO_REGION_END

TEST_CASE("x86_avx2's field is right up to its limits") {
  if (!runs_here(SOTTO_NEEDS_X86_AVX2)) return;
  support::row row;
  check(radix25, avx2::all, row);
  REQUIRE_ROW(row);
}
#endif

#if SOTTO_X25519_HAS_FIELD51 && SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_IFMA)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_IFMA)
namespace ifma256 {
namespace field = x25519::x86_ifma;
#include "lane_operations.inl"
}  // namespace ifma256
namespace ifma512 {
namespace field = x25519::x86_ifma_batch;
#include "lane_operations.inl"
}  // namespace ifma512
SOTTO_REGION_END

TEST_CASE("x86_ifma's fields are right up to their limits") {
  if (!runs_here(SOTTO_NEEDS_X86_IFMA)) return;
  support::row row;
  check(radix51(4), ifma256::all, row);
  check(radix51(8), ifma512::all, row);
  REQUIRE_ROW(row);
}
#endif

#if SOTTO_X25519_COMPILE_ADX
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_ADX)
namespace adx {
namespace field = x25519::x86_adx;
inline field::fe64<2> get(const std::uint64_t* f) { return {{f[0], f[1], f[2], f[3]}}; }
template <unsigned Units>
void put(std::uint64_t* to, const field::fe64<Units>& f) {
  for (std::size_t i = 0; i < 4; ++i) to[i] = f.limb[i];
}
inline void product(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g) { put(r, mul(get(f), get(g))); }
inline void square(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t*) { put(r, square(get(f))); }
inline void multiple(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g) {
  put(r, add(square(get(f)), mul_small<121665>(get(g))));
}
inline void difference(std::uint64_t* r, const std::uint64_t* f, const std::uint64_t* g) {
  put(r, sub(square(get(f)), mul(get(f), get(g))));
}
inline constexpr operations all{&product, &square, &multiple, &difference};
}  // namespace adx
SOTTO_REGION_END

TEST_CASE("x86_adx's field takes any 256 bits") {
  if (!runs_here(SOTTO_NEEDS_X86_ADX)) return;
  support::row row;
  check(radix64, adx::all, row);
  REQUIRE_ROW(row);
}
#endif
