// SPDX-License-Identifier: BSL-1.0
// AES-CM with HMAC-SHA1: opens the target regions, defines the tables, lists them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../../core/constant_time.hpp"
#include "../../core/secret.hpp"
#include "../../cpu/isa.hpp"
#include "../../cpu/target.hpp"
#include "../aes/candidates.hpp"
#include "../sha1/candidates.hpp"
#include "contract.hpp"
#include "portable.hpp"

#if SOTTO_ARCH_X86
#include <immintrin.h>
#elif SOTTO_ARCH_ARM64
#include <arm_neon.h>
#endif

#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_AES_SHA1)
SOTTO_REGION_BEGIN(SOTTO_TARGET_ARM_AES_SHA1)
namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::arm_aes_sha1 {
#include "arm_aes_sha1.inl"
inline constexpr kernel table{&expand, &seal, &open, "arm_aes_sha1"};
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::arm_aes_sha1
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_AESNI)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_AESNI)
namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::x86_aesni {
#include "x86_aesni.inl"
inline constexpr kernel table{&expand, &seal, &open, "x86_aesni"};
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::x86_aesni
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_AESNI_SHANI)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_AESNI_SHANI)
namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::x86_aesni_shani {
namespace cipher = kernels::aes::x86_aesni;
#include "x86_stitched.inl"
inline constexpr kernel table{&expand, &seal, &open, "x86_aesni_shani"};
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::x86_aesni_shani
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_VAES256_SHANI)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_VAES256_SHANI)
namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::x86_vaes256_shani {
namespace cipher = kernels::aes::x86_vaes256;
#include "x86_stitched.inl"
inline constexpr kernel table{&expand, &seal, &open, "x86_vaes256_shani"};
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::x86_vaes256_shani
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_VAES512_SHANI)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_VAES512_SHANI)
namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::x86_vaes512_shani {
namespace cipher = kernels::aes::x86_vaes512;
#include "x86_stitched.inl"
inline constexpr kernel table{&expand, &seal, &open, "x86_vaes512_shani"};
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1::x86_vaes512_shani
SOTTO_REGION_END
#endif

namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1 {

/// Every kernel of this build with the features it needs, best first.
inline constexpr cpu::candidate<kernel> compiled[] = {
#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_VAES512_SHANI)
    {&x86_vaes512_shani::table, cpu::feature_set(SOTTO_NEEDS_X86_VAES512_SHANI)},
#endif
#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_VAES256_SHANI)
    {&x86_vaes256_shani::table, cpu::feature_set(SOTTO_NEEDS_X86_VAES256_SHANI)},
#endif
#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_AESNI_SHANI)
    {&x86_aesni_shani::table, cpu::feature_set(SOTTO_NEEDS_X86_AESNI_SHANI)},
#endif
#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_AESNI)
    {&x86_aesni::table, cpu::feature_set(SOTTO_NEEDS_X86_AESNI)},
#endif
#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_AES_SHA1)
    {&arm_aes_sha1::table, cpu::feature_set(SOTTO_NEEDS_ARM_AES_SHA1)},
#endif
    {&portable::table, cpu::feature_set()},
};

}  // namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1
