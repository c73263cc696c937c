// SPDX-License-Identifier: BSL-1.0
// X25519 with secret scalars and public points. The shared secret is secret until it is published.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>

#include "buffer.hpp"
#include "sotto/crypto/hkdf.hpp"
#include "sotto/crypto/x25519.hpp"
#include "sotto/kernels/x25519/select.hpp"

namespace taint {

namespace x25519 = sotto::kernels::x25519;

inline const x25519::kernel& x25519_reference() { return *x25519::candidates().back().kernel; }

/// What HKDF makes of a shared secret.
inline void insist_derived_is_secret(const sotto::crypto::x25519::shared_secret& shared) {
  using kdf = sotto::crypto::hkdf<sotto::crypto::sha256>;
  const auto derived = kdf::expand<32>(shared.extract<sotto::crypto::sha256>({}), sotto::crypto::hkdf_info("label"));
  insist_secret(derived.expose().data(), 32);
}

/// Keys, the look for a shared secret of zeros, whose verdict is public, and the batch.
inline void run_keys(const x25519::kernel& kernel) {
  namespace keys = sotto::crypto::x25519;
  buffer secret(32, buffer::hidden), peer_bytes(32);
  const auto key = keys::static_key::from_secret(std::span<const std::uint8_t, 32>(secret.data(), 32), kernel);
  const keys::public_key peer(std::span<const std::uint8_t, 32>(peer_bytes.data(), 32));
  const auto shared = key.agree(peer);
  insist(shared.has_value());
  insist_derived_is_secret(*shared);

  std::memset(peer_bytes.data(), 0, 32);
  const keys::public_key low_order(std::span<const std::uint8_t, 32>(peer_bytes.data(), 32));
  insist(!key.agree(low_order).has_value());

  keys::agreement jobs[11];
  for (std::size_t i = 0; i < 11; ++i) {
    jobs[i].lasting = &key;
    jobs[i].peer = i % 4 == 2 ? &low_order : &peer;
  }
  keys::agree_batch(jobs);
  for (std::size_t i = 0; i < 11; ++i) {
    insist(jobs[i].outcome.has_value() == (i % 4 != 2));
    if (jobs[i].outcome.has_value()) insist_derived_is_secret(*jobs[i].outcome);
  }
}

inline void run(const x25519::kernel& kernel) {
  run_keys(kernel);
  buffer scalar(32, buffer::hidden), u(32), out(32), expected(32);
  kernel.multiply(out.data(), scalar.data(), u.data());
  insist_secret(out.data(), 32);
  x25519_reference().multiply(expected.data(), scalar.data(), u.data());
  insist(same(out, expected, 32));

  kernel.multiply_base(out.data(), scalar.data());
  insist_secret(out.data(), 32);
  x25519_reference().multiply_base(expected.data(), scalar.data());
  insist(same(out, expected, 32));

  constexpr std::size_t most = 17;
  for (const std::size_t count : {0u, 1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 16u, 17u}) {
    buffer scalars(32 * most, buffer::hidden), points(32 * most), outs(32 * most);
    x25519::job jobs[most];
    for (std::size_t i = 0; i < count; ++i)
      jobs[i] = {scalars.data() + 32 * i, points.data() + 32 * i, outs.data() + 32 * i};
    kernel.multiply_batch(jobs, count);
    for (std::size_t i = 0; i < count; ++i) insist_secret(jobs[i].out, 32);
    outs.publish();
    if (count == 0) continue;
    // The last one tells whether the models of instructions are right; the kernels' own tests look at the others.
    x25519_reference().multiply(expected.data(), jobs[count - 1].scalar, jobs[count - 1].u);
    expected.publish();
    insist(std::memcmp(jobs[count - 1].out, expected.data(), 32) == 0);
  }
}

/// A ladder that asks a bit of the scalar which way to go, as RFC 7748's text could be misread, and a window method
/// whose table is indexed by a digit: what the kernels must not do.
inline void branch_on_scalar_bit(std::uint8_t* out, const std::uint8_t* scalar, const std::uint8_t* u) {
  using field = x25519::field25;
  using element = field::element<1>;
  const x25519::clamped k = x25519::clamp(scalar);
  const element x_1 = x25519::load<field>(u);
  element x_2 = field::one(), x_3 = x_1;
  for (std::size_t t = 8; t-- != 0;) {
    const element sum = mul(x_2, x_3);
    if (k.bit(t) != 0) x_2 = sum;
    x_3 = square(sum);
  }
  field::store(out, x_2);
}

inline void index_by_scalar_digit(std::uint8_t* out, const std::uint8_t* scalar) {
  using field = x25519::field25;
  const x25519::signed_digits d = x25519::recode(x25519::clamp(scalar));
  const auto magnitude = static_cast<std::size_t>(d.digit[5] & 7);
  field::store(out, mul(field::from_words(x25519::base_table[2][magnitude]), field::one()));
}

}  // namespace taint
