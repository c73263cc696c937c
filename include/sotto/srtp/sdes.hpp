// SPDX-License-Identifier: BSL-1.0
// SDP security descriptions (RFC 4568): a=crypto lines, read strictly and written. Whoever carries the signalling sees
// their keys, and their keying says so.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "base64.hpp"
#include "keying.hpp"
#include "master_keys.hpp"
#include "packet_index.hpp"
#include "profile.hpp"
#include "protection_options.hpp"
#include "sdes_text.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The only maker of keying that a server has seen. It has no public calls: lines are its only source.
template <>
struct keying_source<provenance::server_visible> {
 private:
  friend struct sdes_attribute;
  static result<server_visible_keying> create(const raw_keying& raw) noexcept {
    return server_visible_keying::create(raw);
  }
};

/// One key of a crypto attribute: for RTP and RTCP of the direction that the line's author sends.
struct sdes_key {
  server_visible_keying keying;
  key_lifetime lifetime = {};
};

/// Up to four keys of one attribute, from the front; several all have MKIs of one length.
using sdes_keys = std::array<std::optional<sdes_key>, 4>;

/// What a line may ask for that weakens a stream. Nothing by default.
struct sdes_policy {
  bool allow_unencrypted_srtp = false;
  bool allow_unencrypted_srtcp = false;
};

/// Where forward error correction stands (RFC 4568 6.3.4): applied before SRTP by the sender, or after.
enum class sdes_fec_order : std::uint8_t { fec_srtp, srtp_fec };

/// A crypto attribute (RFC 4568 4, 6). Move-only; its keys are wiped. Made by parse, generate or answer. One thread at
/// a time.
struct sdes_attribute {
  std::uint32_t tag = 1;  ///< Below 10^9; unique within a media line.
  srtp::profile profile = srtp::profile::aes_cm_128_hmac_sha1_80;
  sdes_keys keys = {};                    ///< At least one.
  std::uint8_t key_derivation_shift = 0;  ///< KDR=n: the rate is 2^n, n from 1 to 24; 0 if absent.
  bool unencrypted_srtp = false;
  bool unencrypted_srtcp = false;
  std::optional<sdes_fec_order> fec_order = {};
  sdes_keys fec_keys = {};
  std::uint32_t window_size_hint = 0;  ///< WSH, 64 or more; 0 if absent.

  std::size_t key_count() const noexcept { return count(keys); }

  /// What a sender or receiver of this attribute needs beside the first key's keying and lifetime; further keys are for
  /// add_key. Senders also take srtcp_encryption = !unencrypted_srtcp.
  srtp::protection_options protection_options() const noexcept {
    srtp::protection_options o;
    o.encrypt_rtp = !unencrypted_srtp;
    if (key_derivation_shift != 0) o.key_derivation_rate = std::uint32_t{1} << key_derivation_shift;
    return o;
  }

  /// Reads one attribute: "a=crypto:…", or "crypto:…" as SDP parsers hand attributes on, with or without the line's
  /// end. Keys are decoded without branches on them. Errors: unsupported for what is well formed but not to be had (an
  /// unknown suite, key method or mandatory session parameter, more than four keys, UNAUTHENTICATED_SRTP, which Sotto
  /// doesn't speak, or what the policy doesn't allow), malformed_attribute for all else. fault then tells what and
  /// where.
  static result<sdes_attribute> parse(std::string_view line, const sdes_policy& policy = {},
                                      sdes_fault* fault = nullptr) noexcept {
    detail::sdes_reader reader(line);
    sdes_attribute made;
    const bool sound = made.read(reader, policy);
    if (fault != nullptr) *fault = reader.fault();
    if (sound) return made;
    return failure{detail::is_sdes_unsupported(reader.fault().problem) ? error::unsupported
                                                                       : error::malformed_attribute};
  }

  /// An attribute with one new key from a random source. Errors: unsupported (a profile that SDES can't name),
  /// invalid_argument (the tag), and the source's.
  template <random_source R>
  static result<sdes_attribute> generate(std::uint32_t tag, srtp::profile p, R& random) noexcept {
    if (!is_suite(p)) return failure{error::unsupported};
    if (tag >= tag_end) return failure{error::invalid_argument};
    std::uint8_t bytes[max_key_len + max_salt_len];
    const core::wipe_at_exit guard(bytes);
    const std::size_t key_len = parameters(p).key_len, salt_len = parameters(p).salt_len;
    const mutable_bytes used = mutable_bytes(bytes).first(key_len + salt_len);
    if (const auto filled = random(used); !filled) return failure{filled.error()};
    auto made = keying_source<provenance::server_visible>::create({p, used.first(key_len), used.subspan(key_len), {}});
    if (!made) return failure{made.error()};
    sdes_attribute a;
    a.tag = tag;
    a.profile = p;
    a.keys[0].emplace(sdes_key{std::move(*made)});
    return a;
  }
  static result<sdes_attribute> generate(std::uint32_t tag, srtp::profile p) noexcept {
    system_random random;
    return generate(tag, p, random);
  }

