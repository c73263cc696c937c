// SPDX-License-Identifier: BSL-1.0
// The wire format: published packets, packets of a second implementation, and the layout of every trailer.
#include "sotto/srtp/packet_protection.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "keys.hpp"
#include "support/catch.hpp"
#include "support/cpu_mask.hpp"
#include "support/guard_pages.hpp"
#include "support/hex.hpp"
#include "support/vector_file.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;
using protection = srtp::packet_protection<srtp::any_transform>;

namespace {

std::uint64_t number(const octets& b) {
  std::uint64_t n = 0;
  for (const auto x : b) n = n << 8 | x;
  return n;
}

/// Protects and unprotects one packet, in place and out of place, and compares both ends.
void check_packet(const protection& pp, std::uint64_t index, bool encrypted, const octets& plain, const octets& wire) {
  octets out(wire.size()), back(plain.size()), in_place = plain;
  in_place.resize(wire.size());
  if (srtp::classify(plain) == srtp::packet_kind::rtcp) {
    const auto i = static_cast<std::uint32_t>(index);
    REQUIRE(pp.protect_rtcp(*srtp::rtcp_view::parse(plain), i, encrypted, out).has_value());
    const auto here = srtp::rtcp_view::parse(std::span(in_place).first(plain.size()));
    REQUIRE(pp.protect_rtcp(*here, i, encrypted, in_place).has_value());
    const auto view = pp.parse_srtcp(wire);
    REQUIRE(view.has_value());
    CHECK(pp.word_of(*view).index == index);
    REQUIRE(pp.unprotect_rtcp(*view, back).has_value());
    REQUIRE(pp.unprotect_rtcp(*pp.parse_srtcp(in_place), in_place).has_value());
  } else {
    const srtp::packet_index i(index);
    REQUIRE(pp.protect_rtp(*srtp::rtp_view::parse(plain), i, out).has_value());
    const auto here = srtp::rtp_view::parse(std::span(in_place).first(plain.size()));
    REQUIRE(pp.protect_rtp(*here, i, in_place).has_value());
    CHECK(support::to_hex(in_place) == support::to_hex(wire));
    const auto view = pp.parse_srtp(wire);
    REQUIRE(view.has_value());
    REQUIRE(pp.unprotect_rtp(*view, i, back).has_value());
    REQUIRE(pp.unprotect_rtp(*pp.parse_srtp(in_place), i, in_place).has_value());
  }
  CHECK(support::to_hex(out) == support::to_hex(wire));
  CHECK(support::to_hex(back) == support::to_hex(plain));
  CHECK(support::to_hex(std::span(in_place).first(plain.size())) == support::to_hex(plain));
}

}  // namespace

TEST_CASE("RFC 7714 sections 16 and 17") {
  for (const auto p : {srtp::profile::aead_aes_128_gcm, srtp::profile::aead_aes_256_gcm})
    for (const auto& v : support::read_vectors(keys::file_of("srtp_rfc7714_", p))) {
      INFO(v.where());
      const srtp::session_keys k{.cipher_key = v["key"], .salt = v["salt"]};
      const bool encrypted = v["encrypted"][0] == 1;
      if (v["index"].size() == 4 || encrypted) {
        const auto pp = protection::from_session_keys(p, k, k);
        REQUIRE(pp.has_value());
        check_packet(*pp, number(v["index"]), encrypted, v["plain"], v["protected"]);
        continue;
      }
      // Tag-only SRTP, which section 8.2 rules out again: only the transform can be asked.
      const auto t = srtp::aead_transform<sotto::crypto::aes_gcm>::create(p, k, k);
      REQUIRE(t.has_value());
      octets out = v["plain"];
      const std::size_t len = out.size();
      out.resize(len + 16);
      const srtp::transform_packet job{out.data(),        out.data(), len, 0, srtp::rtp_view::parse(v["plain"])->ssrc(),
                                       number(v["index"])};
      t->seal_rtp(job, out.data() + len);
      CHECK(support::to_hex(out) == support::to_hex(v["protected"]));
      CHECK(t->open_rtp(job, out.data() + len));
      out[5] ^= 1;
      CHECK_FALSE(t->open_rtp(job, out.data() + len));
    }
}

