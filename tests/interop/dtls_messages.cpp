// SPDX-License-Identifier: BSL-1.0
// What the ends of the example dtls_srtp tell each other: descriptions, fingerprints, STUN.
#include "dtls_srtp/description.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <sotto/srtp/demultiplexer.hpp>
#include <stdexcept>
#include <string>

#include "../support/catch.hpp"
#include "../support/pattern.hpp"
#include "dtls_srtp/stun.hpp"

namespace {

using examples::description;
using examples::setup;

description some_description() {
  description d;
  d.setup = setup::passive;
  d.port = 65535;
  for (std::size_t i = 0; i < d.fingerprint.size(); ++i) d.fingerprint[i] = static_cast<std::uint8_t>(i * 8 + 5);
  d.ssrc = 0xffffffffu;
  d.packets = 1000000;
  return d;
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a description says again what was written") {
  const std::string text = to_text(some_description());
  const description d = examples::parse_description(text);
  CHECK(d.setup == setup::passive);
  CHECK(d.port == 65535);
  CHECK(d.fingerprint == some_description().fingerprint);
  CHECK(d.ssrc == 0xffffffffu);
  CHECK(d.packets == 1000000);
  CHECK(text.starts_with("v=0\r\no=- "));
  CHECK(text.find("\r\na=fingerprint:sha-256 05:0D:15:1D:") != text.npos);
  CHECK(text.find("\r\nm=audio 65535 UDP/TLS/RTP/SAVP 0\r\n") != text.npos);
}

TEST_CASE("descriptions that lack something, or lie, are refused") {
  const std::string good = to_text(some_description());
  for (const char* const line : {"m=audio ", "a=setup:", "a=fingerprint:sha-256 ", "a=ssrc:", "a=packets:"}) {
    CAPTURE(line);
    CHECK_THROWS_AS(examples::parse_description(replaced(good, line, "x=")), std::runtime_error);
  }
  const auto refused = [&](const char* from, const char* to) {
    CAPTURE(from, to);
    CHECK_THROWS_AS(examples::parse_description(replaced(good, from, to)), std::runtime_error);
  };
  refused("m=audio 65535", "m=audio 65536");
  refused("m=audio 65535", "m=audio 0");
  refused("m=audio 65535", "m=audio -1");
  refused("m=audio 65535", "m=audio ");
  refused("m=audio 65535", "m=audio 1x");
  refused("a=setup:passive", "a=setup:holdconn");
  refused("a=packets:1000000", "a=packets:0");
  refused("a=packets:1000000", "a=packets:1000001");
  refused("a=ssrc:4294967295", "a=ssrc:4294967296");
  refused("sha-256 05:", "sha-1 05:");
  refused("sha-256 05:", "sha-256 5:");
  refused("sha-256 05:", "sha-256 ");
  refused("sha-256 05:", "sha-256 05-");
  refused("sha-256 05:", "sha-256 0G:");
  refused("sha-256 05:", "sha-256 05:05:");
  CHECK_THROWS_AS(examples::parse_description(""), std::runtime_error);
  // Wherever the text is cut off, something is missing, but for the end of the last line.
  for (std::size_t len = 0; len < good.find("a=packets:") + 10; ++len)
    CHECK_THROWS_AS(examples::parse_description(good.substr(0, len)), std::runtime_error);
}

TEST_CASE("fingerprints as text, in either case") {
  const auto f = some_description().fingerprint;
  std::string text = examples::to_text(f);
  CHECK(text.size() == 95);
  CHECK(examples::parse_fingerprint(text) == f);
  for (char& c : text)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  CHECK(examples::parse_fingerprint(text) == f);
  // One certificate's fingerprint stays the same; another certificate has another one.
  const auto a = examples::make_certificate(), b = examples::make_certificate();
  CHECK(examples::fingerprint_of(*a.x509) == examples::fingerprint_of(*a.x509));
  CHECK(examples::fingerprint_of(*a.x509) != examples::fingerprint_of(*b.x509));
}

TEST_CASE("STUN requests and answers, told apart from all else") {
  examples::stun_transaction transaction;
  for (std::size_t i = 0; i < transaction.size(); ++i) transaction[i] = static_cast<std::uint8_t>(200 + i);
  const auto request = examples::write_stun_request(transaction);
  const auto asked = examples::parse_stun(request);
  REQUIRE(asked);
  CHECK(asked->type == examples::stun_binding_request);
  CHECK(asked->transaction == transaction);
  CHECK(sotto::srtp::demultiplex(request) == sotto::srtp::datagram_kind::stun);

  const auto success = examples::write_stun_success(transaction, 40000);
  const auto answered = examples::parse_stun(success);
  REQUIRE(answered);
  CHECK(answered->type == examples::stun_binding_success);
  CHECK(answered->transaction == transaction);
  CHECK(answered->mapped_port == 40000);
  CHECK(sotto::srtp::demultiplex(success) == sotto::srtp::datagram_kind::stun);
  // RFC 8489 14.2: the address 127.0.0.1 and the port 0x9c40, both exclusive-or'ed with the magic cookie 0x2112a442.
  constexpr std::uint8_t attribute[] = {0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xbd, 0x52, 0x5e, 0x12, 0xa4, 0x43};
  CHECK(std::equal(std::begin(attribute), std::end(attribute), success.begin() + 20));

  for (std::size_t len = 0; len < success.size(); ++len)
    CHECK(!examples::parse_stun(sotto::const_bytes(success).first(len)));
  for (std::size_t at = 2; at < 8; ++at) {  // length and cookie
    auto other = success;
    other[at] ^= 1;
    CHECK(!examples::parse_stun(other));
  }
}