  /// The answer to this offer (RFC 4568 5.1.2): its tag, suite and negotiated parameters, with a new key of the
  /// answerer's. Errors: those of generate.
  template <random_source R>
  result<sdes_attribute> answer(R& random) const noexcept {
    auto made = generate(tag, profile, random);
    if (!made) return made;
    made->unencrypted_srtp = unencrypted_srtp;
    made->unencrypted_srtcp = unencrypted_srtcp;
    return made;
  }
  result<sdes_attribute> answer() const noexcept {
    system_random random;
    return answer(random);
  }
  /// Whether an answer fits this offer (RFC 4568 5.1.3, 6.1): the same tag, suite and negotiated parameters, other
  /// keys.
  bool accepts(const sdes_attribute& other) const noexcept {
    return tag == other.tag && profile == other.profile && unencrypted_srtp == other.unencrypted_srtp &&
           unencrypted_srtcp == other.unencrypted_srtcp && !share_key(keys, other.keys);
  }

  /// Writes "a=crypto:…" without a line's end to the start of out, and returns it. The text holds the keys. Errors:
  /// buffer_too_small (out may hold a beginning then, keys included), invalid_argument (no key, a tag or parameter out
  /// of range).
  result<std::string_view> write(std::span<char> out) const noexcept {
    if (tag >= tag_end || key_count() == 0 || !is_suite(profile) || key_derivation_shift > 24 ||
        (window_size_hint != 0 && window_size_hint < 64))
      return failure{error::invalid_argument};
    detail::sdes_writer w(out);
    w.text("a=crypto:");
    w.number(tag);
    w.text(" ");
    w.text(name(profile));
    w.text(" ");
    write_keys(w, keys);
    if (key_derivation_shift != 0) w.text(" KDR="), w.number(key_derivation_shift);
    if (unencrypted_srtp) w.text(" UNENCRYPTED_SRTP");
    if (unencrypted_srtcp) w.text(" UNENCRYPTED_SRTCP");
    if (fec_order) w.text(*fec_order == sdes_fec_order::fec_srtp ? " FEC_ORDER=FEC_SRTP" : " FEC_ORDER=SRTP_FEC");
    if (fec_keys[0]) w.text(" FEC_KEY="), write_keys(w, fec_keys);
    if (window_size_hint != 0) w.text(" WSH="), w.number(window_size_hint);
    if (!w.fits()) return failure{error::buffer_too_small};
    return w.written();
  }

 private:
  using problem = sdes_problem;
  using reader = detail::sdes_reader;
  using word = detail::sdes_word;
  static constexpr std::uint32_t tag_end = 1000000000;

  /// RFC 4568 6.2, RFC 6188 8.2, RFC 7714 14.1: the registered suites among our profiles; NULL ciphers have none.
  static bool is_suite(srtp::profile p) noexcept {
    return is_registered(p) && parameters(p).cipher != cipher::null_hmac_sha1;
  }
  static std::size_t count(const sdes_keys& keys) noexcept {
    std::size_t n = 0;
    while (n < keys.size() && keys[n]) ++n;
    return n;
  }
  /// True if any key of a is one of b.
  static bool share_key(const sdes_keys& a, const sdes_keys& b) noexcept {
    for (std::size_t i = 0; i < count(a); ++i)
      for (std::size_t j = 0; j < count(b); ++j)
        if (same_key(*a[i], *b[j])) return true;
    return false;
  }
  static bool same_key(const sdes_key& a, const sdes_key& b) noexcept {
    const const_bytes x = a.keying.expose_key(), y = b.keying.expose_key();
    return x.size() == y.size() && core::equal(x.data(), y.data(), x.size());
  }

