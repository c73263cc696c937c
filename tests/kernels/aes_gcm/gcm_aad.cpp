// SPDX-License-Identifier: BSL-1.0
// Every AES-GCM kernel equals the reference for AAD of 0..256 bytes with texts of 0..64 bytes, however the AAD is split
// between its two parts.
#include "algorithm.hpp"
#include "support/aead_grid.hpp"

using gcm_test::aes_gcm;

TEST_CASE("AES-GCM kernels: every AAD length, every split") { support::every_aad<aes_gcm>(16); }
TEST_CASE("AES-GCM kernels: long AAD") { support::long_aad<aes_gcm>(32); }
