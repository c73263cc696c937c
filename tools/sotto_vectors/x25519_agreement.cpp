// SPDX-License-Identifier: BSL-1.0
// X25519 cases through the public API.
#include "x25519_agreement.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "hashes.hpp"

namespace vectors {
namespace {

namespace x25519 = sotto::crypto::x25519;
using sotto::crypto::hkdf;
using kernel_table = sotto::kernels::x25519::kernel;

std::span<const std::uint8_t, x25519::key_len> key_bytes(const bytes& from) {
  return std::span<const std::uint8_t, x25519::key_len>(from.data(), x25519::key_len);
}

/// An ephemeral key whose random bytes are the case's scalar.
x25519::ephemeral_key ephemeral(const bytes& scalar, const kernel_table& table) {
  auto source = [&](sotto::mutable_bytes out) noexcept -> sotto::result<void> {
    std::copy(scalar.begin(), scalar.end(), out.begin());
    return {};
  };
  return std::move(*x25519::ephemeral_key::generate(source, table));
}

bytes derived(const hkdf<sha256>::prk& key) {
  bytes out(32);
  (void)hkdf<sha256>::expand(key, sotto::crypto::hkdf_info("sotto_vectors"), out);
  return out;
}

void check_outcome(test_case& c, const std::string& kernel, const std::string& what, const bytes& expected,
                   const sotto::result<x25519::shared_secret>& got) {
  if (expected == bytes(x25519::key_len)) {
    c.require(kernel, !got && got.error() == sotto::error::low_order_point,
              what + ": an all-zero secret wasn't refused as such");
    return;
  }
  if (!c.require(kernel, got.has_value(), what + " was refused")) return;
  const sotto::crypto::hkdf_salt salt;
  c.same(kernel, what + ": what HKDF makes of the secret",
         derived(hkdf<sha256>::extract(salt, sotto::crypto::hkdf_input(sotto::const_bytes(expected)))),
         derived(got->extract<sha256>(salt)));
}

}  // namespace

agreement_check::agreement_check(const kernel_table& table, const std::vector<multiplication>& cases)
    : table_(&table), cases_(cases), batch_(2 * cases.size()) {
  std::vector<x25519::static_key> lasting;
  std::vector<x25519::ephemeral_key> passing;
  std::vector<x25519::public_key> peers;
  for (const auto& v : cases) {
    lasting.push_back(x25519::static_key::from_secret(key_bytes(v.scalar), table));
    passing.push_back(ephemeral(v.scalar, table));
    peers.emplace_back(key_bytes(v.u));
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    batch_[2 * i].lasting = &lasting[i];
    batch_[2 * i + 1].ephemeral = &passing[i];
    batch_[2 * i].peer = batch_[2 * i + 1].peer = &peers[i];
  }
  x25519::agree_batch(batch_);
}

void agreement_check::check(test_case& c, const std::string& kernel, std::size_t at) const {
  const multiplication& v = cases_[at];
  const auto lasting = x25519::static_key::from_secret(key_bytes(v.scalar), *table_);
  auto passing = ephemeral(v.scalar, *table_);
  const x25519::public_key peer(key_bytes(v.u));
  c.same(kernel, "public key of an ephemeral key", lasting.public_key().bytes(), passing.public_key().bytes());
  for (const std::string name : {lasting.kernel_name(), passing.kernel_name()})
    c.require(kernel, name == table_->name, "a key is bound to " + name);
  check_outcome(c, kernel, "agreement", v.expected, lasting.agree(peer));
  check_outcome(c, kernel, "ephemeral agreement", v.expected, std::move(passing).agree(peer));
  check_outcome(c, kernel, "agreement in a batch", v.expected, batch_[2 * at].outcome);
  check_outcome(c, kernel, "ephemeral agreement in a batch", v.expected, batch_[2 * at + 1].outcome);
}

}  // namespace vectors
