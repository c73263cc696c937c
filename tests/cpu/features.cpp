// SPDX-License-Identifier: BSL-1.0
// What the library detects is what the operating system reports, and hiding features hides exactly those.
#include "sotto/cpu/features.hpp"

#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "support/catch.hpp"
#include "support/cpu_mask.hpp"

using sotto::cpu::available;
using sotto::cpu::detected;
using sotto::cpu::feature_set;

namespace {

bool has(std::uint32_t bits) { return detected().contains(feature_set(bits)); }

#if defined(__linux__) && (SOTTO_ARCH_X86 || SOTTO_ARCH_ARM64)
/// The words behind the first line that starts so. Empty if there is none: then nothing can be compared, as under an
/// emulator that shows the host's file.
std::set<std::string> cpuinfo_words(const std::string& label) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, label.size(), label) != 0) continue;
    std::istringstream words(line.substr(line.find(':') + 1));
    return {std::istream_iterator<std::string>(words), {}};
  }
  return {};
}
#endif

}  // namespace

TEST_CASE("detection is stable") {
  CHECK(detected() == detected());
  CHECK((detected().bits() & sotto::cpu::detail::cache_filled) == 0);
}

TEST_CASE("detected features come with what they build on") {
  CHECK((!has(SOTTO_ISA_VAES) || has(SOTTO_ISA_AVX2)));
  CHECK((!has(SOTTO_ISA_VPCLMUL) || has(SOTTO_ISA_AVX2)));
  CHECK((!has(SOTTO_ISA_AVX512) || has(SOTTO_ISA_AVX2)));
  CHECK((!has(SOTTO_ISA_IFMA) || has(SOTTO_ISA_AVX512)));
  constexpr std::uint32_t x86 = 0xffff, arm = 0x1f0000;
  if (!SOTTO_ARCH_X86) CHECK((detected().bits() & x86) == 0);
  if (!SOTTO_ARCH_ARM64) CHECK((detected().bits() & arm) == 0);
}

#if defined(__linux__) && SOTTO_ARCH_X86
TEST_CASE("detection agrees with the operating system") {
  const auto flags = cpuinfo_words("flags");
  if (flags.empty()) {
    WARN("/proc/cpuinfo has no flags: nothing to compare with");
    SUCCEED();
    return;
  }
  const auto agrees = [&](std::uint32_t bit, std::initializer_list<const char*> names) {
    bool all = true;
    for (const char* name : names) all = all && flags.count(name) != 0;
    INFO(*names.begin());
    CHECK(has(bit) == all);
  };
  agrees(SOTTO_ISA_SSSE3, {"ssse3"});
  agrees(SOTTO_ISA_SSE41, {"sse4_1"});
  agrees(SOTTO_ISA_AES, {"aes"});
  agrees(SOTTO_ISA_PCLMUL, {"pclmulqdq"});
  agrees(SOTTO_ISA_SHA, {"sha_ni"});
  agrees(SOTTO_ISA_AVX2, {"avx2"});
  agrees(SOTTO_ISA_BMI2, {"bmi2"});
  agrees(SOTTO_ISA_ADX, {"adx"});
  agrees(SOTTO_ISA_AVX512, {"avx512f", "avx512vl", "avx512bw", "avx512dq"});
  agrees(SOTTO_ISA_IFMA, {"avx512ifma", "avx512f", "avx512vl", "avx512bw", "avx512dq"});
  agrees(SOTTO_ISA_VAES, {"vaes", "avx2"});
  agrees(SOTTO_ISA_VPCLMUL, {"vpclmulqdq", "avx2"});
}
#endif

#if defined(__linux__) && SOTTO_ARCH_ARM64
TEST_CASE("detection agrees with the operating system") {
  const auto flags = cpuinfo_words("Features");
  CHECK(has(SOTTO_ISA_ARM_NEON));
  if (flags.empty()) {
    WARN("/proc/cpuinfo has no features, as under an emulator: only NEON compared");
    return;
  }
  CHECK(has(SOTTO_ISA_ARM_AES) == (flags.count("aes") != 0));
  CHECK(has(SOTTO_ISA_ARM_PMULL) == (flags.count("pmull") != 0));
  CHECK(has(SOTTO_ISA_ARM_SHA1) == (flags.count("sha1") != 0));
  CHECK(has(SOTTO_ISA_ARM_SHA2) == (flags.count("sha2") != 0));
}
#endif

#if defined(SOTTO_FORCE_ISA)
TEST_CASE("a forced list is what is available, mask or not") {
  CHECK(available() == feature_set(SOTTO_FORCE_ISA));
  const support::cpu_mask mask(feature_set(0x7fffffffu));
  CHECK(available() == feature_set(SOTTO_FORCE_ISA));
}
#else
TEST_CASE("hiding features hides exactly those") {
  CHECK(available() == detected());
  for (const auto hidden : support::all_masks()) {
    const support::cpu_mask mask(hidden);
    INFO(support::names_of(hidden));
    REQUIRE(available() == detected().without(hidden));
  }
  CHECK(available() == detected());
}

TEST_CASE("a mask replaces the one before") {
  sotto::cpu::hide(feature_set(SOTTO_ISA_AES | SOTTO_ISA_ARM_AES));
  sotto::cpu::hide(feature_set(SOTTO_ISA_SHA));
  CHECK(available() == detected().without(feature_set(SOTTO_ISA_SHA)));
  sotto::cpu::hide(feature_set());
  CHECK(available() == detected());
}
#endif
