// SPDX-License-Identifier: BSL-1.0
// What receivers keep for one key: the cipher, which counters were seen, and how many forgeries it survives.
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
#include "replay_window.hpp"

namespace sotto::inline SOTTO_ABI::sframe {

/// What a receiver's creator may change.
struct receiver_options {
  /// Frames with a wrong tag after which a key is refused (RFC 9605 7.5), key_exhausted: at most the suite's number,
  /// suite_parameters::max_forgeries. Whoever can send that many frames can thus end the key's use, instead of getting
  /// one of them accepted: then distribute a new base key, and find out who sends them.
  std::uint64_t max_forgeries = ~std::uint64_t{0};
};

namespace detail {

/// How many forgeries are left. What is moved from has none left.
class forgery_limit {
 public:
  explicit forgery_limit(std::uint64_t limit) noexcept : left_(limit) {}
  forgery_limit(forgery_limit&& other) noexcept : left_(std::exchange(other.left_, 0)) {}
  forgery_limit& operator=(forgery_limit&& other) noexcept {
    left_ = std::exchange(other.left_, 0);
    return *this;
  }
  std::uint64_t left() const noexcept { return left_; }
  void count() noexcept { --left_; }

 private:
  std::uint64_t left_;
};

inline std::uint64_t max_forgeries(cipher_suite s, receiver_options options) noexcept {
  const std::uint64_t most = parameters(s).max_forgeries;
  return options.max_forgeries < most ? options.max_forgeries : most;
}

/// Move-only and wiped; an object that was moved from refuses every frame.
template <std::size_t WindowBits>
class receiving_key {
 public:
  static result<receiving_key> create(cipher_suite s, key_id kid, const base_key& from,
                                      receiver_options options) noexcept {
    auto made = frame_cipher::create(s, kid, from);
    if (!made) return failure{made.error()};
    return receiving_key(std::move(*made), kid, max_forgeries(s, options));
  }

  cipher_suite suite() const noexcept { return cipher_.suite(); }
  key_id kid() const noexcept { return kid_; }
  const char* kernel_name() const noexcept { return cipher_.kernel_name(); }
  std::uint64_t forgeries_left() const noexcept { return forgeries_.left(); }

  /// basic_receiver::unprotect behind the look-up of the key.
  result<mutable_bytes> unprotect(const parsed_header& h, const_bytes whole, mutable_bytes out, metadata m) noexcept {
    if (forgeries_.left() == 0) return failure{error::key_exhausted};
    switch (window_.check(h.header.ctr)) {
      case counter_status::seen: return failure{error::replayed};
      case counter_status::too_old: return failure{error::too_old};
      case counter_status::fresh: break;
    }
    const auto text = check(h, whole, out, m);
    if (!text) return text;
    const frame f{whole.first(h.len), m.bytes(), h.header.ctr, whole.data() + h.len, text->data(), text->size()};
    if (!cipher_.open(f, whole.data() + h.len + text->size())) {
      forgeries_.count();
      return failure{error::authentication_failed};
    }
    window_.commit(h.header.ctr);
    return text;
  }

  /// The part of out that the plaintext will fill, or why no key of this suite could open the frame into out.
  result<mutable_bytes> check(const parsed_header& h, const_bytes whole, mutable_bytes out, metadata m) const noexcept {
    if (whole.size() - h.len < cipher_.tag_len()) return failure{error::malformed_message};
    if (m.bytes().size() > max_metadata_len) return failure{error::invalid_argument};
    const std::size_t text_len = whole.size() - h.len - cipher_.tag_len();
    if (std::uint64_t{text_len} > cipher_.max_text_len()) return failure{error::message_too_long};
    if (out.size() < text_len) return failure{error::buffer_too_small};
    out = out.first(text_len);
    const bool in_place = out.data() == whole.data() + h.len;
    if (!in_place && core::overlap(whole.data(), whole.size(), out.data(), out.size()))
      return failure{error::overlapping_buffers};
    return out;
  }

 private:
  receiving_key(frame_cipher&& cipher, key_id kid, std::uint64_t max_forgeries) noexcept
      : cipher_(std::move(cipher)), kid_(kid), forgeries_(max_forgeries) {}

  frame_cipher cipher_;
  key_id kid_;
  forgery_limit forgeries_;
  replay_window<WindowBits> window_;
};

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::sframe
