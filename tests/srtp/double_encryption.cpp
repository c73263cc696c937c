// SPDX-License-Identifier: BSL-1.0
// Double encryption (RFC 8723) against a second implementation made of single AES-GCM calls; relays that change what
// they may, and what they may not.
#include "sotto/srtp/double_encryption.hpp"

#include <cstdint>
#include <vector>

#include "keys.hpp"
#include "sotto/crypto/aes_gcm.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"
#include "support/pattern.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

struct double_master {
  srtp::profile profile;
  octets key, salt;
  explicit double_master(srtp::profile p, std::uint64_t seed = 1)
      : profile(p),
        key(support::pattern_bytes(seed, 2 * std::size_t{srtp::parameters(p).key_len})),
        salt(support::pattern_bytes(seed + 50, 24)) {}
  srtp::double_keying keying() const {
    auto k = srtp::double_keying::create({.profile = profile, .key = key, .salt = salt});
    REQUIRE(k);
    return std::move(*k);
  }
};

// A second implementation, straight from RFC 8723 5.1 and RFC 7714 8: single calls, no sessions.

octets gcm_layer(const octets& key, const octets& salt, std::uint64_t index, const octets& header, const octets& text) {
  octets session_key(key.size()), session_salt(12);
  REQUIRE(srtp::derive_key(key, salt, srtp::key_label::rtp_encryption, 0, session_key));
  REQUIRE(srtp::derive_key(key, salt, srtp::key_label::rtp_salt, 0, session_salt));
  octets iv(12);
  for (int i = 0; i < 4; ++i) iv[static_cast<std::size_t>(2 + i)] = header[static_cast<std::size_t>(8 + i)];
  for (int i = 0; i < 6; ++i) iv[static_cast<std::size_t>(6 + i)] = static_cast<std::uint8_t>(index >> (8 * (5 - i)));
  for (std::size_t i = 0; i < 12; ++i) iv[i] ^= session_salt[i];
  const auto gcm = sotto::crypto::aes_gcm::create(session_key);
  octets sealed(text.size() + 16);
  REQUIRE(gcm->seal(sotto::crypto::aes_gcm::nonce(std::span<const std::uint8_t, 12>(iv)), header, text, sealed));
  return sealed;
}
octets half(const octets& whole, bool second) {
  const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2);
  return second ? octets(middle, whole.end()) : octets(whole.begin(), middle);
}
octets join(octets a, const octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
std::size_t header_len_of(const octets& rtp) { return srtp::rtp_view::parse(rtp)->header_len(); }

octets by_hand(const double_master& m, const octets& rtp, std::uint64_t index) {
  const std::size_t header_len = header_len_of(rtp), clear_len = 12 + 4 * (rtp[0] & 0x0fu);
  octets synthetic(rtp.begin(), rtp.begin() + static_cast<std::ptrdiff_t>(clear_len));
  synthetic[0] &= 0xef;
  const octets header(rtp.begin(), rtp.begin() + static_cast<std::ptrdiff_t>(header_len));
  const octets payload(rtp.begin() + static_cast<std::ptrdiff_t>(header_len), rtp.end());
  octets inner = gcm_layer(half(m.key, false), half(m.salt, false), index, synthetic, payload);
  inner.push_back(0);
  return join(header, gcm_layer(half(m.key, true), half(m.salt, true), index, header, inner));
}

octets protect(srtp::double_sender& tx, const octets& plain) {
  octets buffer = plain;
  buffer.resize(plain.size() + tx.rtp_overhead());
  const auto wire = tx.protect(buffer, plain.size());
  REQUIRE(wire);
  return keys::to_bytes(*wire);
}

struct hop {
  double_master inner_and_first, second;  // the second hop has the same inner half
  explicit hop(srtp::profile p) : inner_and_first(p, 1), second(p, 2) {
    std::copy(inner_and_first.key.begin(),
              inner_and_first.key.begin() + static_cast<std::ptrdiff_t>(second.key.size() / 2), second.key.begin());
    std::copy(inner_and_first.salt.begin(), inner_and_first.salt.begin() + 12, second.salt.begin());
  }
};

}  // namespace

