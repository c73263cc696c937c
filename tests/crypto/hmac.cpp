// SPDX-License-Identifier: BSL-1.0
// hmac gives the published tags, whole and truncated, equals RFC 2104's definition for every key length, and verifies
// exactly, over each hash.
#include "sotto/crypto/hmac.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/hash_rig.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

using sotto::const_bytes;
using sotto::error;
using support::sha1_rig;
using support::sha256_rig;
using support::sha512_rig;
using octets = std::vector<std::uint8_t>;

namespace {

using namespace sotto::crypto;
static_assert(!std::is_copy_constructible_v<hmac_sha256> && std::is_nothrow_move_constructible_v<hmac_sha256>);
static_assert(std::is_same_v<hmac_sha1, hmac<sha1>> && hmac_sha1::tag_len == 20 && hmac_sha1::min_tag_len == 10);
static_assert(std::is_same_v<hmac_sha256, hmac<sha256>> && hmac_sha256::tag_len == 32);
static_assert(std::is_same_v<hmac_sha512, hmac<sha512>> && hmac_sha512::tag_len == 64);

template <class Mac>
octets tag_of(const Mac& mac, const_bytes message) {
  octets tag(Mac::tag_len);
  mac.compute(message, std::span<std::uint8_t, Mac::tag_len>(tag));
  return tag;
}

octets joined(octets a, const_bytes b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// RFC 2104 section 2: H(K XOR opad, H(K XOR ipad, text)).
template <class Rig>
octets model(const octets& key, const_bytes message) {
  octets pad = key.size() > Rig::hash::block_len ? support::model_digest<Rig>(key) : key;
  pad.resize(Rig::hash::block_len);
  octets outer = pad;
  for (auto& b : pad) b ^= 0x36;
  for (auto& b : outer) b ^= 0x5c;
  return support::model_digest<Rig>(joined(outer, support::model_digest<Rig>(joined(pad, message))));
}

}  // namespace

TEMPLATE_TEST_CASE("hmac: published tags on every kernel", "", sha1_rig, sha256_rig, sha512_rig) {
  using mac = hmac<typename TestType::hash>;
  const auto records = support::read_vectors("hmac_" + std::string(TestType::name) + ".txt");
  for (const auto* kernel : support::runnable(TestType::candidates())) {
    for (const auto& v : records) {
      INFO(kernel->name << " " << v.where());
      const mac keyed(v["key"], *kernel);
      octets tag = tag_of(keyed, v["message"]);
      tag.resize(v["tag"].size());
      REQUIRE(tag == v["tag"]);
      REQUIRE(keyed.verify(v["message"], v["tag"]).has_value() == (tag.size() >= mac::min_tag_len));
    }
  }
}

TEMPLATE_TEST_CASE("hmac: every key length, also longer than a block, on every kernel", "", sha1_rig, sha256_rig,
                   sha512_rig) {
  const octets message = support::pattern_bytes(1, 100);
  for (const auto* kernel : support::runnable(TestType::candidates())) {
    for (std::size_t len = 0; len <= 3 * TestType::hash::block_len; ++len) {
      const octets key = support::pattern_bytes(len, len);
      INFO(kernel->name << ", key of " << len);
      REQUIRE(tag_of(hmac<typename TestType::hash>(key, *kernel), message) == model<TestType>(key, message));
    }
  }
}

TEMPLATE_TEST_CASE("hmac: every message length and every split gives the same tag", "", sha1_rig, sha256_rig,
                   sha512_rig) {
  using mac = hmac<typename TestType::hash>;
  const octets key = support::pattern_bytes(2, 20);
  const octets message = support::pattern_bytes(3, TestType::hash::block_len + 86);
  const mac keyed(key);
  for (std::size_t len = 0; len <= message.size(); ++len) {
    const const_bytes whole = const_bytes(message).first(len);
    const octets expected = model<TestType>(key, whole);
    REQUIRE(tag_of(keyed, whole) == expected);
    std::size_t wrong = 0;
    for (std::size_t cut = 0; cut <= len; ++cut) {
      auto context = keyed.begin();
      context.update(whole.first(cut));
      context.update(whole.subspan(cut));
      octets tag(mac::tag_len);
      context.finish(std::span<std::uint8_t, mac::tag_len>(tag));
      wrong += tag != expected;
    }
    REQUIRE(wrong == 0);
  }
}

TEMPLATE_TEST_CASE("hmac: verify refuses every wrong bit, at every tag length", "", sha1_rig, sha256_rig, sha512_rig) {
  using mac = hmac<typename TestType::hash>;
  const mac keyed(support::pattern_bytes(4, 20));
  octets message = support::pattern_bytes(5, 40);
  const octets whole = tag_of(keyed, message);
  const auto refused = [&keyed](const octets& m, const octets& t) {
    const auto verified = keyed.verify(m, t);
    return !verified.has_value() && verified.error() == error::authentication_failed;
  };
  for (std::size_t len = 0; len <= mac::tag_len + 4; ++len) {
    octets tag = whole;
    tag.resize(len);
    INFO("tag of " << len);
    const bool allowed = len >= mac::min_tag_len && len <= mac::tag_len;
    REQUIRE(keyed.verify(message, tag).has_value() == allowed);
    REQUIRE(refused(message, tag) == !allowed);
    std::size_t accepted = 0;
    for (std::size_t bit = 0; bit < 8 * len; ++bit) {
      tag[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      accepted += !refused(message, tag);
      tag[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    }
    REQUIRE(accepted == 0);
  }
  for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
    message[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    REQUIRE(refused(message, whole));
    message[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
  }
}
