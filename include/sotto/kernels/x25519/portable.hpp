// SPDX-License-Identifier: BSL-1.0
// X25519 in standard C++: portable_51 where there is a wide multiplication, portable_25 everywhere. The latter is the
// reference for every other kernel.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "contract.hpp"
#include "field25.hpp"
#include "field51.hpp"
#include "fixed_base.hpp"
#include "ladder.hpp"

namespace sotto::inline SOTTO_ABI::kernels::x25519 {

/// One after the other.
template <class Field>
inline void multiply_each(const job* jobs, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) multiply<Field>(jobs[i].out, jobs[i].scalar, jobs[i].u);
}

namespace portable_25 {
inline constexpr kernel table{&multiply<field25>, &multiply_base<field25>, &multiply_each<field25>, "portable_25"};
}

#if SOTTO_X25519_HAS_FIELD51
namespace portable_51 {
inline constexpr kernel table{&multiply<field51>, &multiply_base<field51>, &multiply_each<field51>, "portable_51"};
}
#endif

}  // namespace sotto::inline SOTTO_ABI::kernels::x25519
