// SPDX-License-Identifier: BSL-1.0
// RFC 8285's elements, and their encryption by RFC 6904: the RFC's packet, both forms, every profile, malformed data.
#include "sotto/srtp/header_extension.hpp"

#include <cstdint>
#include <string>
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

/// "id:offset+len " of each element, and "!" if the walk ended in an error.
std::string walk(srtp::extension_form form, const octets& data) {
  std::string seen;
  const auto sound = srtp::for_each_element(form, data, [&seen](const srtp::extension_element& e) {
    seen += std::to_string(e.id) + ":" + std::to_string(e.offset) + "+" + std::to_string(e.len) + " ";
  });
  if (!sound) seen += code(sound) == code(error::malformed_packet) ? "!" : "?";
  return seen;
}

/// An RTP packet with this extension and a payload of 20 bytes.
octets packet_with(std::uint16_t defined_by_profile, const octets& data, std::uint16_t seq = 7) {
  octets p = keys::rtp(0xcafebabe, seq, 20, 1, static_cast<int>(data.size() / 4));
  sotto::core::store_be16(&p[16], defined_by_profile);
  std::copy(data.begin(), data.end(), p.begin() + 20);
  return p;
}

}  // namespace

TEST_CASE("elements of the one-byte form", "[srtp]") {
  const auto one = srtp::extension_form::one_byte;
  CHECK(walk(one, {}) == "");
  CHECK(walk(one, {0x10, 1, 0x22, 1, 2, 3}) == "1:1+1 2:3+3 ");
  CHECK(walk(one, {0, 0x10, 1, 0, 0, 0x30, 9, 0}) == "1:2+1 3:6+1 ");
  CHECK(walk(one, {0x1f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}) == "1:1+16 ");
  // ID 15, and ID 0 with a length, end the walk (RFC 8285 4.2).
  CHECK(walk(one, {0x10, 1, 0xf0, 0x20, 1, 0x3f}) == "1:1+1 ");
  CHECK(walk(one, {0x10, 1, 0x01, 0x20, 1, 0x3f}) == "1:1+1 ");
  // One byte more than there is.
  CHECK(walk(one, {0x10, 1, 0x21, 5}) == "1:1+1 !");
  CHECK(walk(one, {0x10}) == "!");
}

TEST_CASE("elements of the two-byte form", "[srtp]") {
  const auto two = srtp::extension_form::two_byte;
  CHECK(walk(two, {1, 0, 15, 2, 8, 9, 0, 255, 1, 7}) == "1:2+0 15:4+2 255:9+1 ");
  CHECK(walk(two, {1}) == "!");
  CHECK(walk(two, {1, 1}) == "!");
  CHECK(walk(two, {1, 0, 2, 3, 1, 2}) == "1:2+0 !");
  octets longest(257, 0xaa);
  longest[0] = 200;
  longest[1] = 255;
  CHECK(walk(two, longest) == "200:2+255 ");
  CHECK(walk(srtp::extension_form::other, {1, 1}) == "");
}

TEST_CASE("the form is told by 16 bits", "[srtp]") {
  CHECK(srtp::form_of(0xbede) == srtp::extension_form::one_byte);
  CHECK(srtp::form_of(0x1000) == srtp::extension_form::two_byte);
  CHECK(srtp::form_of(0x100f) == srtp::extension_form::two_byte);
  for (const unsigned other : {0x0000u, 0x0fffu, 0x1010u, 0xbeddu, 0xc0deu, 0xc2deu, 0xffffu})
    CHECK(srtp::form_of(static_cast<std::uint16_t>(other)) == srtp::extension_form::other);
}

TEST_CASE("sets of IDs", "[srtp]") {
  const srtp::extension_ids ids(1, 14, 64, 255, 0);
  for (unsigned id = 0; id < 256; ++id)
    CHECK(ids.contains(static_cast<std::uint8_t>(id)) == (id == 1 || id == 14 || id == 64 || id == 255));
  CHECK(srtp::extension_ids().empty());
  CHECK(!ids.empty());
}

TEST_CASE("RFC 6904's packet", "[srtp]") {
  const auto v = support::read_vectors("srtp_header_extension.txt").front();
  const auto cipher = srtp::header_encryption::create(v["key"], v["salt"]);
  REQUIRE(cipher);
  srtp::extension_ids ids;
  for (const auto id : v["ids"]) ids.add(id);
  std::uint64_t index = 0;
  for (const auto b : v["index"]) index = index << 8 | b;
  octets data = v["plain"];
  const srtp::ssrc source(sotto::core::load_be32(v["ssrc"].data()));
  REQUIRE(cipher->apply(srtp::extension_form::one_byte, data, ids, source, index));
  CHECK(support::to_hex(data) == support::to_hex(v["protected"]));
  REQUIRE(cipher->apply(srtp::extension_form::one_byte, data, ids, source, index));
  CHECK(support::to_hex(data) == support::to_hex(v["plain"]));
}

