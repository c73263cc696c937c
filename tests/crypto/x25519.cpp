// SPDX-License-Identifier: BSL-1.0
// x25519 agrees on both ends, gives its secrets to HKDF only, refuses points of low order and nothing else, and spends
// ephemeral keys; a batch does what its agreements would do one after the other.
#include "sotto/crypto/x25519.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "sotto/crypto/sha2.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"
#include "support/x25519_values.hpp"

using sotto::const_bytes;
using sotto::error;
using sotto::result;
using sotto::crypto::hkdf_info;
using sotto::crypto::hkdf_input;
using sotto::crypto::hkdf_salt;
using sotto::crypto::sha256;
using namespace sotto::crypto::x25519;
using x25519_test::octets;
using kdf = sotto::crypto::hkdf<sha256>;
using kernel_table = sotto::kernels::x25519::kernel;

namespace {

// Keys and secrets are neither copied nor compared, and no bytes come out of a secret or become one.
template <class T>
inline constexpr bool is_guarded =
    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> && !std::is_default_constructible_v<T> &&
    !std::equality_comparable<T> && std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>;
static_assert(is_guarded<shared_secret> && is_guarded<ephemeral_key> && is_guarded<static_key>);
static_assert(!std::is_convertible_v<shared_secret, const_bytes> &&
              !std::is_constructible_v<const_bytes, shared_secret>);
static_assert(!std::is_constructible_v<hkdf_input, shared_secret> && !std::is_constructible_v<octets, shared_secret>);
static_assert(!std::is_constructible_v<shared_secret, const_bytes>);
static_assert(!std::is_constructible_v<shared_secret, std::span<const std::uint8_t, key_len>>);
static_assert(!std::is_constructible_v<static_key, const_bytes> && !std::is_constructible_v<static_key, ephemeral_key>);
static_assert(!std::is_convertible_v<octets, public_key> && !std::is_convertible_v<const_bytes, public_key>);
static_assert(std::is_copy_constructible_v<public_key> && std::equality_comparable<public_key>);
// No view of a temporary's bytes: a public key's come by value then, a secret key's not at all.
template <class T>
concept lends_secret = requires(T key) {
  std::forward<T>(key).expose_secret();
};
static_assert(lends_secret<const static_key&> && !lends_secret<static_key> && !lends_secret<const static_key>);
static_assert(std::is_same_v<decltype(std::declval<public_key>().bytes()), std::array<std::uint8_t, key_len>>);
static_assert(std::is_same_v<decltype(std::declval<public_key&>().bytes()), std::span<const std::uint8_t, key_len>>);

template <class Key>
concept agrees = requires(Key&& key, const public_key& peer) {
  std::forward<Key>(key).agree(peer);
};
static_assert(agrees<ephemeral_key> && !agrees<ephemeral_key&> && !agrees<const ephemeral_key>);
static_assert(agrees<static_key> && agrees<const static_key&>);

template <class T>
concept exposes = requires(const T& t) {
  t.expose();
}
|| requires(const T& t) { t.bytes(); }
|| requires(const T& t) { t.data(); };
static_assert(!exposes<shared_secret>);
template <class T>
concept exposes_secret = requires(const T& t) {
  t.expose_secret();
};
static_assert(exposes_secret<static_key> && !exposes_secret<ephemeral_key>);

std::span<const std::uint8_t, key_len> as_key(const octets& bytes) {
  REQUIRE(bytes.size() == key_len);
  return std::span<const std::uint8_t, key_len>(bytes.data(), key_len);
}

public_key key_of(const octets& bytes) { return public_key(as_key(bytes)); }
octets bytes_of(const_bytes b) { return octets(b.begin(), b.end()); }

/// Gives the bytes of a pattern and counts them.
struct known_source {
  support::pattern bytes;
  std::size_t taken = 0;
  explicit known_source(std::uint64_t seed) : bytes(seed) {}
  result<void> operator()(sotto::mutable_bytes out) noexcept {
    for (auto& b : out) b = static_cast<std::uint8_t>(bytes.next() >> 56);
    taken += out.size();
    return {};
  }
};

struct failing_source {
  result<void> operator()(sotto::mutable_bytes out) noexcept {
    if (!out.empty()) out[0] = 1;
    return sotto::failure{error::random_unavailable};
  }
};

const auto& best = sotto::kernels::x25519::select();

static_key lasting(std::uint64_t seed, const kernel_table& k = best) {
  return static_key::from_secret(as_key(support::pattern_bytes(seed, key_len)), k);
}
/// The same secret key as lasting(seed)'s.
ephemeral_key passing(std::uint64_t seed, const kernel_table& k = best) {
  known_source random(seed);
  return std::move(*ephemeral_key::generate(random, k));
}

std::vector<const kernel_table*> kernels() { return support::runnable(sotto::kernels::x25519::candidates()); }

/// What a secret is known by here.
octets print_of(const shared_secret& secret) {
  return bytes_of(kdf::expand<42>(secret.extract<sha256>(hkdf_salt()), hkdf_info("print")).expose());
}
octets print_of_bytes(const octets& secret) {
  return bytes_of(kdf::expand<42>(kdf::extract(hkdf_salt(), hkdf_input(secret)), hkdf_info("print")).expose());
}

/// A secret's print, or the error's name.
std::string outcome_of(const result<shared_secret>& r) {
  return r ? support::to_hex(print_of(*r)) : sotto::message(r.error());
}
std::string refused(error e) { return sotto::message(e); }

}  // namespace

