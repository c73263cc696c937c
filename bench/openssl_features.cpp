// SPDX-License-Identifier: BSL-1.0
// Which processor features OpenSSL uses, and how to hide some from it.
#include <openssl/crypto.h>

#include <charconv>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sotto/cpu/target.hpp>

#include "rows.hpp"

namespace bench {
namespace {

/// The two numbers of the variable OPENSSL_ia32cap (OpenSSL's manual, openssl-env and OPENSSL_ia32cap): cpuid's leaf 1,
/// EDX below ECX, and leaf 7, EBX below ECX.
struct capabilities {
  std::uint64_t leaf1, leaf7;
};

constexpr std::uint64_t bit(int n) noexcept { return std::uint64_t{1} << n; }

/// What it takes to hide Sotto's features. AVX-512 goes whole, extensions that Sotto doesn't know included.
capabilities bits_of(sotto::cpu::feature_set features) noexcept {
  static constexpr struct {
    std::uint32_t feature;
    capabilities bits;
  } all[] = {
      {SOTTO_ISA_SSSE3, {bit(41), 0}},
      {SOTTO_ISA_SSE41, {bit(51), 0}},
      {SOTTO_ISA_AES, {bit(57), 0}},
      {SOTTO_ISA_PCLMUL, {bit(33), 0}},
      {SOTTO_ISA_SHA, {0, bit(29)}},
      {SOTTO_ISA_AVX2, {0, bit(5)}},
      {SOTTO_ISA_BMI2, {0, bit(8)}},
      {SOTTO_ISA_ADX, {0, bit(19)}},
      {SOTTO_ISA_AVX512,
       {0,
        bit(16) | bit(17) | bit(21) | bit(28) | bit(30) | bit(31) | bit(33) | bit(38) | bit(43) | bit(44) | bit(46)}},
      {SOTTO_ISA_IFMA, {0, bit(21)}},
      {SOTTO_ISA_VAES, {0, bit(41)}},
      {SOTTO_ISA_VPCLMUL, {0, bit(42)}},
  };
  capabilities sum{};
  for (const auto& one : all)
    if (features.contains(sotto::cpu::feature_set(one.feature))) {
      sum.leaf1 |= one.bits.leaf1;
      sum.leaf7 |= one.bits.leaf7;
    }
  return sum;
}

/// What OpenSSL says it uses: "OPENSSL_ia32cap=0x…:0x…" and what its variable was.
std::string_view cpu_settings() noexcept {
  const char* const text = OPENSSL_info(OPENSSL_INFO_CPU_SETTINGS);
  return text == nullptr ? std::string_view() : text;
}

capabilities used() {
  std::string_view text = cpu_settings();
  const auto number_after = [&text](std::string_view mark) {
    std::uint64_t n = 0;
    const auto at = text.find(mark);
    if (at == std::string_view::npos) throw std::runtime_error("OpenSSL doesn't tell which processor features it uses");
    text.remove_prefix(at + mark.size());
    std::from_chars(text.data(), text.data() + text.size(), n, 16);
    return n;
  };
  const std::uint64_t leaf1 = number_after("OPENSSL_ia32cap=0x");
  return {leaf1, number_after(":0x")};
}

}  // namespace

environment_variable openssl_without([[maybe_unused]] sotto::cpu::feature_set hidden) {
#if SOTTO_ARCH_X86
  const capabilities c = bits_of(hidden);
  char value[64];
  // "~" takes bits away; nothing before the colon leaves the first number as it is.
  if (c.leaf1 != 0)
    std::snprintf(value, sizeof value, "~0x%" PRIx64 ":~0x%" PRIx64, c.leaf1, c.leaf7);
  else
    std::snprintf(value, sizeof value, ":~0x%" PRIx64, c.leaf7);
  return {"OPENSSL_ia32cap", value};
#else
  return {};
#endif
}

std::string describe_openssl(sotto::cpu::feature_set hidden) {
  std::string text = std::string(SOTTO_PEER_OPENSSL) + ", loaded: " + OpenSSL_version(OPENSSL_VERSION);
#if SOTTO_ARCH_X86
  const capabilities gone = bits_of(hidden), left = used();
  if ((gone.leaf1 & left.leaf1) != 0 || (gone.leaf7 & left.leaf7) != 0)
    throw std::runtime_error("OpenSSL still uses hidden features: " + std::string(cpu_settings()));
  text += ", " + std::string(cpu_settings());
  if (hidden != sotto::cpu::feature_set()) text += ", which has none of the hidden features";
#endif
  return text;
}

}  // namespace bench
