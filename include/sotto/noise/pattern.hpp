// SPDX-License-Identifier: BSL-1.0
// A handshake pattern as data: who sends which key when, and what is agreed upon (Noise 7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

#include "../core/abi.hpp"
#include "../core/result.hpp"
#include "../crypto/end_to_end_secret.hpp"
#include "pattern_table.hpp"

namespace sotto::inline SOTTO_ABI::noise {

using crypto::handshake_role;

/// A handshake pattern with its psk modifiers, e.g. XX, NK1 or KKpsk0+psk2: 3 one-way patterns, 12 fundamental and 23
/// deferred ones (Noise 7.4, 7.5, 18.1), each with any modifiers (Noise 9). A plain value, not secret; usable in
/// constant expressions.
class handshake_pattern {
 public:
  static constexpr std::size_t max_messages = 4;
  static constexpr std::size_t max_psks = max_messages + 1;

  /// Finds a pattern by its name as it stands in a protocol name: psk modifiers, if several, rise and are joined by
  /// '+' (Noise 8.1). Errors: unsupported.
  static result<handshake_pattern> find(std::string_view name) noexcept {
    handshake_pattern found;
    if (!found.assign(name)) return failure{error::unsupported};
    return found;
  }

  /// The same for a name in the program's text: one that doesn't exist is a compile error where the result is
  /// constexpr, and a trap elsewhere.
  static constexpr handshake_pattern named(std::string_view name) noexcept {
    handshake_pattern found;
    if (!found.assign(name)) core::trap();
    return found;
  }

  /// Refers to this object.
  constexpr std::string_view name() const& noexcept { return {name_, name_len_}; }
  constexpr std::string_view name() const&& = delete;
  constexpr std::size_t messages() const noexcept { return messages_; }
  constexpr std::size_t psks() const noexcept { return psks_; }
  /// One message and then one direction of transport messages, from the initiator.
  constexpr bool one_way() const noexcept { return messages_ == 1; }
  /// The other end needs this one's static public key before the first message.
  constexpr bool knows_static(handshake_role of) const noexcept { return (known_ & bit(of)) != 0; }
  /// This end has a static key, known beforehand or sent on the way.
  constexpr bool has_static(handshake_role of) const noexcept { return ((known_ | sent_) & bit(of)) != 0; }

  /// What a message (from 0 on; initiator and responder take turns) consists of, but for its payload.
  constexpr std::span<const detail::token> message(std::size_t n) const noexcept {
    return {tokens_[n].of, tokens_[n].count};
  }

 private:
  static constexpr std::size_t max_tokens = 6;  // IK's first message with psk0 and psk1
  static constexpr std::size_t max_name_len = 28;
  struct token_list {
    detail::token of[max_tokens]{};
    std::uint8_t count = 0;
  };

  constexpr handshake_pattern() noexcept = default;
  static constexpr std::uint8_t bit(handshake_role of) noexcept { return of == handshake_role::initiator ? 1 : 2; }

  constexpr bool assign(std::string_view name) noexcept {
    if (name.size() > max_name_len) return false;
    const std::size_t base_len = name.find("psk") < name.size() ? name.find("psk") : name.size();
    const std::size_t row = detail::find_row(name.substr(0, base_len));
    if (row == std::size(detail::pattern_rows)) return false;
    known_ = detail::pattern_rows[row].known;
    read_messages(detail::pattern_rows[row].messages);
    if (!insert_psks(name.substr(base_len))) return false;
    for (std::size_t i = 0; i < name.size(); ++i) name_[i] = name[i];
    name_len_ = static_cast<std::uint8_t>(name.size());
    return true;
  }

  constexpr void read_messages(std::string_view text) noexcept {
    messages_ = 1;
    while (!text.empty()) {
      const std::size_t end = text.find(' ') < text.size() ? text.find(' ') : text.size();
      const std::string_view word = text.substr(0, end);
      text.remove_prefix(end < text.size() ? end + 1 : end);
      if (word == "/") {
        ++messages_;
        continue;
      }
      const detail::token t = detail::token_of(word);
      if (t == detail::token::s)
        sent_ |= bit(messages_ % 2 != 0 ? handshake_role::initiator : handshake_role::responder);
      append(messages_ - 1u, t);
    }
  }

  // Noise 9.4: psk0 goes before the first message's tokens, pskN behind the Nth message's.
  constexpr bool insert_psks(std::string_view modifiers) noexcept {
    int last = -1;
    while (!modifiers.empty()) {
      if (last >= 0) {
        if (modifiers[0] != '+') return false;
        modifiers.remove_prefix(1);
      }
      if (modifiers.size() < 4 || modifiers.substr(0, 3) != "psk") return false;
      const int place = modifiers[3] - '0';
      if (place <= last || place > messages_) return false;
      if (place == 0)
        prepend_psk();
      else
        append(static_cast<std::size_t>(place) - 1, detail::token::psk);
      ++psks_;
      last = place;
      modifiers.remove_prefix(4);
    }
    return true;
  }
  constexpr void append(std::size_t message, detail::token t) noexcept {
    tokens_[message].of[tokens_[message].count++] = t;
  }
  constexpr void prepend_psk() noexcept {
    token_list& first = tokens_[0];
    for (std::size_t i = first.count++; i > 0; --i) first.of[i] = first.of[i - 1];
    first.of[0] = detail::token::psk;
  }

  token_list tokens_[max_messages]{};
  char name_[max_name_len]{};
  std::uint8_t name_len_ = 0;
  std::uint8_t messages_ = 0;
  std::uint8_t psks_ = 0;
  std::uint8_t known_ = 0;  // whose static keys are known beforehand
  std::uint8_t sent_ = 0;   // whose static keys are sent
};

}  // namespace sotto::inline SOTTO_ABI::noise
