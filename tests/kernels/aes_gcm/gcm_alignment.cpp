// SPDX-License-Identifier: BSL-1.0
// Every AES-GCM kernel equals the reference at every alignment, with buffers that touch one another, and on long texts.
#include "algorithm.hpp"
#include "support/aead_alignment.hpp"
#include "support/aead_grid.hpp"

using gcm_test::aes_gcm;

TEST_CASE("AES-GCM kernels: every alignment") { support::every_alignment<aes_gcm>(16); }
TEST_CASE("AES-GCM kernels: input and output side by side") { support::side_by_side<aes_gcm>(16); }
TEST_CASE("AES-GCM kernels: long texts") { support::long_texts<aes_gcm>(16); }
