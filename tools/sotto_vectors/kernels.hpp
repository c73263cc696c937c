// SPDX-License-Identifier: BSL-1.0
// Every kernel of this build that this machine can run, one after the other.
#pragma once

#include <cstddef>
#include <sotto/cpu/features.hpp>
#include <span>
#include <string>
#include <string_view>

#include "report.hpp"

namespace vectors {

/// Calls body(kernel, "algorithm/name") for each runnable candidate and notes it in the report.
template <class Kernel, class Body>
void on_each(std::span<const sotto::cpu::candidate<Kernel>> candidates, std::string_view algorithm, report& r,
             const Body& body) {
  for (const auto& candidate : candidates) {
    if (!sotto::cpu::detected().contains(candidate.needs)) continue;
    r.exercised(algorithm, candidate.kernel->name);
    body(*candidate.kernel, std::string(algorithm) + '/' + candidate.kernel->name);
  }
}

/// Hides processor features while it lives.
class feature_mask {
 public:
  explicit feature_mask(sotto::cpu::feature_set features) { sotto::cpu::hide(features); }
  ~feature_mask() { sotto::cpu::hide(sotto::cpu::feature_set()); }
  feature_mask(const feature_mask&) = delete;
  feature_mask& operator=(const feature_mask&) = delete;
};

/// The same for objects that choose their kernel themselves: hides what a candidate doesn't need, so that `select` has
/// to come to it, and calls body(name, "algorithm/name"). Each candidate must be reached.
template <class Kernel, class Body>
void on_each_bound(std::span<const sotto::cpu::candidate<Kernel>> candidates, const Kernel& (*select)(),
                   std::string_view algorithm, report& r, test_case& c, const Body& body) {
  const sotto::cpu::feature_set detected = sotto::cpu::detected();
  for (const auto& candidate : candidates) {
    if (!detected.contains(candidate.needs)) continue;
    const feature_mask mask(detected.without(candidate.needs));
    const std::string kernel = std::string(algorithm) + '/' + candidate.kernel->name;
#if defined(SOTTO_FORCE_ISA)
    // The compiler has chosen and no mask changes that: only this kernel can be bound.
    if (&select() != candidate.kernel) continue;
#endif
    if (!c.require(kernel, &select() == candidate.kernel, "hiding features doesn't lead to this kernel")) continue;
    r.exercised(algorithm, candidate.kernel->name);
    body(std::string_view(candidate.kernel->name), kernel);
  }
}

}  // namespace vectors
