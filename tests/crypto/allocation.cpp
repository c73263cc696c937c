// SPDX-License-Identifier: BSL-1.0
// Nothing in this floor allocates: neither keying, nor any packet, nor any refusal.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

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

namespace {

/// Sealed, refused and opened on every kernel.
template <class A, class Kernel>
void aead_allocates_nothing(std::span<const sotto::cpu::candidate<Kernel>> candidates) {
  const std::array<std::uint8_t, 32> key{1, 2, 3};
  const std::array<std::uint8_t, A::nonce_len> nonce_bytes{};
  std::array<std::uint8_t, 1216> packet{};
  const typename A::nonce nonce{std::span<const std::uint8_t, A::nonce_len>(nonce_bytes)};
  const sotto::const_bytes text = sotto::const_bytes(packet).first(1200), aad(key);

  for (const auto* kernel : support::runnable(candidates)) {
    support::allocation_trap trap;
    const auto aead = A::create(key, *kernel);
    bool right = aead.has_value() && aead->seal(nonce, aad, text, packet).has_value();
    packet[0] ^= 1;
    right = right && !aead->open(nonce, aad, packet, packet).has_value();
    packet[0] ^= 1;
    right = right && aead->open(nonce, aad, packet, packet).has_value();
    right = right && !A::create(sotto::const_bytes(key).first(5), *kernel).has_value();
    const std::size_t allocations = trap.count();
    INFO(kernel->name);
    CHECK(right);
    CHECK(allocations == 0);
  }
}

}  // namespace

TEST_CASE("no allocation from keying an AEAD to its refusal") {
  namespace crypto = sotto::crypto;
  namespace kernels = sotto::kernels;
  aead_allocates_nothing<crypto::aes_gcm>(kernels::aes_gcm::candidates());
  aead_allocates_nothing<crypto::chacha20_poly1305>(kernels::chacha20_poly1305::candidates());
  aead_allocates_nothing<crypto::xchacha20_poly1305>(kernels::chacha20_poly1305::candidates());
}

TEST_CASE("no allocation in a batch") {
  using sotto::crypto::chacha20_poly1305;
  const std::array<std::uint8_t, 32> secret{1, 2, 3};
  const std::array<std::uint8_t, 12> nonce_bytes{};
  const chacha20_poly1305::nonce nonce{std::span<const std::uint8_t, 12>(nonce_bytes)};
  std::array<std::uint8_t, 3200> memory{};
  const sotto::mutable_bytes m(memory);
  const auto key = chacha20_poly1305::create(secret);
  std::vector<chacha20_poly1305::job> seal, open;
  for (std::size_t i = 0; i < 40; ++i) {
    seal.push_back({&*key, nonce, {}, m.subspan(80 * i, 20), m.subspan(80 * i, 36)});
    open.push_back({&*key, nonce, {}, m.subspan(80 * i, 36), m.subspan(80 * i, 20)});
  }

  support::allocation_trap trap;
  chacha20_poly1305::seal_batch(seal);
  memory[80 * 20] ^= 1;
  chacha20_poly1305::open_batch(open);
  const std::size_t allocations = trap.count();
  CHECK(allocations == 0);
  CHECK(open[0].outcome.has_value());
  CHECK_FALSE(open[20].outcome.has_value());
}

TEST_CASE("no allocation from generating X25519 keys to what is derived of their secrets") {
  namespace x25519 = sotto::crypto::x25519;
  const std::array<std::uint8_t, 32> low_order{};
  for (const auto* kernel : support::runnable(sotto::kernels::x25519::candidates())) {
    support::allocation_trap trap;
    sotto::system_random random;
    const auto lasting = x25519::static_key::generate(random, *kernel);
    auto one = x25519::ephemeral_key::generate(random, *kernel), two = x25519::ephemeral_key::generate(random, *kernel);
    bool right = lasting.has_value() && one.has_value() && two.has_value();
    const auto peer = lasting->public_key();
    right = right && !lasting->agree(x25519::public_key(low_order)).has_value();
    x25519::agreement jobs[] = {{.lasting = nullptr, .ephemeral = &*one, .peer = &peer},
                                {.lasting = &*lasting, .ephemeral = nullptr, .peer = &peer}};
    x25519::agree_batch(jobs);
    right = right && jobs[0].outcome.has_value() && jobs[1].outcome.has_value();
    const auto secret = std::move(*two).agree(peer);
    right = right && secret.has_value();
    const auto prk = secret->extract<sotto::crypto::sha256>(sotto::crypto::hkdf_salt());
    right = right &&
            sotto::crypto::hkdf<sotto::crypto::sha256>::expand<32>(prk, sotto::crypto::hkdf_info("a")).size() == 32;
    const std::size_t allocations = trap.count();
    INFO(kernel->name);
    CHECK(right);
    CHECK(allocations == 0);
  }
}

TEST_CASE("no allocation in ciphers, hashes and randomness") {
  namespace crypto = sotto::crypto;
  std::array<std::uint8_t, 32> key{1, 2, 3};
  std::array<std::uint8_t, 1216> packet{};
  const sotto::const_bytes text = sotto::const_bytes(packet).first(1200);

  support::allocation_trap trap;
  const auto ctr = crypto::aes_ctr::create(key);
  const std::array<std::uint8_t, 16> counter{};
  bool right = ctr.has_value();
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
