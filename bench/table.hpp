// SPDX-License-Identifier: BSL-1.0
// What people read: tables of nanoseconds, and Sotto's bars.
#pragma once

#include <string>
#include <vector>

#include <sotto/cpu/isa.hpp>

#include "measure.hpp"

namespace bench {

void print(const table_result&);

/// Where a bar holds, by the features that aren't hidden.
enum class machine { any, avx512, avx2 };
bool fits(machine, sotto::cpu::feature_set available) noexcept;

/// A promise about the ratio of two costs of one table.
struct bar {
  machine on;
  const char* row;
  const char* yardstick;
  double limit;
};
inline constexpr bar bars[] = {
    {machine::any, "sotto/protect/aead_aes_128_gcm/160", "ipsec_mb/seal/aes_128_gcm/160", 1.7},
    {machine::any, "sotto/protect/aead_aes_128_gcm/1200", "ipsec_mb/seal/aes_128_gcm/1200", 1.4},
    {machine::any, "sotto/protect/aes_cm_128_hmac_sha1_80/160", "libsrtp2/protect/aes_cm_128_hmac_sha1_80/160", 0.16},
    {machine::any, "sotto/protect/aes_cm_128_hmac_sha1_80/1200", "libsrtp2/protect/aes_cm_128_hmac_sha1_80/1200", 0.23},

    {machine::any, "sotto/handshake/noise_xx", "sotto/handshake/x25519_of_xx", 1.15},

    {machine::avx512, "sotto/seal/chacha20_poly1305/160", "openssl/seal/chacha20_poly1305/160", 0.70},
    {machine::avx512, "sotto/open/chacha20_poly1305/160", "openssl/open/chacha20_poly1305/160", 0.70},
    {machine::avx512, "sotto/seal/chacha20_poly1305/1200", "openssl/seal/chacha20_poly1305/1200", 0.50},
    {machine::avx512, "sotto/open/chacha20_poly1305/1200", "openssl/open/chacha20_poly1305/1200", 0.50},
    {machine::avx512, "sotto/seal/chacha20_poly1305/1200", "sodium/seal/chacha20_poly1305/1200", 0.35},
    {machine::avx512, "sotto/open/chacha20_poly1305/1200", "sodium/open/chacha20_poly1305/1200", 0.35},
    {machine::avx512, "sotto/agree/x25519", "openssl/agree/x25519", 0.60},
    {machine::avx512, "sotto/agree/x25519", "sodium/agree/x25519", 0.60},
    {machine::avx512, "sotto_batch/agree/x25519", "openssl/agree/x25519", 0.28},
    {machine::avx512, "sotto_batch/agree/x25519", "sodium/agree/x25519", 0.28},
    {machine::avx512, "sotto/public_key/x25519", "sodium/public_key/x25519", 0.30},

    {machine::avx2, "sotto/seal/chacha20_poly1305/1200", "openssl/seal/chacha20_poly1305/1200", 0.90},
    {machine::avx2, "sotto/open/chacha20_poly1305/1200", "openssl/open/chacha20_poly1305/1200", 0.90},
    {machine::avx2, "sotto/agree/x25519", "openssl/agree/x25519", 1.0},
    {machine::avx2, "sotto/public_key/x25519", "openssl/public_key/x25519", 1.0},
};

enum class outcome { met, missed, unmeasured };
struct verdict {
  outcome what;
  std::string words;  ///< "1.52 (at most 1.70): met", "…: NOT met" or "UNMET (…)" and why
};
verdict judge(const bar&, const std::vector<table_result>&);

}  // namespace bench
