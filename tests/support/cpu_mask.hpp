// SPDX-License-Identifier: BSL-1.0
// Hides processor features for a scope. Needs SOTTO_ENABLE_CPU_MASK.
#pragma once

#include <string>
#include <vector>

#include "sotto/cpu/features.hpp"
#include "sotto/cpu/isa.hpp"

namespace support {

class cpu_mask {
 public:
  explicit cpu_mask(sotto::cpu::feature_set hidden) { sotto::cpu::hide(hidden); }
  cpu_mask(const cpu_mask&) = delete;
  cpu_mask& operator=(const cpu_mask&) = delete;
  ~cpu_mask() { sotto::cpu::hide(sotto::cpu::feature_set()); }
};

/// Nothing, each feature, each pair of features, and everything: the masks that dispatch must survive.
inline std::vector<sotto::cpu::feature_set> all_masks() {
  std::vector<sotto::cpu::feature_set> masks{sotto::cpu::feature_set()};
  sotto::cpu::feature_set everything;
  for (const auto& a : sotto::cpu::feature_names) {
    everything = everything.with(a.feature);
    masks.push_back(a.feature);
    for (const auto& b : sotto::cpu::feature_names)
      if (a.feature.bits() < b.feature.bits()) masks.push_back(a.feature.with(b.feature));
  }
  masks.push_back(everything);
  return masks;
}

inline std::string names_of(sotto::cpu::feature_set features) {
  std::string names;
  for (const auto& f : sotto::cpu::feature_names)
    if (features.contains(f.feature)) names.append(names.empty() ? "" : "+").append(f.name);
  return names.empty() ? "nothing" : names;
}

}  // namespace support
