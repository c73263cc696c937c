// SPDX-License-Identifier: BSL-1.0
// Several master keys told apart by MKIs (RFC 3711 3.2.3), key derivation rates, lifetimes and their events.
#include <cstdint>
#include <vector>

#include "keys.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

/// What a session told.
struct diary {
  std::vector<srtp::event> events;
  static void write(void* self, const srtp::event& e) noexcept { static_cast<diary*>(self)->events.push_back(e); }
  srtp::event_handler handler() { return {&write, this}; }
  std::size_t count(srtp::event_kind kind) const {
    std::size_t n = 0;
    for (const auto& e : events) n += e.kind == kind;
    return n;
  }
};

constexpr srtp::profile some_profiles[] = {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80,
                                           srtp::profile::aes_cm_128_hmac_sha1_32,
                                           srtp::profile::aead_chacha20_poly1305};

}  // namespace

TEST_CASE("keys are added, switched and removed while packets flow", "[srtp]") {
  for (const auto p : some_profiles)
    for (const std::size_t mki_len : {1u, 4u, 128u}) {
      INFO(srtp::name(p) << ", MKI " << mki_len);
      const keys::master first(p, mki_len, 1), second(p, mki_len, 2), third(p, mki_len, 3);
      diary d;
      auto tx = srtp::sender::create(first.raw());
      auto rx = srtp::receiver::create(first.raw(), {.on_event = d.handler()});
      REQUIRE((tx && rx));
      CHECK(keys::receive(*rx, keys::protect(*tx, keys::rtp(1, 65534, 20))) == 0);
      REQUIRE(tx->add_key(second.raw()));
      CHECK(tx->key_count() == 2);
      CHECK(keys::to_bytes(tx->active_mki()) == first.mki);
      const octets under_first = keys::protect(*tx, keys::rtp(1, 65535, 20));
      REQUIRE(tx->use_key(second.mki));
      CHECK(keys::to_bytes(tx->active_mki()) == second.mki);
      // The ROC goes on (RFC 3711 3.3.1), and a receiver without the key refuses by name.
      const octets under_second = keys::protect(*tx, keys::rtp(1, 0, 20));
      const octets rtcp = keys::protect_rtcp(*tx, keys::rtcp(1, 40));
      const octets before = keys::image(*rx);
      CHECK(keys::receive(*rx, under_second) == code(error::unknown_mki));
      CHECK(keys::receive_rtcp(*rx, rtcp) == code(error::unknown_mki));
      CHECK(keys::image(*rx) == before);
      REQUIRE(rx->add_key(second.raw()));
      CHECK(keys::receive(*rx, under_second) == 0);
      CHECK(d.count(srtp::event_kind::key_switched) == 1);
      CHECK(keys::receive(*rx, under_first) == 0);
      CHECK(keys::receive_rtcp(*rx, rtcp) == 0);
      CHECK(keys::receive(*rx, under_first) == code(error::replayed));
      CHECK(rx->highest_index(srtp::ssrc(1))->value() == 65536);

      CHECK(code(tx->remove_key(second.mki)) == code(error::invalid_argument));
      REQUIRE(tx->remove_key(first.mki));
      CHECK(code(tx->use_key(first.mki)) == code(error::unknown_mki));
      CHECK(code(tx->remove_key(first.mki)) == code(error::unknown_mki));
      REQUIRE(tx->add_key(third.raw()));
      REQUIRE(tx->use_key(third.mki));
      const octets under_third = keys::protect(*tx, keys::rtp(1, 1, 20));
      CHECK(code(rx->add_key(third.raw())) == code(error::key_table_full));
      REQUIRE(rx->remove_key(first.mki));
      REQUIRE(rx->add_key(third.raw()));
      CHECK(keys::receive(*rx, under_third) == 0);
      // An index is used under all keys.
      octets again = keys::rtp(1, 1, 20);
      again.resize(again.size() + tx->rtp_overhead());
      REQUIRE(tx->use_key(second.mki));
      CHECK(code(tx->protect(again, 32)) == code(error::index_used));
    }
}

