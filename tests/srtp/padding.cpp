// SPDX-License-Identifier: BSL-1.0
// Length hiding: what is on the wire is what padding by hand gives, all lengths look alike, and receivers get the
// payload back.
#include "sotto/srtp/padding.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "keys.hpp"
#include "support/catch.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

struct mode {
  const char* name;
  srtp::length_hiding hiding;
  bool constant;
  std::size_t bytes;
};

mode constant(const char* name, std::size_t n) { return {name, srtp::length_hiding::constant(n), true, n}; }
mode step(const char* name, std::size_t n) { return {name, srtp::length_hiding::step(n), false, n}; }

const mode modes[] = {
    constant("constant 1", 1),     constant("constant 100", 100), constant("constant 255", 255),
    constant("constant 256", 256), constant("constant 320", 320), step("step 2", 2),
    step("step 16", 16),           step("step 100", 100),         step("step 255", 255),
};

/// What a payload of this length is to become, or 0 and why not.
struct expectation {
  std::size_t len;
  int why;
};
expectation expected(const mode& m, std::size_t payload) {
  if (!m.constant) return {(payload / m.bytes + 1) * m.bytes, 0};
  if (payload >= m.bytes) return {0, code(error::packet_too_long)};
  if (m.bytes - payload > 255) return {0, code(error::invalid_argument)};
  return {m.bytes, 0};
}

/// The packet with so much padding, as RFC 3550 5.1 says.
octets padded(octets packet, std::size_t by) {
  if (by == 0) return packet;
  packet[0] |= 0x20;
  packet.resize(packet.size() + by);
  packet.back() = static_cast<std::uint8_t>(by);
  return packet;
}

octets payload_of(const octets& packet) {
  const auto view = srtp::rtp_view::parse(packet);
  REQUIRE(view);
  const auto payload = view->payload_without_padding();
  REQUIRE(payload);
  return keys::to_bytes(*payload);
}

octets header_of(const octets& packet) {
  const auto view = srtp::rtp_view::parse(packet);
  REQUIRE(view);
  octets header = keys::to_bytes(view->bytes().first(view->header_len()));
  header[0] &= 0xdf;
  return header;
}

/// Three senders of one key, so that the same packet can go through in place, out of place and in pieces.
struct senders {
  srtp::sender in_place, apart, in_pieces;

  static senders create(const keys::master& key, const srtp::sender_options& o) {
    auto a = srtp::sender::create(key.raw(), o), b = srtp::sender::create(key.raw(), o),
         c = srtp::sender::create(key.raw(), o);
    REQUIRE((a && b && c));
    return {std::move(*a), std::move(*b), std::move(*c)};
  }

  /// The wire's bytes, the same three times, or the error, also three times, with nothing written.
  std::pair<octets, int> protect(const octets& plain) {
    octets buffer = plain;
    buffer.resize(plain.size() + in_place.rtp_overhead(), 0xa5);
    const octets before = buffer;
    const auto wire = in_place.protect(buffer, plain.size());

    octets out(plain.size() + apart.rtp_overhead(), 0xa5), gathered(out.size());
    const octets untouched = out;
    const auto second = apart.protect(plain, out);

    const sotto::const_bytes whole(plain);
    const sotto::const_bytes pieces[] = {whole.subspan(12, (plain.size() - 12) / 2),
                                         whole.subspan(12 + (plain.size() - 12) / 2)};
    const auto third = in_pieces.protect(whole.first(12), pieces, gathered);
    REQUIRE(code(wire) == code(second));
    REQUIRE(code(wire) == code(third));
    if (!wire) {
      REQUIRE(buffer == before);
      REQUIRE(out == untouched);
      return {octets(), code(wire)};
    }
    const octets sent = keys::to_bytes(*wire);
    REQUIRE(wire->data() == buffer.data());
    REQUIRE(keys::to_bytes(*second) == sent);
    REQUIRE(keys::to_bytes(*third) == sent);
    return {sent, 0};
  }
};

bool has_cipher(srtp::profile p) { return srtp::parameters(p).cipher != srtp::cipher::null_hmac_sha1; }

}  // namespace

TEST_CASE("every payload length, mode and profile is padded as by hand, and comes back", "[srtp]") {
  for (const auto p : srtp::profiles)
    for (const mode& m : modes) {
      if (!has_cipher(p)) continue;
      INFO(srtp::name(p) << ", " << m.name);
      const keys::master key(p, 0, 7);
      auto tx = senders::create(key, {.length_hiding = m.hiding});
      auto by_hand = srtp::sender::create(key.raw());
      auto rx = srtp::receiver::create(key.raw());
      REQUIRE((by_hand && rx));
      std::size_t accepted = 0, longest = 0;
      for (std::size_t len = 0; len <= 300; ++len) {
        const octets plain = keys::rtp(9, static_cast<std::uint16_t>(len), len);
        const expectation want = expected(m, len);
        const auto [wire, why] = tx.protect(plain);
        REQUIRE(why == want.why);
        if (why != 0) continue;
        ++accepted;
        longest = std::max(longest, wire.size() - plain.size());
        REQUIRE(wire.size() == 12 + want.len + by_hand->rtp_overhead());
        REQUIRE((wire[0] & 0x20) != 0);
        REQUIRE(wire == keys::protect(*by_hand, padded(plain, want.len - len)));

        octets copy = wire;
        const auto rtp = rx->unprotect(copy);
        REQUIRE(rtp);
        REQUIRE(rtp->size() == 12 + want.len);
        REQUIRE(payload_of(keys::to_bytes(*rtp)) == payload_of(plain));
        REQUIRE(header_of(keys::to_bytes(*rtp)) == header_of(plain));
      }
      const std::size_t reach = m.bytes < 255 ? m.bytes : 255;
      CHECK(accepted == (m.constant ? (m.bytes <= 300 ? reach : 300 - (m.bytes - 255) + 1) : 301));
      CHECK(longest == tx.in_place.rtp_overhead());  // a bound that is reached
    }
}

