// SPDX-License-Identifier: BSL-1.0
// Crypto attributes (RFC 4568): arbitrary lines, and lines composed to be right and then altered. What is read is what
// was composed; what is written reads back; a fault lies in the line.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "sotto/srtp/demultiplexer.hpp"
#include "sotto/srtp/sdes.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"

namespace {

namespace srtp = sotto::srtp;
using fuzz::bytes;
using fuzz::input;
using fuzz::require;

constexpr srtp::sdes_policy allow_all{.allow_unencrypted_srtp = true, .allow_unencrypted_srtcp = true};

/// RFC 4648 4.
std::string base64(const bytes& from) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < from.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t j = 0; j < 3; ++j) word = word << 8 | (i + j < from.size() ? from[i + j] : 0u);
    for (std::size_t j = 0; j < 4; ++j) text += i + j <= from.size() ? digits[word >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

/// A line in memory of exactly its size.
sotto::result<srtp::sdes_attribute> parse(std::string_view text, const srtp::sdes_policy& policy,
                                          srtp::sdes_fault& fault) {
  const fuzz::buffer line(bytes(text.begin(), text.end()), 0);
  auto made = srtp::sdes_attribute::parse({reinterpret_cast<const char*>(line.data()), line.size()}, policy, &fault);
  require(made.has_value() == (fault.problem == srtp::sdes_problem::none), "a fault of nothing, or none of a refusal");
  require(fault.position <= text.size(), "the fault lies beyond the line");
  require(made || made.error() == sotto::error::malformed_attribute || made.error() == sotto::error::unsupported,
          "undocumented error");
  return made;
}

std::string written(const srtp::sdes_attribute& a) {
  constexpr std::size_t room = 8192;
  fuzz::buffer out(room);
  const auto text = a.write({reinterpret_cast<char*>(out.data()), room});
  require(text.has_value(), "what was read can't be written");
  const std::string copy(*text);
  for (const std::size_t len : {std::size_t{0}, copy.size() / 2, copy.size() - 1, copy.size()}) {
    fuzz::buffer small(len);
    const auto again = a.write({reinterpret_cast<char*>(small.data()), len});
    require(again.has_value() == (len == copy.size()), "written into too little, or not into enough");
  }
  return copy;
}

bool same(sotto::const_bytes a, sotto::const_bytes b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

void check_equal(const srtp::sdes_attribute& a, const srtp::sdes_attribute& b) {
  require(a.tag == b.tag && a.profile == b.profile && a.key_count() == b.key_count(), "another attribute");
  for (std::size_t i = 0; i < a.key_count(); ++i) {
    require(same(a.keys[i]->keying.expose_key(), b.keys[i]->keying.expose_key()), "another key");
    require(same(a.keys[i]->keying.expose_salt(), b.keys[i]->keying.expose_salt()), "another salt");
    require(same(a.keys[i]->keying.mki(), b.keys[i]->keying.mki()), "another MKI");
    require(a.keys[i]->lifetime.rtp_packets == b.keys[i]->lifetime.rtp_packets, "another lifetime");
  }
  require(a.key_derivation_shift == b.key_derivation_shift && a.unencrypted_srtp == b.unencrypted_srtp &&
              a.unencrypted_srtcp == b.unencrypted_srtcp && a.fec_order == b.fec_order &&
              a.window_size_hint == b.window_size_hint && a.fec_keys[0].has_value() == b.fec_keys[0].has_value(),
          "other session parameters");
}

void read_anything(std::string_view line) {
  srtp::sdes_fault fault, strict;
  const auto a = parse(line, allow_all, fault);
  const auto b = parse(line, {}, strict);
  require(a || !b, "the strict policy allows more");
  if (!a) return;
  require(b.has_value() == !(a->unencrypted_srtp || a->unencrypted_srtcp), "a policy that wasn't asked");
  const std::string text = written(*a);
  const auto again = parse(text, allow_all, fault);
  require(again.has_value(), "what was written can't be read");
  check_equal(*a, *again);
  require(written(*again) == text, "written in two ways");
}

/// One key as text, and what it must be read as.
struct composed_key {
  bytes key_and_salt, mki;
  std::uint64_t lifetime = std::uint64_t{1} << 48;
  std::string text;
};

composed_key compose_key(input& from, std::size_t len, std::size_t mki_len, std::uint8_t number) {
  composed_key k;
  k.key_and_salt = from.fill(len);
  k.key_and_salt[0] = number;  // no two keys are equal
  k.text = "inline:" + base64(k.key_and_salt);
  const unsigned choice = from.u8();
  if (choice % 4 == 1) {
    k.lifetime = std::uint64_t{1} << choice / 4 % 49;
    k.text += "|2^" + std::to_string(choice / 4 % 49);
  } else if (choice % 4 == 2) {
    k.lifetime = 1 + (from.u64() >> 16);
    k.text += '|' + std::to_string(k.lifetime);
  }
  if (mki_len != 0) {
    const std::uint32_t value = 1 + number + 8u * static_cast<std::uint32_t>(from.below(16));
    k.mki.assign(mki_len, 0);
    k.mki.back() = static_cast<std::uint8_t>(value);
    k.text += '|' + std::to_string(value) + ':' + std::to_string(mki_len);
  }
  return k;
}

std::string compose(input& from, bool check) {
  static constexpr srtp::profile suites[] = {
      srtp::profile::aes_cm_128_hmac_sha1_80, srtp::profile::aes_cm_128_hmac_sha1_32,
      srtp::profile::aes_192_cm_hmac_sha1_80, srtp::profile::aes_256_cm_hmac_sha1_32,
      srtp::profile::aead_aes_128_gcm,        srtp::profile::aead_aes_256_gcm};
  const srtp::profile profile = suites[from.below(std::size(suites))];
  const auto sizes = srtp::parameters(profile);
  const std::uint32_t tag = from.u32() % 1000000000;
  const std::size_t count = 1 + from.below(4), mki_len = count > 1 || from.flag() ? 1 + from.below(128) : 0;
  std::string line = "a=crypto:" + std::to_string(tag) + ' ' + std::string(srtp::name(profile)) + ' ';
  std::vector<composed_key> keys;
  for (std::size_t i = 0; i < count; ++i) {
    keys.push_back(
        compose_key(from, std::size_t{sizes.key_len} + sizes.salt_len, mki_len, static_cast<std::uint8_t>(i)));
    line += (i != 0 ? ";" : "") + keys.back().text;
  }
  const unsigned parameters = from.u8();
  if ((parameters & 1) != 0) line += " KDR=" + std::to_string(1 + parameters / 16);
  if ((parameters & 2) != 0) line += " UNENCRYPTED_SRTCP";
  if ((parameters & 4) != 0) line += " WSH=" + std::to_string(64 + parameters);
  if ((parameters & 8) != 0) line += " -whatever=\"else\"";
  if (!check) return line;

  srtp::sdes_fault fault;
  const auto a = parse(line, allow_all, fault);
  require(a.has_value(), "a good line was refused", message(fault.problem));
  require(a->tag == tag && a->profile == profile && a->key_count() == count, "read as something else");
  for (std::size_t i = 0; i < count; ++i) {
    const auto& k = a->keys[i]->keying;
    require(same(k.expose_key(), sotto::const_bytes(keys[i].key_and_salt).first(sizes.key_len)), "wrong key");
    require(same(k.expose_salt(), sotto::const_bytes(keys[i].key_and_salt).subspan(sizes.key_len)), "wrong salt");
    require(same(k.mki(), keys[i].mki), "wrong MKI");
    require(a->keys[i]->lifetime.rtp_packets == keys[i].lifetime, "wrong lifetime");
  }
  require(a->key_derivation_shift == ((parameters & 1) != 0 ? 1 + parameters / 16 : 0), "wrong KDR");
  require(a->unencrypted_srtcp == ((parameters & 2) != 0), "wrong UNENCRYPTED_SRTCP");
  require(a->window_size_hint == ((parameters & 4) != 0 ? 64 + parameters : 0), "wrong WSH");
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  const unsigned how = from.u8() % 3;
  if (how == 0) {
    const bytes text = from.take(len);
    read_anything({reinterpret_cast<const char*>(text.data()), text.size()});
    const fuzz::buffer datagram(text, 0);
    (void)srtp::demultiplex(datagram.span());
    return 0;
  }
  std::string line = compose(from, how == 1);
  for (std::size_t n = how == 2 ? 1 + from.below(3) : 0; n != 0; --n) {
    const std::size_t at = from.u16() % (line.size() + 1);
    switch (from.below(3)) {
      case 0: line.insert(at, 1, static_cast<char>(from.u8())); break;
      case 1: line.erase(at, 1 + from.below(8)); break;
      default: line.replace(at, 1, 1, static_cast<char>(from.u8()));
    }
  }
  read_anything(line);
  return 0;
}
