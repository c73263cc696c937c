// SPDX-License-Identifier: BSL-1.0
// Every ChaCha20-Poly1305 kernel gives the published answers and equals the reference over lengths, AAD and alignments,
// with unreadable pages around each argument, and refuses forgeries.
#include "algorithm.hpp"
#include "support/aead_alignment.hpp"
#include "support/aead_grid.hpp"

using chacha_test::chacha20_poly1305;

TEST_CASE("ChaCha20-Poly1305 kernels: published packets") {
  support::published_packets<chacha20_poly1305>("chacha20_poly1305.txt");
}

TEST_CASE("ChaCha20-Poly1305 kernels: every wrong bit of a short packet is refused") {
  support::every_wrong_bit<chacha20_poly1305>(32);
}

TEST_CASE("ChaCha20-Poly1305 kernels: how much of the grid runs") { support::state_grid("ChaCha20-Poly1305"); }

TEST_CASE("ChaCha20-Poly1305 kernels: every length") {
  for (const std::size_t aad_len : {0u, 12u, 16u, 20u}) support::every_length<chacha20_poly1305>(32, aad_len);
}

TEST_CASE("ChaCha20-Poly1305 kernels: every AAD length, every split") { support::every_aad<chacha20_poly1305>(32); }
TEST_CASE("ChaCha20-Poly1305 kernels: long AAD") { support::long_aad<chacha20_poly1305>(32); }
TEST_CASE("ChaCha20-Poly1305 kernels: every alignment") { support::every_alignment<chacha20_poly1305>(32); }
TEST_CASE("ChaCha20-Poly1305 kernels: input and output side by side") { support::side_by_side<chacha20_poly1305>(32); }
TEST_CASE("ChaCha20-Poly1305 kernels: long texts") { support::long_texts<chacha20_poly1305>(32); }
