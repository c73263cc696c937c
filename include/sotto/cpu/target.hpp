// SPDX-License-Identifier: BSL-1.0
// Target regions: code between SOTTO_REGION_BEGIN(...) and SOTTO_REGION_END is compiled for the named instruction
// sets whatever the command line says. Every target string of the library stands here.
#pragma once

#include "../core/abi.hpp"

#if defined(__x86_64__) || defined(__i386__) || defined(_M_X64) || defined(_M_IX86)
#define SOTTO_ARCH_X86 1
#else
#define SOTTO_ARCH_X86 0
#endif
// The ARM kernels read vectors in little-endian lane order.
#if (defined(__aarch64__) && !defined(__AARCH64EB__)) || defined(_M_ARM64)
#define SOTTO_ARCH_ARM64 1
#else
#define SOTTO_ARCH_ARM64 0
#endif

// GCC for Windows aligns stack slots to 16 bytes only, so spilled 32- and 64-byte vectors fault there.
#if (defined(__MINGW32__) || defined(__CYGWIN__)) && !defined(__clang__)
#define SOTTO_WIDE_VECTORS 0
#else
#define SOTTO_WIDE_VECTORS 1
#endif

#define SOTTO_PRAGMA_(x) _Pragma(#x)
#define SOTTO_PRAGMA(x) SOTTO_PRAGMA_(x)

// Clang ignores GCC's pragma and GCC Clang's, so each compiler gets its own. MSVC compiles any intrinsic anywhere.
#if defined(__clang__)
#define SOTTO_REGION_BEGIN(target_string) \
  SOTTO_PRAGMA(clang attribute push(__attribute__((target(target_string))), apply_to = function))
#define SOTTO_REGION_END _Pragma("clang attribute pop")
#elif defined(__GNUC__)
// GCC 12's AVX-512 headers initialise their undefined vectors with themselves, and its own warning says so wherever
// they are inlined (GCC bug 105593).
#define SOTTO_REGION_BEGIN(target_string)                                                            \
  _Pragma("GCC push_options") SOTTO_PRAGMA(GCC target(target_string)) _Pragma("GCC diagnostic push") \
      _Pragma("GCC diagnostic ignored \"-Wuninitialized\"")                                          \
          _Pragma("GCC diagnostic ignored \"-Wmaybe-uninitialized\"")
#define SOTTO_REGION_END _Pragma("GCC diagnostic pop") _Pragma("GCC pop_options")
#else
#define SOTTO_REGION_BEGIN(target_string)
#define SOTTO_REGION_END
#endif

// For the small helpers inside a kernel: speed depends on inlining, correctness doesn't. Without optimisation or under
// sanitizers it would only make huge functions that take minutes to compile.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SOTTO_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SOTTO_SANITIZED 1
#endif
#if (defined(__GNUC__) || defined(__clang__)) && defined(__OPTIMIZE__) && !defined(SOTTO_SANITIZED)
#define SOTTO_ALWAYS_INLINE inline __attribute__((always_inline))
#elif defined(_MSC_VER) && !defined(__clang__)
#define SOTTO_ALWAYS_INLINE __forceinline
#else
#define SOTTO_ALWAYS_INLINE inline
#endif
#if defined(__GNUC__) || defined(__clang__)
#define SOTTO_NOINLINE __attribute__((noinline))
#elif defined(_MSC_VER)
#define SOTTO_NOINLINE __declspec(noinline)
#else
#define SOTTO_NOINLINE
#endif

// Before a loop of constant, small trip count whose arrays of vectors must live in registers: GCC keeps such loops
// rolled at -O2. Speed only.
#if defined(__clang__)
#define SOTTO_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define SOTTO_UNROLL _Pragma("GCC unroll 16")
#else
#define SOTTO_UNROLL
#endif

