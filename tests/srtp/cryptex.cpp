// SPDX-License-Identifier: BSL-1.0
// Cryptex (RFC 9335): the RFC's packets, every combination of CSRCs and extensions, what is refused.
#include "sotto/srtp/cryptex.hpp"

#include <cstdint>
#include <vector>

#include "keys.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"
#include "support/vector_file.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

srtp::protection_options with(srtp::cryptex mode) {
  srtp::protection_options o;
  o.cryptex = mode;
  return o;
}

octets protect(srtp::sender& tx, const octets& packet) {
  octets out(packet.size() + tx.rtp_overhead());
  const auto wire = tx.protect(packet, out);
  REQUIRE(wire);
  return keys::to_bytes(*wire);
}

/// What a receiver makes of a Cryptex packet: packets with CSRCs only got an empty extension.
octets as_received(octets plain) {
  const std::size_t csrcs = 4 * (plain[0] & 0x0fu);
  if ((plain[0] & 0x10) != 0 || csrcs == 0) return plain;
  plain[0] |= 0x10;
  const std::uint8_t empty[] = {0xbe, 0xde, 0, 0};
  plain.insert(plain.begin() + static_cast<std::ptrdiff_t>(12 + csrcs), empty, empty + 4);
  return plain;
}

}  // namespace

TEST_CASE("RFC 9335's packets", "[srtp]") {
  for (const auto& v : support::read_vectors("srtp_cryptex.txt")) {
    INFO(v.where());
    const auto p = v["aead"][0] != 0 ? srtp::profile::aead_aes_128_gcm : srtp::profile::aes_cm_128_hmac_sha1_80;
    const srtp::raw_keying key{.profile = p, .key = v["master_key"], .salt = v["master_salt"]};
    auto tx = srtp::sender::create(key, {.protection = with(srtp::cryptex::on)});
    auto rx = srtp::receiver::create(key, {.protection = with(srtp::cryptex::required)});
    REQUIRE((tx && rx));
    const octets wire = protect(*tx, v["plain"]);
    CHECK(support::to_hex(wire) == support::to_hex(v["protected"]));
    octets copy = wire;
    const auto rtp = rx->unprotect(copy);
    REQUIRE(rtp);
    CHECK(support::to_hex(keys::to_bytes(*rtp)) == support::to_hex(v["plain"]));
  }
}

TEST_CASE("every profile, number of CSRCs and extension, in place and out of place", "[srtp]") {
  for (const auto p : srtp::profiles) {
    const keys::master key(p, 3);
    const auto options = with(srtp::cryptex::on);
    if (srtp::parameters(p).cipher == srtp::cipher::null_hmac_sha1) {
      CHECK(code(srtp::sender::create(key.raw(), {.protection = options})) == code(error::unsupported));
      continue;
    }
    auto tx = srtp::sender::create(key.raw(), {.protection = options});
    auto rx = srtp::receiver::create(key.raw(), {.protection = options});
    auto other = srtp::receiver::create(key.raw(), {.protection = options});
    REQUIRE((tx && rx && other));
    std::uint16_t seq = 0;
    for (const std::size_t csrcs : {0u, 1u, 2u, 15u})
      for (const int words : {-1, 0, 1, 5})
        for (const std::size_t payload : {0u, 1u, 160u}) {
          const octets plain = keys::rtp(77, seq++, payload, csrcs, words);
          INFO(srtp::name(p) << ", CSRCs " << csrcs << ", words " << words << ", payload " << payload);
          octets in_place = plain;
          in_place.resize(plain.size() + tx->rtp_overhead());
          const auto wire = tx->protect(in_place, plain.size());
          REQUIRE(wire);
          const bool works = csrcs != 0 || words >= 0;
          const std::size_t grown = csrcs != 0 && words < 0 ? 4 : 0;
          CHECK(wire->size() == plain.size() + grown + tx->rtp_overhead() - 4);
          if (works) CHECK((*wire)[12 + 4 * csrcs] == 0xc0);
          if (csrcs != 0) CHECK(!std::equal(plain.begin() + 12, plain.begin() + 16, wire->begin() + 12));
          const octets sent = keys::to_bytes(*wire);

          octets out(sent.size());
          const auto apart = other->unprotect(sent, out);
          REQUIRE(apart);
          CHECK(keys::to_bytes(*apart) == as_received(plain));
          const auto rtp = rx->unprotect(*wire);
          REQUIRE(rtp);
          CHECK(keys::to_bytes(*rtp) == as_received(plain));
        }
  }
}

