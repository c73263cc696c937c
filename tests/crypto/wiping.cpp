// SPDX-License-Identifier: BSL-1.0
// Keyed objects leave nothing of their keys in memory when they end or are moved from, and moving keeps them usable.
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sotto/crypto.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"
#include "support/remains.hpp"

using support::remains;
using octets = std::vector<std::uint8_t>;

namespace {

const octets key = support::pattern_bytes(1, 32);

/// At most so many words may stay behind, fewer than a living object has.
template <class T, class Make>
void leaves_at_most(std::size_t words, Make make) {
  remains<T> ended(make()), moved(make());
  const std::size_t alive = ended.nonzero_words();
  REQUIRE(alive > words + 3);
  ended.end();
  CHECK(ended.nonzero_words() <= words);

  T constructed(std::move(moved.object()));
  CHECK(moved.nonzero_words() <= words);

  remains<T> target(make());
  target.object() = std::move(constructed);
  CHECK(target.nonzero_words() > words + 3);
  target.end();
  CHECK(target.nonzero_words() <= words);
}

/// All that may stay behind is the pointer to the kernel's table.
template <class T, class Make>
void leaves_only_its_kernel_pointer(Make make) {
  leaves_at_most<T>(1, make);
}

}  // namespace

TEST_CASE("aes_gcm leaves no key behind") {
  leaves_only_its_kernel_pointer<sotto::crypto::aes_gcm>([] { return *sotto::crypto::aes_gcm::create(key); });
}

TEST_CASE("chacha20_poly1305 and xchacha20_poly1305 leave no key behind") {
  using namespace sotto::crypto;
  leaves_only_its_kernel_pointer<chacha20_poly1305>([] { return *chacha20_poly1305::create(key); });
  leaves_only_its_kernel_pointer<xchacha20_poly1305>([] { return *xchacha20_poly1305::create(key); });
}

TEST_CASE("aes_ctr leaves no key behind") {
  leaves_only_its_kernel_pointer<sotto::crypto::aes_ctr>([] { return *sotto::crypto::aes_ctr::create(key); });
}

TEMPLATE_TEST_CASE("hmac leaves no key behind", "", sotto::crypto::sha1, sotto::crypto::sha256, sotto::crypto::sha512) {
  leaves_only_its_kernel_pointer<sotto::crypto::hmac<TestType>>([] { return sotto::crypto::hmac<TestType>(key); });
}

TEMPLATE_TEST_CASE("a hash leaves no message behind", "", sotto::crypto::sha1, sotto::crypto::sha256,
                   sotto::crypto::sha512) {
  leaves_only_its_kernel_pointer<TestType>([] {
    TestType hash;
    hash.update(key);
    return hash;
  });
}

TEMPLATE_TEST_CASE("hkdf leaves no pseudorandom key behind", "", sotto::crypto::sha1, sotto::crypto::sha256,
                   sotto::crypto::sha512) {
  using kdf = sotto::crypto::hkdf<TestType>;
  leaves_only_its_kernel_pointer<typename kdf::prk>(
      [] { return kdf::extract(sotto::crypto::hkdf_salt(), sotto::crypto::hkdf_input(key)); });
}

TEST_CASE("hkdf's output of a known length is wiped") {
  using kdf = sotto::crypto::hkdf<sotto::crypto::sha256>;
  const auto prk = kdf::extract(sotto::crypto::hkdf_salt(), sotto::crypto::hkdf_input(key));
  remains<sotto::core::secret_bytes<64>> out(kdf::expand<64>(prk, sotto::crypto::hkdf_info("label")));
  REQUIRE(out.nonzero_words() > 4);
  out.end();
  CHECK(out.nonzero_words() <= 1);  // its length
}

TEST_CASE("X25519 keys leave no scalar behind, and secrets nothing") {
  namespace x25519 = sotto::crypto::x25519;
  const std::size_t public_part = x25519::key_len / sizeof(void*) + 1;  // the public key and the kernel's pointer
  const std::span<const std::uint8_t, 32> secret(key.data(), 32);
  leaves_at_most<x25519::ephemeral_key>(public_part, [] { return *x25519::ephemeral_key::generate(); });
  leaves_at_most<x25519::static_key>(public_part, [&] { return x25519::static_key::from_secret(secret); });

  const auto lasting = x25519::static_key::from_secret(secret), other = *x25519::static_key::generate();
  leaves_at_most<x25519::shared_secret>(0, [&] { return *lasting.agree(other.public_key()); });

  remains<x25519::ephemeral_key> spent(*x25519::ephemeral_key::generate());
  REQUIRE(std::move(spent.object()).agree(other.public_key()).has_value());
  CHECK(spent.nonzero_words() <= public_part);
}

TEST_CASE("a result that ends wipes the key in it") {
  remains<sotto::result<sotto::crypto::aes_gcm>> r(sotto::crypto::aes_gcm::create(key));
  REQUIRE(r.object().has_value());
  r.end();
  CHECK(r.nonzero_words() <= 2);  // the kernel's pointer and the flag
}

TEST_CASE("a moved key seals as before") {
  const octets nonce(12), text = support::pattern_bytes(2, 40);
  const sotto::crypto::aes_gcm::nonce n(std::span<const std::uint8_t, 12>(nonce.data(), 12));
  octets before(56), after(56);
  auto first = *sotto::crypto::aes_gcm::create(key);
  REQUIRE(first.seal(n, {}, text, before).has_value());
  const auto second = std::move(first);
  REQUIRE(second.seal(n, {}, text, after).has_value());
  CHECK(before == after);
}