// Each target: the compiler's string, and the feature bits a processor must have before a kernel compiled for it may
// run. The bits name *everything* the string allows the compiler to emit, not only the intrinsics in the kernel.
#define SOTTO_TARGET_X86_AESNI "sse2,sse3,ssse3,sse4.1,aes,pclmul"
#define SOTTO_NEEDS_X86_AESNI (SOTTO_ISA_SSSE3 | SOTTO_ISA_SSE41 | SOTTO_ISA_AES | SOTTO_ISA_PCLMUL)

#define SOTTO_TARGET_X86_SHANI "sse2,sse3,ssse3,sse4.1,sha"
#define SOTTO_NEEDS_X86_SHANI (SOTTO_ISA_SSSE3 | SOTTO_ISA_SSE41 | SOTTO_ISA_SHA)

#define SOTTO_TARGET_X86_AESNI_SHANI "sse2,sse3,ssse3,sse4.1,aes,pclmul,sha"
#define SOTTO_NEEDS_X86_AESNI_SHANI (SOTTO_NEEDS_X86_AESNI | SOTTO_ISA_SHA)

#define SOTTO_TARGET_X86_VAES256 "sse2,sse3,ssse3,sse4.1,aes,pclmul,avx,avx2,vaes,vpclmulqdq"
#define SOTTO_NEEDS_X86_VAES256 (SOTTO_NEEDS_X86_AESNI | SOTTO_ISA_AVX2 | SOTTO_ISA_VAES | SOTTO_ISA_VPCLMUL)

#define SOTTO_TARGET_X86_VAES256_SHANI SOTTO_TARGET_X86_VAES256 ",sha"
#define SOTTO_NEEDS_X86_VAES256_SHANI (SOTTO_NEEDS_X86_VAES256 | SOTTO_ISA_SHA)

#define SOTTO_TARGET_X86_VAES512 \
  "sse2,sse3,ssse3,sse4.1,aes,pclmul,avx,avx2,bmi2,avx512f,avx512vl,avx512bw,avx512dq,vaes,vpclmulqdq"
#define SOTTO_NEEDS_X86_VAES512 (SOTTO_NEEDS_X86_VAES256 | SOTTO_ISA_BMI2 | SOTTO_ISA_AVX512)

#define SOTTO_TARGET_X86_VAES512_SHANI SOTTO_TARGET_X86_VAES512 ",sha"
#define SOTTO_NEEDS_X86_VAES512_SHANI (SOTTO_NEEDS_X86_VAES512 | SOTTO_ISA_SHA)

#define SOTTO_TARGET_X86_SSSE3 "sse2,sse3,ssse3"
#define SOTTO_NEEDS_X86_SSSE3 SOTTO_ISA_SSSE3

#define SOTTO_TARGET_X86_AVX2 "sse2,sse3,ssse3,sse4.1,avx,avx2,bmi2"
#define SOTTO_NEEDS_X86_AVX2 (SOTTO_ISA_SSSE3 | SOTTO_ISA_SSE41 | SOTTO_ISA_AVX2 | SOTTO_ISA_BMI2)

#define SOTTO_TARGET_X86_IFMA \
  "sse2,sse3,ssse3,sse4.1,avx,avx2,bmi2,avx512f,avx512vl,avx512bw,avx512dq,avx512ifma"
#define SOTTO_NEEDS_X86_IFMA (SOTTO_NEEDS_X86_AVX2 | SOTTO_ISA_AVX512 | SOTTO_ISA_IFMA)

#define SOTTO_TARGET_X86_ADX "bmi2,adx"
#define SOTTO_NEEDS_X86_ADX (SOTTO_ISA_BMI2 | SOTTO_ISA_ADX)