TEST_CASE("the second implementation agrees, with and without CSRCs and extensions", "[srtp]") {
  for (const auto p : {srtp::profile::aead_aes_128_gcm, srtp::profile::aead_aes_256_gcm}) {
    const double_master m(p);
    auto tx = srtp::double_sender::create(m.keying());
    auto rx = srtp::double_receiver::create(m.keying());
    REQUIRE((tx && rx));
    std::uint16_t seq = 65530;
    std::uint64_t index = 65530;
    for (const std::size_t csrcs : {0u, 1u, 15u})
      for (const int words : {-1, 0, 1, 30})
        for (const std::size_t payload : {0u, 1u, 160u}) {
          INFO("CSRCs " << csrcs << ", words " << words << ", payload " << payload);
          const octets plain = keys::rtp(9, seq++, payload, csrcs, words);
          octets wire = protect(*tx, plain);
          CHECK(wire == by_hand(m, plain, index++));
          const auto got = rx->unprotect(wire);
          REQUIRE(got);
          CHECK(keys::to_bytes(got->rtp) == plain);
          CHECK(got->original_sequence == srtp::sequence_number(static_cast<std::uint16_t>(seq - 1)));
          CHECK(got->original_payload_type == 96);
        }
  }
}

TEST_CASE("Original Header Blocks", "[srtp]") {
  using block = srtp::original_header_block;
  for (unsigned config = 0; config < 256; ++config) {
    const octets payload = {9, 8, 7, 0x21, 0x12, 0x34, static_cast<std::uint8_t>(config)};
    const auto b = block::parse(payload);
    const bool right = config < 16 && (config & 12) != 8;
    CHECK(b.has_value() == right);
    if (!b) continue;
    CHECK(b->len() == 1 + ((config & 2) != 0 ? 1u : 0u) + ((config & 1) != 0 ? 2u : 0u));
    octets again(b->len());
    b->write(again.data());
    CHECK(again == octets(payload.end() - static_cast<std::ptrdiff_t>(b->len()), payload.end()));
    // A payload that is shorter than the block says.
    for (std::size_t n = 1; n < b->len(); ++n)
      CHECK(code(block::parse(sotto::const_bytes(payload).last(n))) == code(error::malformed_packet));
  }
  CHECK(code(block::parse({})) == code(error::malformed_packet));
  CHECK(code(block::parse(octets{0x80, 2})) == code(error::malformed_packet));
}

TEST_CASE("a relay changes what it may, and the end sees the original", "[srtp]") {
  const hop h(srtp::profile::aead_aes_128_gcm);
  auto tx = srtp::double_sender::create(h.inner_and_first.keying());
  auto rx = srtp::double_receiver::create(h.second.keying());
  const auto incoming = h.inner_and_first.keying(), outgoing = h.second.keying();
  auto relay = srtp::double_relay::create(incoming.outer, outgoing.outer);
  REQUIRE((tx && rx && relay));
  std::uint16_t seq = 100, shifted = 5000;
  for (unsigned choice = 0; choice < 8; ++choice) {
    const octets plain = keys::rtp(9, seq, 50, 2, 3);
    octets buffer = protect(*tx, plain);
    const std::size_t len = buffer.size();
    buffer.resize(len + relay->growth());
    srtp::relay_changes c;
    if ((choice & 1) != 0) c.payload_type = std::uint8_t{111};
    c.sequence = srtp::sequence_number(shifted++);
    if ((choice & 4) != 0) c.marker = true;
    const auto out = relay->relay(buffer, len, c);
    REQUIRE(out);
    const auto got = rx->unprotect(*out);
    REQUIRE(got);
    octets expected = plain;
    sotto::core::store_be16(&expected[2], static_cast<std::uint16_t>(shifted - 1));
    if ((choice & 1) != 0) expected[1] = 111;
    CHECK(keys::to_bytes(got->rtp) == expected);  // the marker is the sender's
    CHECK(got->original_payload_type == 96);
    CHECK(got->original_sequence == srtp::sequence_number(seq));
    ++seq;
  }
}

