// SPDX-License-Identifier: BSL-1.0
// AES-GCM cases, whichever file they come from.
#pragma once

#include <cstddef>

#include "aead_check.hpp"
#include "report.hpp"

namespace vectors {

/// Sealing gives these bytes, opening them gives the plaintext, a flipped bit is refused; in place and out of place,
/// on every kernel.
void check_gcm_valid(report& r, test_case& c, const aead_vector& v);

/// Opening refuses these bytes and writes nothing; sealing doesn't produce them.
void check_gcm_invalid(report& r, test_case& c, const aead_vector& v);

/// The packet calls, with the last `tail_len` bytes of the associated data elsewhere in memory.
void check_gcm_split_aad(report& r, test_case& c, const aead_vector& v, std::size_t tail_len);

}  // namespace vectors
