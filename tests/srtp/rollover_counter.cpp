// SPDX-License-Identifier: BSL-1.0
// The ROC, explicit: set, read, given per packet, recovered, and carried by packets (RFC 4771).
#include <cstdint>
#include <vector>

#include "keys.hpp"
#include "sotto/crypto/hmac.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;
using roc = srtp::rollover_counter;

namespace {

constexpr srtp::profile some_profiles[] = {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80,
                                           srtp::profile::aead_chacha20_poly1305};
constexpr srtp::ssrc source(1);

/// The wire form of a packet at an index of the caller's choice.
octets wire_at(const keys::master& key, std::uint64_t index, const srtp::protection_options& o = {}) {
  const octets plain = keys::rtp(1, static_cast<std::uint16_t>(index), 40);
  auto tx = srtp::sender::create(key.raw(), {.protection = o});
  octets out(plain.size() + tx->rtp_overhead());
  const auto wire = tx->protect(plain, out, srtp::packet_index(index));
  REQUIRE(wire);
  return keys::to_bytes(*wire);
}

srtp::protection_options carrying(srtp::roc_carriage_mode mode, std::uint16_t rate, bool consent = false) {
  srtp::protection_options o;
  o.roc_carriage = {mode, rate, consent};
  return o;
}

}  // namespace

TEST_CASE("a ROC that is set is pending, visibly, until a packet confirms it", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  auto rx = srtp::receiver::create(key.raw());
  CHECK(code(rx->pending_roc(source)) == code(error::unknown_stream));
  REQUIRE(rx->set_roc(source, roc(7)));
  CHECK(rx->pending_roc(source)->value() == 7);
  CHECK(code(rx->highest_index(source)) == code(error::unknown_stream));
  octets forged = wire_at(key, (7 << 16) + 100);
  forged.back() ^= 1;
  CHECK(keys::receive(*rx, forged) == code(error::authentication_failed));
  CHECK(rx->pending_roc(source)->value() == 7);
  CHECK(keys::receive(*rx, wire_at(key, (7 << 16) + 100)) == 0);
  CHECK(code(rx->pending_roc(source)) == code(error::unknown_stream));
  CHECK(rx->highest_index(source)->value() == (7 << 16) + 100);
  // Of a stream that runs.
  REQUIRE(rx->set_roc(source, roc(9)));
  CHECK(rx->highest_index(source)->value() == (7 << 16) + 100);
  CHECK(keys::receive(*rx, wire_at(key, (9 << 16) + 5)) == 0);
  CHECK(rx->highest_index(source)->value() == (9 << 16) + 5);
  // Backwards it opens nothing that was seen.
  REQUIRE(rx->set_roc(source, roc(7)));
  CHECK(keys::receive(*rx, wire_at(key, (7 << 16) + 100)) == code(error::too_old));

  auto tx = srtp::sender::create(key.raw());
  REQUIRE(tx->set_roc(source, roc(7)));
  CHECK(keys::protect(*tx, keys::rtp(1, 100, 40)) == wire_at(key, (7 << 16) + 100));
  REQUIRE(tx->set_roc(source, roc(7)));
  octets again = keys::rtp(1, 100, 40);
  again.resize(100);
  CHECK(code(tx->protect(again, 52)) == code(error::index_used));
}

TEST_CASE("setting ROCs takes slots, and no more than there are", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  auto rx = srtp::receiver::create(key.raw());
  for (std::uint32_t n = 0; n < 16; ++n) CHECK(rx->set_roc(srtp::ssrc(n), roc(1)));
  CHECK(code(rx->set_roc(srtp::ssrc(16), roc(1))) == code(error::stream_table_full));
  CHECK(rx->set_roc(srtp::ssrc(3), roc(2)));
}

