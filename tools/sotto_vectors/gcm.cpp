// SPDX-License-Identifier: BSL-1.0
// AES-GCM on every kernel, through the public API.
#include "gcm.hpp"

#include <sotto/crypto/aes_gcm.hpp>

#include "kernels.hpp"

namespace vectors {
namespace {

using sotto::crypto::aes_gcm;

template <class Body>
void with_each_key(report& r, test_case& c, const aead_vector& v, const Body& body) {
  on_each(sotto::kernels::aes_gcm::candidates(), "aes_gcm", r, [&](const auto& table, const std::string& kernel) {
    const auto key = aes_gcm::create(v.key, table);
    if (c.require(kernel, key.has_value(), "the key was refused")) body(*key, kernel);
  });
}

}  // namespace

void check_gcm_valid(report& r, test_case& c, const aead_vector& v) {
  with_each_key(r, c, v, [&](const aes_gcm& key, const std::string& kernel) { check_round_trip(c, kernel, key, v); });
}

void check_gcm_invalid(report& r, test_case& c, const aead_vector& v) {
  with_each_key(r, c, v, [&](const aes_gcm& key, const std::string& kernel) { check_invalid(c, kernel, key, v); });
}

void check_gcm_split_aad(report& r, test_case& c, const aead_vector& v, std::size_t tail_len) {
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
