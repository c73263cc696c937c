// SPDX-License-Identifier: BSL-1.0
// Every SHA-256 kernel gives the published digests and equals the reference for every number of blocks at any
// alignment.
#include "support/compress_tests.hpp"

TEST_CASE("SHA-256 kernels: published digests") { support::check_published_digests<support::sha256_rig>(); }

TEST_CASE("SHA-256 kernels: every number of blocks from any state") {
  support::check_numbers_of_blocks<support::sha256_rig>();
}

TEST_CASE("SHA-256 kernels: every alignment") { support::check_alignments<support::sha256_rig>(); }
