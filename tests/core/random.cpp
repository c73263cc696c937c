// SPDX-License-Identifier: BSL-1.0
// The system's randomness fills all of a buffer and nothing else; what is passed as a source must be one.
#include "sotto/core/random.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/guard_pages.hpp"

namespace {

struct may_throw {
  sotto::result<void> operator()(sotto::mutable_bytes) { return {}; }
};
struct returns_nothing {
  void operator()(sotto::mutable_bytes) noexcept {}
};
static_assert(sotto::random_source<sotto::system_random>);
static_assert(sotto::random_source<const sotto::system_random>);
static_assert(!sotto::random_source<may_throw>);
static_assert(!sotto::random_source<returns_nothing>);

std::vector<std::uint8_t> draw(std::size_t len) {
  std::vector<std::uint8_t> bytes(len);
  REQUIRE(sotto::system_random{}(bytes).has_value());
  return bytes;
}

}  // namespace

TEST_CASE("two draws differ") {
  for (const std::size_t len : {16u, 32u, 256u, 257u, 5000u}) CHECK(draw(len) != draw(len));
}

TEST_CASE("every part of a long draw is filled") {
  // Sixteen equal bytes in a row come with probability 2^-120.
  const auto bytes = draw(5000);
  for (std::size_t i = 0; i + 16 <= bytes.size(); ++i) {
    const bool constant =
        std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(i), bytes.begin() + static_cast<std::ptrdiff_t>(i + 16),
                    [&](std::uint8_t b) { return b == bytes[i]; });
    REQUIRE_FALSE(constant);
  }
}

TEST_CASE("a draw stays inside its buffer") {
  support::guard_pages memory(1024);
  for (const auto at : {support::edge::start, support::edge::end}) {
    for (const std::size_t len : {0u, 1u, 255u, 256u, 257u, 511u, 513u}) {
      std::uint8_t* p = memory.place(at, len);
      REQUIRE(sotto::system_random{}({p, len}).has_value());
      REQUIRE(memory.intact_around(p, len));
    }
  }
}

TEST_CASE("an empty draw succeeds") { CHECK(sotto::system_random{}({}).has_value()); }