TEST_CASE("AES-CM key stream of RFC 3711 B.2 and RFC 6188 7") {
  octets packet(12 + 1044512), out(packet.size() + 10);
  packet[0] = 0x80;
  for (const auto& v : support::read_vectors("srtp_aes_cm_keystream.txt")) {
    INFO(v.where());
    const octets authentication_key(20);
    const srtp::session_keys k{.cipher_key = v["key"], .salt = v["salt"], .authentication_key = authentication_key};
    const auto p = v["key"].size() == 16   ? srtp::profile::aes_cm_128_hmac_sha1_80
                   : v["key"].size() == 24 ? srtp::profile::aes_192_cm_hmac_sha1_80
                                           : srtp::profile::aes_256_cm_hmac_sha1_80;
    const auto pp = protection::from_session_keys(p, k, k);
    REQUIRE(pp.has_value());
    REQUIRE(pp->protect_rtp(*srtp::rtp_view::parse(packet), srtp::packet_index(0), out).has_value());
    const auto block = static_cast<std::size_t>(number(v["block_index"]));
    CHECK(support::to_hex(std::span(out).subspan(12 + 16 * block, 16)) == support::to_hex(v["keystream"]));
  }
}

TEST_CASE("packets of a second implementation, on the best kernel and the portable one") {
  sotto::cpu::feature_set everything;
  for (const auto& f : sotto::cpu::feature_names) everything = everything.with(f.feature);
  for (const auto mask : {sotto::cpu::feature_set(), everything}) {
    const support::cpu_mask guard(mask);
    for (const auto p : srtp::profiles)
      for (const auto& v : support::read_vectors(keys::file_of("srtp_packets_", p))) {
        INFO(v.where());
        const auto k = srtp::keying::create({.profile = p, .key = v["key"], .salt = v["salt"], .mki = v["mki"]});
        REQUIRE(k.has_value());
        const auto pp = protection::create(*k);
        REQUIRE(pp.has_value());
        if (mask == everything) CHECK(std::string(pp->kernel_name()).starts_with("portable"));
        const octets& plain = v["plain"];
        const bool control = srtp::classify(plain) == srtp::packet_kind::rtcp;
        const std::uint64_t index =
            control ? number(v["index"]) : number(v["index"]) << 16 | sotto::core::load_be16(&plain[2]);
        check_packet(*pp, index, v["encrypted"][0] == 1, plain, v["protected"]);
      }
  }
}

TEST_CASE("trailers lie as the RFCs draw them") {
  for (const auto p : srtp::profiles)
    for (const std::size_t mki_len : {0u, 1u, 4u, 128u}) {
      const keys::master m(p, mki_len);
      const auto constants = srtp::parameters(p);
      const bool aead = srtp::is_aead(constants.cipher);
      const bool null = constants.cipher == srtp::cipher::null_hmac_sha1;
      INFO(constants.name << ", MKI " << mki_len);
      const auto pp = protection::create(*srtp::keying::create(m.raw()));
      REQUIRE(pp.has_value());
      CHECK(pp->rtp_overhead() == constants.rtp_tag_len + mki_len);
      CHECK(pp->rtcp_overhead() == (aead ? 16 : 10) + 4 + mki_len);

      const octets plain = keys::rtp(1, 2, 30, 1, 1);
      octets wire(plain.size() + pp->rtp_overhead());
      REQUIRE(pp->protect_rtp(*srtp::rtp_view::parse(plain), srtp::packet_index(2), wire).has_value());
      CHECK(std::equal(plain.begin(), plain.begin() + 24, wire.begin()));
      CHECK(std::equal(plain.begin() + 24, plain.end(), wire.begin() + 24) == null);
      const std::size_t rtp_mki = plain.size() + (aead ? 16u : 0u);
      CHECK(octets(&wire[rtp_mki], &wire[rtp_mki] + mki_len) == m.mki);

      const octets report = keys::rtcp(1, 28);
      for (const bool encrypt : {true, false}) {
        wire.assign(report.size() + pp->rtcp_overhead(), 0);
        REQUIRE(pp->protect_rtcp(*srtp::rtcp_view::parse(report), 0x123, encrypt, wire).has_value());
        const bool encrypted = encrypt && !null;
        CHECK(std::equal(report.begin(), report.begin() + 8, wire.begin()));
        CHECK(std::equal(report.begin(), report.end(), wire.begin()) == !encrypted);
        const std::size_t word = report.size() + (aead ? 16u : 0u);
        CHECK(sotto::core::load_be32(&wire[word]) == (0x123u | (encrypted ? 0x80000000u : 0u)));
        CHECK(octets(&wire[word + 4], &wire[word + 4] + mki_len) == m.mki);
      }
    }
}

