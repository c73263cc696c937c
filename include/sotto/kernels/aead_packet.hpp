// SPDX-License-Identifier: BSL-1.0
// One packet as an AEAD kernel sees it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"

namespace sotto::inline SOTTO_ABI::kernels {

/// Preconditions, which callers check once per packet and kernels rely on: nonce is 12 bytes; in == out or the text
/// ranges are disjoint; neither nonce nor AAD overlaps out; text_len is within the cipher's limit. A pointer may be
/// null where its length is 0. No pointer needs alignment. Opening one packet with a null out verifies and decrypts
/// nothing.
struct aead_packet {
  const std::uint8_t* nonce;  ///< 12 bytes
  const std::uint8_t* aad;    ///< authenticated, not encrypted
  std::size_t aad_len;
  const std::uint8_t* aad_tail;  ///< continues aad: SRTCP's index word, which lies elsewhere in the packet
  std::size_t aad_tail_len;      ///< 0 to 16
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t text_len;  ///< of in and of out
};

inline constexpr std::size_t aead_nonce_len = 12;
inline constexpr std::size_t aead_tag_len = 16;
inline constexpr std::size_t aead_aad_tail_max = 16;

}  // namespace sotto::inline SOTTO_ABI::kernels