TEST_CASE("two relays: the first change counts, and a field set back leaves the block", "[srtp]") {
  const hop h(srtp::profile::aead_aes_256_gcm);
  const double_master middle(srtp::profile::aead_aes_256_gcm, 7);
  const auto first = h.inner_and_first.keying(), second = middle.keying(), third = h.second.keying();
  auto tx = srtp::double_sender::create(first);
  auto one = srtp::double_relay::create(first.outer, second.outer);
  auto two = srtp::double_relay::create(second.outer, third.outer);
  auto rx = srtp::double_receiver::create(third);
  for (const bool back : {false, true}) {
    const std::uint16_t seq = back ? 11 : 10;
    const octets plain = keys::rtp(9, seq, 50);
    octets buffer = protect(*tx, plain);
    std::size_t len = buffer.size();
    const std::size_t untouched_len = len;
    buffer.resize(len + 100);
    auto out = one->relay(
        buffer, len, {.payload_type = 100, .sequence = srtp::sequence_number(static_cast<std::uint16_t>(500 + back))});
    REQUIRE(out);
    CHECK(out->size() == untouched_len + 3);
    out = two->relay(buffer, out->size(),
                     {.payload_type = std::uint8_t(back ? 96 : 101),
                      .sequence = srtp::sequence_number(back ? seq : std::uint16_t{600})});
    REQUIRE(out);
    CHECK(out->size() == untouched_len + (back ? 0 : 3));
    const auto got = rx->unprotect(*out);
    REQUIRE(got);
    CHECK(got->original_payload_type == 96);
    CHECK(got->original_sequence == srtp::sequence_number(seq));
  }
}

TEST_CASE("what a relay must not change, the end refuses", "[srtp]") {
  const hop h(srtp::profile::aead_aes_128_gcm);
  const auto first = h.inner_and_first.keying(), second = h.second.keying();
  auto tx = srtp::double_sender::create(first);
  auto rx = srtp::double_receiver::create(second);
  auto in = srtp::receiver::create(first.outer);
  auto out = srtp::sender::create(second.outer);
  std::uint16_t seq = 1;
  // A dishonest relay: byte i of the opened packet, without account of it. 12 to 15: a CSRC; 16 to 27: the extension,
  // which isn't protected end to end.
  for (std::size_t i = 0; i < 28 + 50 + 16 + 1; ++i) {
    if (i == 0 || (i >= 16 && i < 28)) continue;
    octets buffer = protect(*tx, keys::rtp(9, seq, 50, 1, 2));
    const auto opened = in->unprotect(buffer);
    REQUIRE(opened);
    octets changed = keys::to_bytes(*opened);
    REQUIRE(changed.size() == 28 + 50 + 16 + 1);
    changed[i] = static_cast<std::uint8_t>(changed[i] ^ (i == changed.size() - 1 ? 0x10 : 0x01));
    if (i == 2 || i == 3) ++seq;
    octets wire(changed.size() + 16);
    const auto sent = out->protect(changed, wire);
    if (sent) {
      const auto got = rx->unprotect(wire);
      INFO("byte " << i);
      CHECK(!got);
    }
    ++seq;
    seq = static_cast<std::uint16_t>(seq + 300);
  }
}

