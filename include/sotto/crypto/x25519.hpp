// SPDX-License-Identifier: BSL-1.0
// X25519 (RFC 7748): key agreement whose secrets leave only through a key derivation.
//
// Public keys are any 32 bytes. As RFC 7748 section 5 has it, the top bit is ignored, values of 2^255 - 19 and more
// count modulo 2^255 - 19, and points of the curve's twist are as good as those of the curve: all of these agree. What
// doesn't is a point of low order, in whichever encoding: its shared secret would be all zeros, and that is
// error::low_order_point (RFC 7748 6.1).
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../kernels/x25519/select.hpp"
#include "hkdf.hpp"

namespace sotto::inline SOTTO_ABI::crypto::x25519 {

inline constexpr std::size_t key_len = kernels::x25519::key_len;

/// A point's u-coordinate as it is sent: 32 bytes, not secret. A plain value; equal if the bytes are, so that two
/// encodings of one point differ.
class public_key {
 public:
  explicit public_key(std::span<const std::uint8_t, key_len> bytes) noexcept {
    core::copy(bytes_, bytes.data(), key_len);
  }
  /// The same from bytes of unknown number. Errors: invalid_key_length.
  static result<public_key> parse(const_bytes bytes) noexcept {
    if (bytes.size() != key_len) return failure{error::invalid_key_length};
    return public_key(std::span<const std::uint8_t, key_len>(bytes.data(), key_len));
  }
  /// The key's bytes in place; those of a temporary, in which nothing could be looked at later, by value.
  std::span<const std::uint8_t, key_len> bytes() const& noexcept { return bytes_; }
  std::array<std::uint8_t, key_len> bytes() const&& noexcept {
    std::array<std::uint8_t, key_len> copy;
    core::copy(copy.data(), bytes_, key_len);
    return copy;
  }
  friend bool operator==(const public_key& a, const public_key& b) noexcept {
    return std::memcmp(a.bytes_, b.bytes_, key_len) == 0;
  }

 private:
  std::uint8_t bytes_[key_len];
};

namespace detail {

/// A secret scalar, its public key, and the kernel that both are for. Move-only and wiped; whoever was moved from is
/// spent, for a scalar of zeros would agree on secrets that everyone can compute.
class key_pair {
 public:
  using kernel = kernels::x25519::kernel;

  key_pair(key_pair&& other) noexcept
      : scalar_(std::move(other.scalar_)), public_(other.public_), kernel_(std::exchange(other.kernel_, nullptr)) {}
  key_pair& operator=(key_pair&& other) noexcept {
    if (this != &other) {
      scalar_ = std::move(other.scalar_);
      public_ = other.public_;
      kernel_ = std::exchange(other.kernel_, nullptr);
    }
    return *this;
  }

  template <random_source R>
  static result<key_pair> generate(R& random, const kernel& k) noexcept {
    key_pair made(k);
    if (const auto filled = random(mutable_bytes(made.scalar_.expose().bytes)); !filled) return failure{filled.error()};
    made.make_public();
    return made;
  }
  static key_pair of(std::span<const std::uint8_t, key_len> secret, const kernel& k) noexcept {
    key_pair made(k);
    core::copy(made.scalar_.expose().bytes, secret.data(), key_len);
    made.make_public();
    return made;
  }

  void spend() noexcept { const key_pair spent(std::move(*this)); }
  bool is_spent() const noexcept { return kernel_ == nullptr; }
  x25519::public_key public_key() const noexcept {
    return x25519::public_key(std::span<const std::uint8_t, key_len>(public_.bytes));
  }
  const std::uint8_t* scalar() const noexcept { return scalar_.expose().bytes; }
  /// Null if spent.
  const kernel* bound_to() const noexcept { return kernel_; }
  const char* kernel_name() const noexcept { return is_spent() ? "spent" : kernel_->name; }

 private:
  struct block {
    std::uint8_t bytes[key_len];
  };
  explicit key_pair(const kernel& k) noexcept : kernel_(&k) {}
  void make_public() noexcept { kernel_->multiply_base(public_.bytes, scalar_.expose().bytes); }

