// SPDX-License-Identifier: BSL-1.0
// The vectors of RFC 9605 Appendix C: headers, the AEAD with short tags, and whole frames.
#include <array>
#include <cstddef>
#include <cstdint>
#include <sotto/crypto/hkdf.hpp>
#include <sotto/sframe.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "formats.hpp"
#include "json_case.hpp"
#include "kernels.hpp"

namespace vectors {
namespace {

namespace crypto = sotto::crypto;
namespace kernels = sotto::kernels;
namespace sframe = sotto::sframe;

sframe::cipher_suite suite_of(const json_case& v) {
  const std::uint64_t number = v.number("cipher_suite");
  const auto s = static_cast<sframe::cipher_suite>(number);
  if (number > 0xffff || sframe::parameters(s).key_len == 0) throw malformed(v.id() + ": no such cipher suite");
  return s;
}
sframe::header header_of(const json_case& v) {
  return {sframe::key_id(v.number("kid")), sframe::counter(v.number("ctr"))};
}

// --- Headers (RFC 9605 4.3) ---

void run_header(const json_case& v, report& r) {
  const sframe::header h = header_of(v);
  const bytes encoded = v.hex("encoded");
  r.run(v.id(), [&](test_case& c) {
    guarded out(encoded.size());
    const auto made = sframe::encode_header(h, out.span());
    if (c.require("header", made.has_value(), "encoding failed")) c.same("header", "encoding", encoded, *made);
    c.require("header", out.guard_intact(), "encoding wrote behind its output");
    const auto parsed = sframe::parse_header(encoded);
    if (c.require("header", parsed.has_value(), "the header was refused"))
      c.require("header", parsed->header == h && parsed->len == encoded.size(), "KID, CTR or length differ");
    for (std::size_t len = 0; len < encoded.size(); ++len)
      c.require("header", !sframe::parse_header(sotto::const_bytes(encoded).first(len)), "a cut header was accepted");
  });
}

// --- AES-CTR with HMAC (RFC 9605 4.5.1) ---

using compound = sframe::aes_ctr_hmac_sha256;

/// Sealing and opening in place and out of place; one flipped bit anywhere is refused.
void check_compound(test_case& c, const std::string& kernel, const compound& a, const json_case& v) {
  const bytes nonce_bytes = v.hex("nonce", compound::nonce_len), aad = v.hex("aad"), pt = v.hex("pt"), ct = v.hex("ct");
  const compound::nonce nonce{std::span<const std::uint8_t, compound::nonce_len>(nonce_bytes)};
  guarded sealed(ct.size()), opened(pt.size());
  const auto made = a.seal(nonce, aad, pt, sealed.span());
  if (c.require(kernel, made.has_value(), "seal failed")) c.same(kernel, "ciphertext and tag", ct, *made);
  const auto read = a.open(nonce, aad, ct, opened.span());
  if (c.require(kernel, read.has_value(), "open failed")) c.same(kernel, "plaintext", pt, *read);
  c.require(kernel, sealed.guard_intact() && opened.guard_intact(), "a call wrote behind its output");
  bytes buffer = pt;
  buffer.resize(ct.size());
  if (c.require(kernel, a.seal(nonce, aad, sotto::const_bytes(buffer).first(pt.size()), buffer).has_value(),
                "seal in place failed"))
    c.same(kernel, "ciphertext in place", ct, buffer);
  for (std::size_t i = 0; i < ct.size(); ++i) {
    bytes altered = ct;
    altered[i] ^= static_cast<std::uint8_t>(1u << (i % 8));
    guarded out(pt.size());
    c.require(kernel, !a.open(nonce, aad, altered, out.span()) && out.untouched(), "an altered message was accepted");
  }
}

void run_compound(const json_case& v, report& r) {
  const std::size_t tag_len = sframe::parameters(suite_of(v)).tag_len;
  const bytes key = v.hex("key", compound::key_len);
  r.run(v.id(), [&](test_case& c) {
    c.same("layout", "key", key, joined(v.hex("enc_key", 16), v.hex("auth_key", 32)));
    on_each(kernels::aes::candidates(), "aes", r, [&](const auto& aes, const std::string& aes_kernel) {
      on_each(kernels::sha256::candidates(), "sha256", r, [&](const auto& sha256, const std::string& kernel) {
        const auto a = compound::create(key, tag_len, aes, sha256);
        if (c.require(kernel, a.has_value(), "the key was refused"))
          check_compound(c, aes_kernel + ' ' + kernel, *a, v);
      });
    });
  });
}

// --- Frames (RFC 9605 4.4) ---

/// The steps between base key and frame, which are given, by the library's HKDF.
template <class Hash>
void check_steps(test_case& c, const json_case& v, const sframe::header& h) {
  const std::string where = "steps";
  using hkdf = crypto::hkdf<Hash>;
  const bytes base_key = v.hex("base_key"), secret = v.hex("sframe_secret", Hash::digest_len);
  std::uint8_t purpose[10];
  sotto::core::store_be64(purpose, h.kid.value());
  sotto::core::store_be16(purpose + 8, static_cast<std::uint16_t>(suite_of(v)));
  const auto extracted = hkdf::extract(crypto::hkdf_salt(), crypto::hkdf_input(sotto::const_bytes(base_key)));
  const auto given = hkdf::prk::from_uniform_key(secret);
  if (!c.require(where, given.has_value(), "sframe_secret was refused")) return;
  for (const auto& [words, label_field, field] :
       {std::array{"SFrame 1.0 Secret key ", "sframe_key_label", "sframe_key"},
        std::array{"SFrame 1.0 Secret salt ", "sframe_salt_label", "sframe_salt"}}) {
    const std::string_view text = words;
    const bytes label = joined({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, purpose);
    c.same(where, label_field, v.hex(label_field), label);
    const bytes expected = v.hex(field);
    bytes out(expected.size());
    for (const auto* prk : {&extracted, &*given}) {
      if (c.require(where, hkdf::expand(*prk, crypto::hkdf_info(sotto::const_bytes(label)), out).has_value(),
                    "expand failed"))
        c.same(where, field, expected, out);
    }
  }
  bytes nonce = v.hex("sframe_salt", sframe::nonce_len), head(sframe::header_len(h));
  for (std::size_t i = 0; i < 8; ++i) nonce[11 - i] ^= static_cast<std::uint8_t>(h.ctr.value() >> (8 * i));
  c.same(where, "nonce", v.hex("nonce"), nonce);
  if (c.require(where, sframe::encode_header(h, head).has_value(), "no header"))
    c.same(where, "aad", v.hex("aad"), joined(head, v.hex("metadata")));
}

/// Protecting and unprotecting in place and out of place; altered frames are refused, the genuine one accepted once.
void check_frame(test_case& c, const std::string& kernel, std::string_view expected_kernel, const json_case& v) {
  const sframe::header h = header_of(v);
  const auto s = suite_of(v);
  const bytes key = v.hex("base_key"), aad = v.hex("metadata"), pt = v.hex("pt"), ct = v.hex("ct");
  const sframe::metadata m{sotto::const_bytes(aad)};
  const auto base = [&] { return sframe::base_key::create(key).value(); };
  auto tx = sframe::sender::create(s, h.kid, base(), h.ctr), tx2 = sframe::sender::create(s, h.kid, base(), h.ctr);
  auto rx = sframe::receiver::create(s, h.kid, base()), rx2 = sframe::receiver::create(s, h.kid, base());
  if (!c.require(kernel, tx && tx2 && rx && rx2, "the base key was refused")) return;
  if (!expected_kernel.empty())
    c.require(kernel, tx->kernel_name() == expected_kernel, std::string("frames run on ") + tx->kernel_name());

  guarded sealed(ct.size()), opened(pt.size());
  const auto made = tx->protect(pt, sealed.span(), m);
  if (c.require(kernel, made.has_value(), "protect failed")) c.same(kernel, "frame", ct, *made);
  bytes buffer(sframe::max_header_len);
  buffer = joined(joined(buffer, pt), bytes(sframe::max_tag_len));
  const auto in_place = tx2->protect(sotto::mutable_bytes(buffer), pt.size(), m);
  if (c.require(kernel, in_place.has_value(), "protect in place failed"))
    c.same(kernel, "frame in place", ct, *in_place);

  for (std::size_t i = 0; i <= ct.size(); ++i) {
    bytes altered = ct;
    if (i == ct.size())
      altered.pop_back();
    else
      altered[i] ^= static_cast<std::uint8_t>(1u << (i % 8));
    guarded out(ct.size());
    c.require(kernel, !rx->unprotect(altered, out.span(), m) && out.untouched(),
              "a frame altered at byte " + std::to_string(i) + " was accepted or written");
  }
  const auto read = rx->unprotect(ct, opened.span(), m);
  if (c.require(kernel, read.has_value(), "unprotect failed")) c.same(kernel, "plaintext", pt, *read);
  const auto again = rx->unprotect(ct, opened.span(), m);
  c.require(kernel, !again && again.error() == sotto::error::replayed, "a replayed frame wasn't refused as such");
  c.require(kernel, sealed.guard_intact() && opened.guard_intact(), "a call wrote behind its output");
  bytes frame = ct;
  const auto read_in_place = rx2->unprotect(sotto::mutable_bytes(frame), m);
  if (c.require(kernel, read_in_place.has_value(), "unprotect in place failed"))
    c.same(kernel, "plaintext in place", pt, *read_in_place);
}

void run_frame(const json_case& v, report& r) {
  const auto p = sframe::parameters(suite_of(v));
  r.run(v.id(), [&](test_case& c) {
    const auto cipher = [&](std::string_view name, const std::string& kernel) { check_frame(c, kernel, name, v); };
    const auto hash = [&](std::string_view, const std::string& kernel) { check_frame(c, kernel, {}, v); };
    if (p.hash_len == 64) {
      check_steps<crypto::sha512>(c, v, header_of(v));
      on_each_bound(
          kernels::sha512::candidates(), +[]() -> const auto& { return kernels::sha512::select(); }, "sha512", r, c,
          hash);
    } else {
      check_steps<crypto::sha256>(c, v, header_of(v));
      on_each_bound(
          kernels::sha256::candidates(), +[]() -> const auto& { return kernels::sha256::select(); }, "sha256", r, c,
          hash);
    }
    if (p.tag_len == sframe::max_tag_len)
      on_each_bound(
          kernels::aes_gcm::candidates(), +[]() -> const auto& { return kernels::aes_gcm::select(); }, "aes_gcm", r, c,
          cipher);
    else
      on_each_bound(
          kernels::aes::candidates(), +[]() -> const auto& { return kernels::aes::select(); }, "aes", r, c, cipher);
  });
}

struct section {
  const char* name;
  void (*run)(const json_case&, report&);
};
constexpr section sections[] = {{"header", &run_header}, {"aes_ctr_hmac", &run_compound}, {"sframe", &run_frame}};

}  // namespace

bool run_sframe(const json& file, report& r) {
  for (const auto& s : sections)
    if (!file.contains(s.name) || !file[s.name].is_array()) return false;
  for (const auto& entry : file.items()) {
    bool known = false;
    for (const auto& s : sections) known = known || entry.key() == s.name;
    if (!known) throw malformed("SFrame vectors with a section \"" + entry.key() + "\", which nobody here knows");
  }
  for (const auto& s : sections) {
    std::size_t count = 0;
    for (const json& node : file[s.name])
      s.run(json_case(node, std::string(s.name) + ' ' + std::to_string(++count)), r);
    if (count == 0) throw malformed(std::string("no case in \"") + s.name + '"');
  }
  return true;
}

}  // namespace vectors
