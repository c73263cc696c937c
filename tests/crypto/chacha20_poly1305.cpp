// SPDX-License-Identifier: BSL-1.0
// chacha20_poly1305 gives the published answers, refuses every altered packet and every misuse by name, and leaves
// memory alone whenever it refuses.
#include "sotto/crypto/chacha20_poly1305.hpp"

#include "aead_checks.hpp"

using sotto::crypto::chacha20_poly1305;

static_assert(aead_test::well_typed<chacha20_poly1305>());
static_assert(chacha20_poly1305::max_text_len == 274877906880u);  // RFC 8439 2.8

TEST_CASE("chacha20_poly1305: published packets, out of place and in place") {
  aead_test::published_packets<chacha20_poly1305>("chacha20_poly1305.txt");
}

TEST_CASE("chacha20_poly1305: only 32 bytes are a key; altered packets and misuse are refused") {
  aead_test::misuse<chacha20_poly1305>({32});
}
