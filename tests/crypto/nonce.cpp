// SPDX-License-Identifier: BSL-1.0
// A nonce is a copy: bytes that the output overwrites, or that end early, don't change what a kernel does.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sotto/crypto/aes_gcm.hpp"
#include "sotto/crypto/chacha20_poly1305.hpp"
#include "sotto/crypto/xchacha20_poly1305.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"

namespace {

template <class A, class Kernel>
void nonce_inside_the_output(std::span<const sotto::cpu::candidate<Kernel>> candidates) {
  using fresh_nonce = std::span<const std::uint8_t, A::nonce_len>;
  const auto secret = support::pattern_bytes(1, 32), plain = support::pattern_bytes(2, 64),
             fresh = support::pattern_bytes(3, A::nonce_len);
  for (const auto* kernel : support::runnable(candidates)) {
    INFO(kernel->name);
    const auto aead = A::create(secret, *kernel);
    REQUIRE(aead.has_value());
    std::vector<std::uint8_t> expected(80), out = fresh;
    out.resize(80);
    REQUIRE(aead->seal(typename A::nonce(fresh_nonce(fresh)), {}, plain, expected).has_value());
    REQUIRE(aead->seal(typename A::nonce(fresh_nonce(out.data(), A::nonce_len)), {}, plain, out).has_value());
    CHECK(out == expected);
  }
}

}  // namespace

TEST_CASE("a nonce inside the output gives the same packet on every kernel") {
  namespace crypto = sotto::crypto;
  namespace kernels = sotto::kernels;
  nonce_inside_the_output<crypto::aes_gcm>(kernels::aes_gcm::candidates());
  nonce_inside_the_output<crypto::chacha20_poly1305>(kernels::chacha20_poly1305::candidates());
  nonce_inside_the_output<crypto::xchacha20_poly1305>(kernels::chacha20_poly1305::candidates());
}
