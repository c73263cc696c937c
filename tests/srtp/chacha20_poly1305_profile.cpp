// SPDX-License-Identifier: BSL-1.0
// aead_chacha20_poly1305 is RFC 7714 with another AEAD: packets put together here by hand, from the portable AES and
// the reference kernel, equal those of senders, and receivers open them.
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "keys.hpp"
#include "sotto/core/bytes.hpp"
#include "sotto/kernels/aes/select.hpp"
#include "sotto/kernels/chacha20_poly1305/select.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"
#include "support/runnable.hpp"

namespace srtp = sotto::srtp;
namespace chacha = sotto::kernels::chacha20_poly1305;
namespace aes = sotto::kernels::aes;
using keys::octets;

namespace {

/// RFC 3711 4.3.3 with a 256-bit key (RFC 6188 3), the 96-bit salt filled up with two zero bytes (RFC 7714 11).
octets derive(const octets& master_key, const octets& master_salt, std::uint8_t label, std::size_t len) {
  octets counter = master_salt;
  counter.resize(16);
  counter[7] ^= label;
  aes::key key;
  support::reference(aes::candidates()).expand(key, master_key.data(), master_key.size());
  octets out(len);
  support::reference(aes::candidates()).ctr(key, counter.data(), out.data(), out.data(), len);
  return out;
}

struct by_hand {
  octets key, salt;
  by_hand(const keys::master& m, std::uint8_t first_label)
      : key(derive(m.key, m.salt, first_label, 32)),
        salt(derive(m.key, m.salt, static_cast<std::uint8_t>(first_label + 2), 12)) {}

  /// ciphertext ‖ tag under the IV whose last ten bytes these are.
  octets seal(octets iv, const octets& aad, const octets& text) const {
    iv.insert(iv.begin(), 2, 0);
    for (std::size_t i = 0; i < 12; ++i) iv[i] ^= salt[i];
    chacha::key k;
    std::memcpy(k.bytes, key.data(), sizeof k.bytes);
    octets out(text.size() + 16);
    support::reference(chacha::candidates())
        .seal(k, {iv.data(), aad.data(), aad.size(), nullptr, 0, text.data(), out.data(), text.size()},
              out.data() + text.size());
    return out;
  }
};

octets part(const octets& of, std::size_t from, std::size_t to) {
  return octets(of.begin() + static_cast<std::ptrdiff_t>(from), of.begin() + static_cast<std::ptrdiff_t>(to));
}

void append(octets& to, const octets& more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

TEST_CASE("aead_chacha20_poly1305: SRTP by hand (RFC 7714 8)") {
  for (const std::size_t mki_len : {0u, 4u}) {
    const keys::master m(srtp::profile::aead_chacha20_poly1305, mki_len);
    const by_hand rtp(m, 0);
    // ROC 0, then a wrap: 65535 is followed by ROC 1.
    auto tx = srtp::sender::create(m.raw());
    auto rx = srtp::receiver::create(m.raw());
    std::uint64_t index = 65400;
    for (int i = 0; i < 200; ++i, ++index) {
      const octets plain = keys::rtp(0xdeadbeef, static_cast<std::uint16_t>(index), 160, 2, 3);
      const std::size_t header_len = 12 + 8 + 16;
      octets iv(10);
      sotto::core::store_be32(iv.data(), 0xdeadbeef);
      sotto::core::store_be32(iv.data() + 4, static_cast<std::uint32_t>(index >> 16));
      sotto::core::store_be16(iv.data() + 8, static_cast<std::uint16_t>(index));
      octets expected = part(plain, 0, header_len);
      append(expected, rtp.seal(iv, expected, part(plain, header_len, plain.size())));
      append(expected, m.mki);
      REQUIRE(support::to_hex(keys::protect(*tx, plain)) == support::to_hex(expected));
      const auto opened = rx->unprotect(expected);
      REQUIRE(opened.has_value());
      REQUIRE(keys::to_bytes(*opened) == plain);
    }
  }
}

TEST_CASE("aead_chacha20_poly1305: SRTCP by hand (RFC 7714 9)") {
  for (const bool encrypted : {true, false}) {
    const keys::master m(srtp::profile::aead_chacha20_poly1305, 2);
    const by_hand rtcp(m, 3);
    auto tx = srtp::sender::create(m.raw(), {.srtcp_encryption = encrypted});
    auto rx = srtp::receiver::create(m.raw());
    for (std::uint32_t index = 0; index < 5; ++index) {
      const octets plain = keys::rtcp(0xcafe0001, 28 + 4 * index);
      octets word(4), iv(10);
      sotto::core::store_be32(word.data(), index | (encrypted ? 0x80000000u : 0u));
      sotto::core::store_be32(iv.data(), 0xcafe0001);
      sotto::core::store_be32(iv.data() + 6, index);
      octets expected = encrypted ? part(plain, 0, 8) : plain;
      octets aad = expected;
      append(aad, word);
      append(expected, rtcp.seal(iv, aad, encrypted ? part(plain, 8, plain.size()) : octets()));
      append(expected, word);
      append(expected, m.mki);
      REQUIRE(support::to_hex(keys::protect_rtcp(*tx, plain)) == support::to_hex(expected));
      const auto opened = rx->unprotect_rtcp(expected);
      REQUIRE(opened.has_value());
      REQUIRE(keys::to_bytes(*opened) == plain);
    }
  }
}
