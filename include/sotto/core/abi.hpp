// SPDX-License-Identifier: BSL-1.0
// The inline namespace every Sotto symbol lives in, and the frozen view of what the compiler was told.
#pragma once

#define SOTTO_VERSION_MAJOR 0
#define SOTTO_VERSION_MINOR 1
#define SOTTO_VERSION_PATCH 0

// Feature bits, usable in #if and in SOTTO_FORCE_ISA: -DSOTTO_FORCE_ISA="(SOTTO_ISA_AES|SOTTO_ISA_PCLMUL|...)".
#define SOTTO_ISA_PORTABLE 0x0
#define SOTTO_ISA_SSSE3 0x1
#define SOTTO_ISA_SSE41 0x2
#define SOTTO_ISA_AES 0x4
#define SOTTO_ISA_PCLMUL 0x8
#define SOTTO_ISA_SHA 0x10
#define SOTTO_ISA_AVX2 0x20
#define SOTTO_ISA_BMI2 0x40
#define SOTTO_ISA_ADX 0x80
#define SOTTO_ISA_AVX512 0x100 /* F, VL, BW and DQ together, as every processor with VAES-512 has them */
#define SOTTO_ISA_IFMA 0x200
#define SOTTO_ISA_VAES 0x400
#define SOTTO_ISA_VPCLMUL 0x800
#define SOTTO_ISA_ARM_NEON 0x10000
#define SOTTO_ISA_ARM_AES 0x20000
#define SOTTO_ISA_ARM_PMULL 0x40000
#define SOTTO_ISA_ARM_SHA1 0x80000
#define SOTTO_ISA_ARM_SHA2 0x100000

// What the command line allows the compiler to use by itself, as 0 or 1. Frozen here, before any target region:
// GCC 14 defines the compiler's own macros inside a region too.
#if defined(__SSE3__)
#define SOTTO_BASELINE_SSE3 1
#else
#define SOTTO_BASELINE_SSE3 0
#endif
#if defined(__SSSE3__)
#define SOTTO_BASELINE_SSSE3 1
#else
#define SOTTO_BASELINE_SSSE3 0
#endif
#if defined(__SSE4_1__)
#define SOTTO_BASELINE_SSE41 1
#else
#define SOTTO_BASELINE_SSE41 0
#endif
#if defined(__SSE4_2__)
#define SOTTO_BASELINE_SSE42 1
#else
#define SOTTO_BASELINE_SSE42 0
#endif
#if defined(__AVX__)
#define SOTTO_BASELINE_AVX 1
#else
#define SOTTO_BASELINE_AVX 0
#endif
#if defined(__AVX2__)
#define SOTTO_BASELINE_AVX2 1
#else
#define SOTTO_BASELINE_AVX2 0
#endif
#if defined(__AVX512F__)
#define SOTTO_BASELINE_AVX512F 1
#else
#define SOTTO_BASELINE_AVX512F 0
#endif
#if defined(__AVX512VL__)
#define SOTTO_BASELINE_AVX512VL 1
#else
#define SOTTO_BASELINE_AVX512VL 0
#endif
#if defined(__AVX512BW__)
#define SOTTO_BASELINE_AVX512BW 1
#else
#define SOTTO_BASELINE_AVX512BW 0
#endif
#if defined(__BMI__)
#define SOTTO_BASELINE_BMI 1
#else
#define SOTTO_BASELINE_BMI 0
#endif
#if defined(__BMI2__)
#define SOTTO_BASELINE_BMI2 1
#else
#define SOTTO_BASELINE_BMI2 0
#endif
#if defined(__LZCNT__)
#define SOTTO_BASELINE_LZCNT 1
#else
#define SOTTO_BASELINE_LZCNT 0
#endif
#if defined(__POPCNT__)
#define SOTTO_BASELINE_POPCNT 1
#else
#define SOTTO_BASELINE_POPCNT 0
#endif
#if defined(__MOVBE__)
#define SOTTO_BASELINE_MOVBE 1
#else
#define SOTTO_BASELINE_MOVBE 0
#endif
#if defined(__FMA__)
#define SOTTO_BASELINE_FMA 1
#else
#define SOTTO_BASELINE_FMA 0
#endif
#if defined(__ARM_FEATURE_AES)
#define SOTTO_BASELINE_ARM_AES 1
#else
#define SOTTO_BASELINE_ARM_AES 0
#endif
#if defined(__ARM_FEATURE_SHA2)
#define SOTTO_BASELINE_ARM_SHA2 1
#else
#define SOTTO_BASELINE_ARM_SHA2 0
#endif
#if defined(__ARM_FEATURE_ATOMICS)
#define SOTTO_BASELINE_ARM_LSE 1
#else
#define SOTTO_BASELINE_ARM_LSE 0
#endif
#if defined(__ARM_FEATURE_SVE)
#define SOTTO_BASELINE_ARM_SVE 1
#else
#define SOTTO_BASELINE_ARM_SVE 0
#endif