  core::secret<block> scalar_;
  block public_{};
  const kernel* kernel_;
};

/// A group's scalars, held while their keys are spent already.
template <std::size_t N>
struct scalar_copies {
  std::uint8_t of[N][key_len];
};

}  // namespace detail

struct agreement;

/// What two ends have in common, secret: 32 bytes that aren't uniformly random and therefore leave only through HKDF.
/// Move-only and wiped; whoever was moved from holds zeros. Const calls may run on several threads at once.
class shared_secret {
 public:
  /// HKDF's extract (RFC 5869 2.2) with this secret as its input, behind `before` and in front of `after`, for
  /// protocols that mix several secrets into one key (both are secret; mostly empty).
  template <class Hash>
  typename hkdf<Hash>::prk extract(hkdf_salt salt, const_bytes before = {}, const_bytes after = {}) const noexcept {
    const const_bytes pieces[] = {before, value_.expose().bytes, after};
    return hkdf<Hash>::extract(salt, hkdf_input(std::span<const const_bytes>(pieces)));
  }

 private:
  friend class ephemeral_key;
  friend class static_key;
  friend void agree_batch(std::span<agreement>) noexcept;
  struct block {
    std::uint8_t bytes[key_len];
  };
  shared_secret() noexcept = default;
  static result<shared_secret> of(const detail::key_pair& own, const public_key& peer) noexcept {
    if (own.is_spent()) return failure{error::invalid_argument};
    shared_secret secret;
    own.bound_to()->multiply(secret.out(), own.scalar(), peer.bytes().data());
    return secret.checked();
  }
  /// Moves the secret on, unless it is the one of a point of low order.
  result<shared_secret> checked() noexcept {
    if (is_zero()) return failure{error::low_order_point};
    return std::move(*this);
  }
  std::uint8_t* out() noexcept { return value_.expose().bytes; }
  /// RFC 7748 6.1: without telling anything but whether all bytes are zero.
  bool is_zero() const noexcept {
    constexpr block zeros{};
    return core::equal(value_.expose().bytes, zeros.bytes, key_len);
  }

  core::secret<block> value_;
};

/// A key pair for one agreement, which consumes it. Move-only and wiped; one that was moved from or consumed agrees on
/// nothing. One thread at a time.
class ephemeral_key {
 public:
  /// Draws 32 bytes from a random source, the system's by default. Errors: the source's. The last parameter is one of
  /// kernels::x25519::candidates() that this machine can run.
  template <random_source R>
  static result<ephemeral_key> generate(R& random,
                                        const kernels::x25519::kernel& k = kernels::x25519::select()) noexcept {
    auto pair = detail::key_pair::generate(random, k);
    if (!pair) return failure{pair.error()};
    return ephemeral_key(std::move(*pair));
  }
  static result<ephemeral_key> generate() noexcept {
    system_random random;
    return generate(random);
  }

  x25519::public_key public_key() const noexcept { return pair_.public_key(); }

  /// Agrees with the peer and forgets the secret key. Errors: low_order_point; the key is spent then too.
  /// invalid_argument for a key that was spent before.
  result<shared_secret> agree(const x25519::public_key& peer) && noexcept {
    const detail::key_pair used(std::move(pair_));
    return shared_secret::of(used, peer);
  }

  /// Which kernel this key is bound to, e.g. "x86_ifma".
  const char* kernel_name() const noexcept { return pair_.kernel_name(); }

