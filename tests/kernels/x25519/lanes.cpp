// SPDX-License-Identifier: BSL-1.0
// Batches of X25519: every lane with inputs of its own, every number of jobs, between unreadable pages and in place.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "sotto/kernels/x25519/select.hpp"
#include "support/catch.hpp"
#include "support/fault_note.hpp"
#include "support/grid.hpp"
#include "support/guard_pages.hpp"
#include "support/hex.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"

namespace x25519 = sotto::kernels::x25519;
using bytes = std::vector<std::uint8_t>;

namespace {

constexpr std::size_t most_jobs = 25;  // three full batches of the widest kernel and one job

/// Numbers whose limbs are full, empty or next to 2^255 - 19, points of low order, and random ones.
bytes awkward(support::pattern& p) {
  bytes b = p.bytes(32);
  const std::size_t at = p.below(32), len = p.below(33 - at);
  switch (p.below(8)) {
    case 0:
      b.assign(32, 0xff);
      b[0] = static_cast<std::uint8_t>(0xed - 20 + p.below(39));
      b[31] = p.below(2) == 0 ? 0x7f : 0xff;
      return b;
    case 1:
      b.assign(32, 0);
      b[0] = static_cast<std::uint8_t>(p.below(25));
      return b;
    case 2: std::memset(b.data() + at, 0xff, len); return b;
    case 3: std::memset(b.data() + at, 0, len); return b;
    case 4:
      b.assign(32, p.below(2) == 0 ? 0 : 0xff);
      for (int i = 0; i < 3; ++i) b[p.below(32)] ^= static_cast<std::uint8_t>(1u << p.below(8));
      return b;
    case 5:
      return support::from_hex(p.below(2) == 0 ? "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
                                               : "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157");
    default: return b;
  }
}

struct expected_job {
  bytes scalar, u, out;
};

std::vector<expected_job> expected_jobs(std::size_t count) {
  support::pattern p(count);
  std::vector<expected_job> jobs(count);
  for (auto& j : jobs) {
    j = {awkward(p), awkward(p), bytes(32)};
    support::reference(x25519::candidates()).multiply(j.out.data(), j.scalar.data(), j.u.data());
  }
  return jobs;
}

}  // namespace

TEST_CASE("X25519 kernels: every number of jobs, each lane with its own") {
  constexpr support::edge edges[] = {support::edge::start, support::edge::end};
  support::fault_note fault;
  for (const auto* kernel : support::runnable(x25519::candidates())) {
    support::row row;
    for (std::size_t count = 0; count <= most_jobs; ++count) {
      const auto expected = expected_jobs(count);
      for (const auto at : edges) {
        support::guard_pages scalars(32 * most_jobs), us(32 * most_jobs), outs(32 * most_jobs);
        std::uint8_t* scalar = scalars.place(at, 32 * count);
        std::uint8_t* u = us.place(at, 32 * count);
        std::uint8_t* out = outs.place(at, 32 * count);
        std::vector<x25519::job> jobs;
        for (std::size_t i = 0; i < count; ++i) {
          std::memcpy(scalar + 32 * i, expected[i].scalar.data(), 32);
          std::memcpy(u + 32 * i, expected[i].u.data(), 32);
          std::uint8_t* const to[] = {out + 32 * i, scalar + 32 * i, u + 32 * i};
          jobs.push_back({scalar + 32 * i, u + 32 * i, to[(i + count) % 3]});
        }
        fault.now(kernel->name, "batch", 0, count);
        kernel->multiply_batch(jobs.data(), count);
        for (std::size_t i = 0; i < count; ++i) {
          const char* wrong = std::memcmp(jobs[i].out, expected[i].out.data(), 32) == 0 ? nullptr : "wrong result";
          if (jobs[i].out != scalar + 32 * i && std::memcmp(scalar + 32 * i, expected[i].scalar.data(), 32) != 0)
            wrong = "changed the scalar";
          if (jobs[i].out != u + 32 * i && std::memcmp(u + 32 * i, expected[i].u.data(), 32) != 0) wrong = "changed u";
          row.judge(wrong, [&] { return "job " + std::to_string(i) + " of " + std::to_string(count); });
        }
        row.judge(scalars.intact_around(scalar, 32 * count) && us.intact_around(u, 32 * count) &&
                          outs.intact_around(out, 32 * count)
                      ? nullptr
                      : "wrote outside",
                  [&] { return std::to_string(count) + " jobs"; });
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519 kernels: one lane alone differs") {
  support::pattern p(77);
  const bytes scalar = p.bytes(32), u = p.bytes(32), other_scalar = p.bytes(32), other_u = p.bytes(32);
  bytes expected(32), other(32);
  support::reference(x25519::candidates()).multiply(expected.data(), scalar.data(), u.data());
  support::reference(x25519::candidates()).multiply(other.data(), other_scalar.data(), other_u.data());
  for (const auto* kernel : support::runnable(x25519::candidates())) {
    support::row row;
    constexpr std::size_t count = 16;
    for (std::size_t odd = 0; odd < count; ++odd) {
      std::uint8_t out[count][32];
      std::vector<x25519::job> jobs;
      for (std::size_t i = 0; i < count; ++i)
        jobs.push_back({i == odd ? other_scalar.data() : scalar.data(), i == odd ? other_u.data() : u.data(), out[i]});
      kernel->multiply_batch(jobs.data(), count);
      for (std::size_t i = 0; i < count; ++i)
        row.judge(std::memcmp(out[i], (i == odd ? other : expected).data(), 32) == 0 ? nullptr : "wrong result",
                  [&] { return "lane " + std::to_string(i) + ", other lane " + std::to_string(odd); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519 kernels: awkward numbers one by one") {
  const std::size_t rounds = support::full_grid() ? 20000 : 200;
  std::vector<expected_job> cases;
  support::pattern p(5);
  const auto list = x25519::candidates();
  const auto& slow = support::reference(list);
  const auto& reference = x25519::select(sotto::cpu::feature_set());
  for (std::size_t i = 0; i < rounds; ++i) {
    cases.push_back({awkward(p), awkward(p), bytes(32)});
    reference.multiply(cases[i].out.data(), cases[i].scalar.data(), cases[i].u.data());
  }
  for (const auto* kernel : support::runnable(list)) {
    if (kernel == &slow && rounds > 2000) continue;  // the slow one has tests of its own
    support::row row;
    for (const auto& c : cases) {
      bytes out(32);
      kernel->multiply(out.data(), c.scalar.data(), c.u.data());
      row.judge(out == c.out ? nullptr : "wrong result",
                [&] { return support::to_hex(c.scalar) + " " + support::to_hex(c.u); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}