TEST_CASE("keys that don't belong together", "[srtp]") {
  const keys::master first(srtp::profile::aead_aes_128_gcm, 4, 1);
  auto rx = srtp::receiver::create(first.raw());
  REQUIRE(rx);
  const auto added = [&rx](const keys::master& m) { return code(rx->add_key(m.raw())); };
  CHECK(added(keys::master(srtp::profile::aead_aes_128_gcm, 0, 2)) == code(error::invalid_mki_length));
  CHECK(added(keys::master(srtp::profile::aead_aes_128_gcm, 3, 2)) == code(error::invalid_mki_length));
  CHECK(added(keys::master(srtp::profile::aead_aes_256_gcm, 4, 2)) == code(error::invalid_argument));
  CHECK(added(first) == code(error::invalid_argument));
  CHECK(code(rx->add_key(keys::master(srtp::profile::aead_aes_128_gcm, 4, 2).raw(), {.rtp_packets = 0})) ==
        code(error::invalid_argument));
  CHECK(rx->key_count() == 1);
  auto bare = srtp::receiver::create(keys::master(srtp::profile::aead_aes_128_gcm).raw());
  CHECK(code(bare->add_key(first.raw())) == code(error::invalid_mki_length));
  CHECK(code(bare->remove_key({})) == code(error::unknown_mki));
}

TEST_CASE("an MKI that is unknown, truncated, or longer than the packet", "[srtp]") {
  for (const auto p : some_profiles) {
    const keys::master first(p, 16, 1);
    auto tx = srtp::sender::create(first.raw());
    auto rx = srtp::receiver::create(first.raw());
    const octets wire = keys::protect(*tx, keys::rtp(1, 1, 30));
    const octets before = keys::image(*rx);
    const std::size_t tag = srtp::parameters(p).rtp_tag_len;
    const std::size_t mki_at = srtp::is_aead(srtp::parameters(p).cipher) ? wire.size() - 16 : wire.size() - tag - 16;
    for (std::size_t i = 0; i < 16; ++i) {
      octets other = wire;
      other[mki_at + i] ^= 1;
      CHECK(keys::receive(*rx, other) == code(error::unknown_mki));
    }
    for (std::size_t n = 0; n < wire.size(); ++n) {
      const int why = keys::receive(*rx, octets(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(n)));
      CHECK((why == code(error::malformed_packet) || why == code(error::unknown_mki)));
    }
    CHECK(keys::image(*rx) == before);
    CHECK(keys::receive(*rx, wire) == 0);
  }
}

TEST_CASE("key derivation rates: both ends change session keys together", "[srtp]") {
  for (const auto p : some_profiles)
    for (const std::uint32_t rate : {1u, 2u, 16u, 1u << 24}) {
      INFO(srtp::name(p) << ", rate " << rate);
      const keys::master key(p);
      srtp::protection_options o;
      o.key_derivation_rate = rate;
      o.encrypted_extensions = srtp::extension_ids(5);
      auto tx = srtp::sender::create(key.raw(), {.protection = o});
      auto rx = srtp::receiver::create(key.raw(), {.protection = o});
      REQUIRE((tx && rx));
      std::vector<octets> late;
      for (unsigned n = 65500; n < 65600; ++n) {
        const octets plain = keys::rtp(9, static_cast<std::uint16_t>(n), 30, 0, 3);
        octets wire = keys::protect(*tx, plain);
        // The keys of an epoch, derived by hand (RFC 3711 4.3.1).
        if (n % 16 == 3)
          late.push_back(wire);
        else {
          const auto rtp = rx->unprotect(wire);
          REQUIRE(rtp);
          REQUIRE(keys::to_bytes(*rtp) == plain);
        }
        octets report = keys::protect_rtcp(*tx, keys::rtcp(9, 30));
        REQUIRE(rx->unprotect_rtcp(report));
      }
      for (const auto& wire : late) CHECK(keys::receive(*rx, wire) == 0);
    }
}

