// SPDX-License-Identifier: BSL-1.0
// X25519 cases of Wycheproof and RFC 7748.
#pragma once

#include <vector>

#include "json_case.hpp"
#include "report.hpp"

namespace vectors {

/// All cases of one group, each on every kernel: alone, in a batch with all others, and through the public API.
void run_x25519_wycheproof(const std::vector<json_case>& tests, report& r);

/// A case of RFC 7748: a multiplication, a key agreement, or a chain of multiplications.
void run_x25519_case(const json_case& test, report& r);

}  // namespace vectors
