// SPDX-License-Identifier: BSL-1.0
// Encrypted elements of header extensions (RFC 6904): key stream, mask, and the cipher that combines them.
#include <cstddef>
#include <cstdint>
#include <sotto/crypto/aes_ctr.hpp>
#include <sotto/srtp.hpp>
#include <span>
#include <string>

#include "header_protection.hpp"
#include "kernels.hpp"

namespace vectors {
namespace {

namespace aes = sotto::kernels::aes;
namespace srtp = sotto::srtp;
using sotto::crypto::aes_ctr;

struct extension_vector {
  bytes key, salt, counter, plaintext, ciphertext, key_stream, mask, masked;
  srtp::extension_ids ids;
  srtp::extension_form form{};
  srtp::ssrc source{0};
  std::uint64_t index = 0;
};

extension_vector read(const json_case& v) {
  extension_vector out;
  out.key = v.hex("session_key");
  out.salt = v.hex("session_salt");
  out.counter = v.hex("initial_counter", aes_ctr::block_len);
  out.plaintext = v.hex("plaintext");
  const std::size_t len = out.plaintext.size();
  if (len == 0 || len != 4 * v.number("length_words"))
    throw malformed(v.id() + ": not length_words words of plaintext");
  out.ciphertext = v.hex("ciphertext", len);
  out.key_stream = v.hex("keystream", len);
  out.mask = v.hex("mask", len);
  out.masked = v.hex("keystream_masked", len);
  out.ids = v.extension_ids("encrypted_ids");
  const bytes form = v.hex("defined_by_profile", 2), roc = v.hex("roc", 4), seq = v.hex("seq", 2);
  out.form = srtp::form_of(sotto::core::load_be16(form.data()));
  out.source = srtp::ssrc(sotto::core::load_be32(v.hex("ssrc", 4).data()));
  out.index = std::uint64_t{sotto::core::load_be32(roc.data())} << 16 | sotto::core::load_be16(seq.data());
  return out;
}

/// Ones over the data of the chosen elements (RFC 6904 3).
bytes mask_of(const extension_vector& v) {
  bytes mask(v.plaintext.size());
  (void)srtp::for_each_element(v.form, v.plaintext, [&](const srtp::extension_element& e) {
    if (v.ids.contains(e.id))
      for (std::size_t i = 0; i < e.len; ++i) mask[e.offset + i] = 0xff;
  });
  return mask;
}

void check_cipher(test_case& c, const std::string& kernel, const extension_vector& v) {
  const auto stream_cipher = aes_ctr::create(v.key);
  const auto cipher = srtp::header_encryption::create(v.key, v.salt);
  if (!c.require(kernel, stream_cipher && cipher, "key or salt were refused")) return;
  bytes stream(v.key_stream.size());
  const auto counter = std::span<const std::uint8_t, aes_ctr::block_len>(v.counter);
  if (c.require(kernel, stream_cipher->apply(counter, stream, stream).has_value(), "no key stream"))
    c.same(kernel, "key stream", v.key_stream, stream);

  bytes data = v.plaintext;
  const auto apply = [&](srtp::ssrc source, std::uint64_t index) {
    return cipher->apply(v.form, data, v.ids, source, index).has_value();
  };
  if (c.require(kernel, apply(v.source, v.index), "encryption failed"))
    c.same(kernel, "ciphertext", v.ciphertext, data);
  if (c.require(kernel, apply(v.source, v.index), "decryption failed")) c.same(kernel, "plaintext", v.plaintext, data);
  // Decrypting elsewhere than at its SSRC and index gives something else.
  for (const std::uint32_t other : {0u, 1u}) {
    data = v.ciphertext;
    const bool applied = apply(srtp::ssrc(v.source.value() ^ other), v.index + 1 - other);
    c.require(kernel, applied && !equal(v.plaintext, data), "the key stream of another packet is the same");
  }
}

/// An extension cut off inside an element is refused and stays as it was.
void check_cut(test_case& c, const std::string& kernel, const extension_vector& v) {
  const auto cipher = srtp::header_encryption::create(v.key, v.salt);
  if (!cipher) return;
  for (std::size_t len = 0; len < v.plaintext.size(); ++len) {
    bytes data(v.plaintext.begin(), v.plaintext.begin() + static_cast<std::ptrdiff_t>(len));
    const bytes before = data;
    const bool sound = srtp::for_each_element(v.form, data, [](const srtp::extension_element&) {}).has_value();
    const auto applied = cipher->apply(v.form, data, v.ids, v.source, v.index);
    c.require(kernel, applied.has_value() == sound, "an extension cut inside an element wasn't refused");
    if (!sound) c.same(kernel, "a refused extension", before, data);
    if (sound) c.same(kernel, "ciphertext of the first elements", sotto::const_bytes(v.ciphertext).first(len), data);
  }
}

}  // namespace

void run_header_extension_case(const json_case& test, report& r) {
  const extension_vector v = read(test);
  r.run(test.id(), [&](test_case& c) {
    c.same("layout", "mask", v.mask, mask_of(v));
    bytes masked = v.key_stream, ciphertext = v.plaintext;
    for (std::size_t i = 0; i < masked.size(); ++i) masked[i] &= v.mask[i];
    c.same("layout", "masked key stream", v.masked, masked);
    for (std::size_t i = 0; i < masked.size(); ++i) ciphertext[i] ^= masked[i];
    c.same("layout", "ciphertext", v.ciphertext, ciphertext);
    on_each_bound(
        aes::candidates(), +[]() -> const aes::kernel& { return aes::select(); }, "aes", r, c,
        [&](std::string_view, const std::string& kernel) {
          check_cipher(c, kernel, v);
          check_cut(c, kernel, v);
        });
  });
}

}  // namespace vectors
