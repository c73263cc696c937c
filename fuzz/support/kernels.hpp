// SPDX-License-Identifier: BSL-1.0
// Walks the kernels of an algorithm that this machine can run.
#pragma once

#include <span>

#include "sotto/cpu/features.hpp"
#include "sotto/cpu/isa.hpp"

namespace fuzz {

/// Calls f with each kernel of a candidate list whose features the processor has.
template <class Kernel, class F>
void for_each_kernel(std::span<const sotto::cpu::candidate<Kernel>> candidates, F&& f) {
  for (const auto& c : candidates)
    if (sotto::cpu::detected().contains(c.needs)) f(*c.kernel);
}

/// The last candidate, which follows the standard step by step and needs no feature.
template <class Kernel>
const Kernel& reference_kernel(std::span<const sotto::cpu::candidate<Kernel>> candidates) {
  return *candidates.back().kernel;
}

/// Hides processor features while it exists: what is keyed meanwhile gets another kernel.
class hidden_features {
 public:
  explicit hidden_features(std::uint32_t bits) { sotto::cpu::hide(sotto::cpu::feature_set(bits)); }
  hidden_features(const hidden_features&) = delete;
  hidden_features& operator=(const hidden_features&) = delete;
  ~hidden_features() { sotto::cpu::hide(sotto::cpu::feature_set()); }
};

}  // namespace fuzz
