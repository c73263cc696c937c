// SPDX-License-Identifier: BSL-1.0
// X25519's kernels over vectors of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "sotto/kernels/x25519/select.hpp"
#include "support/hex.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/x25519_values.hpp"

namespace x25519_test {

namespace x25519 = sotto::kernels::x25519;

inline std::vector<const x25519::kernel*> kernels() { return support::runnable(x25519::candidates()); }
inline const x25519::kernel& reference() { return *x25519::candidates().back().kernel; }

struct factors {
  octets scalar, u;
};

inline std::string text_of(const factors& f) {
  return "scalar " + support::to_hex(f.scalar) + ", u " + support::to_hex(f.u);
}

inline octets product(const x25519::kernel& kernel, const factors& f) {
  octets out(x25519::key_len);
  kernel.multiply(out.data(), f.scalar.data(), f.u.data());
  return out;
}

inline octets public_key(const x25519::kernel& kernel, const octets& scalar) {
  octets out(x25519::key_len);
  kernel.multiply_base(out.data(), scalar.data());
  return out;
}

inline std::vector<octets> products_in_a_batch(const x25519::kernel& kernel, const std::vector<factors>& all) {
  std::vector<octets> out(all.size(), octets(x25519::key_len));
  std::vector<x25519::job> jobs;
  for (std::size_t i = 0; i < all.size(); ++i) jobs.push_back({all[i].scalar.data(), all[i].u.data(), out[i].data()});
  kernel.multiply_batch(jobs.data(), jobs.size());
  return out;
}

inline std::vector<factors> random_factors(std::uint64_t seed, std::size_t count) {
  support::pattern p(seed);
  std::vector<factors> all;
  for (std::size_t i = 0; i < count; ++i) {
    octets scalar = p.bytes(x25519::key_len);
    all.push_back({std::move(scalar), p.bytes(x25519::key_len)});
  }
  return all;
}

}  // namespace x25519_test