TEST_CASE("padding together with MKI, Cryptex, RFC 6904, RFC 4771 and key derivation rate", "[srtp]") {
  srtp::protection_options cryptex, masked, rocs, rate;
  cryptex.cryptex = srtp::cryptex::required;
  masked.encrypted_extensions = srtp::extension_ids(5);
  rocs.roc_carriage = {.mode = srtp::roc_carriage_mode::authenticated, .rate = 3};
  rate.key_derivation_rate = 4;
  for (const auto p :
       {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80, srtp::profile::aead_chacha20_poly1305})
    for (const auto& options : {srtp::protection_options{}, cryptex, masked, rocs, rate})
      for (const std::size_t mki : {0u, 3u})
        for (const mode& m : {constant("constant 200", 200), step("step 16", 16)}) {
          const keys::master key(p, mki, 8);
          auto tx = senders::create(key, {.protection = options, .length_hiding = m.hiding});
          auto by_hand = srtp::sender::create(key.raw(), {.protection = options});
          auto rx = srtp::receiver::create(key.raw(), {.protection = options});
          REQUIRE((by_hand && rx));
          std::uint16_t seq = 0;
          for (const std::size_t csrcs : {0u, 2u, 15u})
            for (const int words : {-1, 0, 3})
              for (const std::size_t len : {0u, 1u, 15u, 16u, 160u}) {
                INFO(srtp::name(p) << ", MKI " << mki << ", " << m.name << ", CSRCs " << csrcs << ", words " << words
                                   << ", payload " << len);
                const octets plain = keys::rtp(10, seq++, len, csrcs, words);
                const auto [wire, why] = tx.protect(plain);
                REQUIRE(why == 0);
                octets out(plain.size() + 200 + by_hand->rtp_overhead());
                const auto same = by_hand->protect(padded(plain, expected(m, len).len - len), out);
                REQUIRE(same);
                REQUIRE(wire == keys::to_bytes(*same));
                REQUIRE(wire.size() <= plain.size() + tx.in_place.rtp_overhead());
                octets copy = wire;
                const auto rtp = rx->unprotect(copy);
                REQUIRE(rtp);
                REQUIRE(payload_of(keys::to_bytes(*rtp)) == payload_of(plain));
              }
        }
}

TEST_CASE("a packet's own padding is replaced, and refused if it contradicts the payload", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_128_gcm);
  for (const mode& m : modes) {
    auto tx = senders::create(key, {.length_hiding = m.hiding});
    auto rx = srtp::receiver::create(key.raw());
    std::uint16_t seq = 0;
    for (const std::size_t len : {0u, 1u, 40u, 70u, 254u})
      for (const std::size_t own : {1u, 4u, 17u, 254u, 255u}) {
        INFO(m.name << ", payload " << len << ", padding " << own);
        const octets plain = keys::rtp(11, seq++, len);
        octets with_own = padded(plain, own);
        std::fill(with_own.end() - static_cast<std::ptrdiff_t>(own), with_own.end() - 1, std::uint8_t{0x77});
        const auto [wire, why] = tx.protect(with_own);
        REQUIRE(why == expected(m, len).why);
        if (why != 0) continue;
        REQUIRE(wire.size() == 12 + expected(m, len).len + 16);
        octets copy = wire;
        const auto rtp = rx->unprotect(copy);
        REQUIRE(rtp);
        REQUIRE(keys::to_bytes(*rtp) == padded(plain, expected(m, len).len - len));
      }
    const octets before = keys::image(tx.apart);
    for (const std::size_t len : {0u, 1u, 40u})
      for (const std::size_t count : {0u, 41u, 255u}) {
        octets contradiction = keys::rtp(11, seq, len);
        contradiction[0] |= 0x20;
        if (len != 0) contradiction.back() = static_cast<std::uint8_t>(count);
        REQUIRE(tx.protect(contradiction).second == code(error::malformed_packet));
      }
    CHECK(keys::image(tx.apart) == before);
  }
  auto off = srtp::sender::create(key.raw());
  octets strange = keys::rtp(11, 1, 3);
  strange[0] |= 0x20;
  CHECK(keys::protect(*off, strange).size() == strange.size() + 16);  // not looked at where nothing is hidden
}

TEST_CASE("an index that the caller knows, lengths above a step, and RTCP", "[srtp]") {
  const keys::master key(srtp::profile::aead_aes_256_gcm, 2);
  auto tx = srtp::sender::create(key.raw(), {.length_hiding = srtp::length_hiding::step(255)});
  auto rx = srtp::receiver::create(key.raw());
  const octets plain = keys::rtp(13, 5, 1200);
  octets out(plain.size() + tx->rtp_overhead());
  const auto wire = tx->protect(plain, out, srtp::packet_index(5));
  REQUIRE(wire);
  CHECK(wire->size() == 12 + 1275 + 18);
  const auto rtp = rx->unprotect(*wire);
  REQUIRE(rtp);
  CHECK(payload_of(keys::to_bytes(*rtp)) == payload_of(plain));
  CHECK(keys::protect_rtcp(*tx, keys::rtcp(13, 28)).size() == 28 + 16 + 4 + 2);
}
