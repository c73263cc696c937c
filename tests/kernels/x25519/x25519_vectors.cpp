// SPDX-License-Identifier: BSL-1.0
// Every X25519 kernel gives the published products, one by one, in every lane of a batch, and in long chains.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/vector_file.hpp"

using namespace x25519_test;

namespace {

std::size_t iterations_of(const support::vector_record& r) {
  std::size_t n = 0;
  for (const std::uint8_t b : r["iterations"]) n = n << 8 | b;
  return n;
}

std::vector<support::vector_record> records(std::size_t iterations) {
  std::vector<support::vector_record> some;
  for (auto& r : support::read_vectors("x25519.txt"))
    if (iterations_of(r) == iterations) some.push_back(r);
  REQUIRE_FALSE(some.empty());
  return some;
}

/// The scalar is the last product, and u the scalar before it.
octets chained(const x25519::kernel& kernel, const support::vector_record& r) {
  factors f{r["scalar"], r["u"]};
  for (std::size_t i = 0; i < iterations_of(r); ++i) {
    octets next = product(kernel, f);
    f = {std::move(next), std::move(f.scalar)};
  }
  return f.scalar;
}

}  // namespace

TEST_CASE("X25519 kernels: published products") {
  std::size_t public_keys = 0;
  for (const auto* kernel : kernels()) {
    for (const auto& r : records(1)) {
      INFO(kernel->name << " " << r.where());
      CHECK(product(*kernel, {r["scalar"], r["u"]}) == r["product"]);
      if (r["u"] != base_point) continue;
      ++public_keys;
      CHECK(public_key(*kernel, r["scalar"]) == r["product"]);
    }
  }
  CHECK(public_keys >= 3 * kernels().size());
}

TEST_CASE("X25519 kernels: published products in every lane") {
  const auto published = records(1);
  for (const auto* kernel : kernels()) {
    for (const std::size_t count : {8u, 9u, 16u}) {
      for (std::size_t shift = 0; shift < published.size(); ++shift) {
        std::vector<factors> all;
        for (std::size_t i = 0; i < count; ++i) {
          const auto& r = published[(i + shift) % published.size()];
          all.push_back({r["scalar"], r["u"]});
        }
        const auto out = products_in_a_batch(*kernel, all);
        for (std::size_t i = 0; i < count; ++i) {
          INFO(kernel->name << " job " << i << " of " << count);
          REQUIRE(out[i] == published[(i + shift) % published.size()]["product"]);
        }
      }
    }
  }
}

TEST_CASE("X25519 kernels: a thousand iterations") {
  const auto all = kernels();
  for (const auto* kernel : all) {
    // The best and the reference are enough where everything is slow.
    if (!support::full_grid() && kernel != all.front() && kernel != all.back()) continue;
    for (const auto& r : records(1000)) {
      INFO(kernel->name << " " << r.where());
      CHECK(chained(*kernel, r) == r["product"]);
    }
  }
}

TEST_CASE("X25519 kernels: a million iterations") {
  const auto chains = records(1000000);
  if (std::getenv("SOTTO_TEST_LONG") == nullptr) {
    std::puts("SKIPPED: a million iterations of X25519; SOTTO_TEST_LONG=1 runs them");
    return;
  }
  for (const auto& r : chains) CHECK(chained(*kernels().front(), r) == r["product"]);
}
