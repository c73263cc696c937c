// SPDX-License-Identifier: BSL-1.0
// What people read: tables of nanoseconds, and Sotto's bars.
#pragma once

#include <string>
#include <vector>

#include "measure.hpp"

namespace bench {

void print(const table_result&);

/// A promise about the ratio of two costs of one table.
struct bar {
  const char* row;
  const char* yardstick;
  double limit;
};
inline constexpr bar bars[] = {
    {"sotto/protect/aead_aes_128_gcm/160", "ipsec_mb/seal/aes_128_gcm/160", 1.7},
    {"sotto/protect/aead_aes_128_gcm/1200", "ipsec_mb/seal/aes_128_gcm/1200", 1.4},
    {"sotto/protect/aes_cm_128_hmac_sha1_80/160", "libsrtp2/protect/aes_cm_128_hmac_sha1_80/160", 0.16},
    {"sotto/protect/aes_cm_128_hmac_sha1_80/1200", "libsrtp2/protect/aes_cm_128_hmac_sha1_80/1200", 0.23},
};

/// "1.52 (at most 1.70): met", "…: NOT met" or "UNMET (…)" and why.
std::string verdict(const bar&, const std::vector<table_result>&);

}  // namespace bench
