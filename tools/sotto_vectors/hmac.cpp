// SPDX-License-Identifier: BSL-1.0
// HMAC on every kernel of its hash.
#include "hmac.hpp"

#include <cstdint>
#include <sotto/crypto/hmac.hpp>
#include <span>

namespace vectors {
namespace {

using sotto::crypto::hmac;

template <class Hash>
bytes computed(const hmac<Hash>& mac, const bytes& message) {
  bytes out(Hash::digest_len);
  mac.compute(message, std::span<std::uint8_t, Hash::digest_len>(out));
  return out;
}

template <class Hash, class Body>
void with_each(report& r, const hmac_vector& v, const Body& body) {
  if (v.tag.empty() || v.tag.size() > Hash::digest_len)
    throw malformed("HMAC: not a tag of 1 to " + std::to_string(Hash::digest_len) + " bytes");
  on_each_hash<Hash>(r, [&](const auto& table, const std::string& kernel) { body(hmac<Hash>(v.key, table), kernel); });
}

}  // namespace

template <class Hash>
void check_hmac_valid(report& r, test_case& c, const hmac_vector& v) {
  with_each<Hash>(r, v, [&](const hmac<Hash>& mac, const std::string& kernel) {
    const bytes whole = computed(mac, v.message);
    c.same(kernel, "tag", v.tag, sotto::const_bytes(whole).first(v.tag.size()));
    // Shorter tags are the packet transform's business: verify refuses them whatever they hold.
    const bool long_enough = v.tag.size() >= hmac<Hash>::min_tag_len;
    c.require(kernel, mac.verify(v.message, v.tag).has_value() == long_enough,
              long_enough ? "the tag was refused" : "a tag below the minimum length was accepted");
    bytes changed = v.tag;
    changed.back() ^= 1;
    c.require(kernel, !mac.verify(v.message, changed), "a changed tag was accepted");
  });
}

template <class Hash>
void check_hmac_invalid(report& r, test_case& c, const hmac_vector& v) {
  with_each<Hash>(r, v, [&](const hmac<Hash>& mac, const std::string& kernel) {
    c.require(kernel, !mac.verify(v.message, v.tag), "an invalid tag was accepted");
    const bytes whole = computed(mac, v.message);
    c.require(kernel, !equal(v.tag, sotto::const_bytes(whole).first(v.tag.size())), "computing gave the invalid tag");
  });
}

template void check_hmac_valid<sha1>(report&, test_case&, const hmac_vector&);
template void check_hmac_valid<sha256>(report&, test_case&, const hmac_vector&);
template void check_hmac_valid<sha512>(report&, test_case&, const hmac_vector&);
template void check_hmac_invalid<sha1>(report&, test_case&, const hmac_vector&);
template void check_hmac_invalid<sha256>(report&, test_case&, const hmac_vector&);
template void check_hmac_invalid<sha512>(report&, test_case&, const hmac_vector&);

}  // namespace vectors
