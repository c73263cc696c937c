// SPDX-License-Identifier: BSL-1.0
// Integers are read and written at any address in the named byte order, and the aliasing rule holds at its edges.
#include "sotto/core/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "support/catch.hpp"

namespace core = sotto::core;

TEST_CASE("loads read the named byte order at any alignment") {
  for (std::size_t at = 0; at < 8; ++at) {
    std::array<std::uint8_t, 24> m{};
    for (std::size_t i = 0; i < 8; ++i) m[at + i] = static_cast<std::uint8_t>(0x11 * (i + 8));
    const std::uint8_t* p = m.data() + at;
    CHECK(core::load_be16(p) == 0x8899);
    CHECK(core::load_be32(p) == 0x8899aabbu);
    CHECK(core::load_be64(p) == 0x8899aabbccddeeffu);
    CHECK(core::load_le32(p) == 0xbbaa9988u);
    CHECK(core::load_le64(p) == 0xffeeddccbbaa9988u);
  }
}

TEST_CASE("stores are the inverse of loads and touch nothing else") {
  const auto check = [](std::size_t len, auto store, auto load) {
    for (std::size_t at = 0; at < 8; ++at) {
      std::array<std::uint8_t, 24> m;
      m.fill(0x77);
      store(m.data() + at);
      CHECK(load(m.data() + at));
      for (std::size_t i = 0; i < m.size(); ++i)
        if (i < at || i >= at + len) REQUIRE(m[i] == 0x77);
    }
  };
  check(
      2, [](auto* p) { core::store_be16(p, 0x8123); }, [](auto* p) { return core::load_be16(p) == 0x8123; });
  check(
      4, [](auto* p) { core::store_be32(p, 0x81234567u); }, [](auto* p) { return core::load_be32(p) == 0x81234567u; });
  check(
      4, [](auto* p) { core::store_le32(p, 0x81234567u); }, [](auto* p) { return core::load_le32(p) == 0x81234567u; });
  check(
      8, [](auto* p) { core::store_be64(p, 0x8123456789abcdefu); },
      [](auto* p) { return core::load_be64(p) == 0x8123456789abcdefu; });
  check(
      8, [](auto* p) { core::store_le64(p, 0x8123456789abcdefu); },
      [](auto* p) { return core::load_le64(p) == 0x8123456789abcdefu; });
}

TEST_CASE("byte_swap") {
  static_assert(core::byte_swap(std::uint32_t{0x01020304}) == 0x04030201);
  static_assert(core::byte_swap(std::uint64_t{0x0102030405060708}) == 0x0807060504030201);
  CHECK(core::byte_swap(core::byte_swap(std::uint64_t{0xfedcba9876543210})) == 0xfedcba9876543210);
}

TEST_CASE("copy accepts null pointers with length 0") {
  std::uint8_t byte = 9;
  core::copy(nullptr, nullptr, 0);
  core::copy(&byte, nullptr, 0);
  CHECK(byte == 9);
  const std::uint8_t four = 4;
  core::copy(&byte, &four, 1);
  CHECK(byte == 4);
}

TEST_CASE("overlap is true exactly if a byte is shared") {
  std::uint8_t m[16];
  std::size_t wrong = 0;
  for (std::size_t a = 0; a <= 8; ++a)
    for (std::size_t a_len = 0; a_len <= 8; ++a_len)
      for (std::size_t b = 0; b <= 8; ++b)
        for (std::size_t b_len = 0; b_len <= 8; ++b_len) {
          bool shared = false;
          for (std::size_t i = a; i < a + a_len; ++i) shared = shared || (i >= b && i < b + b_len);
          wrong += core::overlap(m + a, a_len, m + b, b_len) != shared;
          const bool allowed = a == b || !shared;
          wrong += core::same_or_disjoint({m + a, a_len}, {m + b, b_len}) != allowed;
        }
  CHECK(wrong == 0);
}

TEST_CASE("empty spans never overlap") {
  std::uint8_t m[4];
  CHECK_FALSE(core::overlap(nullptr, 0, nullptr, 0));
  CHECK_FALSE(core::overlap(m, 4, nullptr, 0));
  CHECK_FALSE(core::overlap(m + 2, 0, m, 4));
  CHECK(core::same_or_disjoint({}, {}));
  CHECK(core::same_or_disjoint({}, {m, 4}));
}

TEST_CASE("std::byte spans are seen as the same memory") {
  std::array<std::byte, 5> m{};
  const auto view = sotto::as_u8(std::span<std::byte>(m));
  CHECK(view.size() == m.size());
  view[3] = 7;
  CHECK(m[3] == std::byte{7});
  CHECK(sotto::as_u8(std::span<const std::byte>(m))[3] == 7);
}
