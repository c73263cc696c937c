// SPDX-License-Identifier: BSL-1.0
// Secrets are zero in memory after they end and after they are moved from, and can't be copied, compared or printed.
#include "sotto/core/secret.hpp"

#include <cstdint>
#include <cstring>
#include <ostream>
#include <type_traits>
#include <utility>

#include "support/catch.hpp"
#include "support/pattern.hpp"
#include "support/remains.hpp"

using sotto::core::secret;
using sotto::core::secret_bytes;
using support::remains;

namespace {

struct keys {
  std::uint8_t bytes[40];
  std::uint32_t words[6];
};

template <class T>
concept comparable = requires(const T& a, const T& b) {
  a == b;
};
template <class T>
concept printable = requires(std::ostream& s, const T& v) {
  s << v;
};

template <class T>
constexpr bool guarded =
    !comparable<T> && !printable<T> && !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
    std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>;
static_assert(guarded<secret<keys>>);
static_assert(guarded<secret_bytes<32>>);
static_assert(!std::is_convertible_v<sotto::const_bytes, secret_bytes<32>>);

void fill(secret<keys>& s) { std::memset(&s.expose(), 0x5a, sizeof(keys)); }
constexpr std::size_t words_of_keys = sizeof(keys) / sizeof(void*);

}  // namespace

TEST_CASE("wipe zeroes exactly what it is told") {
  std::uint8_t bytes[64];
  for (std::size_t from = 0; from <= 8; ++from) {
    for (std::size_t len = 0; len <= 40; ++len) {
      std::memset(bytes, 0xff, sizeof bytes);
      sotto::core::wipe(bytes + from, len);
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < sizeof bytes; ++i) wrong += bytes[i] != (i >= from && i < from + len ? 0 : 0xff);
      REQUIRE(wrong == 0);
    }
  }
  sotto::core::wipe(nullptr, 0);
}

TEST_CASE("wipe_at_exit wipes when its scope ends") {
  keys k;
  std::memset(&k, 0xff, sizeof k);
  {
    const sotto::core::wipe_at_exit guard(k);
    REQUIRE(k.bytes[0] == 0xff);
  }
  const keys zero{};
  CHECK(std::memcmp(&k, &zero, sizeof k) == 0);
}

TEST_CASE("a secret starts zeroed") {
  alignas(secret<keys>) std::uint8_t memory[sizeof(secret<keys>)];
  std::memset(memory, 0xff, sizeof memory);
  auto* s = ::new (static_cast<void*>(memory)) secret<keys>;
  const keys zero{};
  CHECK(std::memcmp(&s->expose(), &zero, sizeof zero) == 0);
  std::destroy_at(s);
}

TEST_CASE("a secret is wiped when it ends") {
  remains<secret<keys>> r;
  fill(r.object());
  REQUIRE(r.nonzero_words() == words_of_keys);
  r.end();
  CHECK(r.nonzero_words() == 0);
}

TEST_CASE("a secret is wiped when it is moved from") {
  remains<secret<keys>> from, into;
  fill(from.object());
  secret<keys> moved = std::move(from.object());
  CHECK(from.nonzero_words() == 0);
  CHECK(moved.expose().words[5] == 0x5a5a5a5au);

  into.object() = std::move(moved);
  CHECK(into.nonzero_words() == words_of_keys);
  CHECK(moved.expose().words[5] == 0);
}

TEST_CASE("a secret assigned to itself keeps its value") {
  secret<keys> s;
  fill(s);
  auto& same = s;
  s = std::move(same);
  CHECK(s.expose().bytes[39] == 0x5a);
}

TEST_CASE("clear wipes at once") {
  remains<secret<keys>> r;
  fill(r.object());
  r.object().clear();
  CHECK(r.nonzero_words() == 0);
}

TEST_CASE("secret_bytes holds up to its capacity") {
  const auto bytes = support::pattern_bytes(1, 48);
  for (std::size_t len = 0; len <= bytes.size(); ++len) {
    const secret_bytes<32> s(sotto::const_bytes(bytes.data(), len));
    REQUIRE(s.size() == (len < 32 ? len : 32));
    REQUIRE(s.expose().size() == s.size());
    REQUIRE(std::memcmp(s.expose().data(), bytes.data(), s.size()) == 0);
  }
}

TEST_CASE("secret_bytes is wiped when it ends and when it is moved from") {
  const auto bytes = support::pattern_bytes(2, 32);
  remains<secret_bytes<32>> from{sotto::const_bytes(bytes)}, into{sotto::const_bytes(bytes).first(5)};
  secret_bytes<32> moved = std::move(from.object());
  CHECK(from.nonzero_words() == 0);
  CHECK(from.object().size() == 0);
  CHECK(moved.size() == 32);

  into.object() = std::move(moved);
  CHECK(moved.size() == 0);
  REQUIRE(into.object().size() == 32);
  CHECK(std::memcmp(into.object().expose().data(), bytes.data(), 32) == 0);
  into.end();
  CHECK(into.nonzero_words() <= 1);  // the length is no secret
}
