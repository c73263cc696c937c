// SPDX-License-Identifier: BSL-1.0
// retro's blind searches find keys that are there, in whatever encoding, and no others.
#include "wiretap/key_search.hpp"

#include <sotto/sframe.hpp>
#include <sotto/srtp.hpp>
#include <string>

#include "../../support/catch.hpp"
#include "../../support/hex.hpp"
#include "../../support/pattern.hpp"
#include "support/key_text.hpp"
#include "support/rtp.hpp"
#include "wiretap/frame_search.hpp"
#include "wiretap/opener.hpp"

namespace {

namespace srtp = sotto::srtp;
using bytes = std::vector<std::uint8_t>;

constexpr srtp::profile searched[] = {srtp::profile::aes_cm_128_hmac_sha1_80, srtp::profile::aead_aes_128_gcm,
                                      srtp::profile::aes_256_cm_hmac_sha1_80, srtp::profile::aead_aes_256_gcm};

/// Ten packets under this key and salt.
examples::recording recorded(srtp::profile p, const bytes& key, const bytes& salt) {
  auto tx = srtp::sender::create({.profile = p, .key = key, .salt = salt});
  REQUIRE(tx);
  examples::recorded_stream stream{77, 5004, {}};
  for (std::uint16_t n = 0; n < 10; ++n) {
    bytes packet(examples::rtp_header_len + 160 + tx->rtp_overhead());
    examples::write_rtp_header({false, 0, n, 160u * n, 77}, sotto::mutable_bytes(packet).first<12>());
    const auto wire = tx->protect(packet, examples::rtp_header_len + 160);
    REQUIRE(wire);
    stream.packets.push_back({n, 5004, 5006, false, bytes(wire->begin(), wire->end())});
  }
  return {{stream}};
}

std::string hex_of(const bytes& b) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const auto v : b) text += {digits[v >> 4], digits[v & 15]};
  return text;
}
bytes operator+(bytes a, const bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

struct found {
  std::size_t keys = 0, packets = 0;
};
found search(const std::string& text, const examples::recording& call) {
  found f;
  examples::opener open(call);
  (void)examples::search_keys(examples::readings_of(text), call, [&](const examples::agreement& keys) {
    ++f.keys;
    open.try_keys(keys);
  });
  f.packets = open.packets();
  return f;
}

}  // namespace

TEST_CASE("a key with its salt is found in raw, base64 and hex text, and opens every packet") {
  for (const auto p : searched) {
    const auto wanted = srtp::parameters(p);
    const auto key = support::pattern_bytes(1, wanted.key_len), salt = support::pattern_bytes(2000, wanted.salt_len);
    const auto call = recorded(p, key, salt);
    const auto both = key + salt, other_way = salt + key;
    for (const std::size_t before : {0u, 1u, 2u, 3u, 5u})
      for (const auto& secret : {both, other_way}) {
        const std::string head = "a=x:" + std::string(before, 'A');
        for (const std::string& text :
             {std::string(secret.begin(), secret.end()), examples::encode_base64(secret), hex_of(secret)}) {
          const auto f = search(head + text + "\r\nBYE", call);
          if (f.keys == 0 || f.packets != 10) FAIL(name(p) << " behind " << before << ": " << text.size());
        }
      }
    // One bit of it wrong, or a byte missing: nothing.
    auto wrong = both;
    wrong[3] ^= 1;
    CHECK(search(examples::encode_base64(wrong), call).keys == 0);
    CHECK(search(hex_of(bytes(both.begin() + 1, both.end())), call).keys == 0);
  }
}

TEST_CASE("a key whose salt is all zeros is found by itself") {
  for (const auto p : searched) {
    const auto wanted = srtp::parameters(p);
    const auto key = support::pattern_bytes(4000, wanted.key_len);
    const auto call = recorded(p, key, bytes(wanted.salt_len));
    CHECK(search("k=" + examples::encode_base64(key), call).packets == 10);
  }
}

TEST_CASE("texts without keys are searched through") {
  const auto call =
      recorded(srtp::profile::aead_aes_128_gcm, support::pattern_bytes(5000, 16), support::pattern_bytes(6000, 12));
  CHECK(search("", call).keys == 0);
  CHECK(search("BYE", call).keys == 0);
  CHECK(search(std::string(3000, 'A'), call).keys == 0);
  CHECK(examples::search_keys({bytes(15)}, call, [](const examples::agreement&) {}) == 0);
}

TEST_CASE("an SFrame base key is found, and opens its sender's frames only") {
  namespace sframe = sotto::sframe;
  const auto suite = sframe::cipher_suite::aes_128_gcm_sha256_128;
  std::vector<bytes> frames;
  const auto speak = [&](std::uint64_t kid, const bytes& key) {
    auto tx = sframe::sender::create(suite, sframe::key_id(kid), std::move(*sframe::base_key::create(key)));
    REQUIRE(tx);
    for (int n = 0; n < 5; ++n) {
      bytes frame(20 + tx->overhead());
      const auto made = tx->protect(bytes(20), frame);
      REQUIRE(made);
      frames.emplace_back(made->begin(), made->end());
    }
  };
  const auto first = support::pattern_bytes(7000, 32), second = support::pattern_bytes(8000, 16);
  speak(0x100, first);
  speak(0x101, second);
  const auto opened = [&](const std::string& text) {
    return examples::search_frame_keys(examples::readings_of(text), frames).opened;
  };
  CHECK(opened("key " + hex_of(first)) == 5);
  CHECK(opened("key " + examples::encode_base64(second)) == 5);
  CHECK(opened(hex_of(first) + " " + hex_of(second)) == 10);
  CHECK(opened(hex_of(support::pattern_bytes(9000, 32))) == 0);
}
