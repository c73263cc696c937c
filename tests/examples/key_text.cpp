// SPDX-License-Identifier: BSL-1.0
// Keys as text: base64 and hex, and errors that name what was expected but never the key.
#include "support/key_text.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "../support/catch.hpp"

namespace {

using sotto::srtp::profile;

std::string decoded(std::string_view text) {
  std::uint8_t out[64]{};
  const auto len = examples::decode_base64(text, out);
  return {reinterpret_cast<const char*>(out), std::min<std::size_t>(len, sizeof out)};
}

std::string refusal(profile p, std::string_view text) {
  try {
    (void)examples::parse_keying(p, text);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "accepted";
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("base64 of RFC 4648 section 10") {
  CHECK(decoded("").empty());
  CHECK(decoded("Zg==") == "f");
  CHECK(decoded("Zm8=") == "fo");
  CHECK(decoded("Zm9v") == "foo");
  CHECK(decoded("Zm9vYg==") == "foob");
  CHECK(decoded("Zm9vYmE=") == "fooba");
  CHECK(decoded("Zm9vYmFy") == "foobar");
  CHECK(decoded("Zm9vYg") == "foob");
  CHECK(decoded("++//") == "\xfb\xef\xff");
}

TEST_CASE("what isn't base64") {
  for (const char* text :
       {"Z", "Zm9vY", "Zg=", "Zg===", "Zm9v=", "Z=g=", "Zm 9v", "Zm9v\n", "Zm9-", "Zm9_", "Zh==", "Zm9="})
    CHECK_THROWS_AS(decoded(text), std::runtime_error);
}

TEST_CASE("more than fits is counted, not written") {
  std::uint8_t out[4]{1, 1, 1, 1};
  CHECK(examples::decode_base64("AAAAAAAA", sotto::mutable_bytes(out).first(2)) == 6);
  CHECK((out[0] == 1 && out[1] == 1 && out[2] == 1));
  CHECK(examples::decode_base64("AAA=", sotto::mutable_bytes(out).first(2)) == 2);
  CHECK((out[0] == 0 && out[1] == 0 && out[2] == 1));
}

TEST_CASE("hex digits, each of them") {
  const std::string_view digits = "0123456789abcdefABCDEF";
  for (unsigned c = 0; c < 256; ++c) {
    const auto at = digits.find(static_cast<char>(c));
    const bool is_digit = at != digits.npos;
    const std::uint32_t value = examples::detail::hex_value(static_cast<char>(c));
    CHECK((value >> 31 == 0) == is_digit);
    if (is_digit) CHECK(value == (at < 16 ? at : at - 6));
  }
}

TEST_CASE("an odd number of hex digits is no hex, and no base64 of the right length") {
  CHECK(says(refusal(profile::aead_aes_128_gcm, std::string(57, 'a')), "odd number of hex digits"));
  CHECK(says(refusal(profile::aead_aes_128_gcm, std::string(38, 'g')), "accepted"));
  CHECK(says(refusal(profile::aead_aes_128_gcm, std::string(37, 'g')), "impossible length"));
  CHECK(says(refusal(profile::aead_aes_128_gcm, std::string(37, 'g') + "h"), "stray bits"));
}

TEST_CASE("base64, hex and SDES's prefix mean the same key") {
  const std::string hex = "00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4";
  for (const std::string& text : {hex, std::string("ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altA=="),
                                  std::string("inline:ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altA"),
                                  std::string("00112233445566778899AABBCCDDEEFF0F1E2D3C4B5A69788796A5B4")}) {
    const auto keys = examples::parse_keying(profile::aead_aes_128_gcm, text);
    CHECK(keys.expose_key().size() == 16);
    CHECK(keys.expose_key()[15] == 0xff);
    CHECK(keys.expose_salt().size() == 12);
    CHECK(keys.expose_salt()[11] == 0xb4);
  }
}

TEST_CASE("wrong lengths name the right one, in every profile") {
  for (const auto p : sotto::srtp::profiles) {
    const auto wanted = sotto::srtp::parameters(p);
    const std::size_t len = std::size_t{wanted.key_len} + wanted.salt_len;
    for (std::size_t n = 0; n <= 70; ++n) {
      const auto said = refusal(p, std::string(2 * n, '0'));
      CHECK((said == "accepted") == (n == len));
      CHECK((n == len || says(said, "takes " + std::to_string(len) + " bytes")));
    }
  }
}

TEST_CASE("errors don't repeat the key") {
  const auto said = refusal(profile::aead_aes_128_gcm, "c2VjcmV0c2Vj*mV0");
  CHECK(says(said, "character 13"));
  CHECK(!says(said, "c2Vj"));
}
