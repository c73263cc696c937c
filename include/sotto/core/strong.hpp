// SPDX-License-Identifier: BSL-1.0
// Integers that can't be mistaken for one another: no arithmetic, no implicit conversion either way.
#pragma once

#include <compare>

#include "abi.hpp"

namespace sotto::inline SOTTO_ABI {

/// A value of type T that only mixes with values of the same Tag. Ordered and comparable, nothing else.
template <class T, class Tag>
class strong {
 public:
  using value_type = T;
  constexpr strong() noexcept = default;
  constexpr explicit strong(T value) noexcept : value_(value) {}
  constexpr T value() const noexcept { return value_; }
  friend constexpr bool operator==(strong, strong) noexcept = default;
  friend constexpr auto operator<=>(strong, strong) noexcept = default;

 private:
  T value_{};
};

}  // namespace sotto::inline SOTTO_ABI
