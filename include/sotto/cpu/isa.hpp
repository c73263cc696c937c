// SPDX-License-Identifier: BSL-1.0
// Sets of instruction-set features, and the choice of the best kernel within a set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/abi.hpp"

namespace sotto::inline SOTTO_ABI::cpu {

/// A set of features: SOTTO_ISA_* bits.
class feature_set {
 public:
  constexpr feature_set() noexcept = default;
  constexpr explicit feature_set(std::uint32_t bits) noexcept : bits_(bits) {}
  constexpr std::uint32_t bits() const noexcept { return bits_; }
  constexpr bool contains(feature_set other) const noexcept { return (bits_ & other.bits_) == other.bits_; }
  constexpr feature_set with(feature_set other) const noexcept { return feature_set(bits_ | other.bits_); }
  constexpr feature_set without(feature_set other) const noexcept { return feature_set(bits_ & ~other.bits_); }
  friend constexpr bool operator==(feature_set, feature_set) noexcept = default;

 private:
  std::uint32_t bits_ = 0;
};

/// A feature's bit and the name that tests, tools and the benchmark print and accept.
struct feature_name {
  feature_set feature;
  const char* name;
};

inline constexpr feature_name feature_names[] = {
    {feature_set(SOTTO_ISA_SSSE3), "ssse3"},
    {feature_set(SOTTO_ISA_SSE41), "sse4.1"},
    {feature_set(SOTTO_ISA_AES), "aes"},
    {feature_set(SOTTO_ISA_PCLMUL), "pclmul"},
    {feature_set(SOTTO_ISA_SHA), "sha"},
    {feature_set(SOTTO_ISA_AVX2), "avx2"},
    {feature_set(SOTTO_ISA_BMI2), "bmi2"},
    {feature_set(SOTTO_ISA_ADX), "adx"},
    {feature_set(SOTTO_ISA_AVX512), "avx512"},
    {feature_set(SOTTO_ISA_IFMA), "avx512ifma"},
    {feature_set(SOTTO_ISA_VAES), "vaes"},
    {feature_set(SOTTO_ISA_VPCLMUL), "vpclmulqdq"},
    {feature_set(SOTTO_ISA_ARM_NEON), "neon"},
    {feature_set(SOTTO_ISA_ARM_AES), "arm-aes"},
    {feature_set(SOTTO_ISA_ARM_PMULL), "arm-pmull"},
    {feature_set(SOTTO_ISA_ARM_SHA1), "arm-sha1"},
    {feature_set(SOTTO_ISA_ARM_SHA2), "arm-sha2"},
};

/// A kernel table and every feature it uses.
template <class Kernel>
struct candidate {
  const Kernel* kernel;
  feature_set needs;
};

/// The first candidate that the features allow. Lists run from best to portable, and the portable one needs nothing.
template <class Kernel>
constexpr const Kernel& choose(std::span<const candidate<Kernel>> best_first, feature_set features) noexcept {
  for (const auto& c : best_first)
    if (features.contains(c.needs)) return *c.kernel;
  return *best_first.back().kernel;
}

}  // namespace sotto::inline SOTTO_ABI::cpu