TEST_CASE("a forged Cryptex packet leaves buffer and receiver as they were", "[srtp]") {
  for (const auto p : {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80,
                       srtp::profile::aead_chacha20_poly1305}) {
    const keys::master key(p);
    auto tx = srtp::sender::create(key.raw(), {.protection = with(srtp::cryptex::on)});
    auto rx = srtp::receiver::create(key.raw(), {.protection = with(srtp::cryptex::on)});
    const octets wire = protect(*tx, keys::rtp(5, 1, 40, 3, 2));
    const octets before = keys::image(*rx);
    for (std::size_t i = 0; i < wire.size(); ++i) {
      octets forged = wire;
      forged[i] ^= 0x40;
      const octets sent = forged;
      REQUIRE(!rx->unprotect(forged));
      REQUIRE(forged == sent);
      octets out(sent.size());
      REQUIRE(!rx->unprotect(sent, out));
    }
    CHECK(keys::image(*rx) == before);
    CHECK(keys::receive(*rx, wire) == 0);
  }
}

TEST_CASE("required Cryptex refuses headers in the clear, on both ends", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  auto plain_tx = srtp::sender::create(key.raw());
  auto rx = srtp::receiver::create(key.raw(), {.protection = with(srtp::cryptex::required)});
  CHECK(keys::receive(*rx, keys::protect(*plain_tx, keys::rtp(1, 1, 10, 1))) == code(error::unencrypted_header));
  CHECK(keys::receive(*rx, keys::protect(*plain_tx, keys::rtp(1, 2, 10, 0, 1))) == code(error::unencrypted_header));
  CHECK(keys::receive(*rx, keys::protect(*plain_tx, keys::rtp(1, 3, 10))) == 0);

  // RFC 9335 5.1: only RFC 8285's extensions.
  auto tx = srtp::sender::create(key.raw(), {.protection = with(srtp::cryptex::required)});
  octets foreign = keys::rtp(1, 4, 10, 0, 1);
  foreign[12] = 0x12;
  octets out(foreign.size() + tx->rtp_overhead());
  CHECK(code(tx->protect(foreign, out)) == code(error::unencrypted_header));
  auto lenient = srtp::sender::create(key.raw(), {.protection = with(srtp::cryptex::on)});
  const octets wire = protect(*lenient, foreign);
  CHECK(wire[12] == 0x12);
}

TEST_CASE("an extension beyond the packet is malformed, Cryptex or not", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  auto tx = srtp::sender::create(key.raw(), {.protection = with(srtp::cryptex::on)});
  auto rx = srtp::receiver::create(key.raw(), {.protection = with(srtp::cryptex::on)});
  octets wire = protect(*tx, keys::rtp(5, 1, 40, 3, 2));
  sotto::core::store_be16(&wire[26], 0xffff);
  CHECK(keys::receive(*rx, wire) == code(error::malformed_packet));
  sotto::core::store_be16(&wire[26], static_cast<std::uint16_t>((wire.size() - 16 - 28) / 4 + 1));
  CHECK(keys::receive(*rx, wire) == code(error::malformed_packet));
}

TEST_CASE("Cryptex has precedence over RFC 6904", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  auto both = with(srtp::cryptex::on);
  both.encrypted_extensions = srtp::extension_ids(5);
  auto tx = srtp::sender::create(key.raw(), {.protection = both});
  auto reference = srtp::sender::create(key.raw(), {.protection = with(srtp::cryptex::on)});
  auto rx = srtp::receiver::create(key.raw(), {.protection = both});
  const octets plain = keys::rtp(5, 1, 40, 0, 2);
  const octets wire = protect(*tx, plain);
  CHECK(wire == protect(*reference, plain));
  octets copy = wire;
  const auto rtp = rx->unprotect(copy);
  REQUIRE(rtp);
  CHECK(keys::to_bytes(*rtp) == plain);
}