TEST_CASE("session keys of an epoch are those of RFC 3711 4.3.1", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  srtp::protection_options o;
  o.key_derivation_rate = 256;
  auto tx = srtp::sender::create(key.raw(), {.protection = o});
  const octets plain = keys::rtp(9, 1000, 30);
  const octets wire = keys::protect(*tx, plain);
  // By hand: r = 1000 / 256 = 3.
  octets session_key(16), session_salt(12), out(plain.size() + 16);
  REQUIRE(srtp::derive_key(key.key, key.salt, srtp::key_label::rtp_encryption, 3, session_key));
  REQUIRE(srtp::derive_key(key.key, key.salt, srtp::key_label::rtp_salt, 3, session_salt));
  const auto by_hand = srtp::packet_protection<srtp::any_transform>::from_session_keys(
      key.profile, {session_key, session_salt}, {session_key, session_salt});
  REQUIRE(by_hand);
  REQUIRE(by_hand->protect_rtp(*srtp::rtp_view::parse(plain), srtp::packet_index(1000), out));
  CHECK(out == wire);
}

TEST_CASE("a forged packet of another epoch changes nothing", "[srtp]") {
  const keys::master key(srtp::profile::aes_cm_128_hmac_sha1_80);
  srtp::protection_options o;
  o.key_derivation_rate = 4;
  auto tx = srtp::sender::create(key.raw(), {.protection = o});
  auto rx = srtp::receiver::create(key.raw(), {.protection = o});
  CHECK(keys::receive(*rx, keys::protect(*tx, keys::rtp(9, 1, 30))) == 0);
  octets forged = keys::protect(*tx, keys::rtp(9, 1000, 30));
  octets report = keys::protect_rtcp(*tx, keys::rtcp(9, 30));
  const octets before = keys::image(*rx);
  forged.back() ^= 1;
  report.back() ^= 1;
  CHECK(keys::receive(*rx, forged) == code(error::authentication_failed));
  CHECK(keys::receive_rtcp(*rx, report) == code(error::authentication_failed));
  CHECK(keys::image(*rx) == before);
}

TEST_CASE("rates that aren't powers of two, or too large", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  for (const std::uint32_t rate : {3u, 5u, (1u << 24) + 1, 1u << 25, 0xffffffffu}) {
    srtp::protection_options o;
    o.key_derivation_rate = rate;
    CHECK(code(srtp::sender::create(key.raw(), {.protection = o})) == code(error::invalid_argument));
  }
}

