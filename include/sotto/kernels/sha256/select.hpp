// SPDX-License-Identifier: BSL-1.0
// SHA-256: opens the target regions, defines the tables, chooses one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../../core/abi.hpp"
#include "../../core/constant_time.hpp"
#include "../../core/secret.hpp"
#include "../../cpu/features.hpp"
#include "../../cpu/isa.hpp"
#include "../../cpu/target.hpp"
#include "contract.hpp"
#include "portable.hpp"

#if SOTTO_ARCH_X86
#include <immintrin.h>
#elif SOTTO_ARCH_ARM64
#include <arm_neon.h>
#endif

#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_SHA2)
SOTTO_REGION_BEGIN(SOTTO_TARGET_ARM_SHA2)
namespace sotto::inline SOTTO_ABI::kernels::sha256::arm_sha2 {
#include "arm_sha2.inl"
inline constexpr kernel table{&compress, "arm_sha2"};
}  // namespace sotto::inline SOTTO_ABI::kernels::sha256::arm_sha2
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_SHANI)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_SHANI)
namespace sotto::inline SOTTO_ABI::kernels::sha256::x86_shani {
#include "x86_shani.inl"
inline constexpr kernel table{&compress, "x86_shani"};
}  // namespace sotto::inline SOTTO_ABI::kernels::sha256::x86_shani
SOTTO_REGION_END
#endif

namespace sotto::inline SOTTO_ABI::kernels::sha256 {

/// Every kernel of this build with the features it needs, best first. Tests walk it; select() picks from it.
inline constexpr cpu::candidate<kernel> candidates[] = {
#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_SHANI)
    {&x86_shani::table, cpu::feature_set(SOTTO_NEEDS_X86_SHANI)},
#endif
#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_SHA2)
    {&arm_sha2::table, cpu::feature_set(SOTTO_NEEDS_ARM_SHA2)},
#endif
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

}  // namespace sotto::inline SOTTO_ABI::kernels::sha256
