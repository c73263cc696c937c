// SPDX-License-Identifier: BSL-1.0
// a=crypto lines (RFC 4568): the RFC's, every suite and parameter, every kind of fault with its position, writing.
#include "sotto/srtp/sdes.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "keys.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;
using problem = srtp::sdes_problem;

namespace {

const std::string suite_80 = "AES_CM_128_HMAC_SHA1_80";
const std::string key_a = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
const std::string key_b = "YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2";
const std::string start = "a=crypto:1 " + suite_80 + " inline:" + key_a;

constexpr srtp::sdes_policy allow_all{.allow_unencrypted_srtp = true, .allow_unencrypted_srtcp = true};

srtp::sdes_attribute parsed(const std::string& line, const srtp::sdes_policy& policy = {}) {
  srtp::sdes_fault fault;
  auto a = srtp::sdes_attribute::parse(line, policy, &fault);
  INFO(line << ": " << message(fault.problem) << " at " << fault.position);
  REQUIRE(a);
  CHECK(fault.problem == problem::none);
  return std::move(*a);
}

std::string written(const srtp::sdes_attribute& a) {
  char text[4096];
  const auto w = a.write(text);
  REQUIRE(w);
  return std::string(*w);
}

/// Hands out the bytes 1, 2, 3 ...
struct counting {
  std::uint8_t next = 1;
  sotto::result<void> operator()(sotto::mutable_bytes out) noexcept {
    for (auto& b : out) b = next++;
    return {};
  }
};
struct broken {
  sotto::result<void> operator()(sotto::mutable_bytes) noexcept { return sotto::failure{error::random_unavailable}; }
};

}  // namespace