  bool read(reader& r, const sdes_policy& policy) noexcept {
    (void)r.take_prefix("a=");
    if (!r.take_prefix("crypto:")) return r.fail(problem::not_a_crypto_attribute, r.position());
    word w{};
    if (!r.take_word(w)) return false;
    // RFC 4568 4.1: no leading zeros; a tag of 0 has none.
    if (w.text.size() > 9 || !detail::is_number(w.text) || (w.text.size() > 1 && w.text[0] == '0'))
      return r.fail(problem::bad_tag, w);
    tag = static_cast<std::uint32_t>(detail::sdes_number(w.text, tag_end - 1));
    if (!r.take_space()) return r.fail(problem::missing_space, r.position());
    if (!r.take_word(w)) return false;
    if (!find_suite(w.text)) return r.fail(problem::unknown_suite, w);
    if (!r.take_space()) return r.fail(problem::missing_space, r.position());
    if (!r.take_word(w) || !read_keys(r, w, keys)) return false;
    unsigned seen = 0;
    while (!r.at_end()) {
      if (!r.take_space()) return r.fail(problem::missing_space, r.position());
      if (r.at_end()) break;  // spaces at the end of a line are nobody's parameter
      if (!r.take_word(w) || !read_parameter(r, w, policy, seen)) return false;
    }
    return true;
  }

  bool find_suite(std::string_view text) noexcept {
    for (const srtp::profile p : profiles)
      if (is_suite(p) && detail::sdes_same(name(p), text)) {
        profile = p;
        return true;
      }
    return false;
  }

  bool read_keys(reader& r, word list, sdes_keys& into) const noexcept {
    std::size_t n = 0;
    bool more = true;
    while (more) {
      more = list.has(';');
      const word one = list.cut(';');
      if (n == into.size()) return r.fail(problem::too_many_keys, one);
      if (!read_key(r, one, into[n])) return false;
      for (std::size_t i = 0; i < n; ++i) {
        const const_bytes mki = into[i]->keying.mki(), added = into[n]->keying.mki();
        if (mki.empty() || added.empty()) return r.fail(problem::missing_mki, one);
        if (mki.size() != added.size()) return r.fail(problem::bad_mki_length, one);
        if (std::memcmp(mki.data(), added.data(), mki.size()) == 0 || same_key(*into[i], *into[n]))
          return r.fail(problem::repeated_key, one);
      }
      ++n;
    }
    return true;
  }

  /// inline: key||salt [| lifetime] [| MKI : length]
  bool read_key(reader& r, word text, std::optional<sdes_key>& into) const noexcept {
    const word all = text;
    const word method = text.cut(':');
    if (!all.has(':') || !detail::sdes_same(method.text, "inline")) return r.fail(problem::unknown_key_method, all);
    const bool has_fields = text.has('|');
    const word key_and_salt = text.cut('|');
    std::uint8_t bytes[max_key_len + max_salt_len];
    const core::wipe_at_exit guard(bytes);
    const std::size_t key_len = parameters(profile).key_len, salt_len = parameters(profile).salt_len;
    const mutable_bytes used = mutable_bytes(bytes).first(key_len + salt_len);
    if (!detail::decode_base64(key_and_salt.text, used)) return r.fail(problem::bad_key, key_and_salt);

    key_lifetime lifetime;
    std::uint8_t mki[max_mki_len];
    std::size_t mki_len = 0;
    if (has_fields) {
      const bool two_fields = text.has('|');
      word field = text.cut('|');
      // RFC 4568 6.1: a lifetime never has a colon, an MKI always.
      if (two_fields || !field.has(':')) {
        if (!read_lifetime(field.text, lifetime)) return r.fail(problem::bad_lifetime, field);
        field = text;
      }
      if (two_fields || field.has(':')) {
        if (!field.has(':')) return r.fail(problem::bad_mki, field);
        const word value = field.cut(':');
        mki_len = static_cast<std::size_t>(detail::sdes_number(field.text, max_mki_len));
        if (mki_len == 0) return r.fail(problem::bad_mki_length, field);
        if (!detail::sdes_big_number(value.text, mutable_bytes(mki).first(mki_len)))
          return r.fail(problem::bad_mki, value);
      }
    }
    auto made = keying_source<provenance::server_visible>::create(
        {profile, used.first(key_len), used.subspan(key_len), const_bytes(mki).first(mki_len)});
    if (!made) return r.fail(problem::bad_key, key_and_salt);
    into.emplace(sdes_key{std::move(*made), lifetime});
    return true;
  }

