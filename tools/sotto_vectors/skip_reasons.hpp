// SPDX-License-Identifier: BSL-1.0
// Why cases of more than one format are skipped.
#pragma once

namespace vectors {

inline constexpr char gcm_nonce_reason[] = "AES-GCM nonces other than 96 bits aren't part of the library";
inline constexpr char decryption_reason[] = "AES decryption isn't part of the library";

}  // namespace vectors
