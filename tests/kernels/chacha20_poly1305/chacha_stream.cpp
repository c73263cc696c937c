// SPDX-License-Identifier: BSL-1.0
// Every kernel's ChaCha20 and HChaCha20 give the published answers; ChaCha20 equals the reference at every length, from
// counters on both sides of 2^32, in place and out of place, and stays within its buffers.
#include <cstring>
#include <string>

#include "algorithm.hpp"
#include "sotto/core/bytes.hpp"
#include "support/catch.hpp"
#include "support/fault_note.hpp"
#include "support/grid.hpp"
#include "support/guard_pages.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

using namespace chacha_test;
using octets = std::vector<std::uint8_t>;
using support::edge;

namespace {

struct stream_rig {
  explicit stream_rig(std::size_t max_len) : in(max_len), out(max_len) {}

  /// Null if the kernel turns text into expected.
  const char* run(const chacha::kernel& kernel, const chacha::key& key, std::uint32_t counter,
                  const octets& nonce_bytes, const octets& text, const octets& expected, edge at, bool in_place) {
    const std::uint8_t* n = nonce.place(at, nonce_bytes);
    std::uint8_t* from = in.place(at, text);
    std::uint8_t* to = in_place ? from : out.place(at, text.size());
    fault.now(kernel.name, "chacha20", counter, text.size());
    kernel.chacha20(key, counter, n, from, to, text.size());
    if (!support::same_bytes(to, expected.data(), expected.size())) return "wrong bytes";
    if (!(in_place ? in : out).intact_around(to, text.size())) return "wrote outside of out";
    if (!in_place && !support::same_bytes(from, text.data(), text.size())) return "changed its input";
    return nullptr;
  }

  support::guard_pages nonce{12}, in, out;
  support::fault_note fault;
};

/// What the key stream is, one block a call: no counter of the reference's own is involved.
octets reference_stream(const chacha::key& key, std::uint32_t counter, const octets& nonce, std::size_t len) {
  octets stream(len + 64);
  for (std::size_t done = 0; done < len; done += 64)
    support::reference(chacha::candidates())
        .chacha20(key, counter++, nonce.data(), stream.data() + done, stream.data() + done, 64);
  stream.resize(len);
  return stream;
}

}  // namespace

TEST_CASE("ChaCha20 kernels: published blocks and messages") {
  const auto records = support::read_vectors("chacha20.txt");
  stream_rig rig(512);
  for (const auto* kernel : support::runnable(chacha::candidates())) {
    support::row row;
    for (const auto& v : records)
      for (const edge at : {edge::start, edge::end})
        for (const bool in_place : {false, true})
          row.judge(rig.run(*kernel, key_of(v["key"]), sotto::core::load_be32(v["counter"].data()), v["nonce"],
                            v["plaintext"], v["ciphertext"], at, in_place),
                    [&] { return v.where(); });
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("HChaCha20 kernels: published subkey") {
  const auto records = support::read_vectors("hchacha20.txt");
  support::guard_pages nonce(16);
  for (const auto* kernel : support::runnable(chacha::candidates()))
    for (const auto& v : records)
      for (const edge at : {edge::start, edge::end}) {
        INFO(kernel->name << ", " << v.where());
        chacha::key subkey;
        kernel->hchacha20(key_of(v["key"]), nonce.place(at, v["nonce"]), subkey);
        CHECK(octets(subkey.bytes, subkey.bytes + sizeof subkey.bytes) == v["subkey"]);
        // The subkey may replace the key.
        chacha::key same = key_of(v["key"]);
        kernel->hchacha20(same, nonce.place(at, v["nonce"]), same);
        CHECK(std::memcmp(same.bytes, subkey.bytes, sizeof same.bytes) == 0);
      }
}

TEST_CASE("HChaCha20 kernels equal the reference") {
  support::pattern p(31);
  for (int round = 0; round < 50; ++round) {
    const chacha::key key = key_of(p.bytes(32));
    const octets nonce = p.bytes(16);
    chacha::key expected;
    support::reference(chacha::candidates()).hchacha20(key, nonce.data(), expected);
    for (const auto* kernel : support::runnable(chacha::candidates())) {
      INFO(kernel->name);
      chacha::key subkey;
      kernel->hchacha20(key, nonce.data(), subkey);
      REQUIRE(std::memcmp(subkey.bytes, expected.bytes, sizeof subkey.bytes) == 0);
    }
  }
}

TEST_CASE("ChaCha20 kernels: every length, and counters around 2^32") {
  constexpr std::size_t max_len = 2100;
  const chacha::key key = key_of(support::pattern_bytes(41, 32));
  const octets nonce = support::pattern_bytes(42, 12), text = support::pattern_bytes(43, max_len);
  stream_rig rig(max_len);
  for (const std::uint32_t counter : {0u, 1u, 0x7ffffffeu, 0xffffffdfu, 0xfffffff0u, 0xfffffff7u, 0xfffffff9u,
                                      0xfffffffbu, 0xfffffffdu, 0xfffffffeu, 0xffffffffu}) {
    octets sealed = reference_stream(key, counter, nonce, max_len);
    for (std::size_t i = 0; i < max_len; ++i) sealed[i] ^= text[i];
    for (const auto* kernel : support::runnable(chacha::candidates())) {
      support::row row;
      for (const std::size_t len : support::lengths_to(max_len)) {
        const auto end = static_cast<std::ptrdiff_t>(len);
        const octets in(text.begin(), text.begin() + end), out(sealed.begin(), sealed.begin() + end);
        row.judge(rig.run(*kernel, key, counter, nonce, in, out, len % 2 == 0 ? edge::start : edge::end, len % 4 < 2),
                  [&] { return std::to_string(len) + " bytes"; });
      }
      INFO(kernel->name << " from " << counter);
      REQUIRE_ROW(row);
    }
  }
}
