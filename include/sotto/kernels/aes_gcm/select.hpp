// SPDX-License-Identifier: BSL-1.0
// AES-GCM: which kernels there are, and which one is best.
#pragma once

#include <span>

#include "../../core/abi.hpp"
#include "../../cpu/features.hpp"
#include "contract.hpp"
#if !SOTTO_CONFIG_SEPARATE_KERNELS
#include "candidates.hpp"
#endif

namespace sotto::inline SOTTO_ABI::kernels::aes_gcm {

/// Every kernel of this build with the features it needs, best first; the last one is the reference.
#if SOTTO_CONFIG_SEPARATE_KERNELS
std::span<const cpu::candidate<kernel>> candidates() noexcept;
#else
constexpr std::span<const cpu::candidate<kernel>> candidates() noexcept { return compiled; }
#endif

/// The best kernel that these features allow; without an argument, the best of this machine (see cpu::best).
inline const kernel& select(cpu::feature_set features) noexcept { return cpu::choose(candidates(), features); }
inline const kernel& select() noexcept { return cpu::best<&candidates>(); }

}  // namespace sotto::inline SOTTO_ABI::kernels::aes_gcm