TEST_CASE("x25519: published secrets, on every kernel") {
  for (const auto* kernel : kernels()) {
    for (const auto& r : support::read_vectors("x25519.txt")) {
      if (r["iterations"].back() != 1) continue;
      INFO(kernel->name << " " << r.where());
      const auto own = static_key::from_secret(as_key(r["scalar"]), *kernel);
      CHECK(own.kernel_name() == std::string(kernel->name));
      const auto secret = own.agree(key_of(r["u"]));
      REQUIRE(secret.has_value());
      CHECK(print_of(*secret) == print_of_bytes(r["product"]));
      if (r["u"] == x25519_test::base_point) CHECK(own.public_key() == key_of(r["product"]));
    }
  }
}

TEST_CASE("x25519: both ends have the same secret, whichever kernels and kinds of key") {
  std::uint64_t seed = 0;
  for (const auto* a : kernels()) {
    for (const auto* b : kernels()) {
      INFO(a->name << " and " << b->name);
      const auto alice = lasting(++seed, *a);
      auto bob = passing(++seed, *b);
      const auto bobs_key = bob.public_key();
      const auto hers = alice.agree(bobs_key), his = std::move(bob).agree(alice.public_key());
      REQUIRE((hers.has_value() && his.has_value()));
      CHECK(print_of(*hers) == print_of(*his));
      CHECK(outcome_of(lasting(seed, *b).agree(alice.public_key())) == outcome_of(hers));
      CHECK(outcome_of(lasting(99, *b).agree(alice.public_key())) != outcome_of(hers));
    }
  }
  auto alice = ephemeral_key::generate(), bob = ephemeral_key::generate();
  REQUIRE((alice.has_value() && bob.has_value()));
  const auto alices_key = alice->public_key(), bobs_key = bob->public_key();
  CHECK_FALSE(alices_key == bobs_key);
  CHECK(outcome_of(std::move(*alice).agree(bobs_key)) == outcome_of(std::move(*bob).agree(alices_key)));
  CHECK(static_key::generate().has_value());
}

TEST_CASE("x25519: extract takes the salt, what comes before and what comes after") {
  const octets before = support::pattern_bytes(1, 20), after = support::pattern_bytes(2, 70),
               salt = support::pattern_bytes(3, 32), secret_key = support::pattern_bytes(4, key_len);
  const auto own = static_key::from_secret(as_key(secret_key));
  const auto peer = lasting(5).public_key();
  const auto secret = own.agree(peer);
  REQUIRE(secret.has_value());
  octets plain(key_len);
  kernels().back()->multiply(plain.data(), secret_key.data(), peer.bytes().data());
  const auto output = [](const kdf::prk& key) { return bytes_of(kdf::expand<50>(key, hkdf_info("x")).expose()); };
  for (const bool has_before : {false, true}) {
    for (const bool has_after : {false, true}) {
      octets whole = has_before ? before : octets();
      whole.insert(whole.end(), plain.begin(), plain.end());
      if (has_after) whole.insert(whole.end(), after.begin(), after.end());
      const auto key = secret->extract<sha256>(hkdf_salt(salt), has_before ? const_bytes(before) : const_bytes(),
                                               has_after ? const_bytes(after) : const_bytes());
      CHECK(output(key) == output(kdf::extract(hkdf_salt(salt), hkdf_input(whole))));
    }
  }
  using kdf512 = sotto::crypto::hkdf<sotto::crypto::sha512>;
  CHECK(
      bytes_of(kdf512::expand<50>(secret->extract<sotto::crypto::sha512>(hkdf_salt(salt)), hkdf_info("x")).expose()) ==
      bytes_of(kdf512::expand<50>(kdf512::extract(hkdf_salt(salt), hkdf_input(plain)), hkdf_info("x")).expose()));
}

