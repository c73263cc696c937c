// SPDX-License-Identifier: BSL-1.0
// AES-GCM: opens the target regions, defines the tables, lists them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../../core/constant_time.hpp"
#include "../../core/secret.hpp"
#include "../../cpu/isa.hpp"
#include "../../cpu/target.hpp"
#include "../aes/candidates.hpp"
#include "contract.hpp"
#include "portable.hpp"

#if SOTTO_ARCH_X86
#include <immintrin.h>
#elif SOTTO_ARCH_ARM64
#include <arm_neon.h>
#endif

#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_AES)
SOTTO_REGION_BEGIN(SOTTO_TARGET_ARM_AES)
namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::arm_aes {
#include "arm_aes.inl"
inline constexpr kernel table{&expand, &seal, &open, "arm_aes"};
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::arm_aes
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_AESNI)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_AESNI)
namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::x86_aesni {
#include "x86_clmul128.inl"
#include "x86_gcm.inl"
inline constexpr kernel table{&expand, &seal, &open, "x86_aesni"};
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::x86_aesni
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_VAES256)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_VAES256)
namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::x86_vaes256 {
#include "x86_clmul256.inl"
#include "x86_gcm.inl"
inline constexpr kernel table{&expand, &seal, &open, "x86_vaes256"};
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::x86_vaes256
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_VAES512)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_VAES512)
namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::x86_vaes512 {
#include "x86_clmul512.inl"
#include "x86_gcm.inl"
inline constexpr kernel table{&expand, &seal, &open, "x86_vaes512"};
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_gcm::x86_vaes512
SOTTO_REGION_END
#endif

namespace sotto::inline SOTTO_ABI::kernels::aes_gcm {

/// Every kernel of this build with the features it needs, best first.
inline constexpr cpu::candidate<kernel> compiled[] = {
#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_VAES512)
    {&x86_vaes512::table, cpu::feature_set(SOTTO_NEEDS_X86_VAES512)},
#endif
#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_VAES256)
    {&x86_vaes256::table, cpu::feature_set(SOTTO_NEEDS_X86_VAES256)},
#endif
#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_AESNI)
    {&x86_aesni::table, cpu::feature_set(SOTTO_NEEDS_X86_AESNI)},
#endif
#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_AES)
    {&arm_aes::table, cpu::feature_set(SOTTO_NEEDS_ARM_AES)},
#endif
    {&portable::table, cpu::feature_set()},
};

}  // namespace sotto::inline SOTTO_ABI::kernels::aes_gcm
