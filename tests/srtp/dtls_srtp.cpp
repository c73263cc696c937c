// SPDX-License-Identifier: BSL-1.0
// DTLS-SRTP's numbers and key split (RFC 5764), and the demultiplexer (RFC 7983).
#include "sotto/srtp/dtls_srtp.hpp"

#include <concepts>
#include <cstdint>
#include <numeric>

#include "keys.hpp"
#include "sotto/srtp/demultiplexer.hpp"
#include "support/catch.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

TEST_CASE("profile numbers are IANA's, both ways", "[srtp]") {
  CHECK(*srtp::find_dtls_srtp_profile(1) == srtp::profile::aes_cm_128_hmac_sha1_80);
  CHECK(*srtp::find_dtls_srtp_profile(2) == srtp::profile::aes_cm_128_hmac_sha1_32);
  CHECK(*srtp::find_dtls_srtp_profile(7) == srtp::profile::aead_aes_128_gcm);
  CHECK(*srtp::find_dtls_srtp_profile(8) == srtp::profile::aead_aes_256_gcm);
  for (unsigned n = 0; n < 0x10000; ++n) {
    const auto p = srtp::find_dtls_srtp_profile(static_cast<std::uint16_t>(n));
    if (p)
      CHECK(*srtp::dtls_srtp_number(*p) == n);
    else
      CHECK(code(p) == code(error::unsupported));
  }
  CHECK(code(srtp::dtls_srtp_number(srtp::profile::aead_chacha20_poly1305)) == code(error::unsupported));
  CHECK(code(srtp::dtls_srtp_number(srtp::profile::aes_256_cm_hmac_sha1_80)) == code(error::unsupported));
}

TEST_CASE("exported keys are split by role", "[srtp]") {
  for (const auto& entry : srtp::dtls_srtp_profiles) {
    const auto p = entry.profile;
    const std::size_t key_len = srtp::parameters(p).key_len, salt_len = srtp::parameters(p).salt_len;
    octets exported(srtp::dtls_srtp_export_len(p));
    REQUIRE(exported.size() == 2 * (key_len + salt_len));
    std::iota(exported.begin(), exported.end(), std::uint8_t{1});
    const octets mki = {1, 2};
    auto client = srtp::split_dtls_srtp(p, srtp::dtls_role::client, exported, mki);
    auto server = srtp::split_dtls_srtp(p, srtp::dtls_role::server, exported, mki);
    REQUIRE((client && server));
    // RFC 5764 4.2: client key, server key, client salt, server salt.
    CHECK(client->write.expose_key()[0] == 1);
    CHECK(server->write.expose_key()[0] == 1 + key_len);
    CHECK(client->write.expose_salt()[0] == 1 + 2 * key_len);
    CHECK(server->write.expose_salt()[0] == 1 + 2 * key_len + salt_len);
    CHECK(keys::to_bytes(client->read.expose_key()) == keys::to_bytes(server->write.expose_key()));
    CHECK(keys::to_bytes(client->read.expose_salt()) == keys::to_bytes(server->write.expose_salt()));
    CHECK(keys::to_bytes(client->write.mki()) == mki);
    CHECK(client->write.provenance() == srtp::provenance::dtls);
    auto tx = srtp::sender::create(client->write, {.lifetime = srtp::dtls_srtp_lifetime});
    auto rx = srtp::receiver::create(server->read, {.lifetime = srtp::dtls_srtp_lifetime});
    REQUIRE((tx && rx));
    CHECK(rx->provenance() == srtp::provenance::dtls);
    CHECK(keys::receive(*rx, keys::protect(*tx, keys::rtp(1, 1, 20))) == 0);
    for (std::size_t n = 0; n < exported.size() + 3; ++n) {
      if (n == exported.size()) continue;
      CHECK(code(srtp::split_dtls_srtp(p, srtp::dtls_role::client, octets(n))) == code(error::invalid_key_length));
    }
  }
  CHECK(code(srtp::split_dtls_srtp(srtp::profile::aead_chacha20_poly1305, srtp::dtls_role::client, octets(88))) ==
        code(error::unsupported));
  CHECK(code(srtp::split_dtls_srtp(srtp::profile::aead_aes_128_gcm, srtp::dtls_role::client, octets(56),
                                   octets(129))) == code(error::invalid_mki_length));
  static_assert(!std::convertible_to<srtp::dtls_keying, srtp::end_to_end_keying>);
}

TEST_CASE("datagrams are told apart by their first byte", "[srtp]") {
  using kind = srtp::datagram_kind;
  for (unsigned first = 0; first < 256; ++first)
    for (const unsigned second : {0u, 96u, 191u, 192u, 200u, 223u, 224u, 255u}) {
      octets d(12);
      d[0] = static_cast<std::uint8_t>(first);
      d[1] = static_cast<std::uint8_t>(second);
      kind expected = kind::unknown;
      if (first < 4) expected = kind::stun;
      if (first >= 16 && first < 20) expected = kind::zrtp;
      if (first >= 20 && first < 64) expected = kind::dtls;
      if (first >= 64 && first < 80) expected = kind::turn_channel;
      if (first >= 128 && first < 192) expected = second >= 192 && second <= 223 ? kind::rtcp : kind::rtp;
      CHECK(srtp::demultiplex(d) == expected);
    }
  CHECK(srtp::demultiplex({}) == kind::unknown);
  CHECK(srtp::demultiplex(octets{0x80, 96}) == kind::unknown);
  CHECK(srtp::demultiplex(octets{22}) == kind::dtls);
}
