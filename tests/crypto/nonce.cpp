// SPDX-License-Identifier: BSL-1.0
// A nonce is a copy: bytes that the output overwrites, or that end early, don't change what a kernel does.
#include <array>
#include <cstdint>
#include <span>

#include "sotto/cpu/features.hpp"
#include "sotto/crypto/aes_gcm.hpp"
#include "support/catch.hpp"

using sotto::crypto::aes_gcm;

TEST_CASE("a nonce inside the output gives the same packet on every kernel") {
  const std::array<std::uint8_t, 16> secret{1, 2, 3};
  const std::array<std::uint8_t, 64> plain{4, 5, 6};
  const std::array<std::uint8_t, 12> fresh{7, 8, 9};
  for (const auto& candidate : sotto::kernels::aes_gcm::candidates) {
    if (!sotto::cpu::detected().contains(candidate.needs)) continue;
    INFO(candidate.kernel->name);
    const auto gcm = aes_gcm::create(secret, *candidate.kernel);
    REQUIRE(gcm.has_value());
    std::array<std::uint8_t, 80> expected{}, out{};
    REQUIRE(gcm->seal(aes_gcm::nonce(fresh), {}, plain, expected).has_value());
    for (std::size_t i = 0; i < fresh.size(); ++i) out[i] = fresh[i];
    REQUIRE(gcm->seal(aes_gcm::nonce(std::span(out).first<12>()), {}, plain, out).has_value());
    CHECK(out == expected);
  }
}
