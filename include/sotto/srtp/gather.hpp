// SPDX-License-Identifier: BSL-1.0
// Packets in pieces become one: kernels want one contiguous text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"

namespace sotto::inline SOTTO_ABI::srtp::detail {

/// Copies the pieces to the start of out, one behind the other, and returns them there. Errors: buffer_too_small,
/// overlapping_buffers (a piece within out, but for a first one at its start); nothing is written then.
inline result<mutable_bytes> gather(const_bytes first, std::span<const const_bytes> others,
                                    mutable_bytes out) noexcept {
  std::size_t left = out.size();
  if (first.size() > left) return failure{error::buffer_too_small};
  if (!core::same_or_disjoint(first, out)) return failure{error::overlapping_buffers};
  left -= first.size();
  for (const const_bytes piece : others) {
    if (piece.size() > left) return failure{error::buffer_too_small};
    if (core::overlap(piece.data(), piece.size(), out.data(), out.size())) return failure{error::overlapping_buffers};
    left -= piece.size();
  }
  if (first.data() != out.data()) core::copy(out.data(), first.data(), first.size());
  std::size_t at = first.size();
  for (const const_bytes piece : others) {
    core::copy(out.data() + at, piece.data(), piece.size());
    at += piece.size();
  }
  return out.first(at);
}

}  // namespace sotto::inline SOTTO_ABI::srtp::detail
