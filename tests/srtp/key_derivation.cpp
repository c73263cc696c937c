// SPDX-License-Identifier: BSL-1.0
// Key derivation gives the published keys, with every kernel, and refuses parameters outside its range.
#include "sotto/srtp/key_derivation.hpp"

#include <cstdint>
#include <vector>

#include "keys.hpp"
#include "support/catch.hpp"
#include "support/cpu_mask.hpp"
#include "support/hex.hpp"
#include "support/vector_file.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

TEST_CASE("published key derivations") {
  for (const auto mask : {sotto::cpu::feature_set(), sotto::cpu::feature_set(SOTTO_ISA_AES)}) {
    const support::cpu_mask guard(mask);
    for (const auto& v : support::read_vectors("srtp_key_derivation.txt")) {
      INFO(v.where());
      std::uint64_t index = 0;
      for (const auto b : v["index_div_kdr"]) index = index << 8 | b;
      octets out(v["output"].size());
      const auto label = static_cast<srtp::key_label>(v["label"][0]);
      REQUIRE(srtp::derive_key(v["master_key"], v["master_salt"], label, index, out));
      CHECK(support::to_hex(out) == support::to_hex(v["output"]));
    }
  }
}

TEST_CASE("a 96-bit salt is followed by two zero bytes") {
  const octets key = support::pattern_bytes(1, 16), short_salt = support::pattern_bytes(2, 12);
  octets long_salt = short_salt, a(40), b(40);
  long_salt.resize(14);
  REQUIRE(srtp::derive_key(key, short_salt, srtp::key_label::rtp_salt, 0, a));
  REQUIRE(srtp::derive_key(key, long_salt, srtp::key_label::rtp_salt, 0, b));
  CHECK(a == b);
}

TEST_CASE("lengths and indices outside the range") {
  octets out(16, 0xa5);
  const octets before = out;
  const auto derive = [&](std::size_t key_len, std::size_t salt_len, std::uint64_t index) {
    return code(srtp::derive_key(octets(key_len), octets(salt_len), srtp::key_label::rtp_encryption, index, out));
  };
  for (const std::size_t n : {0u, 15u, 17u, 31u, 33u}) CHECK(derive(n, 14, 0) == code(error::invalid_key_length));
  for (const std::size_t n : {0u, 11u, 13u, 15u}) CHECK(derive(16, n, 0) == code(error::invalid_salt_length));
  CHECK(derive(16, 14, std::uint64_t{1} << 48) == code(error::invalid_argument));
  CHECK(out == before);
  CHECK(derive(16, 14, (std::uint64_t{1} << 48) - 1) == 0);
  octets longest(srtp::key_derivation::max_output_len + 1);
  CHECK(code(srtp::derive_key(octets(16), octets(14), srtp::key_label::rtp_salt, 0, longest)) ==
        code(error::invalid_argument));
}
