// SPDX-License-Identifier: BSL-1.0
// Every AES-GCM kernel gives the published answers and refuses every single wrong bit of a short packet.
#include "algorithm.hpp"
#include "support/aead_grid.hpp"

using gcm_test::aes_gcm;

TEST_CASE("AES-GCM kernels: published packets") { support::published_packets<aes_gcm>("aes_gcm.txt"); }
TEST_CASE("AES-GCM kernels: every wrong bit of a short packet is refused") { support::every_wrong_bit<aes_gcm>(16); }
