// SPDX-License-Identifier: BSL-1.0
// Messages after the handshake (Noise 5.1, 11.3, 11.4): a cipher and a counter for each direction.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "algorithms.hpp"

namespace sotto::inline SOTTO_ABI::noise {

template <class Cipher, class Hash>
class basic_session;

/// What keeps the counters of datagrams apart: check() refuses one that was accepted or is too old, and changes
/// nothing; accept() is called for one that check() let pass, once its message turned out to be authentic.
template <class W>
concept counter_window = requires(W& window, std::uint64_t counter) {
  { window.check(counter) }
  noexcept->std::same_as<result<void>>;
  { window.accept(counter) }
  noexcept;
};

namespace detail {

/// One direction's cipher and its next counter; none in the direction that a one-way pattern doesn't have, and after a
/// move.
template <class Cipher>
class direction {
 public:
  direction() noexcept = default;
  explicit direction(const_bytes key) noexcept { set(key); }
  direction(direction&& other) noexcept : cipher_(std::move(other.cipher_)), counter_(other.counter_) {
    other.cipher_.reset();  // what was moved from would go on with a key of zeros
  }
  direction& operator=(direction&& other) noexcept {
    if (this != &other) {
      cipher_ = std::move(other.cipher_);
      counter_ = other.counter_;
      other.cipher_.reset();
    }
    return *this;
  }

  const std::optional<Cipher>& cipher() const noexcept { return cipher_; }
  std::uint64_t& counter() noexcept { return counter_; }
  std::uint64_t counter() const noexcept { return counter_; }

  result<void> rekey() noexcept {
    if (!cipher_) return failure{error::unsupported};
    std::uint8_t key[key_len + tag_len] = {};
    const core::wipe_at_exit guard(key);
    const auto sealed =
        cipher_->seal(cipher_traits<Cipher>::nonce(reserved_counter), {}, const_bytes(key).first(key_len), key);
    if (!sealed) return failure{sealed.error()};
    set(const_bytes(key).first(key_len));
    return {};
  }

 private:
  void set(const_bytes key) noexcept {
    if (auto made = Cipher::create(key); made) cipher_.emplace(std::move(*made));
  }
  std::optional<Cipher> cipher_;
  std::uint64_t counter_ = 0;
};

}  // namespace detail

/// The direction in which this end sends. Move-only and wiped; one thread at a time.
template <class Cipher>
class sending {
 public:
  /// Encrypts payload, secret, of up to 65519 bytes, and writes the message (payload.size() + 16 bytes) to the start of
  /// out, which it returns. In place (out.data() == payload.data()) or disjoint. Errors: message_too_long,
  /// buffer_too_small, overlapping_buffers, key_exhausted (after 2^64 - 1 messages), unsupported (a one-way pattern's
  /// responder, or an object that was moved from); nothing changes then. Noise 5.1, 5.3.
  result<mutable_bytes> seal(const_bytes payload, mutable_bytes out) noexcept {
    if (!key_.cipher()) return failure{error::unsupported};
    if (payload.size() > max_message_len - tag_len) return failure{error::message_too_long};
    if (key_.counter() == detail::reserved_counter) return failure{error::key_exhausted};
    const auto sealed = key_.cipher()->seal(cipher_traits<Cipher>::nonce(key_.counter()), {}, payload, out);
    if (sealed) ++key_.counter();
    return sealed;
  }

  /// The next message's counter, which a datagram carries so that the peer can open it out of order (Noise 11.4).
  std::uint64_t counter() const noexcept { return key_.counter(); }

  /// Replaces the key by one from which the old one can't be told (Noise 11.3); counters go on. The peer does so for
  /// its receiving direction after the same message. Errors: unsupported.
  result<void> rekey() noexcept { return key_.rekey(); }

 private:
  template <class, class>
  friend class basic_session;
  sending() noexcept = default;
  explicit sending(const_bytes key) noexcept : key_(key) {}
  detail::direction<Cipher> key_;
};

/// The direction in which this end receives: either all messages in their order, or datagrams with a window. Move-only
/// and wiped; one thread at a time.
template <class Cipher>
class receiving {
 public:
  /// Verifies the next message and only then writes its payload (message.size() - 16 bytes) to the start of out, which
  /// it returns. In place or disjoint. Errors: authentication_failed (also for one that was replayed, reordered or cut
  /// short), message_too_long (beyond 65535 bytes), buffer_too_small, overlapping_buffers, key_exhausted, unsupported
  /// (a one-way pattern's initiator, or an object that was moved from), out_of_turn (after a datagram was opened);
  /// nothing changes then.
  result<mutable_bytes> open(const_bytes message, mutable_bytes out) noexcept {
    if (datagrams_) return failure{error::out_of_turn};
    const auto opened = open_at(key_.counter(), message, out);
    if (opened) ++key_.counter();
    return opened;
  }

  /// The same for a message that may have been lost, doubled or overtaken on the way (Noise 11.4): its counter came
  /// with it in the clear, and window refuses those that were accepted before. After the first one that was accepted
  /// there is no open() any more, which would take its message again. Errors: open's; the window's; replayed, for a
  /// counter that open() was at.
  template <counter_window W>
  result<mutable_bytes> open_datagram(std::uint64_t counter, W& window, const_bytes message,
                                      mutable_bytes out) noexcept {
    if (counter < key_.counter()) return failure{error::replayed};
    if (const auto fresh = window.check(counter); !fresh) return failure{fresh.error()};
    const auto opened = open_at(counter, message, out);
    if (opened) {
      window.accept(counter);
      datagrams_ = true;
    }
    return opened;
  }

  /// The counter that open() expects.
  std::uint64_t counter() const noexcept { return key_.counter(); }

  /// As sending::rekey. Datagrams sealed before can't be opened afterwards.
  result<void> rekey() noexcept { return key_.rekey(); }

 private:
  template <class, class>
  friend class basic_session;
  receiving() noexcept = default;
  explicit receiving(const_bytes key) noexcept : key_(key) {}

  result<mutable_bytes> open_at(std::uint64_t counter, const_bytes message, mutable_bytes out) const noexcept {
    if (!key_.cipher()) return failure{error::unsupported};
    if (message.size() > max_message_len) return failure{error::message_too_long};
    if (counter == detail::reserved_counter) return failure{error::key_exhausted};
    return key_.cipher()->open(cipher_traits<Cipher>::nonce(counter), {}, message, out);
  }
  detail::direction<Cipher> key_;
  bool datagrams_ = false;
};

}  // namespace sotto::inline SOTTO_ABI::noise
