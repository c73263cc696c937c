// SPDX-License-Identifier: BSL-1.0
// JSON vectors of single primitives: AES-CTR, AES-CM key streams, SRTP key derivation, and the packets of RFC 7714,
// whose session keys are given; those of RFC 8439, RFC 7748, RFC 6904 and RFC 9335 have files of their own.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <sotto/crypto/aes_ctr.hpp>
#include <sotto/kernels/aes_cm_hmac_sha1/select.hpp>
#include <sotto/srtp.hpp>
#include <span>
#include <string>
#include <vector>

#include "formats.hpp"
#include "gcm.hpp"
#include "header_protection.hpp"
#include "json_case.hpp"
#include "kernels.hpp"
#include "key_derivation.hpp"
#include "packet_check.hpp"
#include "rfc8439.hpp"
#include "x25519.hpp"

namespace vectors {
namespace {

namespace kernels = sotto::kernels;
namespace srtp = sotto::srtp;
using sotto::crypto::aes_ctr;
using counter_block = std::span<const std::uint8_t, aes_ctr::block_len>;

// --- AES-CTR (SP 800-38A F.5) ---

void run_ctr(const json_case& v, report& r) {
  const bytes key = v.hex("key"), counter = v.hex("initial_counter", aes_ctr::block_len);
  const bytes plaintext = v.hex("plaintext"), ciphertext = v.hex("ciphertext");
  r.run(v.id(), [&](test_case& c) {
    on_each(kernels::aes::candidates(), "aes", r, [&](const auto& table, const std::string& kernel) {
      const auto aes = aes_ctr::create(key, table);
      if (!c.require(kernel, aes.has_value(), "the key was refused")) return;
      guarded out(plaintext.size());
      const auto encrypted = aes->apply(counter_block(counter), plaintext, out.span());
      if (c.require(kernel, encrypted.has_value(), "encryption failed"))
        c.same(kernel, "ciphertext", ciphertext, *encrypted);
      c.require(kernel, out.guard_intact(), "encryption wrote behind its output");
      bytes buffer = ciphertext;
      if (c.require(kernel, aes->apply(counter_block(counter), buffer, buffer).has_value(), "decryption failed"))
        c.same(kernel, "plaintext", plaintext, buffer);
    });
  });
}

// --- AES-CM key streams (RFC 3711 B.2, RFC 6188 7.1 and 7.3) ---

struct stream_block {
  std::size_t offset;
  bytes counter, expected;
};

void check_stream(test_case& c, const std::string& kernel, const std::vector<stream_block>& blocks,
                  sotto::const_bytes stream) {
  for (const auto& block : blocks)
    c.same(kernel, "key stream at byte " + std::to_string(block.offset), block.expected,
           stream.subspan(block.offset, aes_ctr::block_len));
}

void run_key_stream(const json_case& v, report& r) {
  const bytes key = v.hex("key"), iv = v.hex("session_salt_shifted", aes_ctr::block_len);
  if (key.size() * 8 != v.number("aes_key_bits")) throw malformed(v.id() + ": key and aes_key_bits contradict");
  const std::uint64_t len = v.number("keystream_length_octets");
  if (len > kernels::aes_cm_hmac_sha1::max_text_len) throw malformed(v.id() + ": longer than one IV serves");
  // RFC 3711 4.1.1 shifts the salt by 16 bits; SSRC and index, which would be added, are zero in these vectors.
  for (const char* name : {"roc", "seq", "ssrc"})
    if (v.number(name) != 0) return r.skip(std::string("key streams with a ") + name + " other than 0");

  std::vector<stream_block> blocks;
  for (const json& node : v.array("blocks")) {
    const json_case block(node, v.id() + " block");
    const std::uint64_t index = block.number("block_index");
    if (index >= len / aes_ctr::block_len) throw malformed(block.id() + ": beyond the key stream");
    blocks.push_back({static_cast<std::size_t>(index) * aes_ctr::block_len, block.hex("counter", aes_ctr::block_len),
                      block.hex("keystream", aes_ctr::block_len)});
  }

  r.run(v.id(), [&](test_case& c) {
    const bytes zeros(static_cast<std::size_t>(len));
    on_each(kernels::aes::candidates(), "aes", r, [&](const auto& table, const std::string& kernel) {
      const auto aes = aes_ctr::create(key, table);
      if (!c.require(kernel, aes.has_value(), "the key was refused")) return;
      bytes stream(zeros.size());
      if (!c.require(kernel, aes->apply(counter_block(iv), zeros, stream).has_value(), "encryption failed")) return;
      check_stream(c, kernel, blocks, stream);
      for (const auto& block : blocks) {
        bytes one(aes_ctr::block_len);
        if (c.require(kernel, aes->apply(counter_block(block.counter), one, one).has_value(), "encryption failed"))
          c.same(kernel, "key stream from its counter", block.expected, one);
      }
    });
    // The packet kernels have a counter mode of their own. An authentication key and a suffix they must have.
    on_each(kernels::aes_cm_hmac_sha1::candidates(), "aes_cm_hmac_sha1", r,
            [&](const auto& table, const std::string& kernel) {
              const std::uint8_t auth_key[20] = {}, suffix[4] = {};
              kernels::aes_cm_hmac_sha1::key expanded{};
              table.expand(expanded, key.data(), key.size(), auth_key, sizeof auth_key);
              bytes stream(zeros.size()), tag(20);
              table.seal(expanded, {iv.data(), suffix, zeros.data(), stream.data(), 0, zeros.size()}, tag.data(),
                         tag.size());
              check_stream(c, kernel, blocks, stream);
            });
  });
}

// --- SRTP key derivation (RFC 3711 B.3, RFC 6188 7.2 and 7.4, RFC 6904 A.1) ---

void run_derivation(const json_case& v, report& r) {
  const std::uint64_t label = v.number("label");
  if (label > 255) throw malformed(v.id() + ": a label is one byte");
  const derivation_vector d{v.hex("master_key"), v.hex("master_salt"), static_cast<std::uint8_t>(label),
                            v.number("index_div_kdr"), v.hex("expected")};
  r.run(v.id() + ' ' + v.text("name"), [&](test_case& c) { check_derived(r, c, d, "derived key"); });
}

// --- Packets with session keys (RFC 7714 16 and 17) ---

/// What the packet's fields say about nonce, AAD and layout, for SRTP (RFC 7714 8) and SRTCP (RFC 7714 9).
struct gcm_layout {
  bytes nonce, aad, plaintext, trailer;
};

gcm_layout layout_of(const json_case& v, const bytes& plain) {
  const bool rtcp = v.has("srtcp_index"), encrypted = v.flag("encrypted");
  const std::size_t header_len = rtcp ? 8 : 12;
  if (plain.size() < header_len) throw malformed(v.id() + ": packet_plain is shorter than a header");
  const bytes salt = v.hex("salt", 12);
  const auto header = sotto::const_bytes(plain).first(encrypted ? header_len : plain.size());
  const auto ssrc = sotto::const_bytes(plain).subspan(rtcp ? 4 : 8, 4);

  gcm_layout out{salt, copy_of(header), copy_of(sotto::const_bytes(plain).subspan(header.size())), {}};
  const auto mix = [&out](std::size_t at, sotto::const_bytes part) {
    for (const std::uint8_t b : part) out.nonce[at++] ^= b;
  };
  mix(2, ssrc);
  if (rtcp) {
    out.trailer = v.hex("srtcp_index", 4);
    mix(8, out.trailer);
    if (encrypted) out.trailer[0] |= 0x80;
    out.aad = joined(out.aad, out.trailer);
  } else {
    // No CSRCs and no extension in these packets: the header is 12 bytes.
    if ((plain[0] & 0x1f) != 0) throw malformed(v.id() + ": CSRCs or an extension, which these vectors don't have");
    mix(6, v.hex("roc", 4));
    mix(10, sotto::const_bytes(plain).subspan(2, 2));
  }
  return out;
}

/// The same packets through the library's own layout, as far as it has it: RFC 7714's tag-only SRTP packets are none of
/// its profiles'.
void check_protection(report& r, test_case& c, const json_case& v, const bytes& plain, const bytes& wire) {
  const bool rtcp = v.has("srtcp_index"), encrypted = v.flag("encrypted");
  if (!rtcp && !encrypted) return;
  const auto profile = srtp::find_profile(v.text("profile"));
  if (!profile) throw malformed(v.id() + ": unknown profile");
  const bytes key = v.hex("key"), salt = v.hex("salt");
  const auto index = rtcp ? v.number("srtcp_index") : v.number("roc") << 16 | sotto::core::load_be16(plain.data() + 2);
  using protection = srtp::packet_protection<srtp::any_transform>;

  namespace gcm = kernels::aes_gcm;
  const auto check = [&](std::string_view name, const std::string& kernel) {
    const srtp::session_keys keys{.cipher_key = key, .salt = salt};
    const auto made = protection::from_session_keys(*profile, keys, keys);
    if (!c.require(kernel, made.has_value(), "the session keys were refused")) return;
    c.require(kernel, made->kernel_name() == name, std::string("the packets run on ") + made->kernel_name());
    const packet_call protect = [&](sotto::const_bytes in,
                                    sotto::mutable_bytes out) -> sotto::result<sotto::mutable_bytes> {
      if (rtcp) {
        const auto view = srtp::rtcp_view::parse(in);
        if (!view) return sotto::failure{view.error()};
        return made->protect_rtcp(*view, static_cast<std::uint32_t>(index), encrypted, out);
      }
      const auto view = srtp::rtp_view::parse(in);
      if (!view) return sotto::failure{view.error()};
      return made->protect_rtp(*view, srtp::packet_index(index), out);
    };
    const packet_call unprotect = [&](sotto::const_bytes in,
                                      sotto::mutable_bytes out) -> sotto::result<sotto::mutable_bytes> {
      if (rtcp) {
        const auto view = made->parse_srtcp(in);
        if (!view) return sotto::failure{view.error()};
        return made->unprotect_rtcp(*view, out);
      }
      const auto view = made->parse_srtp(in);
      if (!view) return sotto::failure{view.error()};
      return made->unprotect_rtp(*view, srtp::packet_index(index), out);
    };
    check_packet(c, kernel, plain, wire, {[&] { return protect; }, [&] { return unprotect; }, false});
  };
  on_each_bound(
      gcm::candidates(), +[]() -> const gcm::kernel& { return gcm::select(); }, "aes_gcm", r, c, check);
}

void run_rfc7714(const json_case& v, report& r) {
  const bytes plain = v.hex("packet_plain"), wire = v.hex("packet_protected");
  const gcm_layout layout = layout_of(v, plain);
  const aead_vector g{v.hex("key"),       v.hex("iv", 12),     v.hex("aad"),
                      v.hex("plaintext"), v.hex("ciphertext"), v.hex("tag", 16)};
  r.run(v.id(), [&](test_case& c) {
    c.same("layout", "nonce", g.nonce, layout.nonce);
    c.same("layout", "associated data", g.aad, layout.aad);
    c.same("layout", "plaintext", g.plaintext, layout.plaintext);
    const auto header = sotto::const_bytes(layout.aad).first(layout.aad.size() - layout.trailer.size());
    c.same("layout", "packet", wire, joined(joined(joined(header, g.ciphertext), g.tag), layout.trailer));
    check_gcm_valid(r, c, g);
    check_gcm_split_aad(r, c, g, layout.trailer.size());
    check_protection(r, c, v, plain, wire);
  });
}

struct kind {
  const char* fields[3];  ///< of the first case, all present
  void (*run)(const json_case&, report&);
};

constexpr kind kinds[] = {
    {{"initial_counter", "counter_blocks", "ciphertext"}, &run_ctr},
    {{"session_salt_shifted", "aes_key_bits", "blocks"}, &run_key_stream},
    {{"master_key", "label", "index_div_kdr"}, &run_derivation},
    {{"operation", "iv", "packet_protected"}, &run_rfc7714},
    {{"encrypted_ids", "mask", "ciphertext"}, &run_header_extension_case},
    {{"csrc_count", "packet_plain", "packet_protected"}, &run_cryptex_case},
    {{"type", "k", "u"}, &run_x25519_case},
    {{"counter_value", "key", "nonce"}, &run_chacha20_case},
    {{"poly1305_key", "nonce", "aad"}, &run_chacha20_poly1305_case},
    {{"key", "text", "tag"}, &run_poly1305_case},
};

}  // namespace

bool run_primitives(const json& file, report& r) {
  const auto cases = cases_of(file);
  const auto fits = [&](const kind& k) {
    return std::all_of(std::begin(k.fields), std::end(k.fields),
                       [&](const char* name) { return cases.front().has(name); });
  };
  const auto* found = std::find_if(std::begin(kinds), std::end(kinds), fits);
  if (found == std::end(kinds)) return false;
  for (const auto& c : cases) found->run(c, r);
  return true;
}

}  // namespace vectors
