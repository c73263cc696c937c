// SPDX-License-Identifier: BSL-1.0
// SRTP key derivation on every AES kernel.
#include "key_derivation.hpp"

#include <sotto/srtp.hpp>

#include "kernels.hpp"

namespace vectors {

namespace aes = sotto::kernels::aes;
namespace srtp = sotto::srtp;

void check_derived(report& r, test_case& c, const derivation_vector& v, const std::string& what) {
  on_each_bound(
      aes::candidates(), +[]() -> const aes::kernel& { return aes::select(); }, "aes", r, c,
      [&](std::string_view, const std::string& kernel) {
        guarded out(v.expected.size());
        const auto derived = srtp::derive_key(v.master_key, v.master_salt, static_cast<srtp::key_label>(v.label),
                                              v.quotient, out.span());
        if (c.require(kernel, derived.has_value(), what + ": derivation failed"))
          c.same(kernel, what, v.expected, out.span());
        c.require(kernel, out.guard_intact(), what + ": derivation wrote behind its output");
      });
}

}  // namespace vectors
