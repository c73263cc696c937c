// SPDX-License-Identifier: BSL-1.0
// What an object leaves in its memory when it ends.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define SUPPORT_READABLE(p, len) __msan_unpoison(p, len)
#endif
#endif
#if !defined(SUPPORT_READABLE)
#define SUPPORT_READABLE(p, len) static_cast<void>(0)
#endif

namespace support {

/// A T in memory that outlives it. The memory is zero before, so padding counts as empty.
template <class T>
class remains {
 public:
  template <class... Args>
  explicit remains(Args&&... args) {
    // A compiler may drop the zeros as overwritten, though T doesn't write all of its bytes: it can't know what this
    // statement does with them.
    void* p = memory_;
    __asm__ volatile("" : "+r"(p) : : "memory");
    object_ = ::new (p) T(std::forward<Args>(args)...);
  }
  remains(const remains&) = delete;
  remains& operator=(const remains&) = delete;
  ~remains() { end(); }

  T& object() { return *object_; }

  /// Destroys the object; what it left is counted from now on.
  void end() {
    if (object_ != nullptr) std::destroy_at(object_);
    object_ = nullptr;
  }

  /// The memory now, the object alive or not.
  std::vector<std::uint8_t> bytes() const {
    // A compiler may call memory undefined once its object has ended; it can't know what this statement does to it.
    const std::uint8_t* p = memory_;
    __asm__ volatile("" : "+r"(p) : : "memory");
    SUPPORT_READABLE(p, sizeof memory_);
    return std::vector<std::uint8_t>(p, p + sizeof memory_);
  }

  /// Non-zero machine words in the memory.
  std::size_t nonzero_words() const {
    const std::vector<std::uint8_t> memory = bytes();
    std::size_t count = 0;
    for (std::size_t i = 0; i < memory.size(); i += sizeof(void*)) {
      const std::size_t end = std::min(i + sizeof(void*), memory.size());
      bool zero = true;
      for (std::size_t j = i; j < end; ++j) zero = zero && memory[j] == 0;
      count += zero ? 0 : 1;
    }
    return count;
  }

 private:
  alignas(T) std::uint8_t memory_[sizeof(T)] = {};
  T* object_ = nullptr;
};

}  // namespace support
