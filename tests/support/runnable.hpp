// SPDX-License-Identifier: BSL-1.0
// The kernels of a candidate list that this machine can run.
#pragma once

#include <cstddef>
#include <vector>

#include "sotto/cpu/features.hpp"
#include "sotto/cpu/isa.hpp"

namespace support {

/// Best first, the portable one last. Looks at what the processor has, not at what a mask leaves of it.
template <class Kernel, std::size_t N>
std::vector<const Kernel*> runnable(const sotto::cpu::candidate<Kernel> (&candidates)[N]) {
  std::vector<const Kernel*> kernels;
  for (const auto& c : candidates)
    if (sotto::cpu::detected().contains(c.needs)) kernels.push_back(c.kernel);
  return kernels;
}

}  // namespace support
