// SPDX-License-Identifier: BSL-1.0
// Every X25519 kernel equals the reference: on random and extreme scalars and points, those of low order, of the twist
// and beyond p included; in place, unaligned and between unreadable pages; and in every lane of a batch.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "sotto/kernels/x25519/select.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/guard_pages.hpp"
#include "support/hex.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"

namespace x25519 = sotto::kernels::x25519;
using bytes = std::vector<std::uint8_t>;

namespace {

const x25519::kernel& reference = x25519::portable_25::table;

bytes multiplied(const x25519::kernel& kernel, const bytes& scalar, const bytes& u) {
  bytes out(32, 0xa5);
  kernel.multiply(out.data(), scalar.data(), u.data());
  return out;
}
bytes multiplied_base(const x25519::kernel& kernel, const bytes& scalar) {
  bytes out(32, 0xa5);
  kernel.multiply_base(out.data(), scalar.data());
  return out;
}

bytes small(std::uint8_t n) {
  bytes b(32);
  b[0] = n;
  return b;
}
/// 2^255 - 19 + k for k from -19 to 18, as far as one byte goes.
bytes near_p(int k) {
  bytes b(32, 0xff);
  b[31] = 0x7f;
  b[0] = static_cast<std::uint8_t>(0xed + k);
  return b;
}

/// The u-coordinates of the points of order 1, 2, 4 and 8 on the curve and its twist, each below p and, where it has
/// one, as a second encoding below 2^255: 0, 1, -1 and the two of order 8.
std::vector<bytes> low_order() {
  std::vector<bytes> points = {small(0),
                               small(1),
                               support::from_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
                               support::from_hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
                               near_p(-1),
                               near_p(0),
                               near_p(1)};
  const std::size_t n = points.size();
  for (std::size_t i = 0; i < n; ++i) {  // the top bit is ignored
    points.push_back(points[i]);
    points.back()[31] |= 0x80;
  }
  return points;
}

/// Small u, half of them on the twist (2 is); around p and 2^255; sparse and dense ones.
std::vector<bytes> extreme_points() {
  std::vector<bytes> points;
  for (std::uint8_t n = 2; n < 20; ++n) points.push_back(small(n));
  for (int k = -6; k <= 18; ++k) points.push_back(near_p(k));
  points.push_back(bytes(32, 0xff));
  points.push_back(bytes(32, 0x55));
  for (std::size_t bit = 0; bit < 256; bit += 17) {
    bytes b(32);
    b[bit / 8] = static_cast<std::uint8_t>(1u << bit % 8);
    points.push_back(b);
    for (auto& v : b) v = static_cast<std::uint8_t>(~v);
    points.push_back(b);
  }
  return points;
}

/// Nothing, ones, single bits, long runs that carry through signed digits, and the group's order with its neighbours.
std::vector<bytes> extreme_scalars() {
  std::vector<bytes> scalars = {small(0),        small(1),        small(8),        bytes(32, 0xff), bytes(32, 0x88),
                                bytes(32, 0x77), bytes(32, 0x80), bytes(32, 0x08), bytes(32, 0x0f), bytes(32, 0xf0)};
  const bytes order = support::from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  for (int k = -8; k <= 8; k += 8) {
    // 8 (order + k/8) has 256 bits and loses its top in clamping; 4 (order) keeps its own.
    for (unsigned shift : {0u, 1u, 2u, 3u}) {
      bytes b(32);
      unsigned carry = 0;
      for (std::size_t i = 0; i < 32; ++i) {
        const unsigned v = (static_cast<unsigned>(order[i]) << shift) | carry;
        b[i] = static_cast<std::uint8_t>(v);
        carry = v >> 8;
      }
      b[0] = static_cast<std::uint8_t>(b[0] + k);
      scalars.push_back(b);
    }
  }
  bytes top(32);
  top[31] = 0x40;
  scalars.push_back(top);
  for (std::size_t bit = 3; bit < 255; bit += 21) {
    bytes b(32);
    b[bit / 8] = static_cast<std::uint8_t>(1u << bit % 8);
    scalars.push_back(b);
  }
  return scalars;
}

std::size_t repeated(std::size_t full) { return support::full_grid() ? full : full / 8 + 1; }

}  // namespace

