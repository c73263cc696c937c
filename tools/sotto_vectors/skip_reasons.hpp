// SPDX-License-Identifier: BSL-1.0
// Why cases of more than one format are skipped.
#pragma once

namespace vectors {

inline constexpr char cryptex_reason[] = "this tool doesn't run Cryptex (RFC 9335) yet; the tests do";
inline constexpr char header_extension_reason[] = "this tool doesn't run encrypted header extensions (RFC 6904) yet; the tests do";
inline constexpr char gcm_nonce_reason[] = "AES-GCM nonces other than 96 bits aren't part of the library";
inline constexpr char decryption_reason[] = "AES decryption isn't part of the library";

}  // namespace vectors
