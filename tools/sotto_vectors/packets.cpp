// SPDX-License-Identifier: BSL-1.0
// The general packet schema: SRTP and SRTCP packets with the master key they were protected under.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <sotto/srtp.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "formats.hpp"
#include "json_case.hpp"
#include "kernels.hpp"
#include "packet_check.hpp"
#include "skip_reasons.hpp"

namespace vectors {
namespace {

namespace kernels = sotto::kernels;
namespace srtp = sotto::srtp;

struct packet_vector {
  bool rtcp = false;
  srtp::profile profile{};
  bytes key, salt, mki, plain, wire;
  std::uint64_t index = 0;  ///< the 48-bit packet index, or the SRTCP index
  bool encrypted = true;

  srtp::raw_keying keying() const { return {.profile = profile, .key = key, .salt = salt, .mki = mki}; }
  srtp::ssrc source() const { return srtp::ssrc(sotto::core::load_be32(plain.data() + (rtcp ? 4 : 8))); }

  /// A stream whose next packet is this one.
  template <class State>
  State state() const {
    State s;
    // Indices were checked when the vector was read, and the table is empty.
    if (rtcp)
      (void)s.add_stream(source(), srtp::packet_index(0), index);
    else
      (void)s.add_stream(source(), srtp::packet_index(index));
    return s;
  }
  auto make_sender() const {
    return srtp::sender::resume(keying(), state<srtp::sender::state>(), {.srtcp_encryption = encrypted});
  }
  auto make_receiver() const { return srtp::receiver::resume(keying(), state<srtp::receiver::state>()); }
};

/// The profile of an IANA name, or of "AES_CM_192_…" and "AES_CM_256_…", which follow the pattern of the 128-bit name.
sotto::result<srtp::profile> profile_of(std::string name) {
  for (const char* bits : {"192", "256"})
    if (const std::string pattern = std::string("AES_CM_") + bits + '_'; name.rfind(pattern, 0) == 0)
      name.replace(0, pattern.size(), std::string("AES_") + bits + "_CM_");
  return srtp::find_profile(name);
}

/// Why this build can't run a case; empty if it can.
std::string reason_to_skip(const json_case& v) {
  if (v.has("cryptex") && v.flag("cryptex")) return cryptex_reason;
  if (v.has("encrypted_header_extension_ids") && !v.array("encrypted_header_extension_ids").empty())
    return header_extension_reason;
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
  const bool encrypts = srtp::parameters(*profile).cipher != srtp::cipher::null_hmac_sha1;
  const bool encrypted = v.has("encrypted") ? v.flag("encrypted") : encrypts;
  if (encrypted && !encrypts) return "encryption under a NULL profile, whose senders never set the E flag";
  if (!encrypted && encrypts && v.text("type") == "srtp")
    return "unencrypted SRTP under an encrypting profile isn't part of the library";
  return {};
}

packet_vector read(const json_case& v) {
  packet_vector out;
  out.rtcp = v.text("type") == "srtcp";
  out.profile = *profile_of(v.text("profile"));
  out.encrypted =
      v.has("encrypted") ? v.flag("encrypted") : srtp::parameters(out.profile).cipher != srtp::cipher::null_hmac_sha1;
  out.key = v.hex("master_key");
  out.salt = v.hex("master_salt");
  if (v.has("mki")) out.mki = v.hex("mki");
  out.plain = v.hex("packet_plain");
  out.wire = v.hex("packet_protected");
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

packet_call sender_call(const packet_vector& v) {
  auto made = v.make_sender();
  if (!made) return failing(made.error());
  return [tx = std::make_shared<srtp::sender>(std::move(*made)), rtcp = v.rtcp](sotto::const_bytes in,
                                                                                sotto::mutable_bytes out) {
    if (in.data() == out.data()) return rtcp ? tx->protect_rtcp(out, in.size()) : tx->protect(out, in.size());
    return rtcp ? tx->protect_rtcp(in, out) : tx->protect(in, out);
  };
}

packet_call receiver_call(const packet_vector& v) {
  auto made = v.make_receiver();
  if (!made) return failing(made.error());
  return [rx = std::make_shared<srtp::receiver>(std::move(*made)), rtcp = v.rtcp](sotto::const_bytes in,
                                                                                  sotto::mutable_bytes out) {
    if (in.data() == out.data() && in.size() == out.size()) return rtcp ? rx->unprotect_rtcp(out) : rx->unprotect(out);
    return rtcp ? rx->unprotect_rtcp(in, out) : rx->unprotect(in, out);
  };
}

/// Both ends while only `name`'s features show. That they are bound to it isn't assumed but read from them.
void check_bound(test_case& c, std::string_view name, const std::string& kernel, const packet_vector& v) {
  const auto tx = v.make_sender();
  const auto rx = v.make_receiver();
  if (!tx || !rx) {
    c.require(kernel, false, std::string("the keys were refused: ") + sotto::message(!tx ? tx.error() : rx.error()));
    return;
  }
  c.require(kernel, tx->kernel_name() == name, std::string("the sender runs ") + tx->kernel_name());
  c.require(kernel, rx->kernel_name() == name, std::string("the receiver runs ") + rx->kernel_name());
  check_packet(c, kernel, v.plain, v.wire, {[&v] { return sender_call(v); }, [&v] { return receiver_call(v); }});
}

void run(const json_case& test, report& r) {
  const std::string type = test.text("type");
  if (type != "srtp" && type != "srtcp") throw malformed(test.id() + ": unknown type \"" + type + '"');
  if (const std::string reason = reason_to_skip(test); !reason.empty()) return r.skip(reason);
  const packet_vector v = read(test);
  r.run(test.id() + ' ' + type + ' ' + test.text("profile"), [&](test_case& c) {
    const auto check = [&](std::string_view name, const std::string& kernel) { check_bound(c, name, kernel, v); };
    namespace gcm = kernels::aes_gcm;
    namespace cm = kernels::aes_cm_hmac_sha1;
    if (srtp::parameters(v.profile).cipher == srtp::cipher::aes_gcm)
      on_each_bound(
          gcm::candidates(), +[]() -> const gcm::kernel& { return gcm::select(); }, "aes_gcm", r, c, check);
    else
      on_each_bound(
          cm::candidates(), +[]() -> const cm::kernel& { return cm::select(); }, "aes_cm_hmac_sha1", r, c, check);
  });
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
