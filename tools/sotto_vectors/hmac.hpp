// SPDX-License-Identifier: BSL-1.0
// HMAC cases, whichever file they come from. Hash is one of crypto::sha1, sha256 and sha512.
#pragma once

#include "bytes.hpp"
#include "hashes.hpp"
#include "report.hpp"

namespace vectors {

struct hmac_vector {
  bytes key, message;
  bytes tag;  ///< whole or truncated
};

/// The tag is what computing gives and verifying accepts, on every kernel.
template <class Hash>
void check_hmac_valid(report& r, test_case& c, const hmac_vector& v);

/// The tag isn't what computing gives, and verifying refuses it.
template <class Hash>
void check_hmac_invalid(report& r, test_case& c, const hmac_vector& v);

}  // namespace vectors
