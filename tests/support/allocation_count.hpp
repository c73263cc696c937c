// SPDX-License-Identifier: BSL-1.0
// Counts allocations of this thread inside a scope. Any source file may include it, if one of the program includes
// allocation_trap.hpp.
#pragma once

#include <cstddef>

namespace support {

namespace detail {
inline thread_local bool counting = false;
inline thread_local std::size_t allocations = 0;
inline void note() noexcept {
  if (counting) ++allocations;
}
}  // namespace detail

/// Counts from construction until count() is asked; scopes don't nest.
class allocation_trap {
 public:
  allocation_trap() noexcept {
    detail::allocations = 0;
    detail::counting = true;
  }
  allocation_trap(const allocation_trap&) = delete;
  allocation_trap& operator=(const allocation_trap&) = delete;
  ~allocation_trap() { detail::counting = false; }

  /// Stops counting.
  std::size_t count() noexcept {
    detail::counting = false;
    return detail::allocations;
  }
};

}  // namespace support
