// SPDX-License-Identifier: BSL-1.0
// Many messages in one call: the jobs, and how they are gathered for kernels that take many packets at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "aead.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// One message of a batch with its own key, nonce and buffers, under the rules of A's seal and open.
template <class A>
struct aead_job {
  const A* key;
  crypto::nonce<A::nonce_len> nonce;
  const_bytes aad;
  const_bytes in;     ///< plaintext to seal, or ciphertext ‖ tag to open
  mutable_bytes out;  ///< ciphertext ‖ tag, or plaintext
  /// What seal or open would have returned; until then, and without a key, invalid_argument.
  result<mutable_bytes> outcome = failure{error::invalid_argument};
};

namespace detail {

/// The range of addresses between the buffers put into it.
class hull {
 public:
  void add(const_bytes b) noexcept {
    const auto begin = reinterpret_cast<std::uintptr_t>(b.data()), end = begin + b.size();
    if (b.empty()) return;
    begin_ = begin < begin_ ? begin : begin_;
    end_ = end > end_ ? end : end_;
  }
  /// Never false for a buffer with a byte in common; now and then true for an empty one.
  bool may_meet(const_bytes b) const noexcept {
    const auto begin = reinterpret_cast<std::uintptr_t>(b.data()), end = begin + b.size();
    return static_cast<unsigned>(begin < end_) & static_cast<unsigned>(begin_ < end);
  }

 private:
  std::uintptr_t begin_ = UINTPTR_MAX, end_ = 0;
};

/// Jobs that wait for one call of a kernel. They share its table, and none writes what another reads or writes, so that
/// the call does what the jobs would have done one after the other.
template <bool Sealing, class Kernel, class KernelJob>
class batch {
 public:
  /// Where the next job is to be written, for add to take it up.
  KernelJob& next() noexcept {
    if (count_ == capacity) run();
    return jobs_[count_];
  }

  /// Takes up the checked job in next(). Those that wait run before unless it can run with them. The outcome must live
  /// until run().
  void add(const Kernel& kernel, result<mutable_bytes>& outcome) noexcept {
    if (count_ != 0 && (kernel_ != &kernel || !disjoint(jobs_[count_]))) {
      const KernelJob job = jobs_[count_];
      run();
      jobs_[0] = job;
    }
    kernel_ = &kernel;
    const KernelJob& job = jobs_[count_];
    aad_.add(aad(job));
    read_.add(read(job));
    written_.add(written(job));
    outcomes_[count_++] = &outcome;
  }

  /// Runs what waits.
  void run() noexcept {
    if (count_ == 0) return;
    if constexpr (Sealing) {
      kernel_->seal_batch(jobs_, count_);
    } else {
      kernel_->open_batch(jobs_, count_);
      for (std::size_t i = 0; i < count_; ++i)
        if (!jobs_[i].authentic) *outcomes_[i] = failure{error::authentication_failed};
    }
    count_ = 0;
    aad_ = read_ = written_ = {};
  }

 private:
  static constexpr std::size_t capacity = 16;  // as many as fill the widest vectors with the shortest packets

  static const_bytes aad(const KernelJob& j) noexcept { return {j.packet.aad, j.packet.aad_len}; }
  // The tag lies behind the text.
  static const_bytes read(const KernelJob& j) noexcept {
    return {j.packet.in, j.packet.text_len + (Sealing ? 0 : kernels::aead_tag_len)};
  }
  static const_bytes written(const KernelJob& j) noexcept {
    return {j.packet.out, j.packet.text_len + (Sealing ? kernels::aead_tag_len : 0)};
  }
  static bool overlap(const_bytes a, const_bytes b) noexcept {
    return core::overlap(a.data(), a.size(), b.data(), b.size());
  }

  /// The hulls answer for buffers in rising order; for others the pairs do.
  bool disjoint(const KernelJob& job) const noexcept {
    const const_bytes a = aad(job), r = read(job), w = written(job);
    if (!written_.may_meet(a) && !written_.may_meet(r) && !written_.may_meet(w) && !aad_.may_meet(w) &&
        !read_.may_meet(w))
      return true;
    for (std::size_t i = 0; i < count_; ++i) {
      const const_bytes other = written(jobs_[i]);
      if (overlap(other, a) || overlap(other, r) || overlap(other, w) || overlap(w, aad(jobs_[i])) ||
          overlap(w, read(jobs_[i])))
        return false;
    }
    return true;
  }

  const Kernel* kernel_ = nullptr;
  std::size_t count_ = 0;
  hull aad_, read_, written_;
  KernelJob jobs_[capacity];
  result<mutable_bytes>* outcomes_[capacity];
};

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::crypto
