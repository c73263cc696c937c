// SPDX-License-Identifier: BSL-1.0
// SRTP key derivation cases (RFC 3711 4.3), whichever file they come from.
#pragma once

#include <cstdint>
#include <string>

#include "bytes.hpp"
#include "report.hpp"

namespace vectors {

struct derivation_vector {
  bytes master_key, master_salt;
  std::uint8_t label;
  std::uint64_t quotient;  ///< r = index DIV key_derivation_rate
  bytes expected;
};

/// The derived bytes are the expected ones, on every AES kernel.
void check_derived(report& r, test_case& c, const derivation_vector& v, const std::string& what);

}  // namespace vectors