  static bool read_lifetime(std::string_view text, key_lifetime& into) noexcept {
    std::uint64_t packets;
    if (text.starts_with("2^")) {
      // 2^0 is a number too; an exponent of 0 has no leading zero.
      const std::string_view exponent = text.substr(2);
      const std::uint64_t n = detail::sdes_number(exponent, 48);
      if (n == 0 && exponent != "0") return false;
      packets = std::uint64_t{1} << n;
    } else {
      packets = detail::sdes_number(text, packet_index_end);
    }
    if (packets == 0) return false;
    into = {packets, packets < srtcp_index_end ? packets : srtcp_index_end};
    return true;
  }

  bool read_parameter(reader& r, const word& w, const sdes_policy& policy, unsigned& seen) noexcept {
    word value = w;
    const bool has_value = w.has('=');
    const std::string_view parameter = value.cut('=').text;
    const auto is = [&](std::string_view known, bool takes_value) {
      return detail::sdes_same(parameter, known) && has_value == takes_value;
    };
    const auto once = [&](unsigned bit) {
      const bool first = (seen & bit) == 0;
      seen |= bit;
      return first || r.fail(problem::repeated_parameter, w);
    };
    if (is("KDR", true)) {
      key_derivation_shift = static_cast<std::uint8_t>(detail::sdes_number(value.text, 24));
      return once(1) && (key_derivation_shift != 0 || r.fail(problem::bad_parameter, value));
    }
    if (is("UNENCRYPTED_SRTP", false)) {
      unencrypted_srtp = true;
      return once(2) && (policy.allow_unencrypted_srtp || r.fail(problem::refused_parameter, w));
    }
    if (is("UNENCRYPTED_SRTCP", false)) {
      unencrypted_srtcp = true;
      return once(4) && (policy.allow_unencrypted_srtcp || r.fail(problem::refused_parameter, w));
    }
    if (is("UNAUTHENTICATED_SRTP", false)) return r.fail(problem::refused_parameter, w);
    if (is("FEC_ORDER", true)) {
      const bool after = detail::sdes_same(value.text, "SRTP_FEC");
      if (!after && !detail::sdes_same(value.text, "FEC_SRTP")) return r.fail(problem::bad_parameter, value);
      fec_order = after ? sdes_fec_order::srtp_fec : sdes_fec_order::fec_srtp;
      return once(8);
    }
    if (is("FEC_KEY", true)) {
      if (!once(16) || !read_keys(r, value, fec_keys)) return false;
      return !share_key(keys, fec_keys) || r.fail(problem::repeated_key, value);
    }
    if (is("WSH", true)) {
      window_size_hint = static_cast<std::uint32_t>(detail::sdes_number(value.text, 0xffffffffu));
      return once(32) && (window_size_hint >= 64 || r.fail(problem::bad_parameter, value));
    }
    // RFC 4568 6.3.7, 9.2: "-" makes an unknown parameter optional, and its name doesn't begin with another.
    if (w.text.size() > 1 && w.text[0] == '-' && w.text[1] != '-') return true;
    return r.fail(problem::unknown_parameter, w);
  }

  static void write_keys(detail::sdes_writer& w, const sdes_keys& keys) noexcept {
    for (std::size_t i = 0; i < count(keys); ++i) {
      if (i != 0) w.text(";");
      const keying& k = keys[i]->keying;
      std::uint8_t bytes[max_key_len + max_salt_len];
      const core::wipe_at_exit guard(bytes);
      const std::size_t key_len = k.expose_key().size(), salt_len = k.expose_salt().size();
      core::copy(bytes, k.expose_key().data(), key_len);
      core::copy(bytes + key_len, k.expose_salt().data(), salt_len);
      w.text("inline:");
      w.base64(const_bytes(bytes).first(key_len + salt_len));
      write_lifetime(w, keys[i]->lifetime.rtp_packets);
      if (!k.mki().empty()) {
        w.text("|");
        w.big_number(k.mki());
        w.text(":");
        w.number(k.mki().size());
      }
    }
  }
  static void write_lifetime(detail::sdes_writer& w, std::uint64_t packets) noexcept {
    if (packets == packet_index_end) return;  // the default
    w.text("|");
    if ((packets & (packets - 1)) != 0) return w.number(packets);
    std::uint64_t n = 0;
    while ((std::uint64_t{1} << n) != packets) ++n;
    w.text("2^");
    w.number(n);
  }
};

}  // namespace sotto::inline SOTTO_ABI::srtp
