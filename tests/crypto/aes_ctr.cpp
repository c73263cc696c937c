// SPDX-License-Identifier: BSL-1.0
// aes_ctr gives the published answers, carries its counter through all 128 bits, and refuses misuse by name.
#include "sotto/crypto/aes_ctr.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

using sotto::error;
using sotto::crypto::aes_ctr;
using octets = std::vector<std::uint8_t>;

namespace {

static_assert(!std::is_copy_constructible_v<aes_ctr> && std::is_nothrow_move_constructible_v<aes_ctr>);

constexpr std::uint8_t canary = 0xa5;

std::span<const std::uint8_t, 16> block_of(const octets& b) { return std::span<const std::uint8_t, 16>(b.data(), 16); }

aes_ctr make(const octets& key) {
  auto made = aes_ctr::create(key);
  REQUIRE(made.has_value());
  return *std::move(made);
}

/// SP 800-38A 6.5 by the letter: every block of the key stream by itself, the counter a 128-bit number.
octets model(const aes_ctr& aes, octets counter, octets text) {
  for (std::size_t at = 0; at < text.size(); at += 16) {
    octets stream(16);
    REQUIRE(aes.encrypt_blocks(counter, stream).has_value());
    for (std::size_t i = 0; i < 16 && at + i < text.size(); ++i) text[at + i] ^= stream[i];
    for (std::size_t i = 16; i-- > 0 && ++counter[i] == 0;) {
    }
  }
  return text;
}

}  // namespace

TEST_CASE("aes_ctr: published texts, out of place and in place") {
  for (const auto& v : support::read_vectors("aes_ctr.txt")) {
    INFO(v.where());
    const aes_ctr aes = make(v["key"]);
    octets out(v["plaintext"].size() + 3, canary), buffer = v["plaintext"];
    const auto written = aes.apply(block_of(v["counter"]), v["plaintext"], out);
    REQUIRE(written.has_value());
    REQUIRE(octets(written->begin(), written->end()) == v["ciphertext"]);
    REQUIRE(octets(out.end() - 3, out.end()) == octets(3, canary));
    REQUIRE(aes.apply(block_of(v["counter"]), buffer, buffer).has_value());
    REQUIRE(buffer == v["ciphertext"]);
    REQUIRE(aes.apply(block_of(v["counter"]), buffer, buffer).has_value());
    REQUIRE(buffer == v["plaintext"]);
  }
}

TEST_CASE("aes_ctr: published blocks") {
  for (const auto& v : support::read_vectors("aes.txt")) {
    INFO(v.where());
    octets out(v["plaintext"].size());
    REQUIRE(make(v["key"]).encrypt_blocks(v["plaintext"], out).has_value());
    REQUIRE(out == v["ciphertext"]);
  }
}

TEST_CASE("aes_ctr: the counter carries past 32, 64, 96 and 128 bits") {
  const octets key = support::pattern_bytes(1, 16);
  for (const auto* kernel : support::runnable(sotto::kernels::aes::candidates())) {
    auto made = aes_ctr::create(key, *kernel);
    REQUIRE(made.has_value());
    const aes_ctr aes = *std::move(made);
    REQUIRE(aes.kernel_name() == kernel->name);
    for (const std::size_t ones : {1u, 2u, 4u, 8u, 12u, 16u}) {
      for (std::uint8_t before = 0; before < 40; before = static_cast<std::uint8_t>(before + 3)) {
        octets counter = support::pattern_bytes(ones, 16);
        std::fill(counter.end() - static_cast<std::ptrdiff_t>(ones), counter.end(), std::uint8_t{0xff});
        counter[15] = static_cast<std::uint8_t>(0xff - before);
        for (const std::size_t len : {1u, 16u, 17u, 100u, 256u, 701u}) {
          octets text = support::pattern_bytes(len, len);
          const octets expected = model(aes, counter, text), counter_before = counter;
          INFO(kernel->name << ", " << ones << " bytes of ones less " << int{before} << ", " << len << " bytes");
          REQUIRE(aes.apply(block_of(counter), text, text).has_value());
          REQUIRE(text == expected);
          REQUIRE(counter == counter_before);
        }
      }
    }
  }
}

TEST_CASE("aes_ctr: only 16, 24 and 32 bytes are a key") {
  const octets key(64);
  for (std::size_t len = 0; len <= key.size(); ++len) {
    const auto made = aes_ctr::create(sotto::const_bytes(key).first(len));
    REQUIRE(made.has_value() == (len == 16 || len == 24 || len == 32));
    if (!made) REQUIRE(made.error() == error::invalid_key_length);
  }
}

TEST_CASE("aes_ctr: misuse is refused and nothing written") {
  const aes_ctr aes = make(octets(16));
  const octets counter(16), text = support::pattern_bytes(2, 48);
  for (std::size_t len = 0; len < text.size(); ++len) {
    octets out(len, canary);
    const auto applied = aes.apply(block_of(counter), text, out);
    const auto blocks = aes.encrypt_blocks(text, out);
    REQUIRE((!applied.has_value() && applied.error() == error::buffer_too_small));
    REQUIRE((!blocks.has_value() && blocks.error() == error::buffer_too_small));
    REQUIRE(out == octets(len, canary));
  }
  const octets memory = support::pattern_bytes(3, 160);
  for (std::size_t at = 0; at + 48 <= memory.size(); ++at) {
    INFO("out at " << at);
    octets m = memory, n = memory;
    const bool fine = at == 56 || at >= 56 + 48 || at + 48 <= 56;
    const auto applied = aes.apply(block_of(counter), sotto::const_bytes(m).subspan(56, 48), {m.data() + at, 48});
    const auto blocks = aes.encrypt_blocks(sotto::const_bytes(n).subspan(56, 48), {n.data() + at, 48});
    REQUIRE(applied.has_value() == fine);
    REQUIRE(blocks.has_value() == fine);
    if (!fine) REQUIRE((applied.error() == error::overlapping_buffers && m == memory));
    if (!fine) REQUIRE((blocks.error() == error::overlapping_buffers && n == memory));
  }
  for (std::size_t len = 0; len <= 48; ++len) {
    octets out(48, canary);
    const auto blocks = aes.encrypt_blocks(sotto::const_bytes(text).first(len), out);
    REQUIRE(blocks.has_value() == (len % 16 == 0));
    if (!blocks) REQUIRE((blocks.error() == error::invalid_argument && out == octets(48, canary)));
  }
}

TEST_CASE("aes_ctr: a counter inside the output is read before it is overwritten") {
  const aes_ctr aes = make(octets(16));
  octets m = support::pattern_bytes(4, 64);
  const octets counter(m.begin(), m.begin() + 16), text(m.begin(), m.end()), expected = model(aes, counter, text);
  REQUIRE(aes.apply(block_of(m), m, m).has_value());
  CHECK(m == expected);
}
