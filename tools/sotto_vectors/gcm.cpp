// SPDX-License-Identifier: BSL-1.0
// AES-GCM on every kernel, through the public API.
#include "gcm.hpp"

#include <cstdint>
#include <sotto/crypto/aes_gcm.hpp>
#include <span>

#include "kernels.hpp"

namespace vectors {
namespace {

using sotto::crypto::aes_gcm;

aes_gcm::nonce nonce_of(const gcm_vector& v) {
  return aes_gcm::nonce(std::span<const std::uint8_t, aes_gcm::nonce_len>(v.nonce.data(), aes_gcm::nonce_len));
}

/// Opening `sealed` fails as it should and leaves no trace, out of place and in place.
void check_refused(test_case& c, const std::string& kernel, const aes_gcm& key, const gcm_vector& v,
                   const bytes& sealed, const std::string& what) {
  guarded out(sealed.size() - aes_gcm::tag_len);
  const auto opened = key.open(nonce_of(v), v.aad, sealed, out.span());
  c.require(kernel, !opened && opened.error() == sotto::error::authentication_failed, what + " was accepted");
  c.require(kernel, out.untouched(), what + ": the output was written");

  bytes buffer = sealed;
  const auto text = sotto::mutable_bytes(buffer).first(sealed.size() - aes_gcm::tag_len);
  c.require(kernel, !key.open(nonce_of(v), v.aad, buffer, text), what + " was accepted in place");
  c.same(kernel, what + ": the input after a refusal in place", sealed, buffer);
}

/// Every way to seal and open, and one flipped bit per part of the message.
void check_round_trip(test_case& c, const std::string& kernel, const aes_gcm& key, const gcm_vector& v) {
  const auto n = nonce_of(v);
  guarded out(v.plaintext.size() + aes_gcm::tag_len);
  const auto result = key.seal(n, v.aad, v.plaintext, out.span());
  if (!c.require(kernel, result.has_value(), "seal failed")) return;
  const bytes sealed = copy_of(*result);
  const auto parts = sotto::const_bytes(sealed);
  if (!c.require(kernel, sealed.size() == v.plaintext.size() + aes_gcm::tag_len, "seal gave a wrong length")) return;
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
    gcm_vector other = v;
    other.aad.back() ^= 1;
    check_refused(c, kernel, key, other, sealed, "changed associated data");
  }
}

template <class Body>
void with_each_key(report& r, test_case& c, const gcm_vector& v, const Body& body) {
  on_each(sotto::kernels::aes_gcm::candidates, "aes_gcm", r, [&](const auto& table, const std::string& kernel) {
    const auto key = aes_gcm::create(v.key, table);
    if (c.require(kernel, key.has_value(), "the key was refused")) body(*key, kernel);
  });
}

}  // namespace

void check_gcm_valid(report& r, test_case& c, const gcm_vector& v) {
  with_each_key(r, c, v, [&](const aes_gcm& key, const std::string& kernel) { check_round_trip(c, kernel, key, v); });
}

void check_gcm_invalid(report& r, test_case& c, const gcm_vector& v) {
  const bytes sealed = joined(v.ciphertext, v.tag);
  with_each_key(r, c, v, [&](const aes_gcm& key, const std::string& kernel) {
    check_refused(c, kernel, key, v, sealed, "an invalid message");
    guarded out(v.plaintext.size() + aes_gcm::tag_len);
    const auto result = key.seal(nonce_of(v), v.aad, v.plaintext, out.span());
    if (c.require(kernel, result.has_value(), "seal failed"))
      c.require(kernel, !equal(sealed, *result), "seal gave the invalid message");
  });
}

void check_gcm_split_aad(report& r, test_case& c, const gcm_vector& v, std::size_t tail_len) {
  const bytes head(v.aad.begin(), v.aad.end() - static_cast<std::ptrdiff_t>(tail_len));
  const bytes tail(v.aad.end() - static_cast<std::ptrdiff_t>(tail_len), v.aad.end());
  with_each_key(r, c, v, [&](const aes_gcm& key, const std::string& kernel) {
    bytes text(v.plaintext.size()), tag(aes_gcm::tag_len), back(v.plaintext.size());
    const auto packet = [&](const bytes& in, bytes& out) {
      return sotto::kernels::aead_packet{v.nonce.data(), head.data(), head.size(), tail.data(),
                                         tail.size(),    in.data(),   out.data(),  in.size()};
    };
    key.seal_packet(packet(v.plaintext, text), tag.data());
    c.same(kernel, "ciphertext with split associated data", v.ciphertext, text);
    c.same(kernel, "tag with split associated data", v.tag, tag);
    c.require(kernel, key.open_packet(packet(v.ciphertext, back), tag.data()), "split associated data: open failed");
    c.same(kernel, "plaintext with split associated data", v.plaintext, back);
  });
}

}  // namespace vectors
