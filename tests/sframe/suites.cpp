// SPDX-License-Identifier: BSL-1.0
// Every suite against a second implementation, at every length, in place and out of place.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "frames.hpp"
#include "support/guard_pages.hpp"

namespace sframe = sotto::sframe;
using frames::octets;
using support::edge;

namespace {

constexpr std::size_t max_len = 300;
/// KIDs of several header lengths; the counter's length grows as the test goes on.
constexpr std::uint64_t kids[] = {0, 7, 8, 0x123, 0x0102030405060708, ~std::uint64_t{0}};

struct rig {
  support::guard_pages in{2 * max_len}, out{2 * max_len};

  void apart(sframe::sender& tx, sframe::receiver& rx, const octets& plaintext, const octets& expected,
             sframe::metadata m) {
    const std::uint8_t* from = in.place(edge::end, plaintext);
    std::uint8_t* to = out.place(edge::end, expected.size());
    const auto wire = tx.protect({from, plaintext.size()}, {to, expected.size()}, m);
    REQUIRE(wire);
    REQUIRE(wire->data() == to);
    REQUIRE(frames::copy(*wire) == expected);
    REQUIRE(out.intact_around(to, expected.size()));

    from = in.place(edge::end, expected);
    to = out.place(edge::end, plaintext.size());
    const auto text = rx.unprotect({from, expected.size()}, {to, plaintext.size()}, m);
    REQUIRE(text);
    REQUIRE(text->data() == to);
    REQUIRE(frames::copy(*text) == plaintext);
    REQUIRE(out.intact_around(to, plaintext.size()));
  }

  void in_place(sframe::sender& tx, sframe::receiver& rx, const octets& plaintext, const octets& expected,
                std::size_t tag_len, sframe::metadata m) {
    const std::size_t head = expected.size() - plaintext.size() - tag_len;
    const octets before(sframe::max_header_len, 0xee), after(tag_len, 0xee);
    const octets whole = frames::operator+(frames::operator+(before, plaintext), after);
    std::uint8_t* at = out.place(edge::end, whole);
    const auto wire = tx.protect({at, whole.size()}, plaintext.size(), m);
    REQUIRE(wire);
    REQUIRE(wire->data() == at + sframe::max_header_len - head);
    REQUIRE(frames::copy(*wire) == expected);
    for (std::size_t i = 0; i < sframe::max_header_len - head; ++i) REQUIRE(at[i] == 0xee);

    at = out.place(edge::end, expected);
    const auto text = rx.unprotect(sotto::mutable_bytes(at, expected.size()), m);
    REQUIRE(text);
    REQUIRE(text->data() == at + head);
    REQUIRE(frames::copy(*text) == plaintext);
    REQUIRE(frames::copy({at, head}) == frames::first(expected, head));
  }
};

}  // namespace

TEST_CASE("frames of all suites and lengths are the second implementation's") {
  rig r;
  for (const auto& c : frames::table)
    for (const std::uint64_t kid : kids) {
      INFO(sframe::name(c.suite) << ", KID " << kid);
      auto apart = frames::sender(c.suite, kid, 250), in_place = frames::sender(c.suite, kid, 5);
      auto apart_rx = frames::receiver(c.suite, kid), in_place_rx = frames::receiver(c.suite, kid);
      for (std::size_t len = 0; len <= max_len; ++len) {
        const octets plaintext = support::pattern_bytes(len, len), aad = support::pattern_bytes(len + 7, len % 40);
        const sframe::metadata m(aad);
        const auto expected = [&](std::uint64_t ctr) {
          return frames::encrypt(c, kid, ctr, frames::base_key_bytes(), aad, plaintext);
        };
        r.apart(apart, apart_rx, plaintext, expected(250 + len), m);
        r.in_place(in_place, in_place_rx, plaintext, expected(5 + len), c.nt, m);
      }
    }
}

