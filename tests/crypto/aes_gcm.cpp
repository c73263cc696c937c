// SPDX-License-Identifier: BSL-1.0
// aes_gcm gives the published answers, refuses every altered packet and every misuse by name, and leaves memory alone
// whenever it refuses.
#include "sotto/crypto/aes_gcm.hpp"

#include "aead_checks.hpp"

using sotto::crypto::aes_gcm;

static_assert(aead_test::well_typed<aes_gcm>());

TEST_CASE("aes_gcm: published packets, out of place and in place") {
  aead_test::published_packets<aes_gcm>("aes_gcm.txt");
}

TEST_CASE("aes_gcm: only 16, 24 and 32 bytes are a key; altered packets and misuse are refused") {
  aead_test::misuse<aes_gcm>({16, 24, 32});
}