TEST_CASE("repair packets and RTCP have the outer layer only", "[srtp]") {
  const double_master m(srtp::profile::aead_aes_128_gcm);
  const auto k = m.keying();
  auto tx = srtp::double_sender::create(k);
  auto rx = srtp::double_receiver::create(k);
  auto plain_rx = srtp::receiver::create(k.outer);
  const octets plain = keys::rtp(9, 1, 50);
  octets buffer = plain;
  buffer.resize(200);
  const auto wire = tx->protect_repair(buffer, plain.size());
  REQUIRE(wire);
  CHECK(wire->size() == plain.size() + 16);
  CHECK(keys::receive(*plain_rx, keys::to_bytes(*wire)) == 0);
  const auto back = rx->unprotect_repair(*wire);
  REQUIRE(back);
  CHECK(keys::to_bytes(*back) == plain);
  octets report = keys::rtcp(9, 40);
  report.resize(100);
  const auto rtcp = tx->protect_rtcp(report, 40);
  REQUIRE(rtcp);
  CHECK(keys::receive_rtcp(*plain_rx, keys::to_bytes(*rtcp)) == 0);
  CHECK(rx->unprotect_rtcp(*rtcp).has_value());
}

TEST_CASE("equal keys are refused: inner and outer, incoming and outgoing", "[srtp]") {
  double_master m(srtp::profile::aead_aes_128_gcm);
  const auto k = m.keying();
  CHECK(code(srtp::double_relay::create(k.outer, k.outer)) == code(error::invalid_argument));
  std::copy(m.key.begin(), m.key.begin() + 16, m.key.begin() + 16);
  const auto made = [&](srtp::profile p, std::size_t key_len, std::size_t salt_len) {
    return code(srtp::double_keying::create({.profile = p,
                                             .key = sotto::const_bytes(m.key).first(key_len),
                                             .salt = sotto::const_bytes(m.salt).first(salt_len)}));
  };
  CHECK(made(srtp::profile::aead_aes_128_gcm, 32, 24) == code(error::invalid_argument));
  CHECK(made(srtp::profile::aead_aes_128_gcm, 16, 24) == code(error::invalid_key_length));
  CHECK(made(srtp::profile::aead_aes_256_gcm, 32, 24) == code(error::invalid_key_length));
  CHECK(made(srtp::profile::aead_aes_128_gcm, 32, 12) == code(error::invalid_salt_length));
  CHECK(made(srtp::profile::aes_cm_128_hmac_sha1_80, 32, 24) == code(error::unsupported));
  CHECK(made(srtp::profile::aead_chacha20_poly1305, 32, 24) == code(error::unsupported));
}

TEST_CASE("double encryption's bad input", "[srtp]") {
  const double_master m(srtp::profile::aead_aes_128_gcm);
  auto tx = srtp::double_sender::create(m.keying());
  auto rx = srtp::double_receiver::create(m.keying());
  octets small = keys::rtp(9, 1, 50);
  const octets plain = small;
  small.resize(plain.size() + tx->rtp_overhead() - 1);
  CHECK(code(tx->protect(small, plain.size())) == code(error::buffer_too_small));
  octets foreign = keys::rtp(9, 1, 50, 0, 1);
  foreign[12] = 0x77;
  foreign.resize(200);
  const octets before = foreign;
  CHECK(code(tx->protect(foreign, 66)) == code(error::malformed_packet));
  CHECK(foreign == before);
  octets wire = protect(*tx, plain);
  for (std::size_t i = 0; i < wire.size(); ++i) {
    octets forged = wire;
    forged[i] ^= 1;
    const octets sent = forged;
    CHECK(!rx->unprotect(forged));
    CHECK(forged == sent);
  }
  for (std::size_t n = 0; n < wire.size(); ++n) {
    octets cut(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(n));
    CHECK(!rx->unprotect(cut));
  }
  // A genuine outer packet without room for an inner one.
  auto hop_tx = srtp::sender::create(m.keying().outer);
  for (const std::size_t len : {0u, 1u, 16u}) {
    octets tiny = keys::protect(*hop_tx, keys::rtp(10, static_cast<std::uint16_t>(len), len));
    CHECK(!rx->unprotect(tiny));
  }
  CHECK(rx->unprotect(wire).has_value());
}
