// SPDX-License-Identifier: BSL-1.0
// Every AES-CM + HMAC-SHA1 kernel equals what RFC 3711 says in two steps: counter mode, then HMAC over header,
// ciphertext and ROC. An answer to "is the reference itself right" that shares nothing with it but the AES and SHA-1
// vectors.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sotto/crypto.hpp"
#include "sotto/kernels/aes_cm_hmac_sha1/select.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"

namespace stitched = sotto::kernels::aes_cm_hmac_sha1;
using octets = std::vector<std::uint8_t>;

TEST_CASE("stitched kernels equal counter mode followed by HMAC") {
  for (const auto* kernel : support::runnable(stitched::candidates())) {
    for (const std::size_t key_len : {16u, 24u, 32u}) {
      const octets cipher = support::pattern_bytes(key_len, key_len), auth = support::pattern_bytes(1, 20);
      const auto ctr = *sotto::crypto::aes_ctr::create(cipher);
      const sotto::crypto::hmac_sha1 mac(auth);
      stitched::key key;
      kernel->expand(key, cipher.data(), key_len, auth.data(), auth.size());
      octets iv = support::pattern_bytes(2, 16);
      iv[14] = iv[15] = 0;
      const octets suffix = support::pattern_bytes(3, 4);
      for (const std::size_t len : {0u, 1u, 20u, 51u, 52u, 64u, 160u, 255u, 1200u, 4500u}) {
        octets packet = support::pattern_bytes(len, 12 + len), expected = packet;
        REQUIRE(ctr.apply(std::span<const std::uint8_t, 16>(iv.data(), 16), {expected.data() + 12, len},
                          {expected.data() + 12, len})
                    .has_value());
        octets expected_tag(20), tag(20);
        auto context = mac.begin();
        context.update(expected);
        context.update(suffix);
        context.finish(std::span<std::uint8_t, 20>(expected_tag.data(), 20));

        std::uint8_t* text = packet.data() + 12;
        kernel->seal(key, {iv.data(), suffix.data(), text, text, 12, len}, tag.data(), 20);
        INFO(kernel->name << ", " << key_len << "-byte key, " << len << " bytes");
        REQUIRE(packet == expected);
        REQUIRE(tag == expected_tag);
        REQUIRE(kernel->open(key, {iv.data(), suffix.data(), text, text, 12, len}, tag.data(), 20));
        REQUIRE(packet == support::pattern_bytes(len, 12 + len));
      }
    }
  }
}
