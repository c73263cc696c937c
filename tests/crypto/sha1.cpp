// SPDX-License-Identifier: BSL-1.0
// sha1 gives the published digests however its input is cut up.
#include "sotto/crypto/sha1.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

using sotto::const_bytes;
using sotto::crypto::sha1;
using octets = std::vector<std::uint8_t>;

namespace {

octets finished(sha1& hash) {
  octets digest(20);
  hash.finish(std::span<std::uint8_t, 20>(digest.data(), 20));
  return digest;
}

octets digest_of(const_bytes message) {
  sha1 hash;
  hash.update(message);
  return finished(hash);
}

}  // namespace

TEST_CASE("sha1: published digests on every kernel") {
  const auto records = support::read_vectors("sha1.txt");
  for (const auto* kernel : support::runnable(sotto::kernels::sha1::candidates)) {
    for (const auto& v : records) {
      INFO(kernel->name << " " << v.where());
      sha1 hash(*kernel);
      hash.update(v["message"]);
      REQUIRE(finished(hash) == v["digest"]);
    }
  }
}

TEST_CASE("sha1: a million times a (FIPS 180-4)") {
  const octets part(1000, 'a');
  sha1 hash;
  for (int i = 0; i < 1000; ++i) hash.update(part);
  CHECK(finished(hash) == support::from_hex("34aa973cd4c4daa4f61eeb2bdbad27316534016f"));
}

TEST_CASE("sha1: every split in two gives the same digest") {
  const octets message = support::pattern_bytes(1, 200);
  for (std::size_t len = 0; len <= message.size(); ++len) {
    const const_bytes whole = const_bytes(message).first(len);
    const octets expected = digest_of(whole);
    for (std::size_t cut = 0; cut <= len; ++cut) {
      sha1 hash;
      hash.update(whole.first(cut));
      hash.update(whole.subspan(cut));
      REQUIRE(finished(hash) == expected);
    }
  }
}

TEST_CASE("sha1: pieces of every size give the same digest") {
  const octets message = support::pattern_bytes(2, 500);
  const octets expected = digest_of(message);
  for (std::size_t size = 1; size <= 130; ++size) {
    sha1 hash;
    for (std::size_t at = 0; at < message.size(); at += size) {
      hash.update(const_bytes(message).subspan(at, at + size < message.size() ? size : message.size() - at));
      hash.update({});
    }
    INFO("pieces of " << size);
    REQUIRE(finished(hash) == expected);
  }
}

TEST_CASE("sha1: a chaining value can be continued") {
  const octets message = support::pattern_bytes(3, 300);
  sha1 first;
  first.update(const_bytes(message).first(128));
  sha1 second(first.chaining_value(), 128, sha1::best_kernel());
  second.update(const_bytes(message).subspan(128));
  CHECK(finished(second) == digest_of(message));
}
