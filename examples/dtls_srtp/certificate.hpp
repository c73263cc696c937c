// SPDX-License-Identifier: BSL-1.0
// A self-signed certificate for one call, and the fingerprint by which the other end knows it (RFC 8122 5, RFC
// 8827 6.5).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "openssl.hpp"

namespace examples {

/// SHA-256 of the certificate in DER.
using fingerprint = std::array<std::uint8_t, 32>;

struct certificate {
  evp_pkey_ptr key;  ///< Secret; OpenSSL overwrites it when it frees it.
  x509_ptr x509;
};

/// A new key on P-256 and a certificate of it. Names nobody: only the fingerprint counts, and a name that stayed the
/// same would tell calls of the same user.
certificate make_certificate();

fingerprint fingerprint_of(const X509& x509);

/// Pairs of upper-case hex digits between colons, and back. Throws std::runtime_error if the text is anything else;
/// accepts lower case.
std::string to_text(const fingerprint& f);
fingerprint parse_fingerprint(std::string_view text);

}  // namespace examples
