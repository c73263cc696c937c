// SPDX-License-Identifier: BSL-1.0
// AES in counter mode (NIST SP 800-38A 6.5) with a 128-bit big-endian counter, and single AES blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../kernels/aes/select.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// A keyed AES key stream. It authenticates nothing: use an AEAD unless a standard asks for this mode. Move-only and
/// wiped. Const calls may run on several threads at once.
class aes_ctr {
 public:
  static constexpr std::size_t block_len = kernels::aes::block_len;

  /// Expands a key of 16, 24 or 32 bytes (secret). Errors: invalid_key_length.
  /// The second form takes one of kernels::aes::candidates() that this machine can run.
  static result<aes_ctr> create(const_bytes key) noexcept { return create(key, kernels::aes::select()); }
  static result<aes_ctr> create(const_bytes key, const kernels::aes::kernel& kernel) noexcept {
    if (key.size() != 16 && key.size() != 24 && key.size() != 32) return failure{error::invalid_key_length};
    return aes_ctr(key, kernel);
  }

  /// XORs in with the key stream that starts at the 16-byte counter block and writes it to out. In place or disjoint.
  /// Errors: buffer_too_small, overlapping_buffers; out is untouched then. A counter block must never repeat for a key.
  result<mutable_bytes> apply(std::span<const std::uint8_t, block_len> counter, const_bytes in,
                              mutable_bytes out) const noexcept {
    if (out.size() < in.size()) return failure{error::buffer_too_small};
    out = out.first(in.size());
    if (!core::same_or_disjoint(in, out)) return failure{error::overlapping_buffers};
    std::uint8_t block[block_len];
    const core::wipe_at_exit guard(block);  // key derivation's counters hold the master salt
    core::copy(block, counter.data(), block_len);
    std::size_t done = 0;
    while (done < in.size()) {
      // The kernel's counter has 32 bits: stop where it wraps and carry by hand.
      const std::uint64_t blocks_to_wrap = (std::uint64_t{1} << 32) - core::load_be32(block + 12);
      const std::uint64_t left = in.size() - done;
      const std::uint64_t now = left / block_len < blocks_to_wrap ? left : blocks_to_wrap * block_len;
      kernel_->ctr(key_.expose(), block, in.data() + done, out.data() + done, static_cast<std::size_t>(now));
      done += static_cast<std::size_t>(now);
      core::store_be32(block + 12, 0);
      for (int i = 11; i >= 0 && ++block[i] == 0; --i) {
      }
    }
    return out;
  }

  /// Encrypts whole 16-byte blocks one by one (ECB), a building block for key derivation. In place or disjoint.
  /// Errors: invalid_argument if in is no whole number of blocks, buffer_too_small, overlapping_buffers.
  result<mutable_bytes> encrypt_blocks(const_bytes in, mutable_bytes out) const noexcept {
    if (in.size() % block_len != 0) return failure{error::invalid_argument};
    if (out.size() < in.size()) return failure{error::buffer_too_small};
    out = out.first(in.size());
    if (!core::same_or_disjoint(in, out)) return failure{error::overlapping_buffers};
    kernel_->encrypt_blocks(key_.expose(), in.data(), out.data(), in.size() / block_len);
    return out;
  }

  const char* kernel_name() const noexcept { return kernel_->name; }

 private:
  aes_ctr(const_bytes key, const kernels::aes::kernel& kernel) noexcept : kernel_(&kernel) {
    kernel.expand(key_.expose(), key.data(), key.size());
  }

  core::secret<kernels::aes::key> key_;
  const kernels::aes::kernel* kernel_;
};

}  // namespace sotto::inline SOTTO_ABI::crypto
