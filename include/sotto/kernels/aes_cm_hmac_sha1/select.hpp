// SPDX-License-Identifier: BSL-1.0
// AES-CM with HMAC-SHA1: opens the target regions, defines the tables, chooses one.
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
#include "../aes/select.hpp"
#include "../sha1/select.hpp"
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

/// Every kernel of this build with the features it needs, best first. Tests walk it; select() picks from it.
inline constexpr cpu::candidate<kernel> candidates[] = {
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

}  // namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1
