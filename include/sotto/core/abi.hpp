// SPDX-License-Identifier: BSL-1.0
// The inline namespace that every Sotto symbol lives in, and the feature bits that name a choice of kernels.
#pragma once

#include "baseline.hpp"

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
#if defined(SOTTO_SEPARATE_KERNELS)
#define SOTTO_CONFIG_SEPARATE_KERNELS 1
#else
#define SOTTO_CONFIG_SEPARATE_KERNELS 0
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

// Programs may mix translation units built with different flags. Target regions *add* to those flags, so two such
// units must never share a symbol: each combination of version, configuration and baseline is a namespace of its
// own, and handing a Sotto type from one to the other is a link error, not a wrong instruction.
#define SOTTO_ABI_CONFIG                                                                            \
  SOTTO_PASTE9(_c, SOTTO_CONFIG_CPU_MASK, SOTTO_CONFIG_TAINT_CHECKS, SOTTO_CONFIG_SEPARATE_KERNELS, \
               SOTTO_CONFIG_FORCED, _f, , , )
#define SOTTO_ABI_FORCED_0                                                                                      \
  SOTTO_PASTE9(SOTTO_ABI_CONFIG, SOTTO_FORCED_SSSE3, SOTTO_FORCED_SSE41, SOTTO_FORCED_AES, SOTTO_FORCED_PCLMUL, \
               SOTTO_FORCED_SHA, SOTTO_FORCED_AVX2, SOTTO_FORCED_BMI2, SOTTO_FORCED_ADX)
#define SOTTO_ABI_FORCED_1                                                                                          \
  SOTTO_PASTE9(SOTTO_ABI_FORCED_0, SOTTO_FORCED_AVX512, SOTTO_FORCED_IFMA, SOTTO_FORCED_VAES, SOTTO_FORCED_VPCLMUL, \
               SOTTO_FORCED_ARM_NEON, SOTTO_FORCED_ARM_AES, SOTTO_FORCED_ARM_PMULL, SOTTO_FORCED_ARM_SHA1)
#define SOTTO_ABI_CHOICES SOTTO_PASTE9(SOTTO_ABI_FORCED_1, SOTTO_FORCED_ARM_SHA2, , , , , , , )
#define SOTTO_ABI \
  SOTTO_PASTE9(v, SOTTO_VERSION_MAJOR, _, SOTTO_VERSION_MINOR, _, SOTTO_BASELINE_NAME, SOTTO_ABI_CHOICES, , )
