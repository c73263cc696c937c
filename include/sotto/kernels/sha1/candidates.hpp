// SPDX-License-Identifier: BSL-1.0
// SHA-1: opens the target regions, defines the tables, lists them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../../core/constant_time.hpp"
#include "../../core/secret.hpp"
#include "../../cpu/isa.hpp"
#include "../../cpu/target.hpp"
#include "contract.hpp"
#include "portable.hpp"

#if SOTTO_ARCH_X86
#include <immintrin.h>
#elif SOTTO_ARCH_ARM64
#include <arm_neon.h>
#endif

#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_SHA1)
SOTTO_REGION_BEGIN(SOTTO_TARGET_ARM_SHA1)
namespace sotto::inline SOTTO_ABI::kernels::sha1::arm_sha1 {
#include "arm_sha1.inl"
inline constexpr kernel table{&compress, "arm_sha1"};
}  // namespace sotto::inline SOTTO_ABI::kernels::sha1::arm_sha1
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_SHANI)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_SHANI)
namespace sotto::inline SOTTO_ABI::kernels::sha1::x86_shani {
#include "x86_shani.inl"
inline constexpr kernel table{&compress, "x86_shani"};
}  // namespace sotto::inline SOTTO_ABI::kernels::sha1::x86_shani
SOTTO_REGION_END
#endif

namespace sotto::inline SOTTO_ABI::kernels::sha1 {

/// Every kernel of this build with the features it needs, best first.
inline constexpr cpu::candidate<kernel> compiled[] = {
#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_SHANI)
    {&x86_shani::table, cpu::feature_set(SOTTO_NEEDS_X86_SHANI)},
#endif
#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_SHA1)
    {&arm_sha1::table, cpu::feature_set(SOTTO_NEEDS_ARM_SHA1)},
#endif
    {&portable::table, cpu::feature_set()},
};

}  // namespace sotto::inline SOTTO_ABI::kernels::sha1
