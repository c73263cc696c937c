// SPDX-License-Identifier: BSL-1.0
// Memory between two unreadable pages, so that one byte read or written too far ends the program.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

namespace support {

/// memcmp that accepts null pointers with length 0, as empty vectors have.
inline bool same_bytes(const std::uint8_t* a, const std::uint8_t* b, std::size_t len) {
  return len == 0 || std::memcmp(a, b, len) == 0;
}

/// Which end of a buffer touches the unreadable page.
enum class edge { start, end };

/// At least capacity bytes, filled with a canary, between two pages that fault.
class guard_pages {
 public:
  static constexpr std::uint8_t canary = 0xa5;

  explicit guard_pages(std::size_t capacity) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    usable_ = (capacity + page - 1) / page * page;
    if (usable_ == 0) usable_ = page;
    mapped_ = usable_ + 2 * page;
    void* p = ::mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) std::abort();
    base_ = static_cast<std::uint8_t*>(p);
    begin_ = base_ + page;
    if (::mprotect(begin_, usable_, PROT_READ | PROT_WRITE) != 0) std::abort();
    std::memset(begin_, canary, usable_);
  }
  guard_pages(const guard_pages&) = delete;
  guard_pages& operator=(const guard_pages&) = delete;
  ~guard_pages() { ::munmap(base_, mapped_); }

  /// len bytes that touch the unreadable page at the given edge. The canary is restored there and around it.
  std::uint8_t* place(edge at, std::size_t len) {
    std::uint8_t* p = at == edge::start ? begin_ : begin_ + usable_ - len;
    std::uint8_t* around = at == edge::start ? p : (usable_ - len < watched ? begin_ : p - watched);
    std::memset(around, canary, usable_ - len < watched ? usable_ : len + watched);
    return p;
  }

  /// As place, but holding a copy of the given bytes.
  std::uint8_t* place(edge at, std::span<const std::uint8_t> bytes) {
    std::uint8_t* p = place(at, bytes.size());
    if (!bytes.empty()) std::memcpy(p, bytes.data(), bytes.size());
    return p;
  }

  /// True if the bytes next to [p, p + len), on the side that can be written, still hold the canary.
  bool intact_around(const std::uint8_t* p, std::size_t len) const {
    const std::size_t before = static_cast<std::size_t>(p - begin_), after = usable_ - before - len;
    const std::size_t low = before < watched ? before : watched, high = after < watched ? after : watched;
    return is_canary(p - low, low) && is_canary(p + len, high);
  }

  static bool is_canary(const std::uint8_t* p, std::size_t len) {
    for (std::size_t i = 0; i < len; ++i)
      if (p[i] != canary) return false;
    return true;
  }

 private:
  static constexpr std::size_t watched = 256;  // beyond the widest vector store of any kernel
  std::uint8_t* base_ = nullptr;
  std::uint8_t* begin_ = nullptr;
  std::size_t usable_ = 0;
  std::size_t mapped_ = 0;
};

}  // namespace support
