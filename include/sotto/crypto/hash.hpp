// SPDX-License-Identifier: BSL-1.0
// The hashes of FIPS 180-4 over messages in pieces: holding back part of a block, padding, writing the digest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/secret.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// A hash over any number of pieces. Algorithm names the kernels' folder: `state`, `kernel`, block_len, digest_len,
/// length_len (bytes of the padding's length field), initial_state and select(). The state may depend on secrets and is
/// wiped when the object ends. One thread at a time.
template <class Algorithm>
class hash {
 public:
  static constexpr std::size_t block_len = Algorithm::block_len;
  static constexpr std::size_t digest_len = Algorithm::digest_len;
  using state = typename Algorithm::state;
  using kernel = typename Algorithm::kernel;

  static const kernel& best_kernel() noexcept { return Algorithm::select(); }

  explicit hash(const kernel& k = best_kernel()) noexcept : hash(Algorithm::initial_state, 0, k) {}
  /// Continues from the state after absorbed bytes, a whole number of blocks: what a cached HMAC pad is.
  hash(const state& from, std::uint64_t absorbed, const kernel& k) noexcept : kernel_(&k) {
    context_.expose().chain = from;
    context_.expose().len = absorbed;
  }

  /// Absorbs the next bytes of the message, which has fewer than 2^61 in all (SHA-512: 2^64). An empty piece is
  /// nothing.
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

  /// Writes the digest. The object is spent: further calls give a digest of nothing meaningful.
  void finish(std::span<std::uint8_t, digest_len> out) noexcept {
    auto& c = context_.expose();
    const std::uint64_t bits = c.len << 3, bits_above = c.len >> 61;
    std::size_t held = static_cast<std::size_t>(c.len % block_len);
    c.block[held++] = 0x80;
    if (held > block_len - Algorithm::length_len) {
      std::memset(c.block + held, 0, block_len - held);
      kernel_->compress(c.chain, c.block, 1);
      held = 0;
    }
    std::memset(c.block + held, 0, block_len - held);
    if constexpr (Algorithm::length_len == 16) core::store_be64(c.block + block_len - 16, bits_above);
    core::store_be64(c.block + block_len - 8, bits);
    kernel_->compress(c.chain, c.block, 1);
    constexpr std::size_t word_len = sizeof c.chain.h[0];
    for (std::size_t i = 0; i < digest_len / word_len; ++i) store(out.data() + word_len * i, c.chain.h[i]);
  }

  /// The chaining value after whole blocks only; what HMAC caches.
  const state& chaining_value() const noexcept { return context_.expose().chain; }

 private:
  static void store(std::uint8_t* p, std::uint32_t word) noexcept { core::store_be32(p, word); }
  static void store(std::uint8_t* p, std::uint64_t word) noexcept { core::store_be64(p, word); }

  struct context {
    state chain;
    std::uint64_t len;
    std::uint8_t block[block_len];
  };
  core::secret<context> context_;
  const kernel* kernel_;
};

}  // namespace sotto::inline SOTTO_ABI::crypto