TEST_CASE("x25519: points of low order are refused, in every encoding, and no others") {
  const auto low = x25519_test::low_order_points();
  const auto ordinary = support::thinned(x25519_test::ordinary_points(), 11);
  for (const auto* kernel : kernels()) {
    INFO(kernel->name);
    const auto own = lasting(1, *kernel);
    for (const octets& u : low) {
      INFO(support::to_hex(u));
      CHECK(outcome_of(own.agree(key_of(u))) == refused(error::low_order_point));
      auto once = passing(2, *kernel);
      CHECK(outcome_of(std::move(once).agree(key_of(u))) == refused(error::low_order_point));
      CHECK(outcome_of(std::move(once).agree(lasting(3).public_key())) == refused(error::invalid_argument));
    }
    for (const octets& u : ordinary) {
      INFO(support::to_hex(u));
      CHECK(own.agree(key_of(u)).has_value());
      CHECK(passing(2, *kernel).agree(key_of(u)).has_value());
    }
    // In a batch, among one another.
    std::vector<public_key> peers;
    for (std::size_t i = 0; i < low.size() + ordinary.size(); ++i)
      peers.push_back(key_of(i < 2 * low.size() && i % 2 == 0 ? low[i / 2] : ordinary[i % ordinary.size()]));
    std::vector<ephemeral_key> once;
    for (std::size_t i = 0; i < peers.size(); ++i) once.push_back(passing(i, *kernel));
    std::vector<agreement> jobs(peers.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (i % 3 == 0)
        jobs[i].ephemeral = &once[i];
      else
        jobs[i].lasting = &own;
      jobs[i].peer = &peers[i];
    }
    agree_batch(jobs);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      INFO("job " << i);
      const bool is_low = i < 2 * low.size() && i % 2 == 0;
      REQUIRE(jobs[i].outcome.has_value() == !is_low);
      if (is_low) CHECK(jobs[i].outcome.error() == error::low_order_point);
    }
  }
}

TEST_CASE("x25519: public keys are any 32 bytes and nothing else") {
  for (std::size_t len = 0; len <= 64; ++len) {
    const octets bytes = support::pattern_bytes(len, len);
    const auto parsed = public_key::parse(bytes);
    INFO("length " << len);
    REQUIRE(parsed.has_value() == (len == key_len));
    if (parsed)
      CHECK((bytes_of(parsed->bytes()) == bytes && bytes_of(public_key(*parsed).bytes()) == bytes));
    else
      CHECK(parsed.error() == error::invalid_key_length);
  }
  const octets bytes = support::pattern_bytes(1, key_len);
  CHECK(key_of(bytes) == *public_key::parse(bytes));
  for (std::size_t bit = 0; bit < 8 * key_len; ++bit) {
    octets other = bytes;
    other[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    REQUIRE_FALSE(key_of(other) == key_of(bytes));
  }
}

TEST_CASE("x25519: an ephemeral key agrees once") {
  const auto peer = lasting(1).public_key();
  auto key = passing(2);
  CHECK(key.kernel_name() == std::string(best.name));
  CHECK(std::move(key).agree(peer).has_value());
  CHECK(outcome_of(std::move(key).agree(peer)) == refused(error::invalid_argument));
  CHECK(key.kernel_name() == std::string("spent"));

  auto first = passing(3);
  auto second = std::move(first);
  CHECK(outcome_of(std::move(first).agree(peer)) == refused(error::invalid_argument));
  auto third = passing(4);
  third = std::move(second);
  CHECK(outcome_of(std::move(second).agree(peer)) == refused(error::invalid_argument));
  auto& same = third;
  third = std::move(same);
  CHECK(outcome_of(std::move(third).agree(peer)) == outcome_of(lasting(3).agree(peer)));
}

TEST_CASE("x25519: a static key agrees as often as asked, until it is moved from") {
  const auto peer = lasting(1).public_key();
  auto first = lasting(2);
  const auto expected = outcome_of(first.agree(peer));
  CHECK(outcome_of(first.agree(peer)) == expected);
  const auto second = std::move(first);
  CHECK(outcome_of(first.agree(peer)) == refused(error::invalid_argument));
  CHECK(first.kernel_name() == std::string("spent"));
  CHECK(outcome_of(second.agree(peer)) == expected);
  std::vector<agreement> jobs(1);
  jobs[0].lasting = &first;
  jobs[0].peer = &peer;
  agree_batch(jobs);
  CHECK(outcome_of(jobs[0].outcome) == refused(error::invalid_argument));
}

TEST_CASE("x25519: stored secret keys come back as they were") {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const octets bytes = seed == 0   ? octets(key_len, 0xff)
                         : seed == 1 ? octets(key_len)
                                     : support::pattern_bytes(seed, key_len);
    const auto key = static_key::from_secret(as_key(bytes));
    CHECK(bytes_of(key.expose_secret()) == bytes);
    CHECK(static_key::from_secret(key.expose_secret()).public_key() == key.public_key());
  }
}

