// SPDX-License-Identifier: BSL-1.0
// Each candidate list is well formed: best first, what needs nothing last, so that no kernel hides behind a weaker one
// and choosing always succeeds.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string>

#include "sotto/kernels/aes/select.hpp"
#include "sotto/kernels/aes_cm_hmac_sha1/select.hpp"
#include "sotto/kernels/aes_gcm/select.hpp"
#include "sotto/kernels/chacha20_poly1305/select.hpp"
#include "sotto/kernels/sha1/select.hpp"
#include "sotto/kernels/sha256/select.hpp"
#include "sotto/kernels/sha512/select.hpp"
#include "sotto/kernels/x25519/select.hpp"
#include "support/catch.hpp"
#include "support/cpu_mask.hpp"
#include "support/runnable.hpp"

namespace k = sotto::kernels;
using sotto::cpu::feature_set;

namespace {

template <class Kernel>
void check_list(const char* algorithm, std::span<const sotto::cpu::candidate<Kernel>> list) {
  INFO(algorithm);
  std::uint32_t known = 0;
  for (const auto& f : sotto::cpu::feature_names) known |= f.feature.bits();

  std::set<std::string> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    INFO(list[i].kernel->name);
    // Behind a portable kernel for wide multiplications its narrow reference may follow; nothing else.
    const bool portable = std::string(list[i].kernel->name).starts_with("portable");
    CHECK((list[i].needs == feature_set()) == portable);
    CHECK((portable || i + 1 < list.size()));
    CHECK((list[i].needs.bits() & ~known) == 0);
    CHECK(names.insert(list[i].kernel->name).second);
    // A later kernel whose needs include an earlier one's could never be chosen.
    for (std::size_t better = 0; better < i && !portable; ++better)
      CHECK_FALSE(list[i].needs.contains(list[better].needs));
  }

  std::printf("%s:", algorithm);
  for (const Kernel* kernel : support::runnable(list)) std::printf(" %s", kernel->name);
  std::printf("\n");
}

/// select(features) is the first kernel of the list that fits, for every single feature and pair taken away.
template <class Kernel, class Select>
void check_select(std::span<const sotto::cpu::candidate<Kernel>> list, Select select) {
  for (const auto missing : support::all_masks()) {
    const feature_set have = feature_set(0x7fffffffu).without(missing);
    const Kernel* expected = nullptr;
    for (const auto& c : list)
      if (expected == nullptr && (c.needs.bits() & missing.bits()) == 0) expected = c.kernel;
    INFO("without " << support::names_of(missing));
    REQUIRE(expected != nullptr);
    REQUIRE(std::string(select(have).name) == expected->name);
  }
}

}  // namespace

TEST_CASE("candidate lists are well formed") {
  check_list("aes", k::aes::candidates());
  check_list("aes_gcm", k::aes_gcm::candidates());
  check_list("sha1", k::sha1::candidates());
  check_list("aes_cm_hmac_sha1", k::aes_cm_hmac_sha1::candidates());
  check_list("chacha20_poly1305", k::chacha20_poly1305::candidates());
  check_list("x25519", k::x25519::candidates());
  check_list("sha256", k::sha256::candidates());
  check_list("sha512", k::sha512::candidates());
}

TEST_CASE("select takes the best kernel of what is left") {
  check_select(
      k::aes::candidates(), [](feature_set f) -> auto& { return k::aes::select(f); });
  check_select(
      k::aes_gcm::candidates(), [](feature_set f) -> auto& { return k::aes_gcm::select(f); });
  check_select(
      k::sha1::candidates(), [](feature_set f) -> auto& { return k::sha1::select(f); });
  check_select(
      k::aes_cm_hmac_sha1::candidates(), [](feature_set f) -> auto& { return k::aes_cm_hmac_sha1::select(f); });
  check_select(
      k::chacha20_poly1305::candidates(), [](feature_set f) -> auto& { return k::chacha20_poly1305::select(f); });
  check_select(
      k::x25519::candidates(), [](feature_set f) -> auto& { return k::x25519::select(f); });
  check_select(
      k::sha256::candidates(), [](feature_set f) -> auto& { return k::sha256::select(f); });
  check_select(
      k::sha512::candidates(), [](feature_set f) -> auto& { return k::sha512::select(f); });
}

TEST_CASE("expanded keys stay small") {
  std::printf("aes key %zu bytes, aes_gcm key %zu, aes_cm_hmac_sha1 key %zu\n", sizeof(k::aes::key),
              sizeof(k::aes_gcm::key), sizeof(k::aes_cm_hmac_sha1::key));
  CHECK(sizeof(k::aes_gcm::key) + sizeof(void*) <= 768);
  CHECK(sizeof(k::aes_cm_hmac_sha1::key) + sizeof(void*) <= 768);
}
