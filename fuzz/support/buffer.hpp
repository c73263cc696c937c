// SPDX-License-Identifier: BSL-1.0
// Memory that ends exactly where its contents do, at any alignment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>

#include "input.hpp"

namespace fuzz {

/// len bytes on the heap, `misaligned` bytes behind a 64-byte boundary. The address sanitizer sees the first byte
/// behind them; the few in front hold a canary.
class buffer {
 public:
  static constexpr std::uint8_t canary = 0xc5;
  static constexpr std::size_t alignment = 64;

  explicit buffer(std::size_t len, std::size_t misaligned = 0)
      : front_(misaligned % alignment), len_(len), memory_(allocate(front_ + len)) {
    std::memset(memory_.get(), canary, front_ + len_);
  }
  buffer(const bytes& content, std::size_t misaligned) : buffer(content.size(), misaligned) {
    if (len_ != 0) std::memcpy(data(), content.data(), len_);
  }

  std::uint8_t* data() { return memory_.get() + front_; }
  const std::uint8_t* data() const { return memory_.get() + front_; }
  std::size_t size() const { return len_; }
  std::span<std::uint8_t> span() { return {data(), len_}; }
  std::span<const std::uint8_t> span() const { return {data(), len_}; }

  /// Holds exactly this, and nothing was written in front.
  bool holds(const bytes& content) const {
    return front_intact() && content.size() == len_ && (len_ == 0 || std::memcmp(data(), content.data(), len_) == 0);
  }
  /// Nothing was written since construction without content.
  bool untouched() const { return front_intact() && all_canary(data(), len_); }

 private:
  struct release {
    void operator()(std::uint8_t* p) const { ::operator delete[](p, std::align_val_t(alignment)); }
  };
  static std::uint8_t* allocate(std::size_t len) {
    return static_cast<std::uint8_t*>(::operator new[](len, std::align_val_t(alignment)));
  }
  // memcmp, because instrumented loops over bytes would be most of a harness's work.
  static bool all_canary(const std::uint8_t* p, std::size_t len) {
    return len == 0 || (*p == canary && std::memcmp(p, p + 1, len - 1) == 0);
  }
  bool front_intact() const { return all_canary(memory_.get(), front_); }

  std::size_t front_;
  std::size_t len_;
  std::unique_ptr<std::uint8_t[], release> memory_;
};

}  // namespace fuzz
