// SPDX-License-Identifier: BSL-1.0
// AEAD cases through a façade of sotto::crypto, whichever file and algorithm they come from.
#pragma once

#include <cstddef>
#include <sotto/core/result.hpp>
#include <sotto/crypto/aead.hpp>
#include <span>
#include <string>

#include "bytes.hpp"
#include "report.hpp"

namespace vectors {

struct aead_vector {
  bytes key, nonce, aad, plaintext, ciphertext;
  bytes tag;  ///< may be the first bytes of a longer tag
};

template <class Aead>
sotto::crypto::nonce<Aead::nonce_len> nonce_of(const aead_vector& v) {
  return sotto::crypto::nonce<Aead::nonce_len>(
      std::span<const std::uint8_t, Aead::nonce_len>(v.nonce.data(), Aead::nonce_len));
}

/// Opening `sealed` fails as it should and leaves no trace, out of place and in place.
template <class Aead>
void check_refused(test_case& c, const std::string& kernel, const Aead& key, const aead_vector& v, const bytes& sealed,
                   const std::string& what) {
  const auto n = nonce_of<Aead>(v);
  guarded out(sealed.size() - Aead::tag_len);
  const auto opened = key.open(n, v.aad, sealed, out.span());
  c.require(kernel, !opened && opened.error() == sotto::error::authentication_failed, what + " was accepted");
  c.require(kernel, out.untouched(), what + ": the output was written");

  bytes buffer = sealed;
  const auto text = sotto::mutable_bytes(buffer).first(sealed.size() - Aead::tag_len);
  c.require(kernel, !key.open(n, v.aad, buffer, text), what + " was accepted in place");
  c.same(kernel, what + ": the input after a refusal in place", sealed, buffer);
}

/// Sealing gives these bytes, opening them gives the plaintext, a flipped bit in each part of the message is refused;
/// in place and out of place.
template <class Aead>
void check_round_trip(test_case& c, const std::string& kernel, const Aead& key, const aead_vector& v) {
  const auto n = nonce_of<Aead>(v);
  guarded out(v.plaintext.size() + Aead::tag_len);
  const auto result = key.seal(n, v.aad, v.plaintext, out.span());
  if (!c.require(kernel, result.has_value(), "seal failed")) return;
  const bytes sealed = copy_of(*result);
  const auto parts = sotto::const_bytes(sealed);
  if (!c.require(kernel, sealed.size() == v.plaintext.size() + Aead::tag_len, "seal gave a wrong length")) return;
  c.same(kernel, "ciphertext", v.ciphertext, parts.first(v.plaintext.size()));
  c.same(kernel, "tag", v.tag, parts.subspan(v.plaintext.size(), v.tag.size()));
  c.require(kernel, out.guard_intact(), "seal wrote behind its output");

  bytes buffer = v.plaintext;
  buffer.resize(sealed.size());
  const auto in_place = key.seal(n, v.aad, sotto::const_bytes(buffer).first(v.plaintext.size()), buffer);
  c.require(kernel, in_place.has_value(), "seal in place failed");
  c.same(kernel, "seal in place", sealed, buffer);

  guarded text(v.plaintext.size());
  const auto opened = key.open(n, v.aad, sealed, text.span());
  if (c.require(kernel, opened.has_value(), "open failed")) c.same(kernel, "plaintext", v.plaintext, *opened);
  c.require(kernel, text.guard_intact(), "open wrote behind its output");

  const auto opened_in_place = key.open(n, v.aad, buffer, sotto::mutable_bytes(buffer).first(v.plaintext.size()));
  if (c.require(kernel, opened_in_place.has_value(), "open in place failed"))
    c.same(kernel, "plaintext in place", v.plaintext, *opened_in_place);

  bytes bad_tag = sealed;
  bad_tag.back() ^= 1;
  check_refused(c, kernel, key, v, bad_tag, "a changed tag");
  if (!v.ciphertext.empty()) {
    bytes bad_text = sealed;
    bad_text.front() ^= 0x80;
    check_refused(c, kernel, key, v, bad_text, "a changed ciphertext");
  }
  if (!v.aad.empty()) {
    aead_vector other = v;
    other.aad.back() ^= 1;
    check_refused(c, kernel, key, other, sealed, "changed associated data");
  }
}

/// Opening refuses these bytes and writes nothing; sealing doesn't produce them.
template <class Aead>
void check_invalid(test_case& c, const std::string& kernel, const Aead& key, const aead_vector& v) {
  const bytes sealed = joined(v.ciphertext, v.tag);
  check_refused(c, kernel, key, v, sealed, "an invalid message");
  guarded out(v.plaintext.size() + Aead::tag_len);
  const auto result = key.seal(nonce_of<Aead>(v), v.aad, v.plaintext, out.span());
  if (c.require(kernel, result.has_value(), "seal failed"))
    c.require(kernel, !equal(sealed, *result), "seal gave the invalid message");
}

}  // namespace vectors
