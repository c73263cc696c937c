// SPDX-License-Identifier: BSL-1.0
// What an end of a DTLS-SRTP handshake takes: protocol, ciphers, SRTP profiles.
#pragma once

#include <sotto/srtp/profile.hpp>
#include <vector>

#include "certificate.hpp"
#include "openssl.hpp"

namespace examples {

/// The profiles that every OpenSSL with DTLS-SRTP knows.
std::vector<sotto::srtp::profile> dtls_profiles();

/// DTLS 1.2 with these SRTP profiles, best first. Verifies nobody yet: that takes a fingerprint.
ssl_ctx_ptr make_dtls_context(const std::vector<sotto::srtp::profile>& profiles, const certificate& own);

}  // namespace examples
