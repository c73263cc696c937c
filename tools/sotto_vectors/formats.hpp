// SPDX-License-Identifier: BSL-1.0
// The kinds of vector files. Each function checks what it reads and throws `malformed` where the file breaks its form.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "report.hpp"

namespace vectors {

/// NIST response files: AES-ECB, AES-GCM, SHA, HMAC, SRTP key derivation.
void run_nist(std::string_view text, report& r);

/// C2SP/wycheproof, recognised by "algorithm" and "schema".
void run_wycheproof(const nlohmann::json& file, report& r);

/// An object with "vectors", whose kind shows in the fields of its first case. False: a kind that nobody here knows.
bool run_primitives(const nlohmann::json& file, report& r);
bool run_packets(const nlohmann::json& file, report& r);
bool run_noise(const nlohmann::json& file, report& r);

/// An object with "header", "aes_ctr_hmac" and "sframe" (RFC 9605 Appendix C). False: another kind.
bool run_sframe(const nlohmann::json& file, report& r);

}  // namespace vectors
