// SPDX-License-Identifier: BSL-1.0
// The handshake patterns of Noise 7.4, 7.5 and 18.1, in its own notation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "../core/abi.hpp"

namespace sotto::inline SOTTO_ABI::noise::detail {

/// Noise's tokens; in those of two letters, the first one is the initiator's key.
enum class token : std::uint8_t { e, s, ee, es, se, ss, psk };

constexpr token token_of(std::string_view word) noexcept {
  if (word == "e") return token::e;
  if (word == "s") return token::s;
  if (word == "ee") return token::ee;
  if (word == "es") return token::es;
  if (word == "se") return token::se;
  return word == "ss" ? token::ss : token::psk;
}

/// Whose static keys the other end knows before the first message.
enum known_beforehand : std::uint8_t { none = 0, initiator = 1, responder = 2, both = 3 };

struct pattern_row {
  std::string_view name;
  known_beforehand known;
  std::string_view messages;  // parted by slashes; the first one is the initiator's
};

inline constexpr pattern_row pattern_rows[] = {
    // one-way (7.4)
    {"N", responder, "e es"},
    {"K", both, "e es ss"},
    {"X", responder, "e es s ss"},
    // fundamental (7.5)
    {"NN", none, "e / e ee"},
    {"KN", initiator, "e / e ee se"},
    {"NK", responder, "e es / e ee"},
    {"KK", both, "e es ss / e ee se"},
    {"NX", none, "e / e ee s es"},
    {"KX", initiator, "e / e ee se s es"},
    {"XN", none, "e / e ee / s se"},
    {"IN", none, "e s / e ee se"},
    {"XK", responder, "e es / e ee / s se"},
    {"IK", responder, "e es s ss / e ee se"},
    {"XX", none, "e / e ee s es / s se"},
    {"IX", none, "e s / e ee se s es"},
    // deferred (18.1)
    {"NK1", responder, "e / e ee es"},
    {"NX1", none, "e / e ee s / es"},
    {"X1N", none, "e / e ee / s / se"},
    {"X1K", responder, "e es / e ee / s / se"},
    {"XK1", responder, "e / e ee es / s se"},
    {"X1K1", responder, "e / e ee es / s / se"},
    {"X1X", none, "e / e ee s es / s / se"},
    {"XX1", none, "e / e ee s / es s se"},
    {"X1X1", none, "e / e ee s / es s / se"},
    {"K1N", initiator, "e / e ee / se"},
    {"K1K", both, "e es / e ee / se"},
    {"KK1", both, "e / e ee se es"},
    {"K1K1", both, "e / e ee es / se"},
    {"K1X", initiator, "e / e ee s es / se"},
    {"KX1", initiator, "e / e ee se s / es"},
    {"K1X1", initiator, "e / e ee s / se es"},
    {"I1N", none, "e s / e ee / se"},
    {"I1K", responder, "e es s / e ee / se"},
    {"IK1", responder, "e s / e ee se es"},
    {"I1K1", responder, "e s / e ee es / se"},
    {"I1X", none, "e s / e ee s es / se"},
    {"IX1", none, "e s / e ee se s / es"},
    {"I1X1", none, "e s / e ee s / se es"},
};

/// A place in the table, or the table's size. (No pointer: GCC's sanitizer keeps a comparison with null from being a
/// constant expression.)
constexpr std::size_t find_row(std::string_view name) noexcept {
  std::size_t at = 0;
  while (at < std::size(pattern_rows) && pattern_rows[at].name != name) ++at;
  return at;
}

}  // namespace sotto::inline SOTTO_ABI::noise::detail
