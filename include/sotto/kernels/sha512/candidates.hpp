// SPDX-License-Identifier: BSL-1.0
// SHA-512: defines the tables, lists them.
#pragma once


#include "../../core/abi.hpp"
#include "../../cpu/isa.hpp"
#include "contract.hpp"
#include "portable.hpp"

namespace sotto::inline SOTTO_ABI::kernels::sha512 {

/// Every kernel of this build with the features it needs, best first.
inline constexpr cpu::candidate<kernel> compiled[] = {
    {&portable::table, cpu::feature_set()},
};

}  // namespace sotto::inline SOTTO_ABI::kernels::sha512
