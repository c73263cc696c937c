// SPDX-License-Identifier: BSL-1.0
// C2SP/wycheproof: AES-GCM and HMAC-SHA-1; other algorithms are counted as skipped.
#include <string>
#include <string_view>

#include "formats.hpp"
#include "gcm.hpp"
#include "hmac.hpp"
#include "json_case.hpp"
#include "skip_reasons.hpp"

namespace vectors {
namespace {

bool valid(const json_case& test) {
  const std::string result = test.text("result");
  if (result != "valid" && result != "invalid") throw malformed(test.id() + ": unknown result \"" + result + '"');
  return result == "valid";
}

void run_gcm(const json_case& test, report& r) {
  const gcm_vector v{test.hex("key"), test.hex("iv"), test.hex("aad"),
                     test.hex("msg"), test.hex("ct"), test.hex("tag")};
  if (v.nonce.size() != 12) return r.skip(gcm_nonce_reason);
  if (v.tag.size() != 16) return r.skip("AES-GCM tags other than 128 bits");
  const bool good = valid(test);
  r.run(test.id(), [&](test_case& c) { good ? check_gcm_valid(r, c, v) : check_gcm_invalid(r, c, v); });
}

void run_hmac_sha1(const json_case& test, report& r) {
  const bytes key = test.hex("key"), message = test.hex("msg"), tag = test.hex("tag");
  const bool good = valid(test);
  r.run(test.id(), [&](test_case& c) {
    good ? check_hmac_sha1(r, c, key, message, tag) : check_hmac_sha1_invalid(r, c, key, message, tag);
  });
}

}  // namespace

void run_wycheproof(const json& file, report& r) {
  const json_case top(file, "file");
  const std::string algorithm = top.text("algorithm");
  for (const json& group : top.array("testGroups")) {
    for (const json& node : json_case(group, "test group").array("tests")) {
      json_case test(node, "test");
      test = json_case(node, "tcId " + std::to_string(test.number("tcId")));
      if (algorithm == "AES-GCM")
        run_gcm(test, r);
      else if (algorithm == "HMACSHA1")
        run_hmac_sha1(test, r);
      else if (algorithm == "HMACSHA256" || algorithm == "HKDF-SHA-256")
        r.skip(sha2_reason);
      else
        r.skip(algorithm + " isn't part of the library yet");
    }
  }
}

}  // namespace vectors