TEST_CASE("long frames and long metadata are the second implementation's") {
  for (const auto& c : frames::table)
    for (const std::size_t len : {std::size_t{1200}, std::size_t{4096}, std::size_t{70001}}) {
      INFO(sframe::name(c.suite) << ", " << len << " bytes");
      auto tx = frames::sender(c.suite);
      auto rx = frames::receiver(c.suite);
      const octets plaintext = support::pattern_bytes(1, len),
                   aad = support::pattern_bytes(2, sframe::max_metadata_len);
      const octets wire = frames::protect(tx, plaintext, aad);
      CHECK(wire == frames::encrypt(c, 3, 0, frames::base_key_bytes(), aad, plaintext));
      octets out(len);
      REQUIRE(rx.unprotect(wire, out, sframe::metadata(aad)));
      CHECK(out == plaintext);
    }
}

TEST_CASE("base keys of every length are the second implementation's") {
  for (const auto& c : frames::table)
    for (std::size_t len = sframe::min_base_key_len; len <= sframe::max_base_key_len; ++len) {
      const octets key = frames::base_key_bytes(5, len);
      auto tx = sframe::sender::create(c.suite, sframe::key_id(9), *sframe::base_key::create(key)).value();
      CHECK(frames::protect(tx, {1, 2}) == frames::encrypt(c, 9, 0, key, {}, {1, 2}));
    }
}

TEST_CASE("the constants are the RFC's") {
  for (const auto& c : frames::table) {
    const auto p = sframe::parameters(c.suite);
    CHECK(p.hash_len == c.nh);
    CHECK(p.key_len == c.nk);
    CHECK(p.tag_len == c.nt);
    CHECK(p.max_forgeries >= 1u << 16);
  }
  CHECK(std::size(sframe::cipher_suites) == std::size(frames::table));
  CHECK(sframe::name(sframe::cipher_suite::aes_128_ctr_hmac_sha256_32) == "AES_128_CTR_HMAC_SHA256_32");
  for (const unsigned number : {0u, 6u, 0xf000u, 0xffffu}) {
    const auto none = static_cast<sframe::cipher_suite>(number);
    CHECK(sframe::parameters(none).key_len == 0);
    CHECK(sframe::name(none) == "unknown");
    CHECK(sframe::sender::create(none, {}, frames::base_key()).error() == sotto::error::unsupported);
    CHECK(sframe::receiver::create(none, {}, frames::base_key()).error() == sotto::error::unsupported);
    CHECK(sframe::group_receiver::create(none).error() == sotto::error::unsupported);
  }
}

TEST_CASE("the compound AEAD checks its arguments") {
  using aead = sframe::aes_ctr_hmac_sha256;
  const octets key(48, 1), text(20, 2), nonce_bytes(12, 3);
  const aead::nonce nonce(std::span<const std::uint8_t, 12>(nonce_bytes.data(), 12));
  CHECK(aead::create(frames::first(key, 47), 10).error() == sotto::error::invalid_key_length);
  CHECK(aead::create(octets(49), 10).error() == sotto::error::invalid_key_length);
  for (std::size_t tag_len = 0; tag_len <= 33; ++tag_len) {
    const auto a = aead::create(key, tag_len);
    if (tag_len == 4 || tag_len == 8 || tag_len == 10) {
      REQUIRE(a);
      CHECK(a->tag_len() == tag_len);
      octets out(20 + tag_len, 9);
      CHECK(a->seal(nonce, {}, text, sotto::mutable_bytes(out).first(19 + tag_len)).error() ==
            sotto::error::buffer_too_small);
      CHECK(out == octets(20 + tag_len, 9));
      REQUIRE(a->seal(nonce, {}, text, out));
      const auto sealed = sotto::mutable_bytes(out);
      CHECK(a->seal(nonce, {}, sealed.first(10), sealed.subspan(1)).error() == sotto::error::overlapping_buffers);
      CHECK(a->open(nonce, {}, sealed.first(tag_len - 1), sealed).error() == sotto::error::authentication_failed);
      CHECK(a->open(nonce, {}, out, sealed.subspan(1)).error() == sotto::error::overlapping_buffers);
      octets small(19, 9);
      CHECK(a->open(nonce, {}, out, small).error() == sotto::error::buffer_too_small);
      out[3] ^= 1;
      octets opened(20, 9);
      CHECK(a->open(nonce, {}, out, opened).error() == sotto::error::authentication_failed);
      CHECK(opened == octets(20, 9));
    } else {
      CHECK(a.error() == sotto::error::invalid_argument);
    }
  }
}
