// SPDX-License-Identifier: BSL-1.0
// SHA-512: defines the tables, chooses one.
#pragma once

#include <span>

#include "../../core/abi.hpp"
#include "../../cpu/features.hpp"
#include "../../cpu/isa.hpp"
#include "contract.hpp"
#include "portable.hpp"

namespace sotto::inline SOTTO_ABI::kernels::sha512 {

/// Every kernel of this build with the features it needs, best first. Tests walk it; select() picks from it.
inline constexpr cpu::candidate<kernel> candidates[] = {
    {&portable::table, cpu::feature_set()},
};

/// The best kernel that these features allow.
inline const kernel& select(cpu::feature_set features) noexcept {
  return cpu::choose(std::span<const cpu::candidate<kernel>>(candidates), features);
}

/// The best kernel of this machine; with SOTTO_FORCE_ISA the best within its list, decided by the compiler.
inline const kernel& select() noexcept {
#if defined(SOTTO_FORCE_ISA)
  static constexpr const kernel& forced =
      cpu::choose(std::span<const cpu::candidate<kernel>>(candidates), cpu::feature_set(SOTTO_FORCE_ISA));
  return forced;
#else
  return select(cpu::available());
#endif
}

}  // namespace sotto::inline SOTTO_ABI::kernels::sha512
