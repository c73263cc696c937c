// SPDX-License-Identifier: BSL-1.0
// C2SP/wycheproof: which check an algorithm's cases go through; other algorithms are counted as skipped.
#include <cstddef>
#include <string>
#include <vector>

#include "chacha20_poly1305.hpp"
#include "formats.hpp"
#include "gcm.hpp"
#include "hkdf.hpp"
#include "hmac.hpp"
#include "json_case.hpp"
#include "skip_reasons.hpp"
#include "x25519.hpp"

namespace vectors {
namespace {

using cases = std::vector<json_case>;

bool valid(const json_case& test) {
  const std::string result = test.text("result");
  if (result != "valid" && result != "invalid") throw malformed(test.id() + ": unknown result \"" + result + '"');
  return result == "valid";
}

void run_gcm(const cases& tests, report& r) {
  for (const auto& test : tests) {
    const aead_vector v{test.hex("key"), test.hex("iv"), test.hex("aad"),
                        test.hex("msg"), test.hex("ct"), test.hex("tag")};
    if (v.nonce.size() != 12) {
      r.skip(gcm_nonce_reason);
      continue;
    }
    if (v.tag.size() != 16) throw malformed(test.id() + ": a tag of other than 128 bits");
    const bool good = valid(test);
    r.run(test.id(), [&](test_case& c) { good ? check_gcm_valid(r, c, v) : check_gcm_invalid(r, c, v); });
  }
}

/// The cases whose nonces have the algorithm's length; the rest is skipped.
std::vector<aead_case> with_nonces_of(std::size_t len, const char* otherwise, const cases& tests, report& r) {
  std::vector<aead_case> out;
  for (const auto& test : tests)
    if (bytes nonce = test.hex("iv"); nonce.size() != len)
      r.skip(otherwise);
    else
      out.push_back({test.id(),
                     {test.hex("key", 32), std::move(nonce), test.hex("aad"), test.hex("msg"), test.hex("ct"),
                      test.hex("tag", 16)},
                     valid(test)});
  return out;
}

void run_chacha(const cases& tests, report& r) {
  run_chacha20_poly1305(with_nonces_of(12, "ChaCha20-Poly1305 has nonces of 96 bits and no others", tests, r), r);
}

void run_xchacha(const cases& tests, report& r) {
  run_xchacha20_poly1305(with_nonces_of(24, "XChaCha20-Poly1305 has nonces of 192 bits and no others", tests, r), r);
}

template <class Hash>
void run_hmac(const cases& tests, report& r) {
  for (const auto& test : tests) {
    const hmac_vector v{test.hex("key"), test.hex("msg"), test.hex("tag")};
    const bool good = valid(test);
    r.run(test.id(), [&](test_case& c) { good ? check_hmac_valid<Hash>(r, c, v) : check_hmac_invalid<Hash>(r, c, v); });
  }
}

template <class Hash>
void run_hkdf(const cases& tests, report& r) {
  for (const auto& test : tests) {
    const hkdf_vector v{test.hex("ikm"), test.hex("salt"), test.hex("info"),
                        static_cast<std::size_t>(test.number("size")), test.hex("okm")};
    const bool good = valid(test);
    // The only thing that can be wrong with these inputs: a request for more than there is.
    r.run(test.id(),
          [&](test_case& c) { good ? check_hkdf_valid<Hash>(r, c, v) : check_hkdf_too_long<Hash>(r, c, v); });
  }
}

struct algorithm {
  const char* name;
  void (*run)(const cases&, report&);
};

constexpr algorithm algorithms[] = {
    {"AES-GCM", &run_gcm},
    {"CHACHA20-POLY1305", &run_chacha},
    {"XCHACHA20-POLY1305", &run_xchacha},
    {"HMACSHA1", &run_hmac<sha1>},
    {"HMACSHA256", &run_hmac<sha256>},
    {"HKDF-SHA-1", &run_hkdf<sha1>},
    {"HKDF-SHA-256", &run_hkdf<sha256>},
    {"XDH over curve25519", &run_x25519_wycheproof},
};

void run_group(const std::string& name, const cases& tests, report& r) {
  for (const auto& known : algorithms)
    if (name == known.name) return known.run(tests, r);
  r.skip(name + " isn't part of the library yet", tests.size());
}

}  // namespace

void run_wycheproof(const json& file, report& r) {
  const std::string algorithm = json_case(file, "file").text("algorithm");
  for (const json& node : json_case(file, "file").array("testGroups")) {
    const json_case group(node, "test group");
    const std::string name = group.has("curve") ? algorithm + " over " + group.text("curve") : algorithm;
    cases tests;
    for (const json& test : group.array("tests"))
      tests.emplace_back(test, "tcId " + std::to_string(json_case(test, "test").number("tcId")));
    run_group(name, tests, r);
  }
}

}  // namespace vectors
