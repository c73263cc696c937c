// SPDX-License-Identifier: BSL-1.0
// The general packet schema: SRTP and SRTCP packets with the master key they were protected under.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <sotto/srtp.hpp>
#include <string>
#include <string_view>

#include "formats.hpp"
#include "json_case.hpp"
#include "session_check.hpp"

namespace vectors {
namespace {

namespace srtp = sotto::srtp;

bool encrypts(srtp::profile p) { return srtp::parameters(p).cipher != srtp::cipher::null_hmac_sha1; }

srtp::protection_options options_of(const json_case& v) {
  srtp::protection_options o;
  if (v.has("cryptex") && v.flag("cryptex")) o.cryptex = srtp::cryptex::on;
  if (v.has("encrypted_header_extension_ids"))
    o.encrypted_extensions = v.extension_ids("encrypted_header_extension_ids");
  return o;
}

/// Why this build can't run a case; empty if it can.
std::string reason_to_skip(const json_case& v) {
  static constexpr std::string_view known[] = {"type",
                                               "profile",
                                               "master_key",
                                               "master_salt",
                                               "mki",
                                               "roc",
                                               "srtcp_index",
                                               "encrypted",
                                               "cryptex",
                                               "packet_plain",
                                               "packet_protected",
                                               "source",
                                               "comment",
                                               "note",
                                               "title",
                                               "encrypted_header_extension_ids"};
  for (const auto& name : v.field_names())
    if (std::find(std::begin(known), std::end(known), name) == std::end(known))
      return "the field \"" + name + "\" isn't supported";

  const std::string name = v.text("profile");
  const auto profile = profile_of(name);
  if (!profile) return "the profile " + name + " isn't part of the library";
  const bool encrypted = v.has("encrypted") ? v.flag("encrypted") : encrypts(*profile);
  if (encrypted && !encrypts(*profile)) return "encryption under a NULL profile, whose senders never set the E flag";
  if (!encrypted && encrypts(*profile) && v.text("type") == "srtp")
    return "unencrypted SRTP under an encrypting profile isn't part of the library";
  if (!srtp::check(options_of(v), *profile)) return "Cryptex under a NULL profile";
  return {};
}

session_vector read(const json_case& v) {
  session_vector out;
  out.rtcp = v.text("type") == "srtcp";
  out.profile = *profile_of(v.text("profile"));
  out.encrypted = v.has("encrypted") ? v.flag("encrypted") : encrypts(out.profile);
  out.key = v.hex("master_key");
  out.salt = v.hex("master_salt");
  if (v.has("mki")) out.mki = v.hex("mki");
  out.plain = v.hex("packet_plain");
  out.wire = v.hex("packet_protected");
  out.protection = options_of(v);
  if (out.plain.size() < (out.rtcp ? 8u : 12u) || out.wire.empty()) throw malformed(v.id() + ": shorter than a header");
  if (out.rtcp) {
    out.index = v.number("srtcp_index");
    if (out.index >> 31 != 0) throw malformed(v.id() + ": srtcp_index has more than 31 bits");
  } else {
    const std::uint64_t roc = v.number("roc");
    if (roc >> 32 != 0) throw malformed(v.id() + ": roc has more than 32 bits");
    out.index = roc << 16 | sotto::core::load_be16(out.plain.data() + 2);
  }
  return out;
}

void run(const json_case& test, report& r) {
  const std::string type = test.text("type");
  if (type != "srtp" && type != "srtcp") throw malformed(test.id() + ": unknown type \"" + type + '"');
  if (const std::string reason = reason_to_skip(test); !reason.empty()) return r.skip(reason);
  const session_vector v = read(test);
  r.run(test.id() + ' ' + type + ' ' + test.text("profile"), [&](test_case& c) { check_session(r, c, v); });
}

}  // namespace

bool run_packets(const json& file, report& r) {
  const auto cases = cases_of(file);
  for (const char* name : {"type", "profile", "master_key", "packet_plain", "packet_protected"})
    if (!cases.front().has(name)) return false;
  for (const auto& v : cases) run(v, r);
  return true;
}

}  // namespace vectors
