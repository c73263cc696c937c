// SPDX-License-Identifier: BSL-1.0
// Cryptex (RFC 9335): whole sessions, and the cipher alone on the inputs that the RFC lays out.
#include <cstddef>
#include <cstdint>
#include <sotto/crypto/aes_ctr.hpp>
#include <sotto/srtp.hpp>
#include <string>

#include "gcm.hpp"
#include "header_protection.hpp"
#include "kernels.hpp"
#include "key_derivation.hpp"
#include "session_check.hpp"

namespace vectors {
namespace {

namespace srtp = sotto::srtp;
using sotto::crypto::aes_ctr;
using counter_block = std::span<const std::uint8_t, aes_ctr::block_len>;

session_vector read(const json_case& v) {
  session_vector out;
  const auto profile = profile_of(v.text("profile"));
  if (!profile) throw malformed(v.id() + ": unknown profile");
  out.profile = *profile;
  out.key = v.hex("master_key");
  out.salt = v.hex("master_salt");
  out.plain = v.hex("packet_plain");
  out.wire = v.hex("packet_protected");
  out.protection.cryptex = srtp::cryptex::on;
  const std::uint64_t roc = v.number("roc");
  if (roc >> 32 != 0) throw malformed(v.id() + ": roc has more than 32 bits");
  const auto packet = srtp::rtp_view::parse(out.plain);
  if (!packet || !packet->has_extension()) throw malformed(v.id() + ": packet_plain isn't RTP with an extension");
  if (packet->csrc_count() != v.number("csrc_count"))
    throw malformed(v.id() + ": csrc_count and packet_plain contradict one another");
  const std::size_t tag_len = srtp::parameters(*profile).rtp_tag_len;
  if (tag_len != v.number("tag_length_octets")) throw malformed(v.id() + ": tag_length_octets isn't the profile's");
  const bool whole = out.wire.size() == out.plain.size() + tag_len;
  if (!whole || out.wire[0] != out.plain[0])
    throw malformed(v.id() + ": packet_protected isn't packet_plain and a tag");
  out.index = roc << 16 | packet->sequence().value();
  return out;
}

/// What the cipher sees of a packet: all but the fixed header and the 4 bytes in front of the extension's data, which
/// stand behind the CSRCs (RFC 9335 6.2).
bytes text_of(const bytes& packet, std::size_t tag_len) {
  const auto whole = sotto::const_bytes(packet).first(packet.size() - tag_len);
  const std::size_t csrc_len = std::size_t{4} * (packet[0] & 0x0fu);
  return joined(whole.subspan(12, csrc_len), whole.subspan(12 + csrc_len + 4));
}

/// The AEAD's associated data: those 16 bytes as they are sent (RFC 9335 6.2).
bytes clear_part_of(const bytes& wire) {
  const std::size_t csrc_len = std::size_t{4} * (wire[0] & 0x0fu);
  return joined(sotto::const_bytes(wire).first(12), sotto::const_bytes(wire).subspan(12 + csrc_len, 4));
}

void check_key_stream(report& r, test_case& c, const json_case& v, const bytes& plaintext, const bytes& ciphertext) {
  const bytes key = v.hex("session_key"), iv = v.hex("iv", aes_ctr::block_len);
  on_each(sotto::kernels::aes::candidates(), "aes", r, [&](const auto& table, const std::string& kernel) {
    const auto aes = aes_ctr::create(key, table);
    if (!c.require(kernel, aes.has_value(), "the session key was refused")) return;
    bytes out(plaintext.size());
    if (c.require(kernel, aes->apply(counter_block(iv), plaintext, out).has_value(), "encryption failed"))
      c.same(kernel, "text encrypted under iv", ciphertext, out);
  });
}

}  // namespace

void run_cryptex_case(const json_case& v, report& r) {
  const session_vector s = read(v);
  const srtp::profile_parameters constants = srtp::parameters(s.profile);
  const bytes plaintext = v.hex("plaintext"), ciphertext = text_of(s.wire, constants.rtp_tag_len);
  r.run(v.id() + ' ' + v.text("profile"), [&](test_case& c) {
    c.same("layout", "plaintext", plaintext, text_of(s.plain, 0));
    check_derived(r, c, {s.key, s.salt, 0, 0, v.hex("session_key", constants.key_len)}, "session key");
    check_derived(r, c, {s.key, s.salt, 2, 0, v.hex("session_salt", constants.salt_len)}, "session salt");
    if (constants.cipher == srtp::cipher::aes_gcm) {
      const bytes aad = v.hex("aad");
      c.same("layout", "associated data", aad, clear_part_of(s.wire));
      const auto tag = sotto::const_bytes(s.wire).last(constants.rtp_tag_len);
      check_gcm_valid(r, c, {v.hex("session_key"), v.hex("iv", 12), aad, plaintext, ciphertext, copy_of(tag)});
    } else {
      check_derived(r, c, {s.key, s.salt, 1, 0, v.hex("auth_key", 20)}, "authentication key");
      check_key_stream(r, c, v, plaintext, ciphertext);
    }
    check_session(r, c, s);
  });
}

}  // namespace vectors
