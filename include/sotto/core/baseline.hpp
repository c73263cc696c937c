// SPDX-License-Identifier: BSL-1.0
// What the command line allows the compiler to use by itself, as 0 or 1: a table. Frozen here, before any target
// region, because GCC 14 defines the compiler's own macros inside a region too. A processor family uses only its own
// half.
#pragma once

#if defined(__SSE__)
#define SOTTO_BASELINE_SSE 1
#else
#define SOTTO_BASELINE_SSE 0
#endif
#if defined(__SSE2__)
#define SOTTO_BASELINE_SSE2 1
#else
#define SOTTO_BASELINE_SSE2 0
#endif
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
#if defined(__SSE4A__)
#define SOTTO_BASELINE_SSE4A 1
#else
#define SOTTO_BASELINE_SSE4A 0
#endif
#if defined(__POPCNT__)
#define SOTTO_BASELINE_POPCNT 1
#else
#define SOTTO_BASELINE_POPCNT 0
#endif
#if defined(__LZCNT__)
#define SOTTO_BASELINE_LZCNT 1
#else
#define SOTTO_BASELINE_LZCNT 0
#endif
#if defined(__MOVBE__)
#define SOTTO_BASELINE_MOVBE 1
#else
#define SOTTO_BASELINE_MOVBE 0
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
#if defined(__TBM__)
#define SOTTO_BASELINE_TBM 1
#else
#define SOTTO_BASELINE_TBM 0
#endif
#if defined(__ADX__)
#define SOTTO_BASELINE_ADX 1
#else
#define SOTTO_BASELINE_ADX 0
#endif
#if defined(__AES__)
#define SOTTO_BASELINE_AES 1
#else
#define SOTTO_BASELINE_AES 0
#endif
#if defined(__PCLMUL__)
#define SOTTO_BASELINE_PCLMUL 1
#else
#define SOTTO_BASELINE_PCLMUL 0
#endif
#if defined(__SHA__)
#define SOTTO_BASELINE_SHA 1
#else
#define SOTTO_BASELINE_SHA 0
#endif
#if defined(__GFNI__)
#define SOTTO_BASELINE_GFNI 1
#else
#define SOTTO_BASELINE_GFNI 0
#endif
#if defined(__VAES__)
#define SOTTO_BASELINE_VAES 1
#else
#define SOTTO_BASELINE_VAES 0
#endif
#if defined(__VPCLMULQDQ__)
#define SOTTO_BASELINE_VPCLMULQDQ 1
#else
#define SOTTO_BASELINE_VPCLMULQDQ 0
#endif
#if defined(__AVX__)
#define SOTTO_BASELINE_AVX 1
#else
#define SOTTO_BASELINE_AVX 0
#endif
#if defined(__F16C__)
#define SOTTO_BASELINE_F16C 1
#else
#define SOTTO_BASELINE_F16C 0
#endif
#if defined(__FMA__)
#define SOTTO_BASELINE_FMA 1
#else
#define SOTTO_BASELINE_FMA 0
#endif
#if defined(__FMA4__)
#define SOTTO_BASELINE_FMA4 1
#else
#define SOTTO_BASELINE_FMA4 0
#endif
#if defined(__XOP__)
#define SOTTO_BASELINE_XOP 1
#else
#define SOTTO_BASELINE_XOP 0
#endif
#if defined(__AVX2__)
#define SOTTO_BASELINE_AVX2 1
#else
#define SOTTO_BASELINE_AVX2 0
#endif
#if defined(__AVXVNNI__)
#define SOTTO_BASELINE_AVXVNNI 1
#else
#define SOTTO_BASELINE_AVXVNNI 0
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
#if defined(__AVX512DQ__)
#define SOTTO_BASELINE_AVX512DQ 1
#else
#define SOTTO_BASELINE_AVX512DQ 0
#endif
#if defined(__AVX512CD__)
#define SOTTO_BASELINE_AVX512CD 1
#else
#define SOTTO_BASELINE_AVX512CD 0
#endif
#if defined(__AVX512IFMA__)
#define SOTTO_BASELINE_AVX512IFMA 1
#else
#define SOTTO_BASELINE_AVX512IFMA 0
#endif
#if defined(__AVX512VBMI__)
#define SOTTO_BASELINE_AVX512VBMI 1
#else
#define SOTTO_BASELINE_AVX512VBMI 0
#endif
#if defined(__AVX512VBMI2__)
#define SOTTO_BASELINE_AVX512VBMI2 1
#else
#define SOTTO_BASELINE_AVX512VBMI2 0
#endif
#if defined(__AVX512VNNI__)
#define SOTTO_BASELINE_AVX512VNNI 1
#else
#define SOTTO_BASELINE_AVX512VNNI 0
#endif
#if defined(__AVX512BITALG__)
#define SOTTO_BASELINE_AVX512BITALG 1
#else
#define SOTTO_BASELINE_AVX512BITALG 0
#endif
#if defined(__AVX512VPOPCNTDQ__)
#define SOTTO_BASELINE_AVX512VPOPCNTDQ 1
#else
#define SOTTO_BASELINE_AVX512VPOPCNTDQ 0
#endif
#if defined(__AVX512BF16__)
#define SOTTO_BASELINE_AVX512BF16 1
#else
#define SOTTO_BASELINE_AVX512BF16 0
#endif
#if defined(__AVX512FP16__)
#define SOTTO_BASELINE_AVX512FP16 1
#else
#define SOTTO_BASELINE_AVX512FP16 0
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
#if defined(__ARM_FEATURE_SHA3)
#define SOTTO_BASELINE_ARM_SHA3 1
#else
#define SOTTO_BASELINE_ARM_SHA3 0
#endif
#if defined(__ARM_FEATURE_ATOMICS)
#define SOTTO_BASELINE_ARM_LSE 1
#else
#define SOTTO_BASELINE_ARM_LSE 0
#endif
#if defined(__ARM_FEATURE_DOTPROD)
#define SOTTO_BASELINE_ARM_DOTPROD 1
#else
#define SOTTO_BASELINE_ARM_DOTPROD 0
#endif
#if defined(__ARM_FEATURE_RCPC)
#define SOTTO_BASELINE_ARM_RCPC 1
#else
#define SOTTO_BASELINE_ARM_RCPC 0
#endif
#if defined(__ARM_FEATURE_SVE)
#define SOTTO_BASELINE_ARM_SVE 1
#else
#define SOTTO_BASELINE_ARM_SVE 0
#endif
#if defined(__ARM_FEATURE_SVE2)
#define SOTTO_BASELINE_ARM_SVE2 1
#else
#define SOTTO_BASELINE_ARM_SVE2 0
#endif