TEST_CASE("an index that the caller knows", "[srtp]") {
  for (const auto p : some_profiles) {
    const keys::master key(p);
    auto rx = srtp::receiver::create(key.raw());
    const std::uint64_t index = (std::uint64_t{0xffffffff} << 16) + 3;
    const octets wire = wire_at(key, index);
    octets out(wire.size());
    CHECK(code(rx->unprotect(wire, out, srtp::packet_index(index + 1))) == code(error::invalid_argument));
    CHECK(code(rx->unprotect(wire, out, srtp::packet_index(index + (std::uint64_t{1} << 48)))) ==
          code(error::invalid_argument));
    CHECK(code(rx->unprotect(wire, out, srtp::packet_index(index - 65536))) == code(error::authentication_failed));
    CHECK(rx->stream_count() == 0);
    CHECK(rx->unprotect(wire, out, srtp::packet_index(index)).has_value());
    CHECK(code(rx->unprotect(wire, out, srtp::packet_index(index))) == code(error::replayed));
    auto tx = srtp::sender::create(key.raw());
    CHECK(code(tx->protect(keys::rtp(1, 4, 40), out, srtp::packet_index(index))) == code(error::invalid_argument));
  }
}

TEST_CASE("a stream that starts near 65535 and loses its first packets", "[srtp]") {
  for (const auto p : some_profiles) {
    const keys::master key(p);
    auto rx = srtp::receiver::create(key.raw());
    CHECK(keys::receive(*rx, wire_at(key, 65536 + 2)) == 0);
    CHECK(rx->highest_index(source)->value() == 65536 + 2);
    CHECK(keys::receive(*rx, wire_at(key, 65535)) == 0);  // it was only late
    CHECK(keys::receive(*rx, wire_at(key, 65536 + 3)) == 0);

    // Likewise one whose ROC was set to what it had before the loss.
    auto told = srtp::receiver::create(key.raw());
    REQUIRE(told->set_roc(source, roc(7)));
    CHECK(keys::receive(*told, wire_at(key, (8 << 16) + 2)) == 0);
    CHECK(code(told->pending_roc(source)) == code(error::unknown_stream));
    CHECK(keys::receive(*told, wire_at(key, (8 << 16) + 3)) == 0);
    CHECK(keys::receive(*told, wire_at(key, (7 << 16) + 65535)) == 0);
    CHECK(told->highest_index(source)->value() == (8 << 16) + 3);

    auto stubborn = srtp::receiver::create(key.raw(), {.new_stream_rocs = 0});
    CHECK(keys::receive(*stubborn, wire_at(key, 65536 + 2)) == code(error::authentication_failed));
    CHECK(stubborn->stream_count() == 0);
  }
}

TEST_CASE("a receiver that joins late, as far as it is told to look", "[srtp]") {
  for (const auto p : some_profiles) {
    const keys::master key(p);
    auto rx = srtp::receiver::create(key.raw(), {.new_stream_rocs = 20});
    octets forged = wire_at(key, (20 << 16) + 9);
    forged.back() ^= 1;
    const octets before = keys::image(*rx);
    CHECK(keys::receive(*rx, forged) == code(error::authentication_failed));
    CHECK(keys::image(*rx) == before);
    CHECK(keys::receive(*rx, wire_at(key, (21 << 16) + 9)) == code(error::authentication_failed));
    CHECK(keys::receive(*rx, wire_at(key, (20 << 16) + 9)) == 0);
  }
}

TEST_CASE("a running stream that lost more than half a round", "[srtp]") {
  const keys::master key(srtp::profile::aes_cm_128_hmac_sha1_80);
  auto rx = srtp::receiver::create(key.raw(), {.roc_slack = 1});
  auto rigid = srtp::receiver::create(key.raw());
  for (auto* r : {&*rx, &*rigid}) CHECK(keys::receive(*r, wire_at(key, 100)) == 0);
  // 40000 packets later the estimate is still in ROC 0; 70000 later it is one too low.
  CHECK(keys::receive(*rigid, wire_at(key, 100 + 65536 + 40)) == code(error::authentication_failed));
  CHECK(keys::receive(*rx, wire_at(key, 100 + 65536 + 40)) == 0);
  CHECK(rx->highest_index(source)->value() == 100 + 65536 + 40);
  CHECK(keys::receive(*rx, wire_at(key, 100)) == code(error::authentication_failed));  // nearest: 65536 + 100
}

