// SPDX-License-Identifier: BSL-1.0
// hkdf gives the published keys on every kernel, at every length and from input in pieces, equals RFC 5869's
// definition, and refuses what it can't give.
#include "sotto/crypto/hkdf.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/guard_pages.hpp"
#include "support/hash_rig.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

using sotto::const_bytes;
using sotto::error;
using sotto::mutable_bytes;
using sotto::crypto::hkdf;
using sotto::crypto::hkdf_info;
using sotto::crypto::hkdf_input;
using sotto::crypto::hkdf_salt;
using support::sha1_rig;
using support::sha256_rig;
using support::sha512_rig;
using octets = std::vector<std::uint8_t>;

namespace {

// No input can stand where another belongs, and bytes become one only by name.
template <class To, class From>
inline constexpr bool unrelated = !std::is_constructible_v<To, From>;
static_assert(unrelated<hkdf_info, hkdf_input> && unrelated<hkdf_input, hkdf_info>);
static_assert(unrelated<hkdf_salt, hkdf_input> && unrelated<hkdf_salt, hkdf_info>);
static_assert(unrelated<hkdf_input, hkdf_salt> && unrelated<hkdf_info, hkdf_salt>);
static_assert(!std::is_convertible_v<const_bytes, hkdf_info> && !std::is_convertible_v<octets, hkdf_salt> &&
              !std::is_convertible_v<const_bytes, hkdf_input> && !std::is_convertible_v<const char*, hkdf_info>);
static_assert(unrelated<hkdf_input, const char*> && unrelated<hkdf_salt, const char*>);

using prk = hkdf<sotto::crypto::sha256>::prk;
static_assert(!std::is_copy_constructible_v<prk> && !std::is_copy_assignable_v<prk>);
static_assert(std::is_nothrow_move_constructible_v<prk> && std::is_nothrow_move_assignable_v<prk>);
static_assert(!std::is_default_constructible_v<prk> && unrelated<prk, const_bytes>);
static_assert(unrelated<prk, hkdf<sotto::crypto::sha512>::prk>);
static_assert(hkdf<sotto::crypto::sha256>::max_output_len == 8160);

template <class Kdf>
octets expanded(const typename Kdf::prk& key, const hkdf_info& info, std::size_t len) {
  octets out(len);
  REQUIRE(Kdf::expand(key, info, out).has_value());
  return out;
}

octets bytes_of(const_bytes b) { return octets(b.begin(), b.end()); }

template <class Rig>
octets mac_of(const octets& key, const octets& message) {
  octets tag(Rig::hash::digest_len);
  sotto::crypto::hmac<typename Rig::hash>(key).compute(message, std::span<std::uint8_t, Rig::hash::digest_len>(tag));
  return tag;
}

/// RFC 5869 2.2 and 2.3 by the letter.
template <class Rig>
octets model(octets salt, const octets& input, const octets& info, std::size_t len) {
  if (salt.empty()) salt.resize(Rig::hash::digest_len);
  const octets key = mac_of<Rig>(salt, input);
  octets out, t;
  for (unsigned i = 1; out.size() < len; ++i) {
    t.insert(t.end(), info.begin(), info.end());
    t.push_back(static_cast<std::uint8_t>(i));
    t = mac_of<Rig>(key, t);
    out.insert(out.end(), t.begin(), t.end());
  }
  out.resize(len);
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("hkdf: published keys on every kernel", "", sha1_rig, sha256_rig, sha512_rig) {
  using kdf = hkdf<typename TestType::hash>;
  const auto records = support::read_vectors("hkdf_" + std::string(TestType::name) + ".txt");
  for (const auto* kernel : support::runnable(TestType::candidates())) {
    for (const auto& v : records) {
      INFO(kernel->name << " " << v.where());
      const auto key = kdf::extract(hkdf_salt(v["salt"]), hkdf_input(v["input"]), *kernel);
      REQUIRE(expanded<kdf>(key, hkdf_info(v["info"]), v["output"].size()) == v["output"]);
      const auto given = kdf::prk::from_uniform_key(v["prk"], *kernel);
      REQUIRE(given.has_value());
      REQUIRE(expanded<kdf>(*given, hkdf_info(v["info"]), v["output"].size()) == v["output"]);
    }
  }
}

TEMPLATE_TEST_CASE("hkdf: every length to the longest is the longest's beginning", "", sha1_rig, sha256_rig,
                   sha512_rig) {
  using kdf = hkdf<typename TestType::hash>;
  const octets salt = support::pattern_bytes(1, 20), input = support::pattern_bytes(2, 32),
               info = support::pattern_bytes(3, 10);
  const octets longest = model<TestType>(salt, input, info, kdf::max_output_len);
  support::guard_pages memory(kdf::max_output_len);
  for (const auto* kernel : support::runnable(TestType::candidates())) {
    const auto key = kdf::extract(hkdf_salt(salt), hkdf_input(input), *kernel);
    support::row row;
    std::vector<std::size_t> lens = support::lengths_to(3 * TestType::hash::digest_len + 2);
    for (const std::size_t below : {std::size_t{1}, std::size_t{0}}) lens.push_back(kdf::max_output_len - below);
    for (const std::size_t len : lens) {
      for (const auto at : {support::edge::start, support::edge::end}) {
        std::uint8_t* out = memory.place(at, len);
        const bool right = kdf::expand(key, hkdf_info(info), mutable_bytes(out, len)).has_value() &&
                           support::same_bytes(out, longest.data(), len) && memory.intact_around(out, len);
        row.judge(right ? nullptr : "wrong output", [&] { return std::to_string(len) + " bytes"; });
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEMPLATE_TEST_CASE("hkdf: inputs of every length equal the definition", "", sha1_rig, sha256_rig, sha512_rig) {
  using kdf = hkdf<typename TestType::hash>;
  const std::size_t len = TestType::hash::digest_len + 5;
  for (const std::size_t n : support::lengths_to(2 * TestType::hash::block_len + 20)) {
    const octets a = support::pattern_bytes(n, n), b = support::pattern_bytes(n + 1, 17);
    INFO("length " << n);
    const auto salted = kdf::extract(hkdf_salt(a), hkdf_input(b));
    REQUIRE(expanded<kdf>(salted, hkdf_info(b), len) == model<TestType>(a, b, b, len));
    const auto fed = kdf::extract(hkdf_salt(b), hkdf_input(a));
    REQUIRE(expanded<kdf>(fed, hkdf_info(a), len) == model<TestType>(b, a, a, len));
  }
}

TEST_CASE("hkdf: a length known to the compiler gives exactly so many bytes") {
  using kdf = hkdf<sotto::crypto::sha256>;
  const octets input = support::pattern_bytes(1, 32);
  const auto key = kdf::extract(hkdf_salt(), hkdf_input(input));
  const auto one = kdf::expand<1>(key, hkdf_info("label"));
  const auto some = kdf::expand<42>(key, hkdf_info("label"));
  const auto most = kdf::expand<kdf::max_output_len>(key, hkdf_info("label"));
  const octets expected = expanded<kdf>(key, hkdf_info("label"), kdf::max_output_len);
  CHECK(bytes_of(most.expose()) == expected);
  CHECK(bytes_of(some.expose()) == octets(expected.begin(), expected.begin() + 42));
  CHECK(bytes_of(one.expose()) == octets(expected.begin(), expected.begin() + 1));
}

TEST_CASE("hkdf: pieces count as one") {
  using kdf = hkdf<sotto::crypto::sha256>;
  const octets input = support::pattern_bytes(1, 100), info = support::pattern_bytes(2, 90);
  const octets expected = model<sha256_rig>({}, input, info, 50);
  for (std::size_t cut = 0; cut <= 90; ++cut) {
    const std::array<const_bytes, 3> in{const_bytes(input).first(cut), const_bytes(), const_bytes(input).subspan(cut)};
    const std::array<const_bytes, 2> about{const_bytes(info).first(cut), const_bytes(info).subspan(cut)};
    const auto key = kdf::extract(hkdf_salt(), hkdf_input(std::span<const const_bytes>(in)));
    REQUIRE(expanded<kdf>(key, hkdf_info(std::span<const const_bytes>(about)), 50) == expected);
  }
}

TEST_CASE("hkdf: nothing in is a default, and text is its bytes") {
  using kdf = hkdf<sotto::crypto::sha256>;
  const octets input = support::pattern_bytes(1, 32), zeros(32), text{'a', 'b', 'c'};
  const auto none = kdf::extract(hkdf_salt(), hkdf_input(input));
  const auto zero = kdf::extract(hkdf_salt(zeros), hkdf_input(input));
  CHECK(expanded<kdf>(none, hkdf_info(), 40) == expanded<kdf>(zero, hkdf_info(const_bytes()), 40));
  CHECK(expanded<kdf>(none, hkdf_info("abc"), 40) == expanded<kdf>(none, hkdf_info(text), 40));
  CHECK(expanded<kdf>(none, hkdf_info("abc"), 40) != expanded<kdf>(none, hkdf_info("abd"), 40));
  const auto empty = kdf::extract(hkdf_salt(), hkdf_input());
  CHECK(expanded<kdf>(empty, hkdf_info(), 40) == model<sha256_rig>({}, {}, {}, 40));
}

TEMPLATE_TEST_CASE("hkdf: uniform keys of a digest's length or more", "", sha1_rig, sha256_rig, sha512_rig) {
  using kdf = hkdf<typename TestType::hash>;
  for (std::size_t len = 0; len <= 2 * TestType::hash::block_len; ++len) {
    const octets key = support::pattern_bytes(len, len);
    const auto given = kdf::prk::from_uniform_key(key);
    INFO("key of " << len);
    REQUIRE(given.has_value() == (len >= TestType::hash::digest_len));
    if (given.has_value())
      REQUIRE(expanded<kdf>(*given, hkdf_info(), 10) == [&] {
        octets t = mac_of<TestType>(key, {1});
        t.resize(10);
        return t;
      }());
    else
      REQUIRE(given.error() == error::invalid_key_length);
  }
}

TEMPLATE_TEST_CASE("hkdf: refuses too much output and output over its own info, and touches nothing", "", sha1_rig,
                   sha256_rig, sha512_rig) {
  using kdf = hkdf<typename TestType::hash>;
  const auto key = kdf::extract(hkdf_salt(), hkdf_input(support::pattern_bytes(1, 32)));
  octets out(kdf::max_output_len + 100, 7);
  const octets before = out;
  for (const std::size_t len : {kdf::max_output_len + 1, kdf::max_output_len + 100}) {
    const auto refused = kdf::expand(key, hkdf_info(), mutable_bytes(out).first(len));
    REQUIRE((!refused.has_value() && refused.error() == error::output_too_long));
  }
  // info is bytes 20 to 29 of the same memory.
  for (std::size_t begin = 0; begin <= 40; ++begin) {
    for (std::size_t len = 0; len <= 20; ++len) {
      const const_bytes info = const_bytes(out).subspan(20, 10);
      const std::array<const_bytes, 2> pieces{const_bytes(before).first(5), info};
      const bool shares = len != 0 && begin < 30 && 20 < begin + len;
      for (const bool in_pieces : {false, true}) {
        const auto given = in_pieces ? hkdf_info(std::span<const const_bytes>(pieces)) : hkdf_info(info);
        const auto done = kdf::expand(key, given, mutable_bytes(out).subspan(begin, len));
        REQUIRE(done.has_value() == !shares);
        if (shares) REQUIRE(done.error() == error::overlapping_buffers);
        REQUIRE((out == before) == (shares || len == 0));
        out = before;
      }
    }
  }
  CHECK(kdf::expand(key, hkdf_info(), {}).has_value());
}

TEST_CASE("hkdf: a moved key expands as before") {
  using kdf = hkdf<sotto::crypto::sha256>;
  auto first = kdf::extract(hkdf_salt(), hkdf_input(support::pattern_bytes(1, 32)));
  const octets before = expanded<kdf>(first, hkdf_info("x"), 64);
  const auto second = std::move(first);
  CHECK(expanded<kdf>(second, hkdf_info("x"), 64) == before);
}
