// SPDX-License-Identifier: BSL-1.0
// X25519: opens the target regions, defines the tables, chooses one.
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

#if SOTTO_X25519_HAS_FIELD51 && SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_IFMA)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_IFMA)
namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma {
#include "x86_ifma256.inl"
#include "x86_ifma_field.inl"
#include "x86_ifma_ladder.inl"
}  // namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma
namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma_batch {
using x86_ifma::multiply;
#include "x86_ifma512.inl"
#include "x86_ifma_field.inl"
#include "x86_batch.inl"
}  // namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma_batch
namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma {
inline constexpr kernel table{&multiply, portable_51::table.multiply_base, &x86_ifma_batch::multiply_batch, "x86_ifma"};
}
SOTTO_REGION_END
#endif

namespace sotto::inline SOTTO_ABI::kernels::x25519 {

/// Every kernel of this build with the features it needs, best first; the two that need nothing at the end. Tests walk
/// it; select() picks from it.
inline constexpr cpu::candidate<kernel> candidates[] = {
#if SOTTO_X25519_HAS_FIELD51 && SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_IFMA)
    {&x86_ifma::table, cpu::feature_set(SOTTO_NEEDS_X86_IFMA)},
#endif
#if SOTTO_X25519_HAS_FIELD51
    {&portable_51::table, cpu::feature_set()},
#endif
    {&portable_25::table, cpu::feature_set()},
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

}  // namespace sotto::inline SOTTO_ABI::kernels::x25519
