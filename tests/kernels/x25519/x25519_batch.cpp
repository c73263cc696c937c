// SPDX-License-Identifier: BSL-1.0
// A batch's answers are those of single multiplications, whatever the number of jobs and their places in memory.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/guard_pages.hpp"

using namespace x25519_test;
using support::edge;
using support::guard_pages;
using x25519::key_len;

namespace {

/// Different jobs, with an extreme scalar or point in every third.
std::vector<factors> mixed_factors(std::uint64_t seed, std::size_t count) {
  const auto scalars = edge_scalars(), low = low_order_points(), ordinary = ordinary_points();
  support::pattern p(seed);
  std::vector<factors> all = random_factors(seed, count);
  for (factors& f : all) {
    const std::size_t kind = p.below(9);
    if (kind == 0) f.scalar = scalars[p.below(scalars.size())];
    if (kind == 1) f.u = ordinary[p.below(ordinary.size())];
    if (kind == 2) f.u = low[p.below(low.size())];
  }
  return all;
}

std::vector<octets> products(const x25519::kernel& kernel, const std::vector<factors>& all) {
  std::vector<octets> out;
  for (const factors& f : all) out.push_back(product(kernel, f));
  return out;
}

std::vector<std::size_t> counts() {
  auto all = support::up_to(17);
  all.push_back(40);
  return all;
}

/// 32 bytes that touch an unreadable page.
class guarded {
 public:
  guarded() : memory_(std::make_unique<guard_pages>(key_len)) {}
  std::uint8_t* put(edge at, const octets& value) { return place_ = memory_->place(at, value); }
  const std::uint8_t* get() const { return place_; }
  bool holds(const octets& value) const {
    return std::memcmp(place_, value.data(), key_len) == 0 && memory_->intact_around(place_, key_len);
  }

 private:
  std::unique_ptr<guard_pages> memory_;
  std::uint8_t* place_ = nullptr;
};

edge edge_if(bool end) { return end ? edge::end : edge::start; }

}  // namespace

