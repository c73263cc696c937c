// SPDX-License-Identifier: BSL-1.0
// SRTP's AES counter mode with HMAC-SHA1 (RFC 3711 4.1.1, 4.2.1) as one operation per packet, so that the cipher runs
// in the shadow of SHA-1's latency.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"
#include "../aes/contract.hpp"
#include "../sha1/contract.hpp"

namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1 {

/// An expanded cipher key and the SHA-1 states after HMAC's two pad blocks (RFC 2104). Secret throughout.
struct key {
  aes::key cipher;
  sha1::state inner;
  sha1::state outer;
};

/// RFC 3711 4.1.1: the block counter has 16 bits, so one IV serves 2^16 blocks.
inline constexpr std::size_t max_text_len = std::size_t{1} << 20;

/// One packet. The message that is authenticated is header ‖ text ‖ suffix, where header and text lie side by side on
/// the protected side: the header_len bytes before `out` when sealing, before `in` when opening. A packet that is only
/// authenticated is all header, with text_len 0.
/// Preconditions: iv is 16 bytes whose last two are zero; suffix is 4 bytes (SRTP: the ROC; SRTCP: E and the index);
/// text_len <= max_text_len; in == out or disjoint. in and out are valid even if text_len is 0, and the header_len
/// bytes before the protected side are readable.
struct packet {
  const std::uint8_t* iv;
  const std::uint8_t* suffix;
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t header_len;
  std::size_t text_len;
};

struct kernel {
  /// cipher_key_len is 16, 24 or 32; auth_key is at most 64 bytes (SRTP: 20).
  void (*expand)(key&, const std::uint8_t* cipher_key, std::size_t cipher_key_len, const std::uint8_t* auth_key,
                 std::size_t auth_key_len) noexcept;
  /// Encrypts in to out and writes the first tag_len bytes (1 to 20) of the HMAC; tag may follow out directly.
  void (*seal)(const key&, const packet&, std::uint8_t* tag, std::size_t tag_len) noexcept;
  /// Compares tag_len bytes in constant time and only then decrypts. False: out is untouched.
  bool (*open)(const key&, const packet&, const std::uint8_t* tag, std::size_t tag_len) noexcept;
  const char* name;
};

}  // namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1
