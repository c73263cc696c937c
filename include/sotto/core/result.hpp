// SPDX-License-Identifier: BSL-1.0
// What every fallible call returns: a value or a named error. The useful subset of std::expected, the same in C++20
// and C++23, without exceptions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>

#include "abi.hpp"

namespace sotto::inline SOTTO_ABI {

/// Why a call failed. A failed call changed nothing but, where documented, a counter.
enum class error : std::uint8_t {
  authentication_failed = 1,  ///< The tag doesn't match: altered, truncated, or protected with another key.
  replayed,                   ///< A packet with this index was already accepted.
  too_old,                    ///< The index lies before the window of remembered packets.
  index_used,                 ///< A sender already protected a packet with this index.
  malformed_packet,           ///< The header contradicts itself or the length.
  malformed_attribute,        ///< A line of signalling that isn't what its standard says.
  packet_too_long,            ///< More payload than the cipher may encrypt under one packet's IV.
  message_too_long,           ///< More text than the cipher may encrypt under one nonce.
  output_too_long,            ///< More bytes than the key derivation gives from one key and purpose.
  buffer_too_small,           ///< The output doesn't fit; nothing was written.
  overlapping_buffers,        ///< Input and output overlap without being the same.
  invalid_key_length,         ///< The key has not the length that the algorithm or profile wants.
  invalid_salt_length,        ///< The master salt has not the length that the profile wants.
  invalid_mki_length,         ///< The master key identifier is longer than 128 bytes.
  invalid_argument,           ///< A parameter is outside its documented range.
  key_exhausted,              ///< The master key protected as many packets as it may; rekey.
  stream_table_full,          ///< No slot for another SSRC; remove one first.
  unknown_stream,             ///< No authenticated stream has this SSRC.
  unknown_mki,                ///< The packet names a master key that isn't held.
  unencrypted_header,   ///< Cryptex is required, but this packet's CSRCs or extension are or would be in the clear.
  key_table_full,       ///< No slot for another master key; remove one first.
  unsupported,          ///< This build or profile has no such feature.
  low_order_point,      ///< The peer's public key has low order: the shared secret would be all zeros.
  random_unavailable,   ///< The system's random source failed; nothing weaker is used instead.
  malformed_message,    ///< A handshake message or frame that is shorter than its parts, or contradicts itself.
  out_of_turn,          ///< The handshake waits for the other direction's message, or isn't finished.
  handshake_over,       ///< The handshake failed or was finished; only a new one helps.
  identity_mismatch,    ///< The peer's static key isn't the one that was pinned.
  commitment_mismatch,  ///< What was revealed isn't what was committed to: someone may be in the middle.
  attempts_exhausted,   ///< Too many attempts with this peer; a person has to decide how to go on.
  unknown_key,          ///< No key is held for this key identifier.
};

/// A constant English sentence without secrets or packet contents.
constexpr const char* message(error e) noexcept {
  switch (e) {
    case error::authentication_failed: return "authentication failed";
    case error::replayed: return "packet replayed";
    case error::too_old: return "packet older than the replay window";
    case error::index_used: return "packet index already used by this sender";
    case error::malformed_packet: return "malformed packet";
    case error::malformed_attribute: return "malformed attribute";
    case error::packet_too_long: return "packet too long for the cipher";
    case error::message_too_long: return "message too long for the cipher";
    case error::output_too_long: return "output too long for the key derivation";
    case error::buffer_too_small: return "output buffer too small";
    case error::overlapping_buffers: return "input and output overlap";
    case error::invalid_key_length: return "invalid key length";
    case error::invalid_salt_length: return "invalid salt length";
    case error::invalid_mki_length: return "invalid MKI length";
    case error::invalid_argument: return "invalid argument";
    case error::key_exhausted: return "master key exhausted";
    case error::stream_table_full: return "stream table full";
    case error::unknown_stream: return "unknown stream";
    case error::unknown_mki: return "unknown MKI";
    case error::unencrypted_header: return "CSRCs or header extension not encrypted";
    case error::key_table_full: return "master key table full";
    case error::unsupported: return "unsupported";
    case error::low_order_point: return "public key of low order";
    case error::random_unavailable: return "system randomness unavailable";
    case error::malformed_message: return "malformed message";
    case error::out_of_turn: return "message out of turn";
    case error::handshake_over: return "handshake failed or finished";
    case error::identity_mismatch: return "peer is not the one expected";
    case error::commitment_mismatch: return "commitment doesn't match";
    case error::attempts_exhausted: return "too many attempts";
    case error::unknown_key: return "unknown key identifier";
  }
  return "unknown error";
}

namespace core {
/// Stops the program in every build: continuing after reading a value that isn't there would be worse.
[[noreturn]] inline void trap() noexcept {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_trap();
#else
  std::abort();
#endif
}
}  // namespace core

/// The failing state of a result: `return failure{error::too_old};`
struct failure {
  error code;
};

namespace core {

/// A flag as wide as what it stands behind is aligned: a compiler that copies a result by words would otherwise load
/// eight bytes of which one was stored a moment ago, and wait until that store has left the processor.
template <std::size_t Alignment>
using wide_flag =
    std::conditional_t<Alignment == 8, std::uint64_t, std::conditional_t<Alignment == 4, std::uint32_t, bool>>;

/// Where a result keeps its value or error. The plain case first: results of spans and views are copied like integers,
/// which the packet path relies on (base classes, because Clang 14 has no conditionally trivial destructors).
template <class T, bool Plain = std::is_trivially_copyable_v<T>&& std::is_trivially_destructible_v<T>>
class result_storage {
 protected:
  explicit result_storage(sotto::error e) noexcept : error_(e), ok_(false) {}
  template <class... A>
  explicit result_storage(std::in_place_t, A&&... value) noexcept : value_(std::forward<A>(value)...), ok_(true) {}

