// SPDX-License-Identifier: BSL-1.0
// Façade calls whose arguments are any pieces of one memory, overlapping or not.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "buffer.hpp"
#include "check.hpp"
#include "input.hpp"
#include "sotto/core/bytes.hpp"
#include "sotto/core/result.hpp"

namespace fuzz {

struct region {
  std::size_t from, len;
  std::size_t end() const { return from + len; }
};

inline bool disjoint(region a, region b) { return a.len == 0 || b.len == 0 || a.end() <= b.from || b.end() <= a.from; }
inline bool same_or_disjoint(region in, region out) { return in.from == out.from || disjoint(in, out); }

inline std::span<std::uint8_t> piece(buffer& arena, region r) { return arena.span().subspan(r.from, r.len); }
inline bytes content(const buffer& arena, region r) {
  const std::uint8_t* const p = arena.data() + r.from;
  return {p, p + r.len};
}
inline bytes content(const buffer& arena) { return content(arena, {0, arena.size()}); }

/// Any piece of the arena, or one that begins with or behind another.
inline region choose_region(input& from, std::size_t arena_len, region other) {
  const std::size_t how = from.below(4);
  region r{how == 0 ? other.from : how == 1 ? std::min(other.end(), arena_len) : from.below(arena_len + 1), 0};
  r.len = from.below(arena_len - r.from + 1);
  return r;
}
/// Mostly about as long as needed, since other sizes are refused at once.
inline void choose_len(input& from, region& r, std::size_t arena_len, std::size_t needed) {
  if (from.below(4) != 0) r.len = std::min(needed + from.below(4), arena_len - r.from + 1) - (needed != 0 ? 1 : 0);
  r.len = std::min(r.len, arena_len - r.from);
}

/// The error that the documentation promises, or a span of these bytes.
inline void check_outcome(const char* what, const sotto::result<sotto::mutable_bytes>& got,
                          std::optional<sotto::error> refused, const std::uint8_t* at, std::size_t len) {
  require(got.has_value() == !refused, refused ? "accepted what it should refuse" : "refused valid arguments", what);
  if (refused)
    require(got.error() == *refused, "wrong error", what);
  else
    require(got->data() == at && got->size() == len, "wrong span", what);
}

/// What one façade call in an arena must do: give the right error and leave memory untouched, or write the reference's
/// answer and nothing else.
inline void expect(const char* what, const sotto::result<sotto::mutable_bytes>& got,
                   std::optional<sotto::error> refused, const bytes& answer, region out, const buffer& arena,
                   bytes before) {
  check_outcome(what, got, refused, arena.data() + out.from, answer.size());
  if (!refused) std::copy(answer.begin(), answer.end(), before.begin() + static_cast<std::ptrdiff_t>(out.from));
  require(arena.holds(before), refused ? "wrote before refusing" : "wrong bytes written", what);
}

}  // namespace fuzz
