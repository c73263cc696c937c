// SPDX-License-Identifier: BSL-1.0
// The constant-time helpers compute what they say; the taint tests show that they don't branch.
#include "sotto/core/constant_time.hpp"

#include <cstdint>

#include "support/catch.hpp"
#include "support/pattern.hpp"

namespace ct = sotto::core;

TEST_CASE("value_barrier returns its argument") {
  CHECK(ct::value_barrier(std::uint8_t{200}) == 200);
  CHECK(ct::value_barrier(std::uint32_t{0xdeadbeef}) == 0xdeadbeef);
  CHECK(ct::value_barrier(std::uint64_t{0x0123456789abcdef}) == 0x0123456789abcdef);
}

TEST_CASE("mask_if_zero is all ones for zero only") {
  CHECK(ct::mask_if_zero(0) == 0xffffffffu);
  std::uint32_t wrong = 0;
  for (unsigned bit = 0; bit < 32; ++bit) wrong |= ct::mask_if_zero(std::uint32_t{1} << bit);
  for (std::uint32_t v = 1; v < 100000; ++v) wrong |= ct::mask_if_zero(v);
  for (std::uint32_t v = 0xffffffffu; v > 0xfffff000u; --v) wrong |= ct::mask_if_zero(v);
  CHECK(wrong == 0);
}

TEST_CASE("select takes bits from one side or the other") {
  CHECK(ct::select<std::uint32_t>(0xffffffffu, 1, 2) == 1);
  CHECK(ct::select<std::uint32_t>(0, 1, 2) == 2);
  CHECK(ct::select<std::uint64_t>(0xffffffff00000000u, 0x1111111111111111u, 0x2222222222222222u) ==
        0x1111111122222222u);
}

TEST_CASE("equal finds every single differing bit at every length") {
  for (std::size_t len = 0; len <= 40; ++len) {
    const auto a = support::pattern_bytes(len, len + 1);
    auto b = a;
    b[len] = static_cast<std::uint8_t>(~b[len]);  // beyond the compared bytes
    REQUIRE(ct::equal(a.data(), b.data(), len));
    REQUIRE(ct::equal_bit(a.data(), b.data(), len) == 1);
    std::size_t missed = 0;
    for (std::size_t bit = 0; bit < 8 * len; ++bit) {
      const auto flip = static_cast<std::uint8_t>(1u << bit % 8);
      b[bit / 8] ^= flip;
      missed += ct::equal(a.data(), b.data(), len) || ct::equal_bit(a.data(), b.data(), len) != 0;
      b[bit / 8] ^= flip;
    }
    REQUIRE(missed == 0);
  }
  CHECK(ct::equal(nullptr, nullptr, 0));
}

TEST_CASE("reveal turns a verdict into a bool") {
  CHECK(ct::reveal(1));
  CHECK_FALSE(ct::reveal(0));
}
