// SPDX-License-Identifier: BSL-1.0
// RFC 9605 Appendix C through the public interface.
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sotto/sframe.hpp"
#include "support/catch.hpp"
#include "support/vector_file.hpp"

namespace sframe = sotto::sframe;
using octets = std::vector<std::uint8_t>;

namespace {

std::uint64_t number(const octets& bytes) {
  REQUIRE(bytes.size() == 8);
  return sotto::core::load_be64(bytes.data());
}
sframe::cipher_suite suite(const octets& bytes) {
  REQUIRE(bytes.size() == 2);
  return static_cast<sframe::cipher_suite>(sotto::core::load_be16(bytes.data()));
}

}  // namespace

TEST_CASE("published headers, both ways") {
  std::size_t count = 0;
  for (const auto& v : support::read_vectors("sframe_headers.txt")) {
    INFO(v.where());
    const sframe::header h{sframe::key_id(number(v["kid"])), sframe::counter(number(v["ctr"]))};
    std::uint8_t out[sframe::max_header_len];
    const auto encoded = sframe::encode_header(h, out);
    REQUIRE(encoded);
    CHECK(octets(encoded->begin(), encoded->end()) == v["encoded"]);
    CHECK(sframe::header_len(h) == v["encoded"].size());
    const auto parsed = sframe::parse_header(v["encoded"]);
    REQUIRE(parsed);
    CHECK(parsed->header == h);
    CHECK(parsed->len == v["encoded"].size());
    ++count;
  }
  CHECK(count == 289);
}

TEST_CASE("published AES-CTR with HMAC, both ways") {
  std::size_t count = 0;
  for (const auto& v : support::read_vectors("sframe_aes_ctr_hmac.txt")) {
    INFO(v.where());
    using aead = sframe::aes_ctr_hmac_sha256;
    const auto a = aead::create(v["key"], sframe::parameters(suite(v["suite"])).tag_len);
    REQUIRE(a);
    const aead::nonce nonce(std::span<const std::uint8_t, aead::nonce_len>(v["nonce"].data(), aead::nonce_len));
    octets sealed(v["ct"].size()), opened(v["pt"].size());
    REQUIRE(a->seal(nonce, v["aad"], v["pt"], sealed));
    CHECK(sealed == v["ct"]);
    REQUIRE(a->open(nonce, v["aad"], sealed, opened));
    CHECK(opened == v["pt"]);
    ++count;
  }
  CHECK(count == 3);
}

TEST_CASE("published frames, both ways") {
  std::size_t count = 0;
  for (const auto& v : support::read_vectors("sframe_frames.txt")) {
    INFO(v.where());
    const auto s = suite(v["suite"]);
    const sframe::key_id kid(number(v["kid"]));
    auto tx =
        sframe::sender::create(s, kid, *sframe::base_key::create(v["base_key"]), sframe::counter(number(v["ctr"])));
    auto rx = sframe::receiver::create(s, kid, *sframe::base_key::create(v["base_key"]));
    REQUIRE(tx);
    REQUIRE(rx);
    octets frame(v["pt"].size() + tx->overhead()), plaintext(v["pt"].size());
    REQUIRE(tx->protect(v["pt"], frame, sframe::metadata(v["metadata"])));
    CHECK(frame == v["ct"]);
    REQUIRE(rx->unprotect(v["ct"], plaintext, sframe::metadata(v["metadata"])));
    CHECK(plaintext == v["pt"]);
    ++count;
  }
  CHECK(count == 5);
}
