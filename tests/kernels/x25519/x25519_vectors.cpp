// SPDX-License-Identifier: BSL-1.0
// RFC 7748's vectors on every kernel, its iteration included: a million rounds only if SOTTO_TEST_LONG=1 asks for them.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "sotto/kernels/x25519/select.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/hex.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

namespace x25519 = sotto::kernels::x25519;
using bytes = std::vector<std::uint8_t>;

namespace {

/// RFC 7748 5.2: start with k = u = 9; each round (k, u) = (X25519(k, u), k).
std::string iterated(const x25519::kernel& kernel, int rounds) {
  bytes k(32), u(32), out(32);
  k[0] = u[0] = 9;
  for (int i = 0; i < rounds; ++i) {
    kernel.multiply(out.data(), k.data(), u.data());
    u = k;
    k = out;
  }
  return support::to_hex(k);
}

}  // namespace

TEST_CASE("X25519 kernels: published vectors") {
  const auto records = support::read_vectors("x25519.txt");
  for (const auto* kernel : support::runnable(x25519::candidates)) {
    for (const auto& r : records) {
      INFO(kernel->name << " " << r.where());
      bytes out(32);
      kernel->multiply(out.data(), r["scalar"].data(), r["u"].data());
      CHECK(out == r["result"]);
      out.assign(32, 0);
      const x25519::job job{r["scalar"].data(), r["u"].data(), out.data()};
      kernel->multiply_batch(&job, 1);
      CHECK(out == r["result"]);
      if (r["u"] != support::from_hex("09" + std::string(62, '0'))) continue;
      kernel->multiply_base(out.data(), r["scalar"].data());
      CHECK(out == r["result"]);
    }
  }
}

TEST_CASE("X25519 kernels: one iteration and a thousand") {
  for (const auto* kernel : support::runnable(x25519::candidates)) {
    INFO(kernel->name);
    CHECK(iterated(*kernel, 1) == "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    CHECK(iterated(*kernel, 1000) == "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  }
}

TEST_CASE("X25519 kernels: a million iterations") {
  const char* wish = std::getenv("SOTTO_TEST_LONG");
  if (wish == nullptr || std::string(wish) != "1") {
    std::printf("SKIPPED: a million iterations; SOTTO_TEST_LONG=1 runs them\n");
    return;
  }
  const std::string expected = "7c3911e0ab2586fd864497297e575e6f3bc601c0883c30df5f4dd2d24f665424";
  const x25519::kernel& best = x25519::select();
  INFO(best.name);
  CHECK(iterated(best, 1000000) == expected);
#if SOTTO_X25519_HAS_FIELD51
  if (&best != &x25519::portable_51::table) CHECK(iterated(x25519::portable_51::table, 1000000) == expected);
#endif
}
