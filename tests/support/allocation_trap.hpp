// SPDX-License-Identifier: BSL-1.0
// Makes allocations count for allocation_count.hpp. Defines the program's operator new and delete, and malloc where the
// C library allows it, or asks the sanitizer: include it from exactly one source file of a program.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#include "allocation_count.hpp"

#if defined(__has_feature)
#define SUPPORT_TRAP_HAS(x) __has_feature(x)
#else
#define SUPPORT_TRAP_HAS(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || SUPPORT_TRAP_HAS(address_sanitizer) || \
    SUPPORT_TRAP_HAS(memory_sanitizer) || SUPPORT_TRAP_HAS(thread_sanitizer)
#define SUPPORT_SANITIZER_ALLOCATES 1
#else
#define SUPPORT_SANITIZER_ALLOCATES 0
#endif
#if defined(__GLIBC__) && !SUPPORT_SANITIZER_ALLOCATES
#define SUPPORT_TRAPS_MALLOC 1
#else
#define SUPPORT_TRAPS_MALLOC 0
#endif

#if SUPPORT_SANITIZER_ALLOCATES
// The sanitizer owns every way to allocate, and tells of each.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, std::size_t),
                                                         void (*)(const volatile void*));
namespace support::detail {
inline const int hooked = __sanitizer_install_malloc_and_free_hooks([](const volatile void*, std::size_t) { note(); },
                                                                    [](const volatile void*) {});
}  // namespace support::detail
#else
#if SUPPORT_TRAPS_MALLOC
// Weak: in a statically linked program the library's own definitions win, and only operator new is counted.
extern "C" {
void* __libc_malloc(std::size_t) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;
__attribute__((weak)) void* malloc(std::size_t n) noexcept {
  support::detail::note();
  return __libc_malloc(n);
}
__attribute__((weak)) void* calloc(std::size_t n, std::size_t size) noexcept {
  support::detail::note();
  return __libc_calloc(n, size);
}
__attribute__((weak)) void* realloc(void* p, std::size_t n) noexcept {
  support::detail::note();
  return __libc_realloc(p, n);
}
}
#endif

void* operator new(std::size_t n) {
  support::detail::note();
  void* p = std::malloc(n != 0 ? n : 1);
  if (p == nullptr) std::abort();
  return p;
}
void* operator new(std::size_t n, std::align_val_t align) {
  support::detail::note();
  const auto a = static_cast<std::size_t>(align);
  void* p = std::aligned_alloc(a, (n + a - 1) / a * a);
  if (p == nullptr) std::abort();
  return p;
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
#endif
