// SPDX-License-Identifier: BSL-1.0
// Comparison and selection whose time doesn't depend on the values, and the marks that taint tests read.
#pragma once

#include <cstddef>
#include <cstdint>

#include "abi.hpp"
#include "bytes.hpp"

#if defined(SOTTO_ENABLE_TAINT_CHECKS)
// Supplied by the taint tests: tell Valgrind or MSan that these bytes are secret, or public from here on.
extern "C" void sotto_taint_secret(const void* p, std::size_t len) noexcept;
extern "C" void sotto_taint_public(const void* p, std::size_t len) noexcept;
#endif

// MemorySanitizer reports every secret operand of an assembler statement, the empty one of a barrier too.
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define SOTTO_BARRIER_IN_MEMORY 1
#endif
#endif

namespace sotto::inline SOTTO_ABI::core {

/// Hides a value from the optimiser, so that it can't turn mask arithmetic back into a branch.
template <class T>
inline T value_barrier(T v) noexcept {
#if (defined(__GNUC__) || defined(__clang__)) && !defined(SOTTO_BARRIER_IN_MEMORY)
  __asm__("" : "+r"(v));
  return v;
#else
  volatile T hidden = v;
  return hidden;
#endif
}

/// Makes the result of a secret computation public: a verdict that the caller learns anyway.
inline bool reveal(std::uint32_t verdict) noexcept {
#if defined(SOTTO_ENABLE_TAINT_CHECKS)
  sotto_taint_public(&verdict, sizeof verdict);
#endif
  return verdict != 0;
}

/// Makes bytes public that were computed from secrets.
inline void reveal([[maybe_unused]] const_bytes bytes) noexcept {
#if defined(SOTTO_ENABLE_TAINT_CHECKS)
  sotto_taint_public(bytes.data(), bytes.size());
#endif
}

/// All ones if v is zero, else zero.
inline std::uint32_t mask_if_zero(std::uint32_t v) noexcept {
  v = value_barrier(v);
#if defined(SOTTO_BARRIER_IN_MEMORY)
  return 0u - static_cast<std::uint32_t>(v == 0);  // MemorySanitizer doesn't follow a borrow
#else
  return static_cast<std::uint32_t>((std::uint64_t{v} - 1) >> 32);
#endif
}

/// a where the mask's bits are one, b where they are zero.
template <class T>
inline T select(T mask, T a, T b) noexcept {
  return b ^ (value_barrier(mask) & (a ^ b));
}

/// 1 if the len bytes are equal, else 0, in time that depends on len only. len 0 compares equal.
inline std::uint32_t equal_bit(const std::uint8_t* a, const std::uint8_t* b, std::size_t len) noexcept {
  std::uint32_t difference = 0;
  for (std::size_t i = 0; i < len; ++i) difference |= static_cast<std::uint32_t>(a[i] ^ b[i]);
  return mask_if_zero(difference) & 1u;
}

/// True if the len bytes are equal; only this verdict becomes public.
inline bool equal(const std::uint8_t* a, const std::uint8_t* b, std::size_t len) noexcept {
  return reveal(equal_bit(a, b, len));
}

}  // namespace sotto::inline SOTTO_ABI::core
