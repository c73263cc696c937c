// SPDX-License-Identifier: BSL-1.0
// The system's randomness fills all of a buffer and nothing else, or fails and leaves zeros; what is passed as a source
// must be one.
#include "sotto/core/random.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/guard_pages.hpp"

#if defined(__linux__)
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

/// What the kernel may do to a call of getrandom: give all of it, give less, be interrupted, or refuse.
enum class answer { all, half, interrupted, refused };
/// The answers to come, the first one first; with none left, all.
std::vector<answer> answers;

}  // namespace

/// Takes the place of the C library's in this program.
extern "C" ssize_t getrandom(void* out, size_t len, unsigned flags) {
  answer now = answer::all;
  if (!answers.empty()) {
    now = answers.front();
    answers.erase(answers.begin());
  }
  if (now == answer::interrupted || now == answer::refused) {
    errno = now == answer::interrupted ? EINTR : ENOSYS;
    return -1;
  }
  return ::syscall(SYS_getrandom, out, now == answer::half ? (len + 1) / 2 : len, flags);
}
#endif

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

#if defined(__linux__)
TEST_CASE("what the system gives in parts or after an interruption is put together") {
  answers = {answer::half, answer::interrupted, answer::half, answer::interrupted, answer::interrupted};
  const auto bytes = draw(64);
  CHECK(answers.empty());
  for (std::size_t i = 0; i < 64; i += 16)
    CHECK(std::count(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                     bytes.begin() + static_cast<std::ptrdiff_t>(i + 16), 0) < 16);
}

TEST_CASE("a system without randomness is an error, and what came before it is gone") {
  for (const auto& before :
       {std::vector<answer>{}, {answer::all}, {answer::half}, {answer::all, answer::half, answer::interrupted}}) {
    answers = before;
    answers.push_back(answer::refused);
    std::vector<std::uint8_t> out(1000, 0xaa);
    const auto filled = sotto::system_random{}(out);
    REQUIRE_FALSE(filled.has_value());
    CHECK(filled.error() == sotto::error::random_unavailable);
    CHECK(out == std::vector<std::uint8_t>(1000));
    CHECK(answers.empty());
  }
}
#endif