TEST_CASE("header keys and salts have the lengths of ciphers", "[srtp]") {
  const octets b(33);
  const auto made = [&b](std::size_t key, std::size_t salt) {
    return code(srtp::header_encryption::create(sotto::const_bytes(b).first(key), sotto::const_bytes(b).first(salt)));
  };
  CHECK(made(15, 14) == code(error::invalid_key_length));
  CHECK(made(33, 14) == code(error::invalid_key_length));
  CHECK(made(16, 13) == code(error::invalid_salt_length));
  CHECK(made(16, 0) == code(error::invalid_salt_length));
  for (const std::size_t key : {16u, 24u, 32u})
    for (const std::size_t salt : {12u, 14u}) CHECK(made(key, salt) == 0);
}

TEST_CASE("chosen elements are encrypted in every profile, the others stay", "[srtp]") {
  const octets one_byte = {0x11, 1, 2, 0x20, 3, 0x33, 4, 5, 6, 7, 0, 0};
  const octets two_byte = {1, 2, 1, 2, 2, 0, 20, 3, 7, 8, 9, 0};
  for (const auto p : srtp::profiles) {
    const keys::master key(p);
    srtp::protection_options o;
    o.encrypted_extensions = srtp::extension_ids(1, 3, 20);
    auto tx = srtp::sender::create(key.raw(), {.protection = o});
    auto rx = srtp::receiver::create(key.raw(), {.protection = o});
    REQUIRE((tx && rx));
    const bool null = srtp::parameters(p).cipher == srtp::cipher::null_hmac_sha1;
    for (const bool two : {false, true}) {
      const octets& data = two ? two_byte : one_byte;
      const octets plain = packet_with(two ? 0x1000 : 0xbede, data, two ? 8 : 7);
      const octets wire = keys::protect(*tx, plain);
      const octets sent(wire.begin() + 20, wire.begin() + 32);
      INFO(srtp::name(p) << ' ' << support::to_hex(sent));
      // In the clear: framing, element 2, padding. RFC 6904 3.2: NULL ciphers encrypt nothing here either.
      for (const std::size_t i :
           two ? std::vector<std::size_t>{0, 1, 4, 5, 6, 7, 11} : std::vector<std::size_t>{0, 3, 4, 5, 10, 11})
        CHECK(sent[i] == data[i]);
      CHECK((sent == data) == null);
      octets copy = wire;
      const auto rtp = rx->unprotect(copy);
      REQUIRE(rtp);
      CHECK(keys::to_bytes(*rtp) == plain);
    }
  }
}

TEST_CASE("a receiver without the same IDs sees ciphertext, authenticated", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  srtp::protection_options o;
  o.encrypted_extensions = srtp::extension_ids(1);
  auto tx = srtp::sender::create(key.raw(), {.protection = o});
  auto rx = srtp::receiver::create(key.raw());
  const octets plain = packet_with(0xbede, {0x12, 1, 2, 3});
  octets wire = keys::protect(*tx, plain);
  const auto rtp = rx->unprotect(wire);
  REQUIRE(rtp);
  CHECK((*rtp)[20] == 0x12);
  CHECK(keys::to_bytes(*rtp) != plain);
}

TEST_CASE("malformed extensions are refused before anything changes", "[srtp]") {
  for (const auto p : {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80}) {
    const keys::master key(p);
    srtp::protection_options o;
    o.encrypted_extensions = srtp::extension_ids(1);
    auto tx = srtp::sender::create(key.raw(), {.protection = o});
    auto careless = srtp::sender::create(key.raw());
    auto rx = srtp::receiver::create(key.raw(), {.protection = o});
    const octets plain = packet_with(0xbede, {0x1f, 1, 2, 3});
    octets out(plain.size() + tx->rtp_overhead(), 0xee);
    CHECK(code(tx->protect(plain, out)) == code(error::malformed_packet));
    CHECK(out == octets(out.size(), 0xee));
    CHECK(tx->stream_count() == 0);
    // From a sender that doesn't look at extensions: genuine, but not to be decrypted.
    const octets wire = keys::protect(*careless, plain);
    octets copy = wire;
    CHECK(code(rx->unprotect(copy)) == code(error::malformed_packet));
    CHECK(copy == wire);
    CHECK(rx->stream_count() == 0);
  }
}

TEST_CASE("an extension of the greatest length", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_256_gcm);
  srtp::protection_options o;
  o.encrypted_extensions = srtp::extension_ids(9);
  auto tx = srtp::sender::create(key.raw(), {.protection = o});
  auto rx = srtp::receiver::create(key.raw(), {.protection = o});
  octets data(std::size_t{65535} * 4, 0);
  for (std::size_t at = 0; at + 257 <= data.size(); at += 257) {
    data[at] = 9;
    data[at + 1] = 255;
  }
  const octets plain = packet_with(0x1000, data);
  const octets wire = keys::protect(*tx, plain);
  octets copy = wire;
  const auto rtp = rx->unprotect(copy);
  REQUIRE(rtp);
  CHECK(keys::to_bytes(*rtp) == plain);
  // The last element's key stream isn't the first's: the block number counts.
  const std::size_t last = 20 + (data.size() / 257 - 1) * 257 + 2;
  CHECK(octets(wire.begin() + 22, wire.begin() + 38) != octets(wire.begin() + static_cast<std::ptrdiff_t>(last),
                                                               wire.begin() + static_cast<std::ptrdiff_t>(last) + 16));
}
