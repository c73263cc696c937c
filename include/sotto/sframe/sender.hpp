// SPDX-License-Identifier: BSL-1.0
// The sending end of one SFrame key (RFC 9605 4.4.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "base_key.hpp"
#include "cipher_suite.hpp"
#include "frame_cipher.hpp"
#include "header.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// The most that protection adds to a plaintext with any suite, in bytes: header and tag.
inline constexpr std::size_t max_overhead = max_header_len + max_tag_len;

namespace detail {

/// The counters of one key, each handed out once and in order. What is moved from has none left.
class counters {
 public:
  explicit counters(counter first) noexcept : next_(first.value()) {}
  counters(counters&& other) noexcept : next_(other.next_), left_(std::exchange(other.left_, false)) {}
  counters& operator=(counters&& other) noexcept {
    next_ = other.next_;
    left_ = std::exchange(other.left_, false) && this != &other;
    return *this;
  }

  bool exhausted() const noexcept { return !left_; }
  counter next() const noexcept { return counter(next_); }
  /// next() was used.
  void advance() noexcept { left_ = ++next_ != 0 && left_; }

 private:
  std::uint64_t next_;
  bool left_ = true;
};

}  // namespace detail

/// Protects one sender's frames with one key, each with the next counter. Move-only, and nothing copies or rewinds its
/// state: an object that was moved from refuses with key_exhausted. One thread at a time.
class sender {
 public:
  /// Derives the cipher's key for this suite and KID (RFC 9605 4.4.2). The base key must serve no other sender.
  /// Counters start at `first`, which is above 0 only where an application that kept the key carries on with a counter
  /// beyond all it ever used (RFC 9605 9.1). Errors: unsupported (no such suite), invalid_key_length (a key that was
  /// moved from).
  static result<sender> create(cipher_suite s, key_id kid, base_key key, counter first = counter(0)) noexcept {
    return from_key(s, kid, key, first);
  }

  cipher_suite suite() const noexcept { return cipher_.suite(); }
  key_id kid() const noexcept { return kid_; }
  /// The next frame's counter, of no meaning once exhausted() is true.
  counter next_counter() const noexcept { return counters_.next(); }
  /// No counter is left: each of the 2^64 was used, or the object was moved from.
  bool exhausted() const noexcept { return counters_.exhausted(); }
  const char* kernel_name() const noexcept { return cipher_.kernel_name(); }

  /// What protection adds to the next frame, in bytes; at most max_overhead.
  std::size_t overhead() const noexcept { return header_len(next_header()) + cipher_.tag_len(); }

  /// Encrypts a plaintext of any length, 0 included, and writes header ‖ ciphertext ‖ tag to the start of out, which it
  /// returns. out doesn't overlap plaintext; for in place see below. The metadata may lie anywhere. Errors:
  /// key_exhausted, invalid_argument (more than max_metadata_len bytes of metadata), message_too_long (more plaintext
  /// than the cipher may encrypt under one nonce), buffer_too_small, overlapping_buffers; nothing changes then, the
  /// counter included.
  result<mutable_bytes> protect(const_bytes plaintext, mutable_bytes out, metadata m = {}) noexcept {
    const std::size_t head = header_len(next_header());
    if (const auto checked = check(plaintext.size(), m); !checked) return failure{checked.error()};
    if (out.size() < head + cipher_.tag_len() || out.size() - head - cipher_.tag_len() < plaintext.size())
      return failure{error::buffer_too_small};
    out = out.first(head + plaintext.size() + cipher_.tag_len());
    if (core::overlap(plaintext.data(), plaintext.size(), out.data(), out.size()))
      return failure{error::overlapping_buffers};
    return seal(plaintext.data(), out, m);
  }

  /// The same in place. The buffer holds max_header_len bytes of room, then the plaintext, then room for the tag:
  ///
  ///     17 bytes ‖ plaintext ‖ tag_len bytes, max_tag_len with any suite
  ///
  /// The header goes right in front of the ciphertext, so the frame that is returned begins inside the buffer. The
  /// metadata may lie anywhere. Errors: as above but overlapping_buffers.
  result<mutable_bytes> protect(mutable_bytes buffer, std::size_t plaintext_len, metadata m = {}) noexcept {
    const std::size_t head = header_len(next_header());
    if (const auto checked = check(plaintext_len, m); !checked) return failure{checked.error()};
    if (buffer.size() < max_header_len + cipher_.tag_len() ||
        buffer.size() - max_header_len - cipher_.tag_len() < plaintext_len)
      return failure{error::buffer_too_small};
    return seal(buffer.data() + max_header_len,
                buffer.subspan(max_header_len - head, head + plaintext_len + cipher_.tag_len()), m);
  }

 private:
  friend class ratchet_sender;

  static result<sender> from_key(cipher_suite s, key_id kid, const base_key& key, counter first) noexcept {
    auto made = detail::frame_cipher::create(s, kid, key);
    if (!made) return failure{made.error()};
    return sender(std::move(*made), kid, first);
  }
  sender(detail::frame_cipher&& cipher, key_id kid, counter first) noexcept
      : cipher_(std::move(cipher)), kid_(kid), counters_(first) {}

  header next_header() const noexcept { return {kid_, counters_.next()}; }

  result<void> check(std::size_t plaintext_len, metadata m) const noexcept {
    if (counters_.exhausted()) return failure{error::key_exhausted};
    if (m.bytes().size() > max_metadata_len) return failure{error::invalid_argument};
    if (std::uint64_t{plaintext_len} > cipher_.max_text_len()) return failure{error::message_too_long};
    return {};
  }

  /// All checks are done: nothing fails from here on.
  mutable_bytes seal(const std::uint8_t* plaintext, mutable_bytes frame, metadata m) noexcept {
    std::uint8_t* const end = frame.data() + frame.size() - cipher_.tag_len();
    const header h = next_header();
    // Metadata that lies in the buffer is read before the header is written over it.
    std::uint8_t head[max_header_len];
    const std::size_t head_len = detail::store_header(h, head);
    std::uint8_t* const text = frame.data() + head_len;
    cipher_.seal({{head, head_len}, m.bytes(), h.ctr, plaintext, text, static_cast<std::size_t>(end - text)}, end);
    core::copy(frame.data(), head, head_len);
    counters_.advance();
    return frame;
  }

  detail::frame_cipher cipher_;
  key_id kid_;
  detail::counters counters_;
};

}  // namespace sotto::inline SOTTO_ABI::sframe
