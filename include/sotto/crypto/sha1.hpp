// SPDX-License-Identifier: BSL-1.0
// SHA-1 (FIPS 180-4). Collisions are practical: use it only inside HMAC, where SRTP wants it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/secret.hpp"
#include "../kernels/sha1/select.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// SHA-1 over any number of pieces. The state may depend on secrets and is wiped at the end. One thread at a time.
class sha1 {
 public:
  static constexpr std::size_t block_len = kernels::sha1::block_len;
  static constexpr std::size_t digest_len = kernels::sha1::digest_len;
  using state = kernels::sha1::state;
  using kernel = kernels::sha1::kernel;

  static const kernel& best_kernel() noexcept { return kernels::sha1::select(); }

  explicit sha1(const kernel& k = best_kernel()) noexcept : sha1(kernels::sha1::initial_state, 0, k) {}
  /// Continues from the state after absorbed bytes, a whole number of blocks: what a cached HMAC pad is.
  sha1(const state& from, std::uint64_t absorbed, const kernel& k) noexcept : kernel_(&k) {
    context_.expose().chain = from;
    context_.expose().len = absorbed;
  }

  void update(const_bytes data) noexcept {
    auto& c = context_.expose();
    const std::size_t held = static_cast<std::size_t>(c.len % block_len);
    c.len += data.size();
    if (held != 0) {
      const std::size_t take = data.size() < block_len - held ? data.size() : block_len - held;
      core::copy(c.block + held, data.data(), take);
      data = data.subspan(take);
      if (held + take < block_len) return;
      kernel_->compress(c.chain, c.block, 1);
    }
    const std::size_t whole = data.size() / block_len;
    if (whole != 0) kernel_->compress(c.chain, data.data(), whole);
    data = data.subspan(whole * block_len);
    core::copy(c.block, data.data(), data.size());
  }

  /// Writes the 20-byte digest. The object is spent: further calls give a digest of nothing meaningful.
  void finish(std::span<std::uint8_t, digest_len> out) noexcept {
    auto& c = context_.expose();
    const std::uint64_t bits = c.len * 8;
    std::size_t held = static_cast<std::size_t>(c.len % block_len);
    c.block[held++] = 0x80;
    if (held > block_len - 8) {
      std::memset(c.block + held, 0, block_len - held);
      kernel_->compress(c.chain, c.block, 1);
      held = 0;
    }
    std::memset(c.block + held, 0, block_len - 8 - held);
    core::store_be64(c.block + block_len - 8, bits);
    kernel_->compress(c.chain, c.block, 1);
    for (std::size_t i = 0; i < 5; ++i) core::store_be32(out.data() + 4 * i, c.chain.h[i]);
  }

  /// The chaining value after whole blocks only; what HMAC caches.
  const state& chaining_value() const noexcept { return context_.expose().chain; }

 private:
  struct context {
    state chain;
    std::uint64_t len;
    std::uint8_t block[block_len];
  };
  core::secret<context> context_;
  const kernel* kernel_;
};

}  // namespace sotto::inline SOTTO_ABI::crypto