TEST_CASE("x25519: a key takes 32 random bytes, and none without randomness") {
  for (const auto* kernel : kernels()) {
    known_source for_static(1), for_ephemeral(1);
    const auto a = static_key::generate(for_static, *kernel);
    const auto b = ephemeral_key::generate(for_ephemeral, *kernel);
    REQUIRE((a.has_value() && b.has_value()));
    CHECK((for_static.taken == key_len && for_ephemeral.taken == key_len));
    CHECK(bytes_of(a->expose_secret()) == support::pattern_bytes(1, key_len));
    CHECK(a->public_key() == b->public_key());
    CHECK((a->kernel_name() == std::string(kernel->name) && b->kernel_name() == std::string(kernel->name)));
  }
  failing_source none;
  const auto a = static_key::generate(none);
  const auto b = ephemeral_key::generate(none);
  CHECK((!a.has_value() && a.error() == error::random_unavailable));
  CHECK((!b.has_value() && b.error() == error::random_unavailable));
}

TEST_CASE("x25519 batches: every number of agreements, of both kinds, on all kernels at once") {
  const auto tables = kernels();
  for (std::size_t count = 0; count <= 20; ++count) {
    INFO(count << " agreements");
    std::vector<static_key> statics;
    std::vector<ephemeral_key> once;
    std::vector<public_key> peers;
    std::vector<std::string> expected;
    std::vector<agreement> jobs(count);
    for (std::size_t i = 0; i < count; ++i) {
      // On one kernel, in turns, and in runs of three.
      const auto& table = *tables[(count % 3 == 0 ? 0 : count % 3 == 1 ? i : i / 3) % tables.size()];
      const std::uint64_t seed = 100 * count + i;
      statics.push_back(lasting(seed, table));
      once.push_back(passing(seed, table));
      peers.push_back(lasting(seed + 50).public_key());
      expected.push_back(outcome_of(statics[i].agree(peers[i])));
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (i % 5 < 3)
        jobs[i].ephemeral = &once[i];
      else
        jobs[i].lasting = &statics[i];
      jobs[i].peer = &peers[i];
      // Neither key, both keys, no peer.
      const std::size_t wrong = count > 10 ? i % 7 : 0;
      if (wrong == 4) jobs[i].ephemeral = nullptr, jobs[i].lasting = nullptr;
      if (wrong == 5) jobs[i].ephemeral = &once[i], jobs[i].lasting = &statics[i];
      if (wrong == 6) jobs[i].peer = nullptr;
      if (wrong >= 4) expected[i] = refused(error::invalid_argument);
    }
    agree_batch(jobs);
    for (std::size_t i = 0; i < count; ++i) {
      INFO("job " << i);
      REQUIRE(outcome_of(jobs[i].outcome) == expected[i]);
      // A refused job leaves its key as it was; any other has consumed it.
      const bool consumed = jobs[i].ephemeral != nullptr && jobs[i].lasting == nullptr && jobs[i].peer != nullptr;
      REQUIRE(std::move(once[i]).agree(peers[i]).has_value() == !consumed);
    }
  }
}

TEST_CASE("x25519 batches: an ephemeral key agrees in one job, whichever group the others are in") {
  const auto peer = lasting(1).public_key();
  for (const std::size_t count : {2u, 8u, 9u, 20u}) {
    auto key = passing(2);
    const auto expected = outcome_of(lasting(2).agree(peer));
    const auto other = lasting(3);
    std::vector<agreement> jobs(count);
    for (agreement& j : jobs) j.lasting = &other, j.peer = &peer;
    for (const std::size_t i : {std::size_t{0}, count / 2, count - 1})
      jobs[i].lasting = nullptr, jobs[i].ephemeral = &key;
    agree_batch(jobs);
    INFO(count);
    CHECK(outcome_of(jobs[0].outcome) == expected);
    CHECK(outcome_of(jobs[count / 2].outcome) == refused(error::invalid_argument));
    CHECK(outcome_of(jobs[count - 1].outcome) == refused(error::invalid_argument));
    if (count > 2) CHECK(outcome_of(jobs[1].outcome) == outcome_of(other.agree(peer)));
    CHECK(outcome_of(std::move(key).agree(peer)) == refused(error::invalid_argument));
    // The same jobs again: old outcomes are no help.
    agree_batch(jobs);
    CHECK(outcome_of(jobs[0].outcome) == refused(error::invalid_argument));
  }
  CHECK(agreement{}.outcome.error() == error::invalid_argument);
}
