// SPDX-License-Identifier: BSL-1.0
// Every AES-GCM kernel equals the reference at every length 0..4096 with SRTP's AAD lengths, in place and out of place,
// and refuses a forgery of each.
#include "algorithm.hpp"
#include "support/aead_grid.hpp"

using gcm_test::aes_gcm;

TEST_CASE("AES-GCM kernels: how much of the grid runs") { support::state_grid("AES-GCM"); }

TEST_CASE("AES-GCM kernels: every length, 128-bit key") {
  for (const std::size_t aad_len : {0u, 12u, 16u, 20u}) support::every_length<aes_gcm>(16, aad_len);
}

TEST_CASE("AES-GCM kernels: every length, 256-bit key") {
  for (const std::size_t aad_len : {0u, 12u, 16u, 20u}) support::every_length<aes_gcm>(32, aad_len);
}

TEST_CASE("AES-GCM kernels: every length, 192-bit key") { support::every_length<aes_gcm>(24, 12); }