TEST_CASE("X25519 batches: every number of different jobs") {
  for (const auto* kernel : kernels()) {
    support::row row;
    for (const std::size_t count : counts()) {
      const auto all = mixed_factors(count, count);
      const auto expected = products(*kernel, all), out = products_in_a_batch(*kernel, all);
      for (std::size_t i = 0; i < count; ++i)
        row.judge(out[i] == expected[i] ? nullptr : "wrong product",
                  [&] { return "job " + std::to_string(i) + " of " + std::to_string(count) + ": " + text_of(all[i]); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
    kernel->multiply_batch(nullptr, 0);
  }
}

TEST_CASE("X25519 batches: in place") {
  for (const auto* kernel : kernels()) {
    support::row row;
    for (const std::size_t count : support::thinned(counts(), 3)) {
      auto all = mixed_factors(100 + count, count);
      const auto before = all;
      const auto expected = products(*kernel, all);
      std::vector<octets> elsewhere(count, octets(key_len));
      // Over the scalar, over u, and elsewhere in turns.
      const auto out = [&](std::size_t i) -> octets& {
        return i % 3 == 0 ? all[i].scalar : i % 3 == 1 ? all[i].u : elsewhere[i];
      };
      std::vector<x25519::job> jobs;
      for (std::size_t i = 0; i < count; ++i) jobs.push_back({all[i].scalar.data(), all[i].u.data(), out(i).data()});
      kernel->multiply_batch(jobs.data(), count);
      for (std::size_t i = 0; i < count; ++i) {
        const bool inputs_kept =
            (i % 3 == 0 || all[i].scalar == before[i].scalar) && (i % 3 == 1 || all[i].u == before[i].u);
        row.judge(out(i) != expected[i] ? "wrong product"
                  : !inputs_kept        ? "an input changed"
                                        : nullptr,
                  [&] { return "job " + std::to_string(i) + " of " + std::to_string(count); });
      }
    }
    for (const factors& f : mixed_factors(7, support::full_grid() ? 50 : 5)) {
      const octets expected = product(*kernel, f), key = public_key(*kernel, f.scalar);
      factors a = f, b = f, c = f;
      kernel->multiply(a.scalar.data(), a.scalar.data(), a.u.data());
      kernel->multiply(b.u.data(), b.scalar.data(), b.u.data());
      kernel->multiply_base(c.scalar.data(), c.scalar.data());
      row.judge(a.scalar == expected && b.u == expected && c.scalar == key ? nullptr : "wrong single product",
                [&] { return text_of(f); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519 batches: one job is all three ranges") {
  for (const auto* kernel : kernels()) {
    octets shared = support::pattern_bytes(8, key_len);
    const octets expected = product(*kernel, {shared, shared});
    const x25519::job job{shared.data(), shared.data(), shared.data()};
    kernel->multiply_batch(&job, 1);
    CHECK(shared == expected);
    // Inputs that jobs have in common.
    const factors f = random_factors(9, 1)[0];
    const octets product_of_f = product(*kernel, f);
    const auto out = [&] {
      std::vector<octets> o(9, octets(key_len));
      std::vector<x25519::job> jobs;
      for (auto& bytes : o) jobs.push_back({f.scalar.data(), f.u.data(), bytes.data()});
      kernel->multiply_batch(jobs.data(), jobs.size());
      return o;
    }();
    CHECK(out == std::vector<octets>(9, product_of_f));
  }
}

TEST_CASE("X25519 batches: one job's change changes only its answer") {
  for (const auto* kernel : kernels()) {
    support::row row;
    for (const std::size_t count :
         support::full_grid() ? std::vector<std::size_t>{5, 8, 9, 16, 19} : std::vector<std::size_t>{8}) {
      const auto all = random_factors(10 + count, count);
      const auto before = products_in_a_batch(*kernel, all);
      for (std::size_t changed = 0; changed < count; ++changed) {
        for (const bool of_scalar : {false, true}) {
          auto others = all;
          (of_scalar ? others[changed].scalar : others[changed].u)[changed % 30 + 1] ^= 0x10;
          const octets expected = product(*kernel, others[changed]);
          const auto after = products_in_a_batch(*kernel, others);
          for (std::size_t i = 0; i < count; ++i)
            row.judge(after[i] == (i == changed ? expected : before[i]) ? nullptr : "wrong product", [&] {
              return "job " + std::to_string(i) + " of " + std::to_string(count) + ", changed " +
                     std::to_string(changed);
            });
          row.judge(expected != before[changed] ? nullptr : "the change changed nothing",
                    [&] { return std::to_string(changed); });
        }
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519 kernels: nothing is touched outside the buffers") {
  guarded scalar, u, out;
  const octets blank(key_len);
  for (const auto* kernel : kernels()) {
    const factors f = random_factors(11, 1)[0];
    const octets expected = product(*kernel, f), key = public_key(*kernel, f.scalar);
    for (unsigned edges = 0; edges < 8; ++edges) {
      INFO(kernel->name << " edges " << edges);
      const std::uint8_t* s = scalar.put(edge_if((edges & 1) != 0), f.scalar);
      const std::uint8_t* p = u.put(edge_if((edges & 2) != 0), f.u);
      std::uint8_t* o = out.put(edge_if((edges & 4) != 0), blank);
      kernel->multiply(o, s, p);
      REQUIRE((out.holds(expected) && scalar.holds(f.scalar) && u.holds(f.u)));
      o = out.put(edge_if((edges & 4) != 0), blank);
      kernel->multiply_base(o, s);
      REQUIRE((out.holds(key) && scalar.holds(f.scalar)));
    }
  }
}

TEST_CASE("X25519 batches: nothing is touched outside the buffers and the jobs") {
  constexpr std::size_t most = 17;
  std::array<guarded, most> scalars, points, outs;
  guard_pages list(most * sizeof(x25519::job));
  for (const auto* kernel : kernels()) {
    for (const std::size_t count : support::full_grid() ? std::vector<std::size_t>{1, 4, 5, 7, 8, 9, 12, 13, 16, 17}
                                                        : std::vector<std::size_t>{5, 8, 9}) {
      const auto all = random_factors(12 + count, count);
      const auto expected = products(*kernel, all);
      for (unsigned edges = 0; edges < 8; edges += support::full_grid() ? 1 : 7) {
        std::uint8_t* memory = list.place(edge_if((edges & 1) != 0), count * sizeof(x25519::job));
        auto* jobs = reinterpret_cast<x25519::job*>(memory);
        for (std::size_t i = 0; i < count; ++i)
          jobs = ::new (memory + i * sizeof(x25519::job))
              x25519::job{scalars[i].put(edge_if((edges & 1) != 0), all[i].scalar),
                          points[i].put(edge_if((edges & 2) != 0), all[i].u),
                          outs[i].put(edge_if((edges & 4) != 0), octets(key_len))};
        kernel->multiply_batch(jobs - (count - 1), count);
        for (std::size_t i = 0; i < count; ++i) {
          INFO(kernel->name << " job " << i << " of " << count << " edges " << edges);
          REQUIRE((outs[i].holds(expected[i]) && scalars[i].holds(all[i].scalar) && points[i].holds(all[i].u)));
        }
        REQUIRE(list.intact_around(memory, count * sizeof(x25519::job)));
      }
    }
  }
}

TEST_CASE("X25519 kernels: every alignment") {
  constexpr std::size_t jobs_at_once = 8;
  alignas(64) std::uint8_t memory[3 * jobs_at_once][key_len + 64];
  const auto all = random_factors(13, jobs_at_once);
  for (const auto* kernel : kernels()) {
    const auto expected = products(*kernel, all);
    const octets key = public_key(*kernel, all[0].scalar);
    support::row row;
    for (std::size_t a = 0; a < 64; a += support::full_grid() ? 1 : 9) {
      std::vector<x25519::job> jobs;
      for (std::size_t i = 0; i < jobs_at_once; ++i) {
        std::uint8_t* s = memory[3 * i] + (a + i) % 64;
        std::uint8_t* u = memory[3 * i + 1] + (3 * a + i) % 64;
        std::memcpy(s, all[i].scalar.data(), key_len);
        std::memcpy(u, all[i].u.data(), key_len);
        jobs.push_back({s, u, memory[3 * i + 2] + (5 * a + i) % 64});
      }
      kernel->multiply_batch(jobs.data(), jobs_at_once);
      for (std::size_t i = 0; i < jobs_at_once; ++i)
        row.judge(std::memcmp(jobs[i].out, expected[i].data(), key_len) == 0 ? nullptr : "wrong product in a batch",
                  [&] { return "alignment " + std::to_string(a) + ", job " + std::to_string(i); });
      kernel->multiply(jobs[1].out, jobs[0].scalar, jobs[0].u);
      kernel->multiply_base(jobs[2].out, jobs[0].scalar);
      const bool right = std::memcmp(jobs[1].out, expected[0].data(), key_len) == 0 &&
                         std::memcmp(jobs[2].out, key.data(), key_len) == 0;
      row.judge(right ? nullptr : "wrong product", [&] { return "alignment " + std::to_string(a); });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}
