// SPDX-License-Identifier: BSL-1.0
// Between the end of a handshake and its keys: two people and a string.
#pragma once

#include <optional>
#include <utility>

#include "../core/abi.hpp"
#include "session.hpp"
#include "short_authentication_attempts.hpp"
#include "short_authentication_string.hpp"

namespace sotto::inline SOTTO_ABI::noise {

/// A finished handshake whose keys wait for a person's verdict. Ending it without one is the same as strings_differ().
/// Holds the peer's place among the attempts. Move-only and wiped; one thread at a time.
template <class Cipher, class Hash>
class basic_string_comparison {
 public:
  using session = basic_session<Cipher, Hash>;

  /// To be read aloud, and equal at both ends unless somebody is in the middle.
  const short_authentication_string& string() const noexcept { return string_; }
  /// The peer's static key, which nobody vouches for yet.
  const std::optional<public_key>& remote_static() const noexcept { return undecided_.remote_static(); }

  /// A person says that both ends have the same string: gives the keys, and takes the attempt back. Earlier attempts
  /// that failed remain counted until a person resets them. For an object that was moved from, traps.
  session strings_compared_equal() && noexcept {
    attempt_.take_back();
    return std::move(undecided_).strings_compared_equal();
  }
  /// A person says that they differ, or that nobody compared: wipes the keys; the attempt remains counted.
  void strings_differ() && noexcept { const basic_string_comparison ended(std::move(*this)); }

 private:
  friend class detail::comparing_end<Cipher, Hash>;
  basic_string_comparison(basic_undecided_session<Cipher, Hash>&& undecided, const short_authentication_string& string,
                          detail::comparison_attempt&& attempt) noexcept
      : undecided_(std::move(undecided)), string_(string), attempt_(std::move(attempt)) {}

  basic_undecided_session<Cipher, Hash> undecided_;
  short_authentication_string string_;
  detail::comparison_attempt attempt_;
};

}  // namespace sotto::inline SOTTO_ABI::noise
