// SPDX-License-Identifier: BSL-1.0
// The kernels of a candidate list that this machine can run.
#pragma once

#include <span>
#include <vector>

#include "sotto/cpu/features.hpp"
#include "sotto/cpu/isa.hpp"

namespace support {

/// Best first, the portable one last. Looks at what the processor has, not at what a mask leaves of it.
template <class Kernel>
std::vector<const Kernel*> runnable(std::span<const sotto::cpu::candidate<Kernel>> candidates) {
  std::vector<const Kernel*> kernels;
  for (const auto& c : candidates)
    if (sotto::cpu::detected().contains(c.needs)) kernels.push_back(c.kernel);
  return kernels;
}

/// The last candidate, which follows the standard step by step and needs no feature.
template <class Kernel>
const Kernel& reference(std::span<const sotto::cpu::candidate<Kernel>> candidates) {
  return *candidates.back().kernel;
}

}  // namespace support