  union {
    T value_;
    sotto::error error_;
  };
  wide_flag<alignof(T)> ok_;
};

template <class T>
class result_storage<T, false> {
 public:
  result_storage(const result_storage& other) noexcept requires std::is_copy_constructible_v<T> : ok_(other.ok_) {
    take(other);
  }
  result_storage(result_storage&& other) noexcept : ok_(other.ok_) { take(std::move(other)); }
  result_storage& operator=(const result_storage& other) noexcept requires std::is_copy_constructible_v<T> {
    if (this != &other) {
      reset();
      ok_ = other.ok_;
      take(other);
    }
    return *this;
  }
  result_storage& operator=(result_storage&& other) noexcept {
    if (this != &other) {
      reset();
      ok_ = other.ok_;
      take(std::move(other));
    }
    return *this;
  }

 protected:
  explicit result_storage(sotto::error e) noexcept : error_(e), ok_(false) {}
  template <class... A>
  explicit result_storage(std::in_place_t, A&&... value) noexcept : value_(std::forward<A>(value)...), ok_(true) {}
  ~result_storage() { reset(); }

  union {
    T value_;
    sotto::error error_;
  };
  bool ok_;

 private:
  template <class Other>
  void take(Other&& other) noexcept {
    if (ok_)
      ::new (static_cast<void*>(&value_)) T(std::forward<Other>(other).value_);
    else
      error_ = other.error_;
  }
  void reset() noexcept {
    if (ok_) value_.~T();
  }
};

}  // namespace core

/// A T or an error. Reading the value of a failed result traps in every build. Copies and moves as T does.
template <class T>
class [[nodiscard]] result : private core::result_storage<T> {
  using storage = core::result_storage<T>;

 public:
  using value_type = T;
  using error_type = sotto::error;

  result(T&& value) noexcept : storage(std::in_place, std::move(value)) {}
  result(const T& value) noexcept requires std::is_copy_constructible_v<T> : storage(std::in_place, value) {}
  result(failure f) noexcept : storage(f.code) {}
  result(sotto::error e) noexcept : storage(e) {}

  bool has_value() const noexcept { return this->ok_ != 0; }
  explicit operator bool() const noexcept { return this->ok_ != 0; }

  T& value() & noexcept { return checked(); }
  const T& value() const& noexcept { return checked(); }
  T&& value() && noexcept { return std::move(checked()); }
  T& operator*() & noexcept { return checked(); }
  const T& operator*() const& noexcept { return checked(); }
  T&& operator*() && noexcept { return std::move(checked()); }
  T* operator->() noexcept { return &checked(); }
  const T* operator->() const noexcept { return &checked(); }

  /// The error; traps if there is a value.
  sotto::error error() const noexcept {
    if (this->ok_) core::trap();
    return this->error_;
  }
  template <class U>
  T value_or(U&& other) const& noexcept {
    return this->ok_ ? this->value_ : static_cast<T>(std::forward<U>(other));
  }

 private:
  T& checked() noexcept {
    if (!this->ok_) core::trap();
    return this->value_;
  }
  const T& checked() const noexcept {
    if (!this->ok_) core::trap();
    return this->value_;
  }
};

/// Success without a value, or an error.
template <>
class [[nodiscard]] result<void> {
 public:
  using value_type = void;
  using error_type = sotto::error;

  constexpr result() noexcept = default;
  constexpr result(failure f) noexcept : error_(f.code), ok_(false) {}
  constexpr result(sotto::error e) noexcept : error_(e), ok_(false) {}

  constexpr bool has_value() const noexcept { return ok_; }
  constexpr explicit operator bool() const noexcept { return ok_; }
  /// Traps if the call failed.
  void value() const noexcept {
    if (!ok_) core::trap();
  }
  sotto::error error() const noexcept {
    if (ok_) core::trap();
    return error_;
  }

 private:
  sotto::error error_{};
  bool ok_ = true;
};

}  // namespace sotto::inline SOTTO_ABI
