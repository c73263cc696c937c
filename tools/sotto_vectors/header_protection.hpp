// SPDX-License-Identifier: BSL-1.0
// The JSON cases of the two ways to encrypt RTP headers, on every kernel.
#pragma once

#include "json_case.hpp"
#include "report.hpp"

namespace vectors {

/// Cryptex: a packet with its master key and all that is derived from it (RFC 9335 A).
void run_cryptex_case(const json_case& v, report& r);
/// An extension whose elements are encrypted, with session keys and key stream (RFC 6904 A.2).
void run_header_extension_case(const json_case& v, report& r);

}  // namespace vectors