TEST_CASE("X25519 kernels: the reference's answers") {
  for (const auto* kernel : support::runnable(x25519::candidates)) {
    support::row row;
    const auto judge = [&](const bytes& scalar, const bytes& u) {
      row.judge(multiplied(*kernel, scalar, u) == multiplied(reference, scalar, u) ? nullptr : "wrong product",
                [&] { return support::to_hex(scalar) + " " + support::to_hex(u); });
    };
    support::pattern p(1);
    const bytes some = p.bytes(32);
    for (const auto& u : extreme_points()) judge(some, u);
    for (const auto& scalar : extreme_scalars()) judge(scalar, some);
    for (std::size_t i = 0; i < repeated(400); ++i) judge(p.bytes(32), p.bytes(32));
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519 kernels: what a scalar's fixed bits and u's top bit are doesn't matter") {
  for (const auto* kernel : support::runnable(x25519::candidates)) {
    INFO(kernel->name);
    support::pattern p(2);
    const bytes scalar = p.bytes(32), u = p.bytes(32), expected = multiplied(*kernel, scalar, u);
    bytes other = scalar, same = u;
    other[0] ^= 7;
    other[31] ^= 0xc0;
    same[31] ^= 0x80;
    CHECK(multiplied(*kernel, other, same) == expected);
    for (int k = 0; k <= 18; ++k)
      CHECK(multiplied(*kernel, scalar, near_p(k)) == multiplied(*kernel, scalar, small(static_cast<std::uint8_t>(k))));
  }
}

TEST_CASE("X25519 kernels: points of low order give zeros") {
  for (const auto* kernel : support::runnable(x25519::candidates)) {
    for (const auto& u : low_order()) {
      INFO(kernel->name << " " << support::to_hex(u));
      for (const auto& scalar : {small(0), bytes(32, 0xff), support::pattern_bytes(3, 32)}) {
        CHECK(multiplied(*kernel, scalar, u) == bytes(32));
        bytes out(32, 1);
        const x25519::job job{scalar.data(), u.data(), out.data()};
        kernel->multiply_batch(&job, 1);
        CHECK(out == bytes(32));
      }
    }
  }
}

TEST_CASE("X25519 kernels: the base point's multiples are the ladder's") {
  for (const auto* kernel : support::runnable(x25519::candidates)) {
    support::row row;
    const auto judge = [&](const bytes& scalar) {
      row.judge(
          multiplied_base(*kernel, scalar) == multiplied(reference, scalar, small(9)) ? nullptr : "wrong multiple",
          [&] { return support::to_hex(scalar); });
    };
    for (const auto& scalar : extreme_scalars()) judge(scalar);
    support::pattern p(4);
    for (std::size_t i = 0; i < repeated(800); ++i) judge(p.bytes(32));
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519 kernels: batches of every size, each lane its own, in place and beside") {
  constexpr std::size_t most = 17;
  const auto edges = low_order();
  for (const auto* kernel : support::runnable(x25519::candidates)) {
    support::row row;
    for (std::size_t count = 0; count <= most; ++count) {
      for (int where = 0; where < 3; ++where) {
        support::pattern p(count * 3 + static_cast<std::size_t>(where));
        std::vector<bytes> scalars, points, outs(most, bytes(32, 0xa5)), expected;
        std::vector<x25519::job> jobs;
        for (std::size_t i = 0; i < most; ++i) {
          scalars.push_back(p.bytes(32));
          points.push_back(i % 5 == 4 ? edges[(i + count) % edges.size()] : p.bytes(32));
          expected.push_back(multiplied(reference, scalars[i], points[i]));
        }
        for (std::size_t i = 0; i < count; ++i) {
          auto& out = where == 0 ? outs[i] : where == 1 ? scalars[i] : points[i];
          jobs.push_back({scalars[i].data(), points[i].data(), out.data()});
        }
        kernel->multiply_batch(jobs.data(), count);
        const char* wrong = nullptr;
        for (std::size_t i = 0; i < count; ++i)
          if (std::memcmp(jobs[i].out, expected[i].data(), 32) != 0) wrong = "wrong lane";
        for (std::size_t i = count; i < most; ++i)
          if (outs[i] != bytes(32, 0xa5)) wrong = "wrote beyond the batch";
        row.judge(wrong, [&] { return std::to_string(count) + " jobs, " + std::to_string(where); });
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("X25519 kernels: every alignment, in place, between unreadable pages") {
  support::guard_pages scalar_memory(32), u_memory(32), out_memory(32);
  const bytes scalar = support::pattern_bytes(5, 32), u = support::pattern_bytes(6, 32);
  const bytes expected = multiplied(reference, scalar, u), expected_base = multiplied_base(reference, scalar);
  for (const auto* kernel : support::runnable(x25519::candidates)) {
    INFO(kernel->name);
    for (const auto at : {support::edge::start, support::edge::end}) {
      const std::uint8_t* k = scalar_memory.place(at, scalar);
      const std::uint8_t* point = u_memory.place(at, u);
      std::uint8_t* out = out_memory.place(at, 32);
      kernel->multiply(out, k, point);
      CHECK(support::same_bytes(out, expected.data(), 32));
      kernel->multiply_base(out, k);
      CHECK(support::same_bytes(out, expected_base.data(), 32));
      const x25519::job job{k, point, out};
      kernel->multiply_batch(&job, 1);
      CHECK(support::same_bytes(out, expected.data(), 32));
      CHECK(out_memory.intact_around(out, 32));
      CHECK(support::same_bytes(k, scalar.data(), 32));
      CHECK(support::same_bytes(point, u.data(), 32));
    }
    for (std::size_t a = 0; a < 32; ++a) {
      std::uint8_t memory[128];
      std::memcpy(memory + a, scalar.data(), 32);
      std::memcpy(memory + a + 33, u.data(), 32);
      kernel->multiply(memory + a, memory + a, memory + a + 33);
      CHECK(support::same_bytes(memory + a, expected.data(), 32));
      std::memcpy(memory + a, scalar.data(), 32);
      kernel->multiply(memory + a + 33, memory + a, memory + a + 33);
      CHECK(support::same_bytes(memory + a + 33, expected.data(), 32));
      kernel->multiply_base(memory + a, memory + a);
      CHECK(support::same_bytes(memory + a, expected_base.data(), 32));
    }
  }
}
