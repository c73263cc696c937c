// SPDX-License-Identifier: BSL-1.0
// What this machine can do, asked once. A feature counts only if the operating system saves its registers too.
#pragma once

#include <atomic>
#include <cstdint>

#include "../core/abi.hpp"
#include "isa.hpp"
#include "target.hpp"

#if SOTTO_ARCH_X86
#if defined(_MSC_VER)
#include <immintrin.h>
#include <intrin.h>
#else
#include <cpuid.h>
#endif
#elif SOTTO_ARCH_ARM64
#if defined(__linux__)
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#elif defined(_WIN32)
extern "C" __declspec(dllimport) int __stdcall IsProcessorFeaturePresent(unsigned long);
#endif
#endif

namespace sotto::inline SOTTO_ABI::cpu {

namespace detail {

#if SOTTO_ARCH_X86

struct cpuid_registers {
  std::uint32_t eax, ebx, ecx, edx;
};

inline cpuid_registers cpuid(std::uint32_t leaf) noexcept {
#if defined(_MSC_VER)
  int r[4];
  __cpuidex(r, static_cast<int>(leaf), 0);
  return {static_cast<std::uint32_t>(r[0]), static_cast<std::uint32_t>(r[1]), static_cast<std::uint32_t>(r[2]),
          static_cast<std::uint32_t>(r[3])};
#else
  cpuid_registers r{};
  __cpuid_count(leaf, 0, r.eax, r.ebx, r.ecx, r.edx);
  return r;
#endif
}

/// XCR0: which register state the operating system saves. Only valid if cpuid reports OSXSAVE.
inline std::uint32_t saved_state() noexcept {
#if defined(_MSC_VER) && !defined(__clang__)
  return static_cast<std::uint32_t>(_xgetbv(0));
#else
  std::uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
#endif
}

inline std::uint32_t detect() noexcept {
  const auto bit = [](std::uint32_t reg, int n) { return ((reg >> n) & 1u) != 0; };
  std::uint32_t bits = 0;
  const auto add = [&bits](bool present, std::uint32_t feature) { bits |= present ? feature : 0u; };

  const std::uint32_t leaves = cpuid(0).eax;
  if (leaves < 1) return 0;
  const auto one = cpuid(1);
  if (!bit(one.edx, 26)) return 0;  // SSE2; everything below builds on it
  add(bit(one.ecx, 9), SOTTO_ISA_SSSE3);
  add(bit(one.ecx, 19), SOTTO_ISA_SSE41);
  add(bit(one.ecx, 25), SOTTO_ISA_AES);
  add(bit(one.ecx, 1), SOTTO_ISA_PCLMUL);
  if (leaves < 7) return bits;

  const auto seven = cpuid(7);
  add(bit(seven.ebx, 29), SOTTO_ISA_SHA);
  add(bit(seven.ebx, 8), SOTTO_ISA_BMI2);
  add(bit(seven.ebx, 19), SOTTO_ISA_ADX);

  constexpr std::uint32_t ymm_state = 0x06, zmm_state = 0xe6;
  const std::uint32_t saved = bit(one.ecx, 27) ? saved_state() : 0;
  // What the compilers' "avx2" and "avx512f" switch on besides: SSE4.2 and POPCNT, FMA and F16C.
  const bool avx = (saved & ymm_state) == ymm_state && bit(one.ecx, 28) && bit(one.ecx, 20) && bit(one.ecx, 23);
  const bool avx2 = avx && bit(seven.ebx, 5);
  const bool avx512 = avx2 && bit(one.ecx, 12) && bit(one.ecx, 29) && (saved & zmm_state) == zmm_state &&
                      bit(seven.ebx, 16) && bit(seven.ebx, 17) && bit(seven.ebx, 30) && bit(seven.ebx, 31);
  add(avx2, SOTTO_ISA_AVX2);
  add(avx2 && bit(seven.ecx, 9), SOTTO_ISA_VAES);
  add(avx2 && bit(seven.ecx, 10), SOTTO_ISA_VPCLMUL);
  add(avx512, SOTTO_ISA_AVX512);
  add(avx512 && bit(seven.ebx, 21), SOTTO_ISA_IFMA);
  return bits;
}

#elif SOTTO_ARCH_ARM64 && defined(__linux__)

inline std::uint32_t detect() noexcept {
  const unsigned long hwcap = ::getauxval(AT_HWCAP);
  std::uint32_t bits = 0;
  if (hwcap & (1ul << 1)) bits |= SOTTO_ISA_ARM_NEON;
  if (hwcap & (1ul << 3)) bits |= SOTTO_ISA_ARM_AES;
  if (hwcap & (1ul << 4)) bits |= SOTTO_ISA_ARM_PMULL;
  if (hwcap & (1ul << 5)) bits |= SOTTO_ISA_ARM_SHA1;
  if (hwcap & (1ul << 6)) bits |= SOTTO_ISA_ARM_SHA2;
  return bits;
}

#elif SOTTO_ARCH_ARM64 && defined(__APPLE__)

inline bool system_says(const char* name) noexcept {
  int value = 0;
  std::size_t len = sizeof value;
  return ::sysctlbyname(name, &value, &len, nullptr, 0) == 0 && value != 0;
}

inline std::uint32_t detect() noexcept {
  std::uint32_t bits = SOTTO_ISA_ARM_NEON;
  if (system_says("hw.optional.arm.FEAT_AES")) bits |= SOTTO_ISA_ARM_AES;
  if (system_says("hw.optional.arm.FEAT_PMULL")) bits |= SOTTO_ISA_ARM_PMULL;
  if (system_says("hw.optional.arm.FEAT_SHA1")) bits |= SOTTO_ISA_ARM_SHA1;
  if (system_says("hw.optional.arm.FEAT_SHA256")) bits |= SOTTO_ISA_ARM_SHA2;
  return bits;
}

#elif SOTTO_ARCH_ARM64 && defined(_WIN32)

inline std::uint32_t detect() noexcept {
  constexpr unsigned long pf_arm_v8_crypto = 30;  // one flag for AES, PMULL, SHA-1 and SHA-256
  return IsProcessorFeaturePresent(pf_arm_v8_crypto) != 0
             ? SOTTO_ISA_ARM_NEON | SOTTO_ISA_ARM_AES | SOTTO_ISA_ARM_PMULL | SOTTO_ISA_ARM_SHA1 | SOTTO_ISA_ARM_SHA2
             : SOTTO_ISA_ARM_NEON;
}

#else

inline std::uint32_t detect() noexcept { return 0; }

#endif

// The library's only mutable global. Racing first calls compute the same value.
inline std::atomic<std::uint32_t> cache{0};
inline constexpr std::uint32_t cache_filled = 0x80000000u;

#if defined(SOTTO_ENABLE_CPU_MASK)
inline std::atomic<std::uint32_t> hidden{0};
#endif

}  // namespace detail

/// Everything the processor and the operating system offer. Thread-safe; detected on the first call.
inline feature_set detected() noexcept {
  std::uint32_t bits = detail::cache.load(std::memory_order_relaxed);
  if (bits == 0) {
    bits = detail::detect() | detail::cache_filled;
    detail::cache.store(bits, std::memory_order_relaxed);
  }
  return feature_set(bits & ~detail::cache_filled);
}

/// What kernels may use: the detected features, less a test's mask; under SOTTO_FORCE_ISA exactly its list, unchecked.
inline feature_set available() noexcept {
#if defined(SOTTO_FORCE_ISA)
  return feature_set(SOTTO_FORCE_ISA);
#elif defined(SOTTO_ENABLE_CPU_MASK)
  return detected().without(feature_set(detail::hidden.load(std::memory_order_relaxed)));
#else
  return detected();
#endif
}

/// The best of a kernel list for this machine. With SOTTO_FORCE_ISA the best within that list of features, which the
/// compiler decides unless the kernels are compiled separately.
template <auto Candidates>
const auto& best() noexcept {
#if defined(SOTTO_FORCE_ISA) && !SOTTO_CONFIG_SEPARATE_KERNELS
  static constexpr const auto& forced = choose(Candidates(), feature_set(SOTTO_FORCE_ISA));
  return forced;
#else
  return choose(Candidates(), available());
#endif
}

#if defined(SOTTO_ENABLE_CPU_MASK)
/// Hides features from objects keyed from now on (tests, tools and benchmarks only). Replaces the previous mask.
inline void hide(feature_set features) noexcept { detail::hidden.store(features.bits(), std::memory_order_relaxed); }
#endif

}  // namespace sotto::inline SOTTO_ABI::cpu
