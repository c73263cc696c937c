// SPDX-License-Identifier: BSL-1.0
// Profiles on a command line: the registered ones, and those for private use, which both ends have to select.
#pragma once

#include <sotto/srtp/profile.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

inline std::vector<std::string> profile_names() {
  std::vector<std::string> names;
  for (const auto p : sotto::srtp::profiles) names.emplace_back(name(p));
  return names;
}

/// The profile of one of these names.
inline sotto::srtp::profile profile_named(std::string_view text) {
  for (const auto p : sotto::srtp::profiles)
    if (name(p) == text) return p;
  throw std::runtime_error("no profile " + std::string(text));
}

}  // namespace examples
