// SPDX-License-Identifier: BSL-1.0
// Feature sets are sets, every feature has one bit and one name, and choose() takes the first kernel that fits.
#include "sotto/cpu/isa.hpp"

#include <bit>
#include <cstdint>
#include <set>
#include <span>
#include <string>

#include "support/catch.hpp"

using sotto::cpu::feature_set;

TEST_CASE("feature sets contain, join and subtract") {
  constexpr feature_set a(SOTTO_ISA_AES), b(SOTTO_ISA_AVX2), both(SOTTO_ISA_AES | SOTTO_ISA_AVX2), none;
  static_assert(a.with(b) == both && both.without(a) == b && a.without(both) == none);
  CHECK(both.contains(a));
  CHECK(both.contains(both));
  CHECK(both.contains(none));
  CHECK_FALSE(a.contains(both));
  CHECK_FALSE(none.contains(a));
}

TEST_CASE("every feature has one bit and one name") {
  std::uint32_t seen = 0;
  std::set<std::string> names;
  for (const auto& f : sotto::cpu::feature_names) {
    REQUIRE(std::has_single_bit(f.feature.bits()));
    REQUIRE((seen & f.feature.bits()) == 0);
    seen |= f.feature.bits();
    REQUIRE(names.insert(f.name).second);
  }
  CHECK((seen & 0x80000000u) == 0);  // the cache's own bit
}

TEST_CASE("choose takes the first kernel whose needs are met") {
  struct kernel {
    int id;
  };
  static constexpr kernel best{3}, middle{2}, portable{1};
  static constexpr sotto::cpu::candidate<kernel> list[] = {{&best, feature_set(SOTTO_ISA_AES | SOTTO_ISA_VAES)},
                                                           {&middle, feature_set(SOTTO_ISA_AES)},
                                                           {&portable, feature_set()}};
  const auto chosen = [](std::uint32_t bits) {
    return sotto::cpu::choose(std::span<const sotto::cpu::candidate<kernel>>(list), feature_set(bits)).id;
  };
  CHECK(chosen(0) == 1);
  CHECK(chosen(SOTTO_ISA_VAES) == 1);
  CHECK(chosen(SOTTO_ISA_AES) == 2);
  CHECK(chosen(SOTTO_ISA_AES | SOTTO_ISA_AVX2) == 2);
  CHECK(chosen(SOTTO_ISA_AES | SOTTO_ISA_VAES) == 3);
  CHECK(chosen(0xffffffffu) == 3);
}
