// SPDX-License-Identifier: BSL-1.0
// Keying checks lengths, remembers where it came from, and can't be made end to end from bytes.
#include "sotto/srtp/keying.hpp"

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <iterator>
#include <set>
#include <string_view>
#include <type_traits>
#include <utility>

#include "keys.hpp"
#include "sotto/srtp.hpp"
#include "support/catch.hpp"
#include "support/end_to_end_handshake.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

template <class T>
concept comparable = requires(const T& a, const T& b) {
  a == b;
};
static_assert(!comparable<srtp::keying> && !std::is_copy_constructible_v<srtp::keying>);
static_assert(std::is_nothrow_move_constructible_v<srtp::keying>);
static_assert(!std::is_constructible_v<srtp::end_to_end_keying, srtp::raw_keying>);
static_assert(!std::is_constructible_v<srtp::end_to_end_keying, srtp::keying>);
static_assert(!std::is_constructible_v<srtp::end_to_end_keying, srtp::server_visible_keying>);
static_assert(!std::is_constructible_v<srtp::dtls_keying, srtp::keying>);
static_assert(std::is_convertible_v<const srtp::end_to_end_keying&, const srtp::keying&>);
template <class T>
concept made_from_bytes = requires(const srtp::raw_keying& raw) {
  T::create(raw);
};
static_assert(made_from_bytes<srtp::keying> && !made_from_bytes<srtp::end_to_end_keying>);
static_assert(!made_from_bytes<srtp::server_visible_keying> && !made_from_bytes<srtp::dtls_keying>);
static_assert(!std::is_copy_constructible_v<srtp::sender> && std::is_nothrow_move_constructible_v<srtp::sender>);
static_assert(!std::is_copy_constructible_v<srtp::receiver> && std::is_nothrow_move_constructible_v<srtp::receiver>);
static_assert(!std::is_copy_constructible_v<srtp::sender_state> && !std::is_copy_constructible_v<srtp::receiver_state>);
static_assert(!std::is_convertible_v<srtp::sender_state, srtp::receiver_state>);

}  // namespace

TEST_CASE("lengths of keys, salts and MKIs") {
  for (const auto p : srtp::profiles) {
    const keys::master m(p, 128);
    INFO(srtp::name(p));
    CHECK(srtp::keying::create(m.raw()).has_value());
    for (std::size_t n = 0; n <= 40; ++n) {
      const octets other(n);
      auto raw = m.raw();
      raw.key = other;
      if (n != m.key.size()) CHECK(code(srtp::sender::create(raw)) == code(error::invalid_key_length));
      raw = m.raw();
      raw.salt = other;
      if (n != m.salt.size()) CHECK(code(srtp::receiver::create(raw)) == code(error::invalid_salt_length));
    }
    const octets long_mki(129);
    auto raw = m.raw();
    raw.mki = long_mki;
    CHECK(code(srtp::sender::create(raw)) == code(error::invalid_mki_length));
  }
}

TEST_CASE("profiles by name") {
  std::set<std::string_view> names;
  for (const auto p : srtp::profiles) {
    INFO(srtp::name(p));
    CHECK(names.insert(srtp::name(p)).second);
    if (!srtp::is_registered(p)) continue;
    CHECK(srtp::iana_name(p) == srtp::name(p));
    REQUIRE(srtp::find_profile(srtp::name(p)).has_value());
    CHECK(*srtp::find_profile(srtp::name(p)) == p);
  }
  CHECK(code(srtp::find_profile("AES_CM_128_HMAC_SHA1_81")) == code(error::unsupported));
  CHECK(code(srtp::find_profile("")) == code(error::unsupported));
  const octets key(16), salt(14);
  for (const int value : {0, 11, 255})
    CHECK(code(srtp::sender::create({.profile = static_cast<srtp::profile>(value), .key = key, .salt = salt})) ==
          code(error::unsupported));
}

