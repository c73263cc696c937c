// SPDX-License-Identifier: BSL-1.0
// The receiving end of SFrame keys: of one sender, and of a group with a key for each of its senders (RFC 9605 4.4.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "base_key.hpp"
#include "cipher_suite.hpp"
#include "header.hpp"
#include "receiving_key.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// Verifies and decrypts one sender's frames of one key. A window of WindowBits counters behind the highest one refuses
/// repeated and older ones; how far ahead a counter lies doesn't matter, but a frame far ahead, once authenticated,
/// makes all frames below its window too old. Move-only; an object that was moved from refuses with key_exhausted. One
/// thread at a time.
///
/// Only the sender's KID and suite are known here. SFrame authenticates the key, not the person: whoever has the base
/// key can speak as its sender (RFC 9605 7.2).
template <std::size_t WindowBits>
class basic_receiver {
 public:
  /// As sender::create. Errors: unsupported (no such suite), invalid_key_length (a key that was moved from).
  static result<basic_receiver> create(cipher_suite s, key_id kid, base_key key,
                                       receiver_options options = {}) noexcept {
    auto made = detail::receiving_key<WindowBits>::create(s, kid, key, options);
    if (!made) return failure{made.error()};
    return basic_receiver(std::move(*made));
  }

  cipher_suite suite() const noexcept { return key_.suite(); }
  key_id kid() const noexcept { return key_.kid(); }
  const char* kernel_name() const noexcept { return key_.kernel_name(); }
  /// How many more frames with a wrong tag the key survives.
  std::uint64_t forgeries_left() const noexcept { return key_.forgeries_left(); }

  /// Verifies a whole frame and only then writes its plaintext to the start of out, which it returns. out doesn't
  /// overlap the frame, or begins where the ciphertext does. The metadata may lie anywhere. Errors, in this order:
  /// malformed_message (a header that parse_header refuses), unknown_key (another KID), key_exhausted (too many
  /// forgeries), replayed, too_old, malformed_message (too short for header and tag), invalid_argument (more than
  /// max_metadata_len bytes of metadata), message_too_long, buffer_too_small, overlapping_buffers,
  /// authentication_failed. Nothing is written then, and nothing changes but, by authentication_failed,
  /// forgeries_left(). To the outside all of them should look alike (RFC 9605 4.4.4): answer none.
  result<mutable_bytes> unprotect(const_bytes frame, mutable_bytes out, metadata m = {}) noexcept {
    const auto parsed = parse_header(frame);
    if (!parsed) return failure{parsed.error()};
    return unprotect(*parsed, frame, out, m);
  }

  /// The same in place: returns the part of the frame that held the ciphertext. Errors: as above but buffer_too_small
  /// and overlapping_buffers.
  result<mutable_bytes> unprotect(mutable_bytes frame, metadata m = {}) noexcept {
    const auto parsed = parse_header(frame);
    if (!parsed) return failure{parsed.error()};
    return unprotect(*parsed, frame, frame.subspan(parsed->len), m);
  }

 private:
  explicit basic_receiver(detail::receiving_key<WindowBits>&& key) noexcept : key_(std::move(key)) {}

  result<mutable_bytes> unprotect(const parsed_header& h, const_bytes frame, mutable_bytes out, metadata m) noexcept {
    if (h.header.kid != key_.kid()) return failure{error::unknown_key};
    return key_.unprotect(h, frame, out, m);
  }

  detail::receiving_key<WindowBits> key_;
};

/// Verifies and decrypts the frames of up to MaxSenders KIDs, one for each of a call's other senders, in memory of
/// fixed size. Each has its own window and forgeries, so that no sender disturbs another. Move-only; an object that was
/// moved from has no senders. One thread at a time.
template <std::size_t MaxSenders, std::size_t WindowBits>
class basic_group_receiver {
  static_assert(MaxSenders >= 1);
  using key = detail::receiving_key<WindowBits>;

 public:
  static constexpr std::size_t max_senders = MaxSenders;