TEST_CASE("a key tells that it is nearly exhausted, then that it is", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm, 1, 1), next(srtp::profile::aead_aes_128_gcm, 1, 2);
  diary sent, received;
  auto tx = srtp::sender::create(
      key.raw(), {.lifetime = {.rtp_packets = 10, .rtcp_packets = 4}, .warn_when_left = 3, .on_event = sent.handler()});
  auto rx = srtp::receiver::create(
      key.raw(), {.lifetime = {.rtp_packets = 10}, .warn_when_left = 3, .on_event = received.handler()});
  for (std::uint16_t n = 0; n < 7; ++n) CHECK(keys::receive(*rx, keys::protect(*tx, keys::rtp(1, n, 5))) == 0);
  CHECK(sent.count(srtp::event_kind::key_nearly_exhausted) == 1);
  CHECK(received.count(srtp::event_kind::key_nearly_exhausted) == 1);
  CHECK(sent.events.back().index.value() == 6);
  CHECK(sent.count(srtp::event_kind::key_exhausted) == 0);
  for (std::uint16_t n = 7; n < 10; ++n) CHECK(keys::receive(*rx, keys::protect(*tx, keys::rtp(1, n, 5))) == 0);
  CHECK(sent.count(srtp::event_kind::key_exhausted) == 1);
  CHECK(received.count(srtp::event_kind::key_exhausted) == 1);
  octets packet = keys::rtp(1, 10, 5);
  packet.resize(100);
  CHECK(code(tx->protect(packet, 17)) == code(error::key_exhausted));
  CHECK(sent.count(srtp::event_kind::key_exhausted) == 1);
  // The next key has a lifetime of its own, and RTCP counts apart.
  keys::protect_rtcp(*tx, keys::rtcp(1, 20));
  CHECK(sent.count(srtp::event_kind::key_nearly_exhausted) == 2);
  REQUIRE(tx->add_key(next.raw()));
  REQUIRE(tx->use_key(next.mki));
  REQUIRE(rx->add_key(next.raw()));
  CHECK(keys::receive(*rx, keys::protect(*tx, keys::rtp(1, 10, 5))) == 0);
  CHECK(sent.count(srtp::event_kind::stream_added) == 1);
  CHECK(received.count(srtp::event_kind::stream_added) == 1);
}

TEST_CASE("sessions that take known streams only", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  auto tx = srtp::sender::create(key.raw());
  auto rx = srtp::receiver::create(key.raw(), {.known_streams_only = true});
  const octets wire = keys::protect(*tx, keys::rtp(1, 1, 5)), report = keys::protect_rtcp(*tx, keys::rtcp(1, 20));
  CHECK(keys::receive(*rx, wire) == code(error::unknown_stream));
  CHECK(keys::receive_rtcp(*rx, report) == code(error::unknown_stream));
  REQUIRE(rx->add_stream(srtp::ssrc(1)));
  CHECK(code(rx->add_stream(srtp::ssrc(1))) == code(error::invalid_argument));
  CHECK(keys::receive(*rx, wire) == 0);
  CHECK(keys::receive_rtcp(*rx, report) == 0);
  REQUIRE(rx->remove(srtp::ssrc(1)));
  CHECK(keys::receive(*rx, wire) == code(error::unknown_stream));

  auto strict = srtp::sender::create(key.raw(), {.known_streams_only = true});
  octets packet = keys::rtp(1, 1, 5);
  packet.resize(100);
  CHECK(code(strict->protect(packet, 17)) == code(error::unknown_stream));
  REQUIRE(strict->add_stream(srtp::ssrc(1)));
  CHECK(strict->protect(packet, 17).has_value());
  for (std::uint32_t n = 2; n <= 16; ++n) REQUIRE(strict->add_stream(srtp::ssrc(n)));
  CHECK(code(strict->add_stream(srtp::ssrc(17))) == code(error::stream_table_full));
}

TEST_CASE("payloads in the clear, authenticated (RFC 4568 6.3.2)", "[srtp]") {
  for (const auto p : some_profiles) {
    INFO(srtp::name(p));
    const keys::master key(p);
    srtp::protection_options o;
    o.encrypt_rtp = false;
    auto tx = srtp::sender::create(key.raw(), {.srtcp_encryption = false, .protection = o});
    auto rx = srtp::receiver::create(key.raw(), {.protection = o});
    const octets plain = keys::rtp(1, 1, 50), wire = keys::protect(*tx, plain);
    CHECK(octets(wire.begin(), wire.begin() + 62) == plain);
    octets forged = wire;
    forged[30] ^= 1;
    CHECK(keys::receive(*rx, forged) == code(error::authentication_failed));
    CHECK(keys::receive(*rx, wire) == 0);
    const octets report = keys::rtcp(1, 40), protected_report = keys::protect_rtcp(*tx, report);
    CHECK(octets(protected_report.begin(), protected_report.begin() + 40) == report);
    CHECK(keys::receive_rtcp(*rx, protected_report) == 0);
  }
}
