// SPDX-License-Identifier: BSL-1.0
// Verification without decryption: the verdicts and the state are unprotect's, and no byte of a packet changes.
#include <cstdint>
#include <string>
#include <vector>

#include "keys.hpp"
#include "support/catch.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

/// A sender, and two receivers that must agree: one unprotects, one only verifies.
struct call {
  srtp::sender tx;
  srtp::receiver opening, verifying;

  call(const keys::master& key, const srtp::protection_options& o)
      : tx(*srtp::sender::create(key.raw(), {.protection = o})),
        opening(*srtp::receiver::create(key.raw(), {.protection = o})),
        verifying(*srtp::receiver::create(key.raw(), {.protection = o})) {}

  octets protect(const octets& packet) {
    octets out(packet.size() + tx.rtp_overhead());
    const auto wire = tx.protect(packet, out);
    REQUIRE(wire.has_value());
    return keys::to_bytes(*wire);
  }

  /// The verdict on both ends, which must be the same.
  int judge(const octets& wire) {
    octets opened = wire, verified = wire;
    const int verdict = code(verifying.verify(verified));
    REQUIRE(code(opening.unprotect(opened)) == verdict);
    REQUIRE(verified == wire);
    return verdict;
  }
  int judge_rtcp(const octets& wire) {
    octets opened = wire, verified = wire;
    const int verdict = code(verifying.verify_rtcp(verified));
    REQUIRE(code(opening.unprotect_rtcp(opened)) == verdict);
    REQUIRE(verified == wire);
    return verdict;
  }
};

/// Options that the profile knows, each with another way through the packet.
std::vector<srtp::protection_options> ways(srtp::profile p) {
  std::vector<srtp::protection_options> all(1);
  if (srtp::parameters(p).cipher == srtp::cipher::null_hmac_sha1) return all;
  srtp::protection_options masked, cryptic, clear, recurrent;
  masked.encrypted_extensions = srtp::extension_ids(1, 5, 10);
  cryptic.cryptex = srtp::cryptex::on;
  clear.encrypt_rtp = false;
  recurrent.key_derivation_rate = 8;
  for (const auto& o : {masked, cryptic, clear, recurrent}) all.push_back(o);
  if (srtp::parameters(p).rtp_tag_len > 4) {
    all.emplace_back();
    all.back().roc_carriage = {.mode = srtp::roc_carriage_mode::authenticated, .rate = 2};
  }
  return all;
}

}  // namespace

TEST_CASE("verify says of every packet what unprotect says, and changes none") {
  for (const auto p : srtp::profiles)
    for (const auto& options : ways(p)) {
      INFO(srtp::name(p));
      call c(keys::master(p, 2), options);
      std::uint16_t seq = 65500;  // a ROC follows
      for (const std::size_t csrcs : {0u, 3u})
        for (const int words : {-1, 0, 4})
          for (const std::size_t payload : {0u, 1u, 20u, 160u, 500u, 1200u}) {
            octets plain = keys::rtp(7, seq++, payload, csrcs, words);
            if (words > 0) std::fill_n(plain.begin() + 16 + static_cast<std::ptrdiff_t>(4 * csrcs), 4 * words, 0);
            const octets wire = c.protect(plain);
            for (std::size_t bit = payload % 7; bit < 8 * wire.size(); bit += 97) {
              octets forged = wire;
              forged[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
              REQUIRE(c.judge(forged) != 0);
            }
            REQUIRE(c.judge(wire) == 0);
            REQUIRE(c.judge(wire) == code(error::replayed));
          }
      CHECK(c.verifying.statistics().rtp_packets == c.opening.statistics().rtp_packets);
      CHECK(c.verifying.statistics().refused() == c.opening.statistics().refused());
      CHECK(c.verifying.stream_count() == 1);
    }
}

TEST_CASE("verify_rtcp says what unprotect_rtcp says") {
  for (const auto p : srtp::profiles)
    for (const bool encrypt : {false, true}) {
      INFO(srtp::name(p));
      const keys::master key(p, 3);
      call c(key, {});
      auto tx = *srtp::sender::create(key.raw(), {.srtcp_encryption = encrypt});
      for (const std::size_t len : {8u, 28u, 100u, 1200u}) {
        const octets plain = keys::rtcp(9, len);
        octets wire(len + c.tx.rtcp_overhead());
        REQUIRE(tx.protect_rtcp(plain, wire));
        for (std::size_t bit = 1; bit < 8 * wire.size(); bit += 53) {
          octets forged = wire;
          forged[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
          REQUIRE(c.judge_rtcp(forged) != 0);
        }
        REQUIRE(c.judge_rtcp(wire) == 0);
        REQUIRE(c.judge_rtcp(wire) == code(error::replayed));
      }
    }
}

TEST_CASE("a forged packet leaves a verifying receiver as it was") {
  for (const auto p : srtp::profiles) {
    call c(keys::master(p), {});
    const octets wire = c.protect(keys::rtp(7, 1, 300, 2, 3));
    const octets before = keys::image(c.verifying);
    for (std::size_t i = 0; i < wire.size(); ++i) {
      octets forged = wire;
      forged[i] ^= 0x10;
      const octets sent = forged;
      REQUIRE(!c.verifying.verify(forged));
      REQUIRE(forged == sent);
    }
    CHECK(keys::image(c.verifying) == before);
    octets last = wire;
    CHECK(c.verifying.verify(last));
  }
}

TEST_CASE("verify finds a ROC, and takes an index that the caller knows") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  call c(key, {});
  for (std::uint32_t n = 65534; n < 65540; ++n) {
    const octets wire = c.protect(keys::rtp(7, static_cast<std::uint16_t>(n), 50));
    if (n < 65537) continue;  // lost
    octets copy = wire;
    CHECK(c.verifying.verify(copy).has_value());
    auto late = *srtp::receiver::create(key.raw(), {.new_stream_rocs = 0});
    octets again = wire;
    CHECK(code(late.verify(again)) == code(error::authentication_failed));
    CHECK(code(late.verify(again, srtp::packet_index(n + 1))) == code(error::invalid_argument));
    CHECK(late.verify(again, srtp::packet_index(n)).has_value());
  }
}

TEST_CASE("verify vouches for no packet without a MAC") {
  srtp::protection_options o;
  o.roc_carriage = {.mode = srtp::roc_carriage_mode::mode_1, .rate = 4, .accept_unauthenticated_packets = true};
  call c(keys::master(srtp::profile::aes_cm_128_hmac_sha1_80), o);
  for (std::uint16_t seq = 1; seq < 9; ++seq) {
    octets wire = c.protect(keys::rtp(7, seq, 30));
    CHECK(code(c.verifying.verify(wire)) == (seq % 4 == 0 ? 0 : code(error::authentication_failed)));
  }
}
