// SPDX-License-Identifier: BSL-1.0
// xchacha20_poly1305 gives the published answers on every kernel, refuses every altered packet and every misuse by
// name, leaves memory alone whenever it refuses, and shares no nonce type with chacha20_poly1305.
#include "sotto/crypto/xchacha20_poly1305.hpp"

#include <algorithm>
#include <string>

#include "aead_checks.hpp"
#include "sotto/crypto/chacha20_poly1305.hpp"
#include "support/runnable.hpp"

using sotto::crypto::chacha20_poly1305;
using sotto::crypto::xchacha20_poly1305;

static_assert(aead_test::well_typed<xchacha20_poly1305>());
static_assert(!std::is_convertible_v<chacha20_poly1305::nonce, xchacha20_poly1305::nonce> &&
              !std::is_constructible_v<chacha20_poly1305::nonce, std::span<const std::uint8_t, 24>>);

TEST_CASE("xchacha20_poly1305: published packets, out of place and in place") {
  aead_test::published_packets<xchacha20_poly1305>("xchacha20_poly1305.txt");
}

TEST_CASE("xchacha20_poly1305: only 32 bytes are a key; altered packets and misuse are refused") {
  aead_test::misuse<xchacha20_poly1305>({32});
}

TEST_CASE("xchacha20_poly1305: every kernel seals what chacha20_poly1305 seals under the subkey") {
  namespace chacha = sotto::kernels::chacha20_poly1305;
  const aead_test::octets key = support::pattern_bytes(1, 32), nonce = support::pattern_bytes(2, 24),
                          aad = support::pattern_bytes(3, 12), text = support::pattern_bytes(4, 300);
  chacha::key first, subkey;
  std::copy(key.begin(), key.end(), first.bytes);
  support::reference(chacha::candidates()).hchacha20(first, nonce.data(), subkey);
  aead_test::octets rest(4), expected(text.size() + 16);
  rest.insert(rest.end(), nonce.begin() + 16, nonce.end());
  const auto inner = chacha20_poly1305::create(subkey.bytes, support::reference(chacha::candidates()));
  REQUIRE(inner->seal(aead_test::nonce_of<chacha20_poly1305>(rest), aad, text, expected).has_value());

  for (const auto* kernel : support::runnable(chacha::candidates())) {
    INFO(kernel->name);
    const auto aead = xchacha20_poly1305::create(key, *kernel);
    REQUIRE(aead.has_value());
    CHECK(aead->kernel_name() == std::string(kernel->name));
    aead_test::octets sealed(expected.size());
    REQUIRE(aead->seal(aead_test::nonce_of<xchacha20_poly1305>(nonce), aad, text, sealed).has_value());
    REQUIRE(sealed == expected);
    REQUIRE(aead->open(aead_test::nonce_of<xchacha20_poly1305>(nonce), aad, sealed, sealed).has_value());
    sealed.resize(text.size());
    REQUIRE(sealed == text);
  }
}
