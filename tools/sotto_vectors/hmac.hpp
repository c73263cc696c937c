// SPDX-License-Identifier: BSL-1.0
// HMAC-SHA-1 cases, whichever file they come from.
#pragma once

#include "bytes.hpp"
#include "report.hpp"

namespace vectors {

/// `tag`, whole or truncated, is what computing gives and verifying accepts, on every kernel.
void check_hmac_sha1(report& r, test_case& c, const bytes& key, const bytes& message, const bytes& tag);

/// `tag` isn't what computing gives, and verifying refuses it.
void check_hmac_sha1_invalid(report& r, test_case& c, const bytes& key, const bytes& message, const bytes& tag);

}  // namespace vectors
