// SPDX-License-Identifier: BSL-1.0
// HKDF cases. Hash is crypto::sha1 or sha256.
#pragma once

#include <cstddef>

#include "bytes.hpp"
#include "hashes.hpp"
#include "report.hpp"

namespace vectors {

struct hkdf_vector {
  bytes input, salt, info;
  std::size_t size;  ///< of the output
  bytes output;
};

/// The output is what extracting and expanding give, whole and cut, on every kernel.
template <class Hash>
void check_hkdf_valid(report& r, test_case& c, const hkdf_vector& v);

/// There is no output of this size: expanding is refused as such and writes nothing.
template <class Hash>
void check_hkdf_too_long(report& r, test_case& c, const hkdf_vector& v);

}  // namespace vectors
