// SPDX-License-Identifier: BSL-1.0
// X25519: opens the target regions, defines the tables, lists them.
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
#include "field25.hpp"
#include "field51.hpp"
#include "look_up.hpp"
#include "scalar.hpp"

#if SOTTO_ARCH_X86
#include <immintrin.h>
#elif SOTTO_ARCH_ARM64
#include <arm_neon.h>
#endif

// The assembly is of GNU syntax and has 64-bit pointers.
#if SOTTO_COMPILE_X86(SOTTO_NEEDS_X86_ADX) && defined(__x86_64__) && !defined(__ILP32__) && \
    (defined(__GNUC__) || defined(__clang__))
#define SOTTO_X25519_COMPILE_ADX 1
#else
#define SOTTO_X25519_COMPILE_ADX 0
#endif

// In standard C++: portable_51 where there is a wide multiplication, portable_25, the reference, everywhere.
namespace sotto::inline SOTTO_ABI::kernels::x25519 {
#include "ladder.inl"
#include "fixed_base.inl"
namespace portable_25 {
inline constexpr kernel table{&multiply<field25>, &multiply_base<field25>, &multiply_each<field25>, "portable_25"};
}
#if SOTTO_X25519_HAS_FIELD51
namespace portable_51 {
inline constexpr kernel table{&multiply<field51>, &multiply_base<field51>, &multiply_each<field51>, "portable_51"};
}
#endif
}  // namespace sotto::inline SOTTO_ABI::kernels::x25519

#if SOTTO_X25519_COMPILE_ADX
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_ADX)
namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_adx {
#include "x86_adx.inl"
#include "ladder.inl"
#include "fixed_base.inl"
inline constexpr kernel table{&multiply<field64>, &multiply_base<field64>, &multiply_each<field64>, "x86_adx"};
}  // namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_adx
SOTTO_REGION_END
#endif

#if SOTTO_X25519_HAS_FIELD51 && SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_AVX2)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_AVX2)
namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_avx2 {
#include "x86_lanes256.inl"
#include "x86_radix25.inl"
#include "x86_columns.inl"
#include "x86_avx2_field.inl"
#include "x86_avx2_pairs.inl"
#include "x86_invert.inl"
#include "x86_ladder.inl"
#include "x86_base.inl"
#include "x86_batch.inl"
inline constexpr kernel table{&multiply, &multiply_base, &multiply_batch, "x86_avx2"};
}  // namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_avx2
SOTTO_REGION_END
#endif

#if SOTTO_X25519_HAS_FIELD51 && SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_IFMA)
SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_IFMA)
namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma {
#include "x86_lanes256.inl"
#include "x86_ifma256.inl"
#include "x86_radix51.inl"
#include "x86_columns.inl"
#include "x86_ifma_field.inl"
#include "x86_ifma_pairs.inl"
#include "x86_invert.inl"
#include "x86_ladder.inl"
#include "x86_base.inl"
}  // namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma
namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma_batch {
using x86_ifma::multiply;
#include "x86_ifma512.inl"
#include "x86_radix51.inl"
#include "x86_columns.inl"
#include "x86_ifma_field.inl"
#include "x86_invert.inl"
#include "x86_batch.inl"
}  // namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma_batch
namespace sotto::inline SOTTO_ABI::kernels::x25519::x86_ifma {
inline constexpr kernel table{&multiply, &multiply_base, &x86_ifma_batch::multiply_batch, "x86_ifma"};
}
SOTTO_REGION_END
#endif

namespace sotto::inline SOTTO_ABI::kernels::x25519 {

/// Every kernel of this build with the features it needs, best first; portable_25 is the reference.
inline constexpr cpu::candidate<kernel> compiled[] = {
#if SOTTO_X25519_HAS_FIELD51 && SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_IFMA)
    {&x86_ifma::table, cpu::feature_set(SOTTO_NEEDS_X86_IFMA)},
#endif
#if SOTTO_X25519_HAS_FIELD51 && SOTTO_COMPILE_X86_WIDE(SOTTO_NEEDS_X86_AVX2)
    {&x86_avx2::table, cpu::feature_set(SOTTO_NEEDS_X86_AVX2)},
#endif
#if SOTTO_X25519_COMPILE_ADX
    {&x86_adx::table, cpu::feature_set(SOTTO_NEEDS_X86_ADX)},
#endif
#if SOTTO_X25519_HAS_FIELD51
    {&portable_51::table, cpu::feature_set()},
#endif
    {&portable_25::table, cpu::feature_set()},
};

}  // namespace sotto::inline SOTTO_ABI::kernels::x25519
