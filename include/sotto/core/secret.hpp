// SPDX-License-Identifier: BSL-1.0
// Storage for secrets: wiped when it is moved from and when it ends, never compared, copied or printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include "abi.hpp"
#include "bytes.hpp"

namespace sotto::inline SOTTO_ABI::core {

/// Overwrites len bytes with zeros in a way that the optimiser must keep.
inline void wipe(void* p, std::size_t len) noexcept {
#if defined(__GNUC__) || defined(__clang__)
  if (len != 0) std::memset(p, 0, len);
  __asm__ volatile("" : : "r"(p) : "memory");
#else
  volatile auto* bytes = static_cast<volatile std::uint8_t*>(p);
  for (std::size_t i = 0; i < len; ++i) bytes[i] = 0;
#endif
}

/// Wipes an object of a plain type when the scope ends, whichever way it ends.
template <class T>
class wipe_at_exit {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit wipe_at_exit(T& object) noexcept : object_(object) {}
  wipe_at_exit(const wipe_at_exit&) = delete;
  wipe_at_exit& operator=(const wipe_at_exit&) = delete;
  ~wipe_at_exit() { wipe(&object_, sizeof object_); }

 private:
  T& object_;
};

/// A plain struct of secrets. Move-only; the source of a move is wiped, and so is the object when it ends.
/// Starts zeroed. Not thread-safe beyond concurrent reads.
template <class T>
class secret {
  static_assert(std::is_trivially_copyable_v<T> && std::is_default_constructible_v<T>);

 public:
  secret() noexcept : value_{} {}
  secret(secret&& other) noexcept : value_(other.value_) { other.clear(); }
  secret& operator=(secret&& other) noexcept {
    if (this != &other) {
      value_ = other.value_;
      other.clear();
    }
    return *this;
  }
  secret(const secret&) = delete;
  secret& operator=(const secret&) = delete;
  ~secret() { clear(); }

  /// The secret itself; every use of this name is a place where a secret leaves its guard.
  T& expose() noexcept { return value_; }
  const T& expose() const noexcept { return value_; }
  void clear() noexcept { wipe(&value_, sizeof value_); }

 private:
  T value_;
};

/// Up to Capacity secret bytes with their length. Move-only and wiped like `secret`.
template <std::size_t Capacity>
class secret_bytes {
 public:
  secret_bytes() noexcept = default;
  /// Copies the source; the caller checks source.size() <= Capacity beforehand (more is cut off).
  explicit secret_bytes(const_bytes source) noexcept : len_(source.size() < Capacity ? source.size() : Capacity) {
    copy(storage_.expose().bytes, source.data(), len_);
  }
  secret_bytes(secret_bytes&& other) noexcept
      : storage_(static_cast<secret<block>&&>(other.storage_)), len_(other.len_) {
    other.len_ = 0;
  }
  secret_bytes& operator=(secret_bytes&& other) noexcept {
    if (this != &other) {
      storage_ = static_cast<secret<block>&&>(other.storage_);
      len_ = other.len_;
      other.len_ = 0;
    }
    return *this;
  }

  const_bytes expose() const noexcept { return {storage_.expose().bytes, len_}; }
  std::size_t size() const noexcept { return len_; }

 private:
  struct block {
    std::uint8_t bytes[Capacity];
  };
  secret<block> storage_;
  std::size_t len_ = 0;
};

}  // namespace sotto::inline SOTTO_ABI::core
