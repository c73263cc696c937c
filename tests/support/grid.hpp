// SPDX-License-Identifier: BSL-1.0
// How much of the exhaustive grids a build runs, and how a row of one is judged.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#if defined(__has_feature)
#define SUPPORT_HAS_FEATURE(x) __has_feature(x)
#else
#define SUPPORT_HAS_FEATURE(x) 0
#endif

namespace support {

/// Why this build runs a subset, or null if it runs everything. SOTTO_TEST_GRID=full or =subset overrides.
inline const char* why_subset() {
  if (const char* wish = std::getenv("SOTTO_TEST_GRID"))
    return std::strcmp(wish, "full") == 0 ? nullptr : "SOTTO_TEST_GRID asks for it";
#if defined(SOTTO_TEST_SUBSET)
  return "built with SOTTO_TEST_SUBSET";
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || SUPPORT_HAS_FEATURE(address_sanitizer) || \
    SUPPORT_HAS_FEATURE(memory_sanitizer) || SUPPORT_HAS_FEATURE(thread_sanitizer)
  return "built with a sanitizer";
#elif !defined(__OPTIMIZE__)
  return "built without optimisation";
#else
  return nullptr;
#endif
}

inline bool full_grid() { return why_subset() == nullptr; }

/// Every length from 0 to max. The subset: all up to 272 (more than one group of 16 blocks), then every 67th, so that
/// residues modulo 16 and 64 take turns, and the last 18.
inline std::vector<std::size_t> lengths_to(std::size_t max) {
  const bool full = full_grid();
  std::vector<std::size_t> lengths;
  for (std::size_t n = 0; n <= max; ++n)
    if (full || n <= 272 || n % 67 == 0 || n + 18 > max) lengths.push_back(n);
  return lengths;
}

/// Every step-th of a list in the subset, all of it in the full grid.
template <class T>
inline std::vector<T> thinned(const std::vector<T>& all, std::size_t step) {
  if (full_grid()) return all;
  std::vector<T> some;
  for (std::size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
  return some;
}

/// 0, 1, … max.
inline std::vector<std::size_t> up_to(std::size_t max) {
  std::vector<std::size_t> all;
  for (std::size_t n = 0; n <= max; ++n) all.push_back(n);
  return all;
}

/// Counts what went wrong in a row of a grid and describes the first case: REQUIRE per cell would be too slow.
class row {
 public:
  /// what is null if the cell was right.
  template <class Describe>
  void judge(const char* what, Describe&& describe) {
    ++cells_;
    if (what == nullptr) return;
    if (wrong_++ == 0) first_ = std::string(what) + ": " + describe();
  }
  std::size_t cells() const { return cells_; }
  std::size_t wrong() const { return wrong_; }
  const std::string& first() const { return first_; }

 private:
  std::size_t cells_ = 0, wrong_ = 0;
  std::string first_;
};

}  // namespace support

/// States that a row had cells and that none was wrong.
#define REQUIRE_ROW(r)                                                 \
  do {                                                                 \
    INFO((r).wrong() << " of " << (r).cells() << "; " << (r).first()); \
    REQUIRE((r).cells() != 0);                                         \
    REQUIRE((r).wrong() == 0);                                         \
  } while (false)