// Clang spells ARM features without '+' in the attribute from 16 on and accepts "aes" (with PMULL) and "sha2" (with
// SHA1) everywhere; GCC wants "+".
#if defined(__clang__)
#define SOTTO_TARGET_ARM_AES "aes"
#define SOTTO_TARGET_ARM_SHA1 "sha2"
#define SOTTO_TARGET_ARM_AES_SHA1 "aes,sha2"
#define SOTTO_TARGET_ARM_SHA2 "sha2"
#define SOTTO_TARGET_ARM_NEON "neon"
#else
#define SOTTO_TARGET_ARM_AES "+aes"
#define SOTTO_TARGET_ARM_SHA1 "+sha2"
#define SOTTO_TARGET_ARM_AES_SHA1 "+aes+sha2"
#define SOTTO_TARGET_ARM_SHA2 "+sha2"
#define SOTTO_TARGET_ARM_NEON "+simd"
#endif
#define SOTTO_NEEDS_ARM_AES (SOTTO_ISA_ARM_NEON | SOTTO_ISA_ARM_AES | SOTTO_ISA_ARM_PMULL)
#define SOTTO_NEEDS_ARM_SHA1 (SOTTO_ISA_ARM_NEON | SOTTO_ISA_ARM_SHA1 | SOTTO_ISA_ARM_SHA2)
#define SOTTO_NEEDS_ARM_SHA2 (SOTTO_ISA_ARM_NEON | SOTTO_ISA_ARM_SHA2)
#define SOTTO_NEEDS_ARM_NEON SOTTO_ISA_ARM_NEON
#define SOTTO_NEEDS_ARM_AES_SHA1 (SOTTO_NEEDS_ARM_AES | SOTTO_NEEDS_ARM_SHA1)

// Whether a kernel is compiled at all: SOTTO_FORCE_ISA leaves only those within its list.
#if defined(SOTTO_FORCE_ISA)
// A wide feature without what its kernels also need would silently select a lesser kernel.
static_assert(((SOTTO_FORCE_ISA)&SOTTO_ISA_AVX512) == 0 ||
                  ((SOTTO_FORCE_ISA) & (SOTTO_ISA_AVX2 | SOTTO_ISA_BMI2)) == (SOTTO_ISA_AVX2 | SOTTO_ISA_BMI2),
              "SOTTO_FORCE_ISA: SOTTO_ISA_AVX512 wants SOTTO_ISA_AVX2 and SOTTO_ISA_BMI2 beside it");
static_assert(((SOTTO_FORCE_ISA)&SOTTO_ISA_IFMA) == 0 ||
                  ((SOTTO_FORCE_ISA)&SOTTO_NEEDS_X86_IFMA) == SOTTO_NEEDS_X86_IFMA,
              "SOTTO_FORCE_ISA: SOTTO_ISA_IFMA wants SSSE3, SSE41, AVX2, BMI2 and AVX512 beside it");
static_assert(((SOTTO_FORCE_ISA)&SOTTO_ISA_VAES) == 0 ||
                  ((SOTTO_FORCE_ISA)&SOTTO_NEEDS_X86_VAES256) == SOTTO_NEEDS_X86_VAES256,
              "SOTTO_FORCE_ISA: SOTTO_ISA_VAES wants SSSE3, SSE41, AES, PCLMUL, AVX2 and VPCLMUL beside it");
static_assert(((SOTTO_FORCE_ISA)&SOTTO_ISA_AES) == 0 ||
                  ((SOTTO_FORCE_ISA)&SOTTO_NEEDS_X86_AESNI) == SOTTO_NEEDS_X86_AESNI,
              "SOTTO_FORCE_ISA: SOTTO_ISA_AES wants SSSE3, SSE41 and PCLMUL beside it");
#define SOTTO_WITHIN_FORCED_ISA(needs) (((SOTTO_FORCE_ISA) & (needs)) == (needs))
#else
#define SOTTO_WITHIN_FORCED_ISA(needs) 1
#endif
#define SOTTO_COMPILE_X86(needs) (SOTTO_ARCH_X86 && SOTTO_WITHIN_FORCED_ISA(needs))
#define SOTTO_COMPILE_X86_WIDE(needs) (SOTTO_ARCH_X86 && SOTTO_WIDE_VECTORS && SOTTO_WITHIN_FORCED_ISA(needs))
#define SOTTO_COMPILE_ARM64(needs) (SOTTO_ARCH_ARM64 && SOTTO_WITHIN_FORCED_ISA(needs))