  /// One suite for all senders, as a session has it (RFC 9605 4.5). Errors: unsupported (no such suite).
  static result<basic_group_receiver> create(cipher_suite s, receiver_options options = {}) noexcept {
    if (parameters(s).key_len == 0) return failure{error::unsupported};
    return basic_group_receiver(s, options);
  }
  basic_group_receiver(basic_group_receiver&& other) noexcept : suite_(other.suite_), options_(other.options_) {
    take(other);
  }
  basic_group_receiver& operator=(basic_group_receiver&& other) noexcept {
    if (this != &other) {
      suite_ = other.suite_;
      options_ = other.options_;
      take(other);
    }
    return *this;
  }

  cipher_suite suite() const noexcept { return suite_; }
  std::size_t sender_count() const noexcept {
    std::size_t count = 0;
    for (const auto& k : keys_) count += k.has_value() ? 1 : 0;
    return count;
  }
  bool has_sender(key_id kid) const noexcept { return find(kid) != nullptr; }
  /// How many more frames with a wrong tag a sender's key survives. Errors: unknown_key.
  result<std::uint64_t> forgeries_left(key_id kid) const noexcept {
    const key* found = find(kid);
    if (found == nullptr) return failure{error::unknown_key};
    return found->forgeries_left();
  }

  /// Adds a sender's key. Errors: invalid_argument (this KID has one already), key_table_full, invalid_key_length (a
  /// key that was moved from).
  result<void> add_sender(key_id kid, base_key from) noexcept {
    if (has_sender(kid)) return failure{error::invalid_argument};
    for (auto& slot : keys_) {
      if (slot.has_value()) continue;
      auto made = key::create(suite_, kid, from, options_);
      if (!made) return failure{made.error()};
      slot.emplace(std::move(*made));
      return {};
    }
    return failure{error::key_table_full};
  }

  /// Wipes a sender's key. Adding the same key again would forget which frames were seen. Errors: unknown_key.
  result<void> remove_sender(key_id kid) noexcept {
    for (auto& slot : keys_) {
      if (!slot.has_value() || slot->kid() != kid) continue;
      slot.reset();
      return {};
    }
    return failure{error::unknown_key};
  }

  /// As basic_receiver's, with the key of the frame's KID, which parse_header tells; success has authenticated it.
  result<mutable_bytes> unprotect(const_bytes frame, mutable_bytes out, metadata m = {}) noexcept {
    const auto parsed = parse_header(frame);
    if (!parsed) return failure{parsed.error()};
    return unprotect(*parsed, frame, out, m);
  }
  result<mutable_bytes> unprotect(mutable_bytes frame, metadata m = {}) noexcept {
    const auto parsed = parse_header(frame);
    if (!parsed) return failure{parsed.error()};
    return unprotect(*parsed, frame, frame.subspan(parsed->len), m);
  }

 private:
  basic_group_receiver(cipher_suite s, receiver_options options) noexcept : suite_(s), options_(options) {}

  const key* find(key_id kid) const noexcept {
    for (const auto& k : keys_)
      if (k.has_value() && k->kid() == kid) return &*k;
    return nullptr;
  }
  key* find(key_id kid) noexcept { return const_cast<key*>(static_cast<const basic_group_receiver*>(this)->find(kid)); }
  result<mutable_bytes> unprotect(const parsed_header& h, const_bytes frame, mutable_bytes out, metadata m) noexcept {
    key* found = find(h.header.kid);
    if (found == nullptr) return failure{error::unknown_key};
    return found->unprotect(h, frame, out, m);
  }
  void take(basic_group_receiver& other) noexcept {
    for (std::size_t i = 0; i < MaxSenders; ++i) {
      keys_[i] = std::move(other.keys_[i]);
      other.keys_[i].reset();
    }
  }

  std::optional<key> keys_[MaxSenders];
  cipher_suite suite_;
  receiver_options options_;
};

/// What most applications want: 1024 counters of tolerance, and up to 16 senders.
using receiver = basic_receiver<1024>;
using group_receiver = basic_group_receiver<16, 1024>;

}  // namespace sotto::inline SOTTO_ABI::sframe