TEST_CASE("ROC carriage: a late receiver needs nothing else", "[srtp]") {
  for (const auto p : some_profiles)
    for (const std::uint16_t rate : {std::uint16_t{1}, std::uint16_t{4}, std::uint16_t{65535}}) {
      INFO(srtp::name(p) << ", R " << rate);
      for (const std::size_t mki_len : {0u, 3u}) {
        const keys::master key(p, mki_len);
        const auto o = carrying(srtp::roc_carriage_mode::authenticated, rate);
        auto rx = srtp::receiver::create(key.raw(), {.protection = o, .new_stream_rocs = 0});
        REQUIRE(rx);
        const std::uint64_t base = std::uint64_t{0x12345} << 16;
        if (rate != 1) CHECK(keys::receive(*rx, wire_at(key, base + 65534, o)) == code(error::authentication_failed));
        for (const std::uint64_t index : {base, base + 1, base + 2, base + 3, base + 4, base + 5}) {
          const octets wire = wire_at(key, index, o);
          const bool carries = index % 65536 % rate == 0;
          CHECK(wire.size() == 52 + mki_len + srtp::parameters(p).rtp_tag_len +
                                   (carries && srtp::is_aead(srtp::parameters(p).cipher) ? 4 : 0));
          for (std::size_t i = 0; i < wire.size(); ++i) {
            octets forged = wire;
            forged[i] ^= 0x10;
            REQUIRE(keys::receive(*rx, forged) != 0);
          }
          CHECK(keys::receive(*rx, wire) == 0);
          CHECK(rx->highest_index(source)->value() == index);
          CHECK(keys::receive(*rx, wire) == code(error::replayed));
        }
      }
    }
}

TEST_CASE("the tags of RFC 4771, computed by hand", "[srtp]") {
  const keys::master key(srtp::profile::aes_cm_128_hmac_sha1_80);
  const octets plain = keys::rtp(1, 8, 40);
  const octets usual = wire_at(key, (5 << 16) + 8);
  octets auth_key(20), mac(20);
  REQUIRE(srtp::derive_key(key.key, key.salt, srtp::key_label::rtp_authentication, 0, auth_key));
  octets message(usual.begin(), usual.begin() + 52);
  message.insert(message.end(), {0, 0, 0, 5});
  sotto::crypto::hmac_sha1(auth_key).compute(message, std::span<std::uint8_t, 20>(mac));

  octets expected(usual.begin(), usual.begin() + 52);
  expected.insert(expected.end(), {0, 0, 0, 5});
  expected.insert(expected.end(), mac.begin(), mac.begin() + 6);
  CHECK(wire_at(key, (5 << 16) + 8, carrying(srtp::roc_carriage_mode::authenticated, 4)) == expected);
  CHECK(wire_at(key, (5 << 16) + 8, carrying(srtp::roc_carriage_mode::mode_1, 4, true)) == expected);
  CHECK(wire_at(key, (5 << 16) + 8, carrying(srtp::roc_carriage_mode::authenticated, 3)) == usual);
  // Mode 1 has no MAC between; mode 3 none at all.
  CHECK(wire_at(key, (5 << 16) + 8, carrying(srtp::roc_carriage_mode::mode_1, 3, true)) ==
        octets(usual.begin(), usual.begin() + 52));
  CHECK(wire_at(key, (5 << 16) + 8, carrying(srtp::roc_carriage_mode::mode_3, 4, true)) ==
        octets(expected.begin(), expected.begin() + 56));
}

