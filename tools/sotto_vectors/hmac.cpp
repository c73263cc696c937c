// SPDX-License-Identifier: BSL-1.0
// HMAC-SHA-1 on every SHA-1 kernel.
#include "hmac.hpp"

#include <cstdint>
#include <sotto/crypto/hmac.hpp>
#include <span>

#include "kernels.hpp"

namespace vectors {
namespace {

using sotto::crypto::hmac_sha1;

bytes computed(const hmac_sha1& mac, const bytes& message) {
  bytes out(hmac_sha1::tag_len);
  mac.compute(message, std::span<std::uint8_t, hmac_sha1::tag_len>(out));
  return out;
}

template <class Body>
void with_each(report& r, const bytes& key, const bytes& tag, const std::string& id, const Body& body) {
  if (tag.empty() || tag.size() > hmac_sha1::tag_len) throw malformed(id + ": not a tag of 1 to 20 bytes");
  on_each(sotto::kernels::sha1::candidates, "sha1", r,
          [&](const auto& table, const std::string& kernel) { body(hmac_sha1(key, table), kernel); });
}

}  // namespace

void check_hmac_sha1(report& r, test_case& c, const bytes& key, const bytes& message, const bytes& tag) {
  with_each(r, key, tag, "HMAC", [&](const hmac_sha1& mac, const std::string& kernel) {
    const bytes whole = computed(mac, message);
    c.same(kernel, "tag", tag, sotto::const_bytes(whole).first(tag.size()));
    // Shorter tags are the packet transform's business: verify refuses them whatever they hold.
    const bool long_enough = tag.size() >= hmac_sha1::min_tag_len;
    c.require(kernel, mac.verify(message, tag).has_value() == long_enough,
              long_enough ? "the tag was refused" : "a tag below the minimum length was accepted");
    bytes changed = tag;
    changed.back() ^= 1;
    c.require(kernel, !mac.verify(message, changed), "a changed tag was accepted");
  });
}

void check_hmac_sha1_invalid(report& r, test_case& c, const bytes& key, const bytes& message, const bytes& tag) {
  with_each(r, key, tag, "HMAC", [&](const hmac_sha1& mac, const std::string& kernel) {
    c.require(kernel, !mac.verify(message, tag), "an invalid tag was accepted");
    const bytes whole = computed(mac, message);
    c.require(kernel, !equal(tag, sotto::const_bytes(whole).first(tag.size())), "computing gave the invalid tag");
  });
}

}  // namespace vectors
