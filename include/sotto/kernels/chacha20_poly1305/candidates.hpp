// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305: opens the target regions, defines the tables, lists them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
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

#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_NEON) && SOTTO_HAS_POLY1305_64
SOTTO_REGION_BEGIN(SOTTO_TARGET_ARM_NEON)
namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::arm_neon {
#include "arm_neon.inl"
inline constexpr kernel table{
    &seal,     &open, &seal_batch, &open_batch, &chacha20, &portable::poly1305<poly1305_64>, &portable::hchacha20,
    "arm_neon"};
}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::arm_neon
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_SSSE3)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_SSSE3)
namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::x86_ssse3 {
#include "x86_chacha128.inl"
#include "x86_chacha20.inl"
#include "x86_chacha20_rows.inl"
#include "x86_stream.inl"
#include "x86_mac.inl"
#include "x86_scalar_text.inl"
#include "x86_packet.inl"
#include "x86_slots_scalar.inl"
#include "x86_batch.inl"
inline constexpr kernel table{&seal, &open, &seal_batch, &open_batch, &chacha20, &poly1305, &hchacha20, "x86_ssse3"};
}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::x86_ssse3
SOTTO_REGION_END
#endif

#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_AVX2)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_AVX2)
namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::x86_avx2 {
#include "x86_chacha256.inl"
#include "x86_chacha20.inl"
#include "x86_chacha20_rows.inl"
#include "x86_stream.inl"
#include "x86_mac.inl"
#include "x86_scalar_text.inl"
#include "x86_packet.inl"
#include "x86_slots_scalar.inl"
#include "x86_batch.inl"
inline constexpr kernel table{&seal, &open, &seal_batch, &open_batch, &chacha20, &poly1305, &hchacha20, "x86_avx2"};
}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::x86_avx2
SOTTO_REGION_END
#endif

// In radix 2^64 beside the vectors: on 64-bit machines only.
#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_IFMA) && SOTTO_HAS_POLY1305_64
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_IFMA)
namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::x86_ifma {
#include "x86_chacha512.inl"
#include "x86_chacha20.inl"
#include "x86_chacha20_tall.inl"
#include "x86_stream.inl"
#include "x86_mac.inl"
#include "x86_poly1305_ifma.inl"
#include "x86_first_pass_ifma.inl"
#include "x86_packet.inl"
#include "x86_slots_ifma.inl"
#include "x86_batch.inl"
inline constexpr kernel table{&seal, &open, &seal_batch, &open_batch, &chacha20, &poly1305, &hchacha20, "x86_ifma"};
}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::x86_ifma
SOTTO_REGION_END
#endif

namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305 {

/// Every kernel of this build with the features it needs, best first; portable_32 is the reference.
inline constexpr cpu::candidate<kernel> compiled[] = {
#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_IFMA) && SOTTO_HAS_POLY1305_64
    {&x86_ifma::table, cpu::feature_set(SOTTO_NEEDS_X86_IFMA)},
#endif
#if SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_AVX2)
    {&x86_avx2::table, cpu::feature_set(SOTTO_NEEDS_X86_AVX2)},
#endif
#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_SSSE3)
    {&x86_ssse3::table, cpu::feature_set(SOTTO_NEEDS_X86_SSSE3)},
#endif
#if SOTTO_COMPILE_ARM64(SOTTO_NEEDS_ARM_NEON) && SOTTO_HAS_POLY1305_64
    {&arm_neon::table, cpu::feature_set(SOTTO_NEEDS_ARM_NEON)},
#endif
#if SOTTO_HAS_POLY1305_64
    {&portable_64::table, cpu::feature_set()},
#endif
    {&portable_32::table, cpu::feature_set()},
};

}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305
