// SPDX-License-Identifier: BSL-1.0
// hmac_sha1 gives the published tags, whole and truncated, equals RFC 2104's definition for every key length, and
// verifies exactly.
#include "sotto/crypto/hmac.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

using sotto::const_bytes;
using sotto::error;
using sotto::crypto::hmac_sha1;
using sotto::crypto::sha1;
using octets = std::vector<std::uint8_t>;

namespace {

static_assert(!std::is_copy_constructible_v<hmac_sha1> && std::is_nothrow_move_constructible_v<hmac_sha1>);

octets tag_of(const hmac_sha1& mac, const_bytes message) {
  octets tag(20);
  mac.compute(message, std::span<std::uint8_t, 20>(tag.data(), 20));
  return tag;
}

octets hash_of(const octets& a, const_bytes b) {
  sha1 hash;
  hash.update(a);
  hash.update(b);
  octets digest(20);
  hash.finish(std::span<std::uint8_t, 20>(digest.data(), 20));
  return digest;
}

/// RFC 2104 section 2: H(K XOR opad, H(K XOR ipad, text)).
octets model(const octets& key, const_bytes message) {
  octets pad = key.size() > 64 ? hash_of(key, {}) : key;
  pad.resize(64);
  octets outer = pad;
  for (auto& b : pad) b ^= 0x36;
  for (auto& b : outer) b ^= 0x5c;
  return hash_of(outer, hash_of(pad, message));
}

}  // namespace

TEST_CASE("hmac_sha1: published tags on every kernel") {
  const auto records = support::read_vectors("hmac_sha1.txt");
  for (const auto* kernel : support::runnable(sotto::kernels::sha1::candidates)) {
    for (const auto& v : records) {
      INFO(kernel->name << " " << v.where());
      const hmac_sha1 mac(v["key"], *kernel);
      octets tag = tag_of(mac, v["message"]);
      tag.resize(v["tag"].size());
      REQUIRE(tag == v["tag"]);
      REQUIRE(mac.verify(v["message"], v["tag"]).has_value());
    }
  }
}

TEST_CASE("hmac_sha1: every key length, also longer than a block") {
  const octets message = support::pattern_bytes(1, 100);
  for (std::size_t len = 0; len <= 200; ++len) {
    const octets key = support::pattern_bytes(len, len);
    INFO("key of " << len);
    REQUIRE(tag_of(hmac_sha1(key), message) == model(key, message));
  }
}

TEST_CASE("hmac_sha1: every message length and every split gives the same tag") {
  const octets key = support::pattern_bytes(2, 20), message = support::pattern_bytes(3, 150);
  const hmac_sha1 mac(key);
  for (std::size_t len = 0; len <= message.size(); ++len) {
    const const_bytes whole = const_bytes(message).first(len);
    const octets expected = model(key, whole);
    REQUIRE(tag_of(mac, whole) == expected);
    for (std::size_t cut = 0; cut <= len; ++cut) {
      auto context = mac.begin();
      context.update(whole.first(cut));
      context.update(whole.subspan(cut));
      octets tag(20);
      context.finish(std::span<std::uint8_t, 20>(tag.data(), 20));
      REQUIRE(tag == expected);
    }
  }
}

TEST_CASE("hmac_sha1: verify refuses every wrong bit, at every tag length") {
  const hmac_sha1 mac(support::pattern_bytes(4, 20));
  octets message = support::pattern_bytes(5, 40);
  const octets whole = tag_of(mac, message);
  for (std::size_t len = 0; len <= 24; ++len) {
    octets tag = whole;
    tag.resize(len);
    INFO("tag of " << len);
    const bool allowed = len >= hmac_sha1::min_tag_len && len <= hmac_sha1::tag_len;
    REQUIRE(mac.verify(message, tag).has_value() == allowed);
    if (!allowed) REQUIRE(mac.verify(message, tag).error() == error::authentication_failed);
    for (std::size_t bit = 0; bit < 8 * len; ++bit) {
      tag[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      const auto verified = mac.verify(message, tag);
      REQUIRE((!verified.has_value() && verified.error() == error::authentication_failed));
      tag[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    }
  }
  for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
    message[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    REQUIRE_FALSE(mac.verify(message, whole).has_value());
    message[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
  }
}
