// SPDX-License-Identifier: BSL-1.0
// The hashes of the library, with the kernels and the name that each has in reports.
#pragma once

#include <sotto/crypto/sha1.hpp>
#include <sotto/crypto/sha2.hpp>
#include <string>

#include "kernels.hpp"

namespace vectors {

using sotto::crypto::sha1;
using sotto::crypto::sha256;
using sotto::crypto::sha512;

/// Calls body(kernel, "hash/name") for each kernel of Hash that this machine can run.
template <class Hash, class Body>
void on_each_hash(report& r, const Body& body) {
  if constexpr (std::is_same_v<Hash, sha1>)
    on_each(sotto::kernels::sha1::candidates(), "sha1", r, body);
  else if constexpr (std::is_same_v<Hash, sha256>)
    on_each(sotto::kernels::sha256::candidates(), "sha256", r, body);
  else
    on_each(sotto::kernels::sha512::candidates(), "sha512", r, body);
}

}  // namespace vectors
