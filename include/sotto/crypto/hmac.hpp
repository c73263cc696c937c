// SPDX-License-Identifier: BSL-1.0
// HMAC (RFC 2104, FIPS 198-1) with the states after both pads cached, so that a short message costs two compressions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "sha1.hpp"
#include "sha2.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// A keyed HMAC over Hash. Move-only and wiped. Const calls may run on several threads at once.
template <class Hash>
class hmac {
 public:
  static constexpr std::size_t tag_len = Hash::digest_len;
  /// Shortest tag that verify accepts: RFC 2104 section 5 asks for half the digest at least; SRTP's 32-bit tags are the
  /// packet transform's business.
  static constexpr std::size_t min_tag_len = Hash::digest_len / 2;

  /// Absorbs a key of any length (secret); keys beyond the hash's block are hashed first (RFC 2104 section 3).
  explicit hmac(const_bytes key, const typename Hash::kernel& kernel = Hash::best_kernel()) noexcept
      : kernel_(&kernel) {
    struct block {
      std::uint8_t bytes[Hash::block_len];
    };
    core::secret<block> pad;
    auto& bytes = pad.expose().bytes;
    if (key.size() > Hash::block_len) {
      Hash hash(kernel);
      hash.update(key);
      hash.finish(std::span<std::uint8_t, Hash::digest_len>(bytes, Hash::digest_len));
    } else {
      core::copy(bytes, key.data(), key.size());
    }
    for (auto& b : bytes) b ^= 0x36;
    states_.expose().inner = after_block(bytes);
    for (auto& b : bytes) b ^= 0x36 ^ 0x5c;
    states_.expose().outer = after_block(bytes);
  }

  /// A message in progress: update any number of times, then finish once.
  class context {
   public:
    void update(const_bytes data) noexcept { inner_.update(data); }
    void finish(std::span<std::uint8_t, tag_len> out) noexcept {
      inner_.finish(out);
      Hash outer(*outer_state_, Hash::block_len, *kernel_);
      outer.update(out);
      outer.finish(out);
    }

   private:
    friend class hmac;
    explicit context(const hmac& h) noexcept
        : inner_(h.states_.expose().inner, Hash::block_len, *h.kernel_),
          outer_state_(&h.states_.expose().outer),
          kernel_(h.kernel_) {}
    Hash inner_;
    const typename Hash::state* outer_state_;
    const typename Hash::kernel* kernel_;
  };

  /// Starts a message; the context refers to this object, which must outlive it and stay where it is.
  [[nodiscard]] context begin() const& noexcept { return context(*this); }
  context begin() && = delete;

  /// Writes the whole tag of one message.
  void compute(const_bytes message, std::span<std::uint8_t, tag_len> out) const noexcept {
    context c = begin();
    c.update(message);
    c.finish(out);
  }

  /// Compares a tag, whole or truncated to its first bytes, in constant time. Errors: authentication_failed, also for
  /// tags shorter than min_tag_len or longer than tag_len.
  result<void> verify(const_bytes message, const_bytes tag) const noexcept {
    if (tag.size() < min_tag_len || tag.size() > tag_len) return failure{error::authentication_failed};
    std::uint8_t expected[tag_len];
    compute(message, expected);
    const bool same = core::equal(expected, tag.data(), tag.size());
    core::wipe(expected, sizeof expected);
    if (!same) return failure{error::authentication_failed};
    return {};
  }

 private:
  typename Hash::state after_block(const_bytes block) const noexcept {
    Hash hash(*kernel_);
    hash.update(block);
    return hash.chaining_value();
  }

  struct pads {
    typename Hash::state inner, outer;
  };
  core::secret<pads> states_;
  const typename Hash::kernel* kernel_;
};

using hmac_sha1 = hmac<sha1>;
using hmac_sha256 = hmac<sha256>;
using hmac_sha512 = hmac<sha512>;

}  // namespace sotto::inline SOTTO_ABI::crypto
