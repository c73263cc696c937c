// SPDX-License-Identifier: BSL-1.0
// SRTP keys from a handshake's secret: the frozen ones for every profile, one per direction, and packets that pass.
#include "sotto/srtp/end_to_end_keys.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>

#include "keys.hpp"
#include "support/catch.hpp"
#include "support/end_to_end_handshake.hpp"
#include "support/hex.hpp"
#include "support/vector_file.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using keys::to_bytes;
using sotto::error;
using support::handshake_outcome;

namespace {

srtp::end_to_end_keys derived(srtp::profile p, const sotto::crypto::end_to_end_secret& secret, const octets& mki = {}) {
  auto made = srtp::derive_end_to_end_keys(p, secret, mki);
  REQUIRE(made.has_value());
  return std::move(*made);
}

/// A private profile has no name in signalling, yet a record here.
srtp::profile profile_named(const octets& text) {
  const std::string_view wanted(reinterpret_cast<const char*>(text.data()), text.size());
  for (const auto p : srtp::profiles)
    if (srtp::name(p) == wanted) return p;
  FAIL("no such profile");
  return {};
}

void same_keying(const srtp::keying& a, const srtp::keying& b) {
  CHECK(support::to_hex(a.expose_key()) == support::to_hex(b.expose_key()));
  CHECK(support::to_hex(a.expose_salt()) == support::to_hex(b.expose_salt()));
  CHECK(to_bytes(a.mki()) == to_bytes(b.mki()));
  CHECK(a.profile() == b.profile());
}

octets key_and_salt(const srtp::keying& k) {
  octets both = to_bytes(k.expose_key());
  const octets salt = to_bytes(k.expose_salt());
  both.insert(both.end(), salt.begin(), salt.end());
  return both;
}

}  // namespace

TEST_CASE("end-to-end keys: frozen ones for every profile, both ends") {
  std::set<srtp::profile> covered;
  for (const auto& v : support::read_vectors("srtp_end_to_end_keys.txt")) {
    INFO(v.where());
    const srtp::profile p = profile_named(v["profile"]);
    covered.insert(p);
    const handshake_outcome outcome{v["prk"], v["initiator"], v["responder"]};
    const auto initiator = derived(p, outcome.at_initiator(), v["mki"]);
    const auto responder = derived(p, outcome.at_responder(), v["mki"]);
    CHECK(support::to_hex(initiator.write.expose_key()) == support::to_hex(v["initiator_key"]));
    CHECK(support::to_hex(initiator.write.expose_salt()) == support::to_hex(v["initiator_salt"]));
    CHECK(support::to_hex(responder.write.expose_key()) == support::to_hex(v["responder_key"]));
    CHECK(support::to_hex(responder.write.expose_salt()) == support::to_hex(v["responder_salt"]));
    same_keying(initiator.read, responder.write);
    same_keying(responder.read, initiator.write);
    CHECK(to_bytes(initiator.write.mki()) == v["mki"]);
    CHECK(initiator.write.profile() == p);
    CHECK(initiator.write.provenance() == srtp::provenance::end_to_end);
    CHECK(responder.read.provenance() == srtp::provenance::end_to_end);
  }
  CHECK(covered.size() == std::size(srtp::profiles));
}

TEST_CASE("end-to-end keys: no two directions, profiles, MKIs, identities or secrets share one") {
  const handshake_outcome base, other{support::pattern_bytes(11, 32), base.initiator, base.responder},
      exchanged{base.prk, base.responder, base.initiator}, nobody{base.prk, {}, {}};
  std::set<octets> seen;
  std::size_t derivations = 0;
  for (const auto p : srtp::profiles)
    for (const auto* outcome : {&base, &other, &exchanged, &nobody})
      for (const octets& mki : {octets{}, octets{0}, octets{0, 0}, octets{1}, octets(128), octets(127)}) {
        const auto k = derived(p, outcome->at_initiator(), mki);
        seen.insert(key_and_salt(k.write));
        seen.insert(key_and_salt(k.read));
        ++derivations;
      }
  CHECK(seen.size() == 2 * derivations);
}

TEST_CASE("end-to-end keys: packets pass in both directions, and not back to their sender") {
  const handshake_outcome outcome;
  for (const auto p : srtp::profiles) {
    INFO(srtp::name(p));
    const octets mki = {7};
    const auto initiator = derived(p, outcome.at_initiator(), mki), responder = derived(p, outcome.at_responder(), mki);
    auto caller_tx = srtp::sender::create(initiator.write), callee_tx = srtp::sender::create(responder.write);
    auto caller_rx = srtp::receiver::create(initiator.read), callee_rx = srtp::receiver::create(responder.read);
    REQUIRE((caller_tx && callee_tx && caller_rx && callee_rx));
    CHECK(caller_tx->provenance() == srtp::provenance::end_to_end);
    const octets there = keys::protect(*caller_tx, keys::rtp(1, 1, 160)),
                 back = keys::protect(*callee_tx, keys::rtp(1, 1, 160));
    CHECK(keys::receive(*caller_rx, there) == code(error::authentication_failed));
    CHECK(keys::receive(*callee_rx, back) == code(error::authentication_failed));
    CHECK(keys::receive(*callee_rx, there) == 0);
    CHECK(keys::receive(*caller_rx, back) == 0);
  }
}

TEST_CASE("end-to-end keys: refusals") {
  const auto secret = handshake_outcome{}.at_initiator();
  for (unsigned value = 0; value < 256; ++value) {
    const auto p = static_cast<srtp::profile>(value);
    const bool known = srtp::parameters(p).cipher != srtp::cipher::none;
    CHECK(code(srtp::derive_end_to_end_keys(p, secret)) == (known ? 0 : code(error::unsupported)));
  }
  const auto p = srtp::profile::aead_aes_256_gcm;
  CHECK(code(srtp::derive_end_to_end_keys(p, secret, octets(128))) == 0);
  CHECK(code(srtp::derive_end_to_end_keys(p, secret, octets(129))) == code(error::invalid_mki_length));
  CHECK(code(srtp::derive_end_to_end_keys(p, secret, octets(0x10000))) == code(error::invalid_mki_length));
}
