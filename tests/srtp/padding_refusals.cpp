// SPDX-License-Identifier: BSL-1.0
// Length hiding: which packets and options are refused, and that this changes nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "keys.hpp"
#include "sotto/srtp/padding.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

TEST_CASE("a refused packet leaves buffers and sender as they were", "[srtp]") {
  srtp::protection_options masked, cryptex;
  masked.encrypted_extensions = srtp::extension_ids(5);
  cryptex.cryptex = srtp::cryptex::required;
  const keys::master key(srtp::profile::aes_cm_128_hmac_sha1_80);
  auto tx = srtp::sender::create(key.raw(), {.length_hiding = srtp::length_hiding::constant(300)});
  const octets plain = keys::rtp(12, 1, 60);
  octets first(400);
  REQUIRE(code(tx->protect(keys::rtp(12, 0, 60), first)) == 0);
  const octets before = keys::image(*tx);
  const std::size_t need = 12 + 300 + 10;
  for (std::size_t room = 0; room < need; ++room) {
    octets out(room, 0xa5), in_place = plain;
    REQUIRE(code(tx->protect(plain, out)) == code(error::buffer_too_small));
    REQUIRE(out == octets(room, 0xa5));
    in_place.resize(std::max(room, plain.size()), 0xa5);
    const octets was = in_place;
    REQUIRE(code(tx->protect(in_place, plain.size())) == code(error::buffer_too_small));
    REQUIRE(in_place == was);
  }
  octets joint(800, 0xa5);
  std::copy(plain.begin(), plain.end(), joint.begin() + 200);
  const octets was = joint;
  const auto whole = sotto::mutable_bytes(joint);
  CHECK(code(tx->protect(whole.subspan(200, plain.size()), whole)) == code(error::overlapping_buffers));
  CHECK(code(tx->protect(whole.subspan(200, plain.size()), whole.subspan(201))) == code(error::overlapping_buffers));
  for (const std::size_t len : {0u, 44u, 300u, 1000u}) {
    const octets unfit = keys::rtp(12, 1, len);
    const error why = len < 45 ? error::invalid_argument : error::packet_too_long;
    CHECK(code(tx->protect(unfit, whole)) == code(why));
    CHECK(code(tx->protect(unfit, whole, srtp::packet_index(1))) == code(why));
  }
  CHECK(code(tx->protect(keys::rtp(12, 0, 60), whole)) == code(error::index_used));
  CHECK(joint == was);
  CHECK(keys::image(*tx) == before);

  auto masking = srtp::sender::create(key.raw(), {.protection = masked, .length_hiding = srtp::length_hiding::step(9)});
  octets contradiction = keys::rtp(12, 2, 60, 0, 1);
  contradiction[16] = 0x5f;  // an element of 16 bytes in an extension of 4
  CHECK(code(masking->protect(contradiction, whole)) == code(error::malformed_packet));
  auto strict = srtp::sender::create(key.raw(), {.protection = cryptex, .length_hiding = srtp::length_hiding::step(9)});
  octets foreign = keys::rtp(12, 3, 60, 0, 1);
  foreign[12] = 0x12;
  CHECK(code(strict->protect(foreign, whole)) == code(error::unencrypted_header));
  CHECK(joint == was);
}

TEST_CASE("what can't be hidden, or not by that, is refused at creation", "[srtp]") {
  using srtp::length_hiding;
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  for (const auto& wrong : {length_hiding::constant(0), length_hiding::constant(65536), length_hiding::step(0),
                            length_hiding::step(1), length_hiding::step(256)})
    CHECK(code(srtp::sender::create(key.raw(), {.length_hiding = wrong})) == code(error::invalid_argument));
  for (const auto& right : {length_hiding(), length_hiding::constant(1), length_hiding::constant(65535),
                            length_hiding::step(2), length_hiding::step(255)})
    CHECK(code(srtp::sender::create(key.raw(), {.length_hiding = right})) == 0);

  const auto hiding = length_hiding::step(16);
  srtp::protection_options clear;
  clear.encrypt_rtp = false;
  CHECK(code(srtp::sender::create(key.raw(), {.protection = clear, .length_hiding = hiding})) ==
        code(error::unsupported));
  std::size_t null_profiles = 0;
  for (const auto p : srtp::profiles) {
    if (srtp::parameters(p).cipher != srtp::cipher::null_hmac_sha1) continue;
    ++null_profiles;
    CHECK(code(srtp::sender::create(keys::master(p).raw(), {.length_hiding = hiding})) == code(error::unsupported));
  }
  CHECK(null_profiles != 0);

  srtp::sender_state state;
  REQUIRE(state.add_stream(srtp::ssrc(14), srtp::packet_index(8), 0));
  REQUIRE(!srtp::sender::resume(key.raw(), std::move(state), {.length_hiding = length_hiding::step(0)}));
  auto resumed = srtp::sender::resume(key.raw(), std::move(state), {.length_hiding = hiding});
  REQUIRE(resumed);
  CHECK(resumed->has_stream(srtp::ssrc(14)));  // the refusal didn't consume it

  const octets halves = support::pattern_bytes(3, 32), salts = support::pattern_bytes(4, 24);
  const auto both = srtp::double_keying::create({.profile = key.profile, .key = halves, .salt = salts, .mki = {}});
  REQUIRE(both);
  CHECK(code(srtp::double_sender::create(*both, {.length_hiding = hiding})) == code(error::unsupported));
  CHECK(code(srtp::double_relay::create(both->inner, both->outer, {}, {.length_hiding = hiding})) ==
        code(error::unsupported));
}
