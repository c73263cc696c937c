// SPDX-License-Identifier: BSL-1.0
// HKDF on every kernel of its hash.
#include "hkdf.hpp"

#include <sotto/crypto/hkdf.hpp>

namespace vectors {
namespace {

namespace crypto = sotto::crypto;
using crypto::hkdf;

template <class Hash, class Body>
void with_each(report& r, const hkdf_vector& v, const Body& body) {
  on_each_hash<Hash>(r, [&](const auto& table, const std::string& kernel) {
    const auto prk = hkdf<Hash>::extract(crypto::hkdf_salt(v.salt), crypto::hkdf_input(v.input), table);
    body(prk, crypto::hkdf_info(sotto::const_bytes(v.info)), kernel);
  });
}

}  // namespace

template <class Hash>
void check_hkdf_valid(report& r, test_case& c, const hkdf_vector& v) {
  if (v.output.size() != v.size) throw malformed("HKDF: output and size contradict one another");
  with_each<Hash>(r, v, [&](const auto& prk, const crypto::hkdf_info& info, const std::string& kernel) {
    for (const std::size_t len : {v.size, v.size / 2, std::size_t{0}}) {
      guarded out(len);
      const auto expanded = hkdf<Hash>::expand(prk, info, out.span());
      if (c.require(kernel, expanded.has_value(), "expand failed"))
        c.same(kernel, "output of " + std::to_string(len) + " bytes", sotto::const_bytes(v.output).first(len),
               out.span());
      c.require(kernel, out.guard_intact(), "expand wrote behind its output");
    }
  });
}

template <class Hash>
void check_hkdf_too_long(report& r, test_case& c, const hkdf_vector& v) {
  with_each<Hash>(r, v, [&](const auto& prk, const crypto::hkdf_info& info, const std::string& kernel) {
    guarded out(v.size);
    const auto expanded = hkdf<Hash>::expand(prk, info, out.span());
    c.require(kernel, !expanded && expanded.error() == sotto::error::output_too_long,
              "an output beyond 255 digests wasn't refused as such");
    c.require(kernel, out.untouched(), "a refused expand wrote");
  });
}

template void check_hkdf_valid<sha1>(report&, test_case&, const hkdf_vector&);
template void check_hkdf_valid<sha256>(report&, test_case&, const hkdf_vector&);
template void check_hkdf_too_long<sha1>(report&, test_case&, const hkdf_vector&);
template void check_hkdf_too_long<sha256>(report&, test_case&, const hkdf_vector&);

}  // namespace vectors
