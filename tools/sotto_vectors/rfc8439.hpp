// SPDX-License-Identifier: BSL-1.0
// The JSON cases of RFC 8439, on every kernel.
#pragma once

#include "json_case.hpp"
#include "report.hpp"

namespace vectors {

/// The AEAD with its one-time key (RFC 8439 2.8.2, A.5).
void run_chacha20_poly1305_case(const json_case& v, report& r);
/// The cipher: key stream, encryption, and the key that it makes for Poly1305 (RFC 8439 2.4.2, A.1, A.2, A.4).
void run_chacha20_case(const json_case& v, report& r);
/// The authenticator (RFC 8439 2.5.2, A.3).
void run_poly1305_case(const json_case& v, report& r);

}  // namespace vectors