TEST_CASE("modes without authentication work only for those who say so", "[srtp]") {
  const keys::master key(srtp::profile::aes_cm_128_hmac_sha1_80);
  const auto made = [&key](srtp::roc_carriage_mode m, std::uint16_t rate, bool consent) {
    return code(srtp::receiver::create(key.raw(), {.protection = carrying(m, rate, consent)}));
  };
  CHECK(made(srtp::roc_carriage_mode::mode_1, 2, false) == code(error::invalid_argument));
  CHECK(made(srtp::roc_carriage_mode::mode_1, 1, false) == 0);
  CHECK(made(srtp::roc_carriage_mode::mode_3, 1, false) == code(error::invalid_argument));
  CHECK(made(srtp::roc_carriage_mode::authenticated, 0, false) == code(error::invalid_argument));
  for (const auto m : {srtp::roc_carriage_mode::mode_1, srtp::roc_carriage_mode::mode_3}) {
    const auto o = carrying(m, 4, true);
    auto rx = srtp::receiver::create(key.raw(), {.protection = o});
    REQUIRE(rx);
    for (std::uint64_t index = 3 << 16; index < (3 << 16) + 9; ++index) {
      octets wire = wire_at(key, index, o);
      const auto rtp = rx->unprotect(wire);
      REQUIRE(rtp);
      CHECK(keys::to_bytes(*rtp) == keys::rtp(1, static_cast<std::uint16_t>(index), 40));
    }
    CHECK(rx->highest_index(source)->value() == (3 << 16) + 8);
  }
  // A 32-bit tag has no room for both; AEADs authenticate everything.
  const keys::master short_tag(srtp::profile::aes_cm_128_hmac_sha1_32), gcm(srtp::profile::aead_aes_128_gcm);
  CHECK(code(srtp::sender::create(short_tag.raw(), {.protection = carrying(srtp::roc_carriage_mode::authenticated,
                                                                           1)})) == code(error::unsupported));
  CHECK(code(srtp::sender::create(gcm.raw(), {.protection = carrying(srtp::roc_carriage_mode::mode_3, 1, true)})) ==
        code(error::unsupported));
}

TEST_CASE("RTCP never carries a ROC", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  auto tx = srtp::sender::create(key.raw(), {.protection = carrying(srtp::roc_carriage_mode::authenticated, 1)});
  auto plain = srtp::sender::create(key.raw());
  CHECK(keys::protect_rtcp(*tx, keys::rtcp(1, 40)) == keys::protect_rtcp(*plain, keys::rtcp(1, 40)));
}

TEST_CASE("packets in pieces", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  auto tx = srtp::sender::create(key.raw()), reference = srtp::sender::create(key.raw());
  auto rx = srtp::receiver::create(key.raw());
  const octets plain = keys::rtp(1, 1, 40), wire = keys::protect(*reference, plain);
  const sotto::const_bytes all(plain);
  const sotto::const_bytes pieces[] = {all.subspan(12, 1), {}, all.subspan(13, 30), all.subspan(43)};
  octets out(wire.size());
  const auto made = tx->protect(all.first(12), pieces, out);
  REQUIRE(made);
  CHECK(out == wire);
  const sotto::const_bytes sent(wire);
  const sotto::const_bytes parts[] = {sent.first(5), sent.subspan(5, 20), sent.subspan(25)};
  octets back(wire.size());
  const auto rtp = rx->unprotect(parts, back);
  REQUIRE(rtp);
  CHECK(keys::to_bytes(*rtp) == plain);
  CHECK(code(rx->unprotect(std::span<const sotto::const_bytes>(), back)) == code(error::malformed_packet));
  octets small(30);
  CHECK(code(rx->unprotect(parts, small)) == code(error::buffer_too_small));
  const sotto::const_bytes own[] = {sotto::const_bytes(back).subspan(3, 20)};
  CHECK(code(tx->protect(all.first(12), own, back)) == code(error::overlapping_buffers));
}
