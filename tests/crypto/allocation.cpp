// SPDX-License-Identifier: BSL-1.0
// Nothing in this floor allocates: neither keying, nor any packet, nor any refusal.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "sotto/core/random.hpp"
#include "sotto/crypto.hpp"
#include "support/allocation_trap.hpp"
#include "support/catch.hpp"
#include "support/runnable.hpp"

TEST_CASE("the trap sees allocations") {
  support::allocation_trap trap;
  auto* volatile p = new std::uint8_t[10];
  delete[] p;
  CHECK(trap.count() != 0);
#if SUPPORT_TRAPS_MALLOC
  support::allocation_trap again;
  void* volatile q = std::malloc(10);
  std::free(q);
  if (again.count() == 0) WARN("linked statically: calls of malloc are not seen, operator new is");
#endif
}

TEST_CASE("no allocation from keying to refusal") {
  namespace crypto = sotto::crypto;
  std::array<std::uint8_t, 32> key{1, 2, 3};
  std::array<std::uint8_t, 12> nonce_bytes{};
  std::array<std::uint8_t, 1216> packet{};
  const crypto::aes_gcm::nonce nonce{std::span<const std::uint8_t, 12>(nonce_bytes)};
  const sotto::const_bytes text = sotto::const_bytes(packet).first(1200), aad(key);

  for (const auto* kernel : support::runnable(sotto::kernels::aes_gcm::candidates)) {
    support::allocation_trap trap;
    const auto gcm = crypto::aes_gcm::create(key, *kernel);
    bool right = gcm.has_value() && gcm->seal(nonce, aad, text, packet).has_value();
    packet[0] ^= 1;
    right = right && !gcm->open(nonce, aad, packet, packet).has_value();
    packet[0] ^= 1;
    right = right && gcm->open(nonce, aad, packet, packet).has_value();
    const std::size_t allocations = trap.count();
    INFO(kernel->name);
    CHECK(right);
    CHECK(allocations == 0);
  }

  support::allocation_trap trap;
  const auto best = crypto::aes_gcm::create(key);
  const auto bad_key = crypto::aes_gcm::create(sotto::const_bytes(key).first(5));
  const auto ctr = crypto::aes_ctr::create(key);
  const std::array<std::uint8_t, 16> counter{};
  bool right = best.has_value() && !bad_key.has_value() && ctr.has_value();
  right = right && ctr->apply(counter, packet, packet).has_value();
  const crypto::hmac_sha1 mac(key);
  std::array<std::uint8_t, 20> tag{};
  mac.compute(packet, tag);
  right = right && mac.verify(packet, tag).has_value() && !mac.verify(text, tag).has_value();
  using kdf = crypto::hkdf<crypto::sha256>;
  const auto prk = kdf::extract(crypto::hkdf_salt(key), crypto::hkdf_input(key));
  right = right && kdf::expand<32>(prk, crypto::hkdf_info("label")).size() == 32;
  right = right && kdf::expand(prk, crypto::hkdf_info(key), packet).has_value();
  right = right && !kdf::expand(prk, crypto::hkdf_info(packet), packet).has_value();
  std::array<std::uint8_t, 40> random{};
  right = right && sotto::system_random{}(random).has_value();
  const std::size_t allocations = trap.count();
  CHECK(right);
  CHECK(allocations == 0);
}