TEST_CASE("out of place equals in place, and neither touches a byte outside, at many lengths") {
  support::guard_pages in_memory(8192), out_memory(8192);
  for (const auto p : srtp::profiles) {
    const keys::master m(p, 3);
    const auto pp = protection::create(*srtp::keying::create(m.raw()));
    for (const std::size_t len : {0u, 1u, 15u, 16u, 17u, 20u, 63u, 64u, 65u, 160u, 255u, 1200u, 4096u}) {
      const octets plain = keys::rtp(9, 9, len);
      const srtp::packet_index index(0x1230009);
      const std::size_t wire_len = plain.size() + pp->rtp_overhead();
      const std::uint8_t* in = in_memory.place(support::edge::end, plain);
      std::uint8_t* out = out_memory.place(support::edge::end, wire_len);
      INFO(srtp::name(p) << ", payload " << len);
      REQUIRE(pp->protect_rtp(*srtp::rtp_view::parse({in, plain.size()}), index, {out, wire_len}).has_value());
      CHECK(std::memcmp(in, plain.data(), plain.size()) == 0);
      CHECK(out_memory.intact_around(out, wire_len));
      octets both = plain;
      both.resize(wire_len);
      REQUIRE(pp->protect_rtp(*srtp::rtp_view::parse(std::span(both).first(plain.size())), index, both).has_value());
      CHECK(std::memcmp(out, both.data(), wire_len) == 0);

      std::uint8_t* wire = in_memory.place(support::edge::end, both);
      std::uint8_t* back = out_memory.place(support::edge::end, plain.size());
      REQUIRE(pp->unprotect_rtp(*pp->parse_srtp({wire, wire_len}), index, {back, plain.size()}).has_value());
      CHECK(std::memcmp(back, plain.data(), plain.size()) == 0);
      CHECK(out_memory.intact_around(back, plain.size()));
      CHECK(std::memcmp(wire, both.data(), wire_len) == 0);
      REQUIRE(pp->unprotect_rtp(*pp->parse_srtp({wire, wire_len}), index, {wire, wire_len}).has_value());
      CHECK(std::memcmp(wire, plain.data(), plain.size()) == 0);
    }
    for (const bool encrypt : {true, false})
      for (const std::size_t len : {8u, 9u, 24u, 28u, 100u, 1400u}) {
        const octets plain = keys::rtcp(9, len);
        const std::size_t wire_len = plain.size() + pp->rtcp_overhead();
        const std::uint8_t* in = in_memory.place(support::edge::end, plain);
        std::uint8_t* out = out_memory.place(support::edge::end, wire_len);
        REQUIRE(pp->protect_rtcp(*srtp::rtcp_view::parse({in, len}), 77, encrypt, {out, wire_len}).has_value());
        CHECK(out_memory.intact_around(out, wire_len));
        octets both = plain;
        both.resize(wire_len);
        REQUIRE(pp->protect_rtcp(*srtp::rtcp_view::parse(std::span(both).first(len)), 77, encrypt, both).has_value());
        CHECK(std::memcmp(out, both.data(), wire_len) == 0);
        // Room for the plain packet and not one byte more: E = 0 must not copy the tag too.
        std::uint8_t* back = in_memory.place(support::edge::end, len);
        REQUIRE(pp->unprotect_rtcp(*pp->parse_srtcp({out, wire_len}), {back, len}).has_value());
        CHECK(std::memcmp(back, plain.data(), len) == 0);
        CHECK(in_memory.intact_around(back, len));
      }
  }
}

TEST_CASE("payloads over 64 KiB, and AES-CM's limit of 2^20 bytes") {
  for (const auto p :
       {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80, srtp::profile::null_hmac_sha1_80}) {
    const keys::master m(p);
    const auto pp = protection::create(*srtp::keying::create(m.raw()));
    const bool limited = p == srtp::profile::aes_cm_128_hmac_sha1_80;
    for (const std::size_t len : {std::size_t{70000}, std::size_t{1} << 20, (std::size_t{1} << 20) + 1}) {
      const octets plain = keys::rtp(3, 3, len);
      octets buffer(plain.size() + pp->rtp_overhead());
      const auto wire = pp->protect_rtp(*srtp::rtp_view::parse(plain), srtp::packet_index(3), buffer);
      const bool too_long = limited && len > std::size_t{1} << 20;
      REQUIRE(code(wire) == (too_long ? code(error::packet_too_long) : 0));
      if (too_long) {
        // Nobody protects such a packet; one that arrives is refused by its length, before it is read.
        const octets long_wire(buffer.size(), 0x80);
        const auto view = pp->parse_srtp(long_wire);
        REQUIRE(view.has_value());
        CHECK(code(pp->unprotect_rtp(*view, srtp::packet_index(3), buffer)) == code(error::packet_too_long));
        continue;
      }
      const auto back = pp->unprotect_rtp(*pp->parse_srtp(buffer), srtp::packet_index(3), buffer);
      REQUIRE(back.has_value());
      CHECK(keys::to_bytes(*back) == plain);
    }
    octets report = keys::rtcp(3, 8 + (std::size_t{1} << 20) + 1), out(report.size() + pp->rtcp_overhead());
    CHECK(code(pp->protect_rtcp(*srtp::rtcp_view::parse(report), 1, true, out)) ==
          (limited ? code(error::packet_too_long) : 0));
    CHECK(code(pp->protect_rtcp(*srtp::rtcp_view::parse(report), 1, false, out)) == 0);
  }
}
