// SPDX-License-Identifier: BSL-1.0
// The tool that follows secrets: MemorySanitizer or Valgrind. A secret byte is one that counts as uninitialised: the
// tool reports every branch and every address that depends on it.
#pragma once

#include <cstddef>

#include "sotto/core/abi.hpp"

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define TAINT_MSAN 1
#endif
#endif

#if defined(TAINT_MSAN)
#include <sanitizer/msan_interface.h>
#else
#include <valgrind/memcheck.h>
#endif

namespace taint {

#if defined(TAINT_MSAN)
inline constexpr const char* tool = "MemorySanitizer";
inline bool tool_is_running() { return true; }
inline unsigned errors_so_far() { return 0; }  // its first report ends the process
inline constexpr bool follows_assembly = false;
inline constexpr unsigned unannounced_features = 0;
#else
inline constexpr const char* tool = "Valgrind";
inline bool tool_is_running() { return RUNNING_ON_VALGRIND != 0; }
inline unsigned errors_so_far() { return static_cast<unsigned>(VALGRIND_COUNT_ERRORS); }
inline constexpr bool follows_assembly = true;
/// Valgrind knows ADCX and ADOX, but its CPUID doesn't say so.
inline constexpr unsigned unannounced_features = SOTTO_ISA_ADX;
#endif

}  // namespace taint

extern "C" inline void sotto_taint_secret(const void* p, std::size_t len) noexcept {
#if defined(TAINT_MSAN)
  __msan_poison(p, len);
#else
  static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(p, len));
#endif
}

extern "C" inline void sotto_taint_public(const void* p, std::size_t len) noexcept {
#if defined(TAINT_MSAN)
  __msan_unpoison(p, len);
#else
  static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(p, len));
#endif
}

/// Whether any bit of the byte counts as secret.
inline bool sotto_taint_is_secret(const void* p) noexcept {
#if defined(TAINT_MSAN)
  return __msan_test_shadow(p, 1) != -1;
#else
  unsigned char bits = 0;
  static_cast<void>(VALGRIND_GET_VBITS(p, &bits, 1));
  return bits != 0;
#endif
}