// Sotto's own configuration, as 0 or 1.
#if defined(SOTTO_ENABLE_CPU_MASK)
#define SOTTO_CONFIG_CPU_MASK 1
#else
#define SOTTO_CONFIG_CPU_MASK 0
#endif
#if defined(SOTTO_ENABLE_TAINT_CHECKS)
#define SOTTO_CONFIG_TAINT_CHECKS 1
#else
#define SOTTO_CONFIG_TAINT_CHECKS 0
#endif
#if defined(SOTTO_FORCE_ISA)
#define SOTTO_CONFIG_FORCED 1
#define SOTTO_CONFIG_FORCED_BITS (SOTTO_FORCE_ISA)
#else
#define SOTTO_CONFIG_FORCED 0
#define SOTTO_CONFIG_FORCED_BITS 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_SSSE3
#define SOTTO_FORCED_SSSE3 1
#else
#define SOTTO_FORCED_SSSE3 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_SSE41
#define SOTTO_FORCED_SSE41 1
#else
#define SOTTO_FORCED_SSE41 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_AES
#define SOTTO_FORCED_AES 1
#else
#define SOTTO_FORCED_AES 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_PCLMUL
#define SOTTO_FORCED_PCLMUL 1
#else
#define SOTTO_FORCED_PCLMUL 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_SHA
#define SOTTO_FORCED_SHA 1
#else
#define SOTTO_FORCED_SHA 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_AVX2
#define SOTTO_FORCED_AVX2 1
#else
#define SOTTO_FORCED_AVX2 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_BMI2
#define SOTTO_FORCED_BMI2 1
#else
#define SOTTO_FORCED_BMI2 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_ADX
#define SOTTO_FORCED_ADX 1
#else
#define SOTTO_FORCED_ADX 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_AVX512
#define SOTTO_FORCED_AVX512 1
#else
#define SOTTO_FORCED_AVX512 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_IFMA
#define SOTTO_FORCED_IFMA 1
#else
#define SOTTO_FORCED_IFMA 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_VAES
#define SOTTO_FORCED_VAES 1
#else
#define SOTTO_FORCED_VAES 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_VPCLMUL
#define SOTTO_FORCED_VPCLMUL 1
#else
#define SOTTO_FORCED_VPCLMUL 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_ARM_NEON
#define SOTTO_FORCED_ARM_NEON 1
#else
#define SOTTO_FORCED_ARM_NEON 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_ARM_AES
#define SOTTO_FORCED_ARM_AES 1
#else
#define SOTTO_FORCED_ARM_AES 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_ARM_PMULL
#define SOTTO_FORCED_ARM_PMULL 1
#else
#define SOTTO_FORCED_ARM_PMULL 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_ARM_SHA1
#define SOTTO_FORCED_ARM_SHA1 1
#else
#define SOTTO_FORCED_ARM_SHA1 0
#endif
#if SOTTO_CONFIG_FORCED_BITS & SOTTO_ISA_ARM_SHA2
#define SOTTO_FORCED_ARM_SHA2 1
#else
#define SOTTO_FORCED_ARM_SHA2 0
#endif

#define SOTTO_PASTE6_(a, b, c, d, e, f) a##b##c##d##e##f
#define SOTTO_PASTE6(a, b, c, d, e, f) SOTTO_PASTE6_(a, b, c, d, e, f)

// Programs may mix translation units built with different flags. Target regions *add* to those flags, so two such
// units must never share a symbol: each combination of version, configuration and baseline is a namespace of its
// own, and handing a Sotto type from one to the other is a link error, not a wrong instruction.
#define SOTTO_ABI_BASELINE_0                                                                               \
  SOTTO_PASTE6(v0_1_b, SOTTO_BASELINE_SSE3, SOTTO_BASELINE_SSSE3, SOTTO_BASELINE_SSE41, SOTTO_BASELINE_SSE42, \
               SOTTO_BASELINE_AVX)
#define SOTTO_ABI_BASELINE_1                                                                          \
  SOTTO_PASTE6(SOTTO_ABI_BASELINE_0, SOTTO_BASELINE_AVX2, SOTTO_BASELINE_AVX512F, SOTTO_BASELINE_AVX512VL, \
               SOTTO_BASELINE_AVX512BW, SOTTO_BASELINE_BMI)
#define SOTTO_ABI_BASELINE_2                                                                           \
  SOTTO_PASTE6(SOTTO_ABI_BASELINE_1, SOTTO_BASELINE_BMI2, SOTTO_BASELINE_LZCNT, SOTTO_BASELINE_POPCNT, \
               SOTTO_BASELINE_MOVBE, SOTTO_BASELINE_FMA)
#define SOTTO_ABI_BASELINE                                                                                  \
  SOTTO_PASTE6(SOTTO_ABI_BASELINE_2, SOTTO_BASELINE_ARM_AES, SOTTO_BASELINE_ARM_SHA2, SOTTO_BASELINE_ARM_LSE, \
               SOTTO_BASELINE_ARM_SVE, )
#define SOTTO_ABI_PART_0 \
  SOTTO_PASTE6(SOTTO_ABI_BASELINE, _c, SOTTO_CONFIG_CPU_MASK, SOTTO_CONFIG_TAINT_CHECKS, SOTTO_CONFIG_FORCED, _f)
#define SOTTO_ABI_PART_1 \
  SOTTO_PASTE6(SOTTO_ABI_PART_0, SOTTO_FORCED_SSSE3, SOTTO_FORCED_SSE41, SOTTO_FORCED_AES, SOTTO_FORCED_PCLMUL, SOTTO_FORCED_SHA)
#define SOTTO_ABI_PART_2 \
  SOTTO_PASTE6(SOTTO_ABI_PART_1, SOTTO_FORCED_AVX2, SOTTO_FORCED_BMI2, SOTTO_FORCED_ADX, SOTTO_FORCED_AVX512, SOTTO_FORCED_IFMA)
#define SOTTO_ABI_PART_3 \
  SOTTO_PASTE6(SOTTO_ABI_PART_2, SOTTO_FORCED_VAES, SOTTO_FORCED_VPCLMUL, SOTTO_FORCED_ARM_NEON, SOTTO_FORCED_ARM_AES, SOTTO_FORCED_ARM_PMULL)
#define SOTTO_ABI \
  SOTTO_PASTE6(SOTTO_ABI_PART_3, SOTTO_FORCED_ARM_SHA1, SOTTO_FORCED_ARM_SHA2, , , )