#define SOTTO_PASTE9_(a, b, c, d, e, f, g, h, i) a##b##c##d##e##f##g##h##i
#define SOTTO_PASTE9(a, b, c, d, e, f, g, h, i) SOTTO_PASTE9_(a, b, c, d, e, f, g, h, i)

// All of the above as the digits of one name.
#if defined(__aarch64__) || defined(_M_ARM64)
#define SOTTO_BASELINE_NAME                                                                                         \
  SOTTO_PASTE9(b, SOTTO_BASELINE_ARM_AES, SOTTO_BASELINE_ARM_SHA2, SOTTO_BASELINE_ARM_SHA3, SOTTO_BASELINE_ARM_LSE, \
               SOTTO_BASELINE_ARM_DOTPROD, SOTTO_BASELINE_ARM_RCPC, SOTTO_BASELINE_ARM_SVE, SOTTO_BASELINE_ARM_SVE2)
#else
#define SOTTO_BASELINE_X86_0                                                                          \
  SOTTO_PASTE9(b, SOTTO_BASELINE_SSE, SOTTO_BASELINE_SSE2, SOTTO_BASELINE_SSE3, SOTTO_BASELINE_SSSE3, \
               SOTTO_BASELINE_SSE41, SOTTO_BASELINE_SSE42, SOTTO_BASELINE_SSE4A, SOTTO_BASELINE_POPCNT)
#define SOTTO_BASELINE_X86_1                                                                         \
  SOTTO_PASTE9(SOTTO_BASELINE_X86_0, SOTTO_BASELINE_LZCNT, SOTTO_BASELINE_MOVBE, SOTTO_BASELINE_BMI, \
               SOTTO_BASELINE_BMI2, SOTTO_BASELINE_TBM, SOTTO_BASELINE_ADX, SOTTO_BASELINE_AES, SOTTO_BASELINE_PCLMUL)
#define SOTTO_BASELINE_X86_2                                                                           \
  SOTTO_PASTE9(SOTTO_BASELINE_X86_1, SOTTO_BASELINE_SHA, SOTTO_BASELINE_GFNI, SOTTO_BASELINE_VAES,     \
               SOTTO_BASELINE_VPCLMULQDQ, SOTTO_BASELINE_AVX, SOTTO_BASELINE_F16C, SOTTO_BASELINE_FMA, \
               SOTTO_BASELINE_FMA4)
#define SOTTO_BASELINE_X86_3                                                                                      \
  SOTTO_PASTE9(SOTTO_BASELINE_X86_2, SOTTO_BASELINE_XOP, SOTTO_BASELINE_AVX2, SOTTO_BASELINE_AVXVNNI,             \
               SOTTO_BASELINE_AVX512F, SOTTO_BASELINE_AVX512VL, SOTTO_BASELINE_AVX512BW, SOTTO_BASELINE_AVX512DQ, \
               SOTTO_BASELINE_AVX512CD)
#define SOTTO_BASELINE_NAME                                                                                            \
  SOTTO_PASTE9(SOTTO_BASELINE_X86_3, SOTTO_BASELINE_AVX512IFMA, SOTTO_BASELINE_AVX512VBMI, SOTTO_BASELINE_AVX512VBMI2, \
               SOTTO_BASELINE_AVX512VNNI, SOTTO_BASELINE_AVX512BITALG, SOTTO_BASELINE_AVX512VPOPCNTDQ,                 \
               SOTTO_BASELINE_AVX512BF16, SOTTO_BASELINE_AVX512FP16)
#endif