TEST_CASE("signalling can't name the private profile, and keying that came by signalling refuses it") {
  const auto p = srtp::profile::aead_chacha20_poly1305;
  CHECK(std::find(std::begin(srtp::profiles), std::end(srtp::profiles), p) != std::end(srtp::profiles));
  CHECK_FALSE(srtp::is_registered(p));
  CHECK_FALSE(srtp::is_registered(static_cast<srtp::profile>(0)));
  CHECK(srtp::name(p) == "aead_chacha20_poly1305");
  CHECK(srtp::iana_name(p).empty());
  for (const char* name : {"aead_chacha20_poly1305", "AEAD_CHACHA20_POLY1305", "Aead_Chacha20_Poly1305"})
    CHECK(code(srtp::find_profile(name)) == code(error::unsupported));

  const keys::master chacha(p), gcm(srtp::profile::aead_aes_256_gcm);
  CHECK(srtp::keying::create(chacha.raw()).has_value());
  CHECK(srtp::derive_end_to_end_keys(p, support::handshake_outcome{}.at_initiator()).has_value());
  CHECK(code(srtp::sdes_attribute::generate(1, p)) == code(error::unsupported));
  CHECK(srtp::sdes_attribute::generate(1, gcm.profile).has_value());
  CHECK(code(srtp::split_dtls_srtp(p, srtp::dtls_role::client, octets(88))) == code(error::unsupported));
  CHECK(srtp::split_dtls_srtp(gcm.profile, srtp::dtls_role::client, octets(88)).has_value());
}

TEST_CASE("provenance reaches senders and receivers") {
  const keys::master m(srtp::profile::aead_aes_128_gcm, 2);
  const auto raw = srtp::keying::create(m.raw());
  CHECK(srtp::sender::create(*raw)->provenance() == srtp::provenance::raw);
  const auto agreed = srtp::derive_end_to_end_keys(m.profile, support::handshake_outcome{}.at_initiator(), m.mki);
  REQUIRE(agreed.has_value());
  const auto tx = srtp::sender::create(agreed->write);
  const auto rx = srtp::receiver::create(agreed->read);
  CHECK(tx->provenance() == srtp::provenance::end_to_end);
  CHECK(rx->provenance() == srtp::provenance::end_to_end);
  CHECK(tx->profile() == srtp::profile::aead_aes_128_gcm);
  CHECK(tx->rtp_overhead() == 18);
  CHECK(tx->rtcp_overhead() == 22);
}

TEST_CASE("keying that was moved from has no key") {
  const keys::master m(srtp::profile::aes_cm_128_hmac_sha1_80);
  auto a = srtp::keying::create(m.raw());
  const auto b = std::move(*a);
  CHECK(keys::to_bytes(b.expose_key()) == m.key);
  CHECK(a->expose_key().empty());
  CHECK_FALSE(srtp::sender::create(*a).has_value());
  CHECK(srtp::sender::create(b).has_value());
}

TEST_CASE("transforms of one cipher refuse the profiles of others") {
  const keys::master gcm(srtp::profile::aead_aes_256_gcm), cm(srtp::profile::aes_cm_128_hmac_sha1_32),
      chacha(srtp::profile::aead_chacha20_poly1305);
  using gcm_sender = srtp::sender_for<srtp::profile::aead_aes_128_gcm>;
  using cm_receiver = srtp::receiver_for<srtp::profile::null_hmac_sha1_80>;
  CHECK(gcm_sender::create(gcm.raw()).has_value());
  CHECK(code(gcm_sender::create(cm.raw())) == code(error::unsupported));
  CHECK(cm_receiver::create(cm.raw()).has_value());
  CHECK(code(cm_receiver::create(gcm.raw())) == code(error::unsupported));
  using chacha_sender = srtp::sender_for<srtp::profile::aead_chacha20_poly1305>;
  CHECK(chacha_sender::create(chacha.raw()).has_value());
  for (const auto* other : {&gcm, &cm}) CHECK(code(chacha_sender::create(other->raw())) == code(error::unsupported));
  CHECK(code(gcm_sender::create(chacha.raw())) == code(error::unsupported));
  CHECK(code(cm_receiver::create(chacha.raw())) == code(error::unsupported));
}

TEST_CASE("lifetimes outside the RFC's limits") {
  const keys::master m(srtp::profile::aead_aes_128_gcm);
  const auto with = [&](std::uint64_t rtp, std::uint64_t rtcp) {
    return code(srtp::sender::create(m.raw(), {.lifetime = {.rtp_packets = rtp, .rtcp_packets = rtcp}}));
  };
  CHECK(with(srtp::packet_index_end, srtp::srtcp_index_end) == 0);
  CHECK(with(1, 1) == 0);
  CHECK(with(0, 1) == code(error::invalid_argument));
  CHECK(with(1, 0) == code(error::invalid_argument));
  CHECK(with(srtp::packet_index_end + 1, 1) == code(error::invalid_argument));
  CHECK(with(1, srtp::srtcp_index_end + 1) == code(error::invalid_argument));
}