 private:
  friend void agree_batch(std::span<agreement>) noexcept;
  explicit ephemeral_key(detail::key_pair&& pair) noexcept : pair_(std::move(pair)) {}
  detail::key_pair pair_;
};

/// A key pair that lasts, such as an end's identity. Move-only and wiped. Const calls may run on several threads at
/// once.
class static_key {
 public:
  /// As ephemeral_key::generate.
  template <random_source R>
  static result<static_key> generate(R& random, const kernels::x25519::kernel& k = kernels::x25519::select()) noexcept {
    auto pair = detail::key_pair::generate(random, k);
    if (!pair) return failure{pair.error()};
    return static_key(std::move(*pair));
  }
  static result<static_key> generate() noexcept {
    system_random random;
    return generate(random);
  }
  /// Takes a stored secret key: any 32 bytes (secret), clamped where they are used (RFC 7748 5).
  static static_key from_secret(std::span<const std::uint8_t, key_len> secret,
                                const kernels::x25519::kernel& k = kernels::x25519::select()) noexcept {
    return static_key(detail::key_pair::of(secret, k));
  }

  x25519::public_key public_key() const noexcept { return pair_.public_key(); }
  /// The secret key, for storage. Refers to this object.
  std::span<const std::uint8_t, key_len> expose_secret() const& noexcept {
    return std::span<const std::uint8_t, key_len>(pair_.scalar(), key_len);
  }
  std::span<const std::uint8_t, key_len> expose_secret() const&& = delete;

  /// Agrees with the peer. Errors: low_order_point; invalid_argument for a key that was moved from.
  result<shared_secret> agree(const x25519::public_key& peer) const noexcept { return shared_secret::of(pair_, peer); }

  const char* kernel_name() const noexcept { return pair_.kernel_name(); }

 private:
  friend void agree_batch(std::span<agreement>) noexcept;
  explicit static_key(detail::key_pair&& pair) noexcept : pair_(std::move(pair)) {}
  detail::key_pair pair_;
};

/// One agreement of a batch, with one of the two kinds of key. The outcome is what agree returns, or invalid_argument
/// for no key, two keys, or no peer.
struct agreement {
  const static_key* lasting = nullptr;
  ephemeral_key* ephemeral = nullptr;  ///< Consumed. The second job with the same one finds it spent.
  const x25519::public_key* peer = nullptr;
  result<shared_secret> outcome = failure{error::invalid_argument};
};

/// Does all agreements in their order, for servers that admit many callers at once: on machines with wide vectors,
/// eight take little longer than two. Nothing is allocated. The keys and peers of other jobs may be the same objects.
inline void agree_batch(std::span<agreement> jobs) noexcept {
  constexpr std::size_t group = 8;
  for (; !jobs.empty(); jobs = jobs.subspan(jobs.size() < group ? jobs.size() : group)) {
    const auto now = jobs.first(jobs.size() < group ? jobs.size() : group);
    shared_secret secrets[group];
    core::secret<detail::scalar_copies<group>> scalars;
    const kernels::x25519::kernel* waiting[group] = {};
    for (std::size_t i = 0; i < now.size(); ++i) {
      agreement& a = now[i];
      a.outcome = failure{error::invalid_argument};
      if (a.peer == nullptr || (a.lasting == nullptr) == (a.ephemeral == nullptr)) continue;
      const detail::key_pair& pair = a.lasting != nullptr ? a.lasting->pair_ : a.ephemeral->pair_;
      if (pair.is_spent()) continue;
      waiting[i] = pair.bound_to();
      core::copy(scalars.expose().of[i], pair.scalar(), key_len);
      if (a.ephemeral != nullptr) a.ephemeral->pair_.spend();
    }
    // One call for each kernel that keys are bound to: mostly one.
    for (std::size_t i = 0; i < now.size(); ++i) {
      const kernels::x25519::kernel* const kernel = waiting[i];
      if (kernel == nullptr) continue;
      kernels::x25519::job work[group];
      std::size_t members[group], count = 0;
      for (std::size_t j = i; j < now.size(); ++j) {
        if (waiting[j] != kernel) continue;
        waiting[j] = nullptr;
        members[count] = j;
        work[count++] = {scalars.expose().of[j], now[j].peer->bytes().data(), secrets[j].out()};
      }
      kernel->multiply_batch(work, count);
      for (std::size_t n = 0; n < count; ++n) now[members[n]].outcome = secrets[members[n]].checked();
    }
  }
}

}  // namespace sotto::inline SOTTO_ABI::crypto::x25519
