// SPDX-License-Identifier: BSL-1.0
// Every AES kernel of this machine gives the published answers, blocks and counter mode.
#include <cstdint>
#include <vector>

#include "sotto/kernels/aes/select.hpp"
#include "support/catch.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

namespace aes = sotto::kernels::aes;

TEST_CASE("AES kernels: published blocks") {
  const auto records = support::read_vectors("aes.txt");
  for (const auto* kernel : support::runnable(aes::candidates())) {
    for (const auto& r : records) {
      INFO(kernel->name << " " << r.where());
      aes::key key;
      kernel->expand(key, r["key"].data(), r["key"].size());
      REQUIRE(key.rounds == aes::rounds_for(r["key"].size()));
      std::vector<std::uint8_t> out(r["plaintext"].size());
      kernel->encrypt_blocks(key, r["plaintext"].data(), out.data(), out.size() / aes::block_len);
      REQUIRE(out == r["ciphertext"]);
    }
  }
}

TEST_CASE("AES kernels: published counter mode") {
  const auto records = support::read_vectors("aes_ctr.txt");
  for (const auto* kernel : support::runnable(aes::candidates())) {
    for (const auto& r : records) {
      INFO(kernel->name << " " << r.where());
      aes::key key;
      kernel->expand(key, r["key"].data(), r["key"].size());
      std::vector<std::uint8_t> out(r["plaintext"].size());
      kernel->ctr(key, r["counter"].data(), r["plaintext"].data(), out.data(), out.size());
      REQUIRE(out == r["ciphertext"]);
    }
  }
}