TEST_CASE("RFC 4568's lines", "[srtp]") {
  const auto a = parsed("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + key_a + "|2^20|1:32");
  CHECK(a.tag == 1);
  CHECK(a.profile == srtp::profile::aes_cm_128_hmac_sha1_80);
  REQUIRE(a.key_count() == 1);
  CHECK(support::to_hex(keys::to_bytes(a.keys[0]->keying.expose_key())) +
            support::to_hex(keys::to_bytes(a.keys[0]->keying.expose_salt())) ==
        support::to_hex(octets{'=', '-', 'n', '@', '%', '^',  'x', '!', 'B', 'j', 'u', 'f', 'r', '9', ')',
                               '?', ',', '#', '5', 'h', '\\', '`', '=', '&', ']', '{', 'q', 'i', 'P', 'Q'}));
  CHECK(a.keys[0]->lifetime.rtp_packets == 1 << 20);
  CHECK(a.keys[0]->lifetime.rtcp_packets == 1 << 20);
  octets mki(32);
  mki[31] = 1;
  CHECK(keys::to_bytes(a.keys[0]->keying.mki()) == mki);

  // No lifetime: RFC 3711's. The MKI is told from a lifetime by its colon.
  const auto b = parsed("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + key_b + "|1066:4\r\n");
  CHECK(b.keys[0]->lifetime.rtp_packets == std::uint64_t{1} << 48);
  CHECK(b.keys[0]->lifetime.rtcp_packets == std::uint64_t{1} << 31);
  CHECK(keys::to_bytes(b.keys[0]->keying.mki()) == octets{0, 0, 4, 42});
  const auto c = parsed("crypto:999999999 aes_cm_128_hmac_sha1_32\t INLINE:" + key_b);
  CHECK(c.tag == 999999999);
  CHECK(c.profile == srtp::profile::aes_cm_128_hmac_sha1_32);
}

TEST_CASE("every suite, with keys of its length", "[srtp]") {
  for (const auto p : srtp::profiles) {
    counting random;
    auto a = srtp::sdes_attribute::generate(3, p, random);
    const bool has_suite = srtp::is_registered(p) && srtp::parameters(p).cipher != srtp::cipher::null_hmac_sha1;
    INFO(srtp::name(p));
    if (!has_suite) {
      CHECK(code(a) == code(error::unsupported));
      CHECK(code(srtp::sdes_attribute::parse("a=crypto:1 " + std::string(srtp::name(p)) + " inline:" + key_a)) ==
            code(error::unsupported));
      continue;
    }
    REQUIRE(a);
    const std::string line = written(*a);
    const auto again = parsed(line);
    CHECK(again.profile == p);
    CHECK(again.tag == 3);
    CHECK(written(again) == line);
    CHECK(keys::to_bytes(again.keys[0]->keying.expose_key()) == keys::to_bytes(a->keys[0]->keying.expose_key()));
    CHECK(keys::to_bytes(again.keys[0]->keying.expose_salt()) == keys::to_bytes(a->keys[0]->keying.expose_salt()));
    CHECK(again.keys[0]->keying.expose_key()[0] == 1);
    // One character more or less is no key.
    const std::size_t at = line.find("inline:") + 7;
    CHECK(code(srtp::sdes_attribute::parse(line + "A")) == code(error::malformed_attribute));
    CHECK(code(srtp::sdes_attribute::parse(line.substr(0, line.size() - 1))) == code(error::malformed_attribute));
    std::string shorter = line;
    shorter.erase(at, 4);
    CHECK(code(srtp::sdes_attribute::parse(shorter)) == code(error::malformed_attribute));
  }
}

TEST_CASE("SDES keys are server-visible, and say so on sessions", "[srtp]") {
  const auto a = parsed(start);
  CHECK(a.keys[0]->keying.provenance() == srtp::provenance::server_visible);
  const auto tx =
      srtp::sender::create(a.keys[0]->keying, {.lifetime = a.keys[0]->lifetime, .protection = a.protection_options()});
  REQUIRE(tx);
  CHECK(tx->provenance() == srtp::provenance::server_visible);
  static_assert(std::same_as<decltype(srtp::sdes_key::keying), srtp::server_visible_keying>);
  static_assert(!std::convertible_to<srtp::server_visible_keying, srtp::end_to_end_keying>);
  static_assert(!std::constructible_from<srtp::server_visible_keying, srtp::raw_keying>);
}

TEST_CASE("lifetimes", "[srtp]") {
  const auto lifetime = [](const std::string& text) {
    const auto a = srtp::sdes_attribute::parse(start + "|" + text);
    return a ? a->keys[0]->lifetime.rtp_packets : 0;
  };
  CHECK(lifetime("1") == 1);
  CHECK(lifetime("2^0") == 1);
  CHECK(lifetime("2^1") == 2);
  CHECK(lifetime("1000000") == 1000000);
  CHECK(lifetime("2^31") == std::uint64_t{1} << 31);
  CHECK(lifetime("2^48") == std::uint64_t{1} << 48);
  CHECK(lifetime("281474976710656") == std::uint64_t{1} << 48);
  for (const char* wrong : {"0", "01", "2^01", "2^49", "2^64", "281474976710657", "99999999999999999999999999", "2^",
                            "^5", "-1", "+1", "2^-1", "x", "", "0x10", "2^3^4"}) {
    INFO(wrong);
    CHECK(lifetime(wrong) == 0);
  }
}

TEST_CASE("MKIs up to 128 bytes", "[srtp]") {
  const auto mki = [](const std::string& text) {
    const auto a = srtp::sdes_attribute::parse(start + "|2^20|" + text);
    return a ? support::to_hex(keys::to_bytes(a->keys[0]->keying.mki())) : std::string("refused");
  };
  CHECK(mki("1:1") == "01");
  CHECK(mki("255:1") == "ff");
  CHECK(mki("256:1") == "refused");
  CHECK(mki("256:2") == "0100");
  CHECK(mki("4294967296:4") == "refused");
  CHECK(mki("4294967296:5") == "0100000000");
  CHECK(mki("1:128") == std::string(254, '0') + "01");
  for (const char* wrong : {"1:129", "1:0", "1:01", "0:4", "01:4", ":4", "1:", "a:4", "1:4:4", "-1:4", "1", "1:4|5"}) {
    INFO(wrong);
    CHECK(mki(wrong) == "refused");
  }
  // 2^1024 - 1, the largest; and one more.
  std::string digits = "1";
  for (int i = 0; i < 1024; ++i) {
    int carry = 0;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
      const int doubled = 2 * (*at - '0') + carry;
      *at = static_cast<char>('0' + doubled % 10);
      carry = doubled / 10;
    }
    if (carry != 0) digits.insert(0, "1");
  }
  CHECK(mki(digits + ":128") == "refused");
  --digits.back();  // an even number's last digit isn't 0 here: 2^1024 ends in 6
  CHECK(mki(digits + ":128") == std::string(256, 'f'));
  const auto a = parsed(start + "|" + digits + ":128");
  CHECK(written(a) == start + "|" + digits + ":128");
}

TEST_CASE("several keys", "[srtp]") {
  const std::string two = start + "|2^20|1:4;inline:" + key_b + "|2^21|2:4";
  const auto a = parsed(two);
  REQUIRE(a.key_count() == 2);
  CHECK(a.keys[1]->lifetime.rtp_packets == 1 << 21);
  CHECK(written(a) == two);
  auto rx = srtp::receiver::create(a.keys[0]->keying);
  REQUIRE(rx);
  CHECK(rx->add_key(a.keys[1]->keying, a.keys[1]->lifetime));
}

TEST_CASE("session parameters", "[srtp]") {
  const auto a =
      parsed(start + " KDR=24 UNENCRYPTED_SRTP unencrypted_srtcp FEC_ORDER=SRTP_FEC FEC_KEY=inline:" + key_b +
                 " WSH=64 -anything=else  -x ",
             allow_all);
  CHECK(a.key_derivation_shift == 24);
  CHECK(a.protection_options().key_derivation_rate == 1u << 24);
  CHECK(a.unencrypted_srtp);
  CHECK(!a.protection_options().encrypt_rtp);
  CHECK(a.unencrypted_srtcp);
  CHECK(a.fec_order == srtp::sdes_fec_order::srtp_fec);
  REQUIRE(a.fec_keys[0]);
  CHECK(a.window_size_hint == 64);
  CHECK(written(a) ==
        start + " KDR=24 UNENCRYPTED_SRTP UNENCRYPTED_SRTCP FEC_ORDER=SRTP_FEC FEC_KEY=inline:" + key_b + " WSH=64");
  CHECK(parsed(start + " FEC_ORDER=FEC_SRTP").fec_order == srtp::sdes_fec_order::fec_srtp);
}

TEST_CASE("every kind of fault, and where it is", "[srtp]") {
  struct wrong {
    std::string line;
    problem what;
    std::size_t position;
    srtp::sdes_policy policy = {};
  };
  const std::size_t suite_at = 11, key_at = 35, end = start.size();
  const std::vector<wrong> lines = {
      {"", problem::not_a_crypto_attribute, 0},
      {"a=", problem::not_a_crypto_attribute, 2},
      {"a=Crypto:1 x", problem::not_a_crypto_attribute, 2},
      {"b=crypto:1", problem::not_a_crypto_attribute, 0},
      {" " + start, problem::not_a_crypto_attribute, 0},
      {"a=crypto: " + suite_80, problem::bad_tag, 9},
      {"a=crypto:", problem::bad_tag, 9},
      {"a=crypto:01 " + suite_80, problem::bad_tag, 9},
      {"a=crypto:1x " + suite_80, problem::bad_tag, 9},
      {"a=crypto:-1 " + suite_80, problem::bad_tag, 9},
      {"a=crypto:1234567890 " + suite_80, problem::bad_tag, 9},
      {"a=crypto:1", problem::missing_space, 10},
      {"a=crypto:1 ", problem::unknown_suite, suite_at},
      {"a=crypto:1 F8_128_HMAC_SHA1_80 inline:" + key_a, problem::unknown_suite, suite_at},
      {"a=crypto:1 NULL_HMAC_SHA1_80 inline:" + key_a, problem::unknown_suite, suite_at},
      {"a=crypto:1 aead_chacha20_poly1305 inline:" + key_a, problem::unknown_suite, suite_at},
      {"a=crypto:1 " + suite_80, problem::missing_space, suite_at + suite_80.size()},
      {"a=crypto:1 " + suite_80 + " ", problem::unknown_key_method, key_at},
      {"a=crypto:1 " + suite_80 + " " + key_a, problem::unknown_key_method, key_at},
      {"a=crypto:1 " + suite_80 + " uri:" + key_a, problem::unknown_key_method, key_at},
      {"a=crypto:1 " + suite_80 + " inline:", problem::bad_key, key_at + 7},
      {"a=crypto:1 " + suite_80 + " inline:|2^20", problem::bad_key, key_at + 7},
      {"a=crypto:1 " + suite_80 + " inline:" + key_a.substr(0, 39) + "*", problem::bad_key, key_at + 7},
      {"a=crypto:1 " + suite_80 + " inline:" + key_a.substr(0, 39) + "=", problem::bad_key, key_at + 7},
      {"a=crypto:1 " + suite_80 + " inline:" + key_a.substr(0, 36), problem::bad_key, key_at + 7},
      {start + "AAAA", problem::bad_key, key_at + 7},
      {start + "|", problem::bad_lifetime, end + 1},
      {start + "|0", problem::bad_lifetime, end + 1},
      {start + "||1:4", problem::bad_lifetime, end + 1},
      {start + "|2^49|1:4", problem::bad_lifetime, end + 1},
      {start + "|1:4|2^20", problem::bad_lifetime, end + 1},
      {start + "|2^20|", problem::bad_mki, end + 6},
      {start + "|2^20|x:4", problem::bad_mki, end + 6},
      {start + "|2^20|1", problem::bad_mki, end + 6},
      {start + "|256:1", problem::bad_mki, end + 1},
      {start + "|1:129", problem::bad_mki_length, end + 3},
      {start + "|1:", problem::bad_mki_length, end + 3},
      {start + "|1:4|", problem::bad_lifetime, end + 1},
      {start + "|2^20|1:4|", problem::bad_mki_length, end + 8},
      {start + ";inline:" + key_b, problem::missing_mki, end + 1},
      {start + "|1:4;inline:" + key_b, problem::missing_mki, end + 5},
      {start + "|1:4;inline:" + key_b + "|2:3", problem::bad_mki_length, end + 5},
      {start + "|1:4;inline:" + key_b + "|1:4", problem::repeated_key, end + 5},
      {start + "|1:4;inline:" + key_a + "|2:4", problem::repeated_key, end + 5},
      {start + "|1:4;", problem::unknown_key_method, end + 5},
      {start + " KDR=0", problem::bad_parameter, end + 5},
      {start + " KDR=25", problem::bad_parameter, end + 5},
      {start + " KDR=01", problem::bad_parameter, end + 5},
      {start + " KDR=", problem::bad_parameter, end + 5},
      {start + " KDR", problem::unknown_parameter, end + 1},
      {start + " KDR=1 KDR=1", problem::repeated_parameter, end + 7},
      {start + " WSH=63", problem::bad_parameter, end + 5},
      {start + " WSH=4294967296", problem::bad_parameter, end + 5},
      {start + " WSH=064", problem::bad_parameter, end + 5},
      {start + " FEC_ORDER=X", problem::bad_parameter, end + 11},
      {start + " FEC_KEY=inline:" + key_a, problem::repeated_key, end + 9},
      {start + " FEC_KEY=inline:abc", problem::bad_key, end + 16},
      {start + " UNENCRYPTED_SRTP", problem::refused_parameter, end + 1},
      {start + " UNENCRYPTED_SRTCP", problem::refused_parameter, end + 1},
      {start + " UNAUTHENTICATED_SRTP", problem::refused_parameter, end + 1, allow_all},
      {start + " UNENCRYPTED_SRTP=1", problem::unknown_parameter, end + 1, allow_all},
      {start + " UNENCRYPTED_SRTP UNENCRYPTED_SRTP", problem::repeated_parameter, end + 18, allow_all},
      {start + " FOO=1", problem::unknown_parameter, end + 1},
      {start + " -", problem::unknown_parameter, end + 1},
      {start + " --x", problem::unknown_parameter, end + 1},
      {start + " -a\x01", problem::unexpected_character, end + 3},
      {start + std::string(1, '\0'), problem::unexpected_character, end},
      {start + "\x80", problem::unexpected_character, end},
      {start + "\n\n", problem::unexpected_character, end},
  };
  for (const auto& w : lines) {
    srtp::sdes_fault fault;
    const auto a = srtp::sdes_attribute::parse(w.line, w.policy, &fault);
    INFO(w.line << ": " << message(fault.problem) << " at " << fault.position);
    CHECK(!a);
    CHECK(fault.problem == w.what);
    CHECK(fault.position == w.position);
    CHECK((code(a) == code(error::unsupported) || code(a) == code(error::malformed_attribute)));
  }
}

TEST_CASE("more keys than are held", "[srtp]") {
  std::string line = start + "|1:4";
  const char* letters = "ABCDE";
  for (int i = 2; i <= 5; ++i) {
    const auto a = srtp::sdes_attribute::parse(line);
    CHECK(a.has_value());
    line += ";inline:" + std::string(1, letters[i - 1]) + key_b.substr(1) + "|" + std::to_string(i) + ":4";
  }
  srtp::sdes_fault fault;
  CHECK(code(srtp::sdes_attribute::parse(line, {}, &fault)) == code(error::unsupported));
  CHECK(fault.problem == problem::too_many_keys);
}

TEST_CASE("no cut of a line, and no change of a character, confuses the parser", "[srtp]") {
  const std::string line = start + "|2^20|1:4;inline:" + key_b + "|2^21|2:4 KDR=3 WSH=128 -x";
  REQUIRE(srtp::sdes_attribute::parse(line));
  std::size_t accepted = 0;
  for (std::size_t n = 0; n < line.size(); ++n) accepted += srtp::sdes_attribute::parse(line.substr(0, n)).has_value();
  for (std::size_t i = 0; i < line.size(); ++i)
    for (int c = 0; c < 256; ++c) {
      std::string other = line;
      other[i] = static_cast<char>(c);
      srtp::sdes_fault fault;
      const auto a = srtp::sdes_attribute::parse(other, {}, &fault);
      if (a.has_value() != (fault.problem == problem::none) || fault.position > other.size()) FAIL(other);
      accepted += a.has_value();
    }
  CHECK(accepted > 0);
}

TEST_CASE("an offer and its answer", "[srtp]") {
  counting random;
  auto offer = srtp::sdes_attribute::generate(5, srtp::profile::aead_aes_128_gcm, random);
  REQUIRE(offer);
  offer->unencrypted_srtcp = true;
  auto answer = offer->answer(random);
  REQUIRE(answer);
  CHECK(offer->accepts(*answer));
  CHECK(answer->unencrypted_srtcp);
  CHECK(!offer->accepts(*offer));  // the offerer's own key
  const auto other = [&](auto change) {
    auto a = offer->answer(random);
    change(*a);
    return offer->accepts(*a);
  };
  CHECK(!other([](auto& a) { a.tag = 6; }));
  CHECK(!other([](auto& a) { a.profile = srtp::profile::aead_aes_256_gcm; }));
  CHECK(!other([](auto& a) { a.unencrypted_srtcp = false; }));
  CHECK(!other([](auto& a) { a.unencrypted_srtp = true; }));
  CHECK(other([](auto& a) { a.key_derivation_shift = 4; }));  // declarative

  broken none;
  CHECK(code(offer->answer(none)) == code(error::random_unavailable));
  CHECK(code(srtp::sdes_attribute::generate(1000000000, srtp::profile::aead_aes_128_gcm, random)) ==
        code(error::invalid_argument));
  CHECK(srtp::sdes_attribute::generate(0, srtp::profile::aead_aes_128_gcm));
}

TEST_CASE("writing into buffers that are too small, and attributes that can't be written", "[srtp]") {
  const auto a = parsed(start + "|2^20|1:4");
  const std::string line = written(a);
  for (std::size_t n = 0; n <= line.size(); ++n) {
    std::vector<char> text(n);
    const auto w = a.write(text);
    CHECK(w.has_value() == (n == line.size()));
    if (!w) CHECK(code(w) == code(error::buffer_too_small));
  }
  char text[500];
  CHECK(code(srtp::sdes_attribute().write(text)) == code(error::invalid_argument));
  auto b = parsed(start);
  b.window_size_hint = 63;
  CHECK(code(b.write(text)) == code(error::invalid_argument));
  b = parsed(start);
  b.tag = 1000000000;
  CHECK(code(b.write(text)) == code(error::invalid_argument));
  b = parsed(start);
  b.key_derivation_shift = 25;
  CHECK(code(b.write(text)) == code(error::invalid_argument));
}
