// SPDX-License-Identifier: BSL-1.0
// Every AES-GCM kernel equals the reference at every alignment, with buffers that touch one another, and on long texts.
#include <string>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/runnable.hpp"

using namespace gcm_test;
using support::guard_pages;

namespace {

constexpr std::size_t aad_len = 12;
const bytes secret = support::pattern_bytes(9, 16);

/// Copies a part of a sample to an address and returns the address.
std::uint8_t* put(std::uint8_t* to, const bytes& from) {
  if (!from.empty()) std::memcpy(to, from.data(), from.size());
  return to;
}

bool equal(const std::uint8_t* p, const bytes& expected) {
  return expected.empty() || std::memcmp(p, expected.data(), expected.size()) == 0;
}

/// Seals from one alignment to another and back, with the tag behind the text, and the AAD and nonce misaligned too.
const char* round_trip(const keyed& k, const sample& s, std::size_t from, std::size_t to) {
  alignas(64) std::uint8_t in[1700], out[1700], small[192];
  std::memset(in, guard_pages::canary, sizeof in);
  std::memset(out, guard_pages::canary, sizeof out);
  const std::size_t len = s.text.size();
  const std::uint8_t* aad = put(small + from, s.aad);
  const std::uint8_t* nonce = put(small + 96 + to, s.nonce);

  k.kernel->seal(k.key, {nonce, aad, aad_len, nullptr, 0, put(in + from, s.text), out + to, len}, out + to + len);
  if (!equal(out + to, s.sealed) || !equal(out + to + len, s.tag)) return "seal: wrong bytes";
  if (!guard_pages::is_canary(out, to) || !guard_pages::is_canary(out + to + len + 16, sizeof out - to - len - 16))
    return "seal: wrote outside";

  std::memset(in, guard_pages::canary, sizeof in);
  if (!k.kernel->open(k.key, {nonce, aad, aad_len, nullptr, 0, out + to, in + from, len}, out + to + len))
    return "open: refused";
  if (!equal(in + from, s.text)) return "open: wrong bytes";
  if (!guard_pages::is_canary(in, from) || !guard_pages::is_canary(in + from + len, sizeof in - from - len))
    return "open: wrote outside";
  return nullptr;
}

}  // namespace

TEST_CASE("AES-GCM kernels: every alignment") {
  const keyed reference(gcm::portable::table, secret);
  for (const auto* kernel : support::runnable(gcm::candidates)) {
    const keyed key(*kernel, secret);
    support::row row;
    for (const std::size_t len : {0u,   1u,   15u,  16u,  17u,  20u,  31u,  48u,   63u,   64u,  65u,
                                  127u, 160u, 192u, 255u, 256u, 257u, 511u, 1024u, 1200u, 1500u}) {
      const sample s = make_sample(reference, secret, aad_len, len);
      for (std::size_t from = 0; from < 64; ++from) {
        row.judge(round_trip(key, s, from, (from * 29 + len) % 64),
                  [&] { return std::to_string(len) + " bytes at " + std::to_string(from); });
      }
    }
    for (const std::size_t len : {20u, 160u}) {
      const sample s = make_sample(reference, secret, aad_len, len);
      for (std::size_t from = 0; from < 64; ++from)
        for (std::size_t to = 0; to < 64; ++to)
          row.judge(round_trip(key, s, from, to), [&] {
            return std::to_string(len) + " bytes from " + std::to_string(from) + " to " + std::to_string(to);
          });
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("AES-GCM kernels: input and output side by side") {
  const keyed reference(gcm::portable::table, secret);
  for (const auto* kernel : support::runnable(gcm::candidates)) {
    const keyed key(*kernel, secret);
    support::row row;
    for (const std::size_t len : support::lengths_to(600)) {
      const sample s = make_sample(reference, secret, aad_len, len);
      for (const bool out_first : {false, true}) {
        // nonce | aad | in and out in either order | tag, without a byte between.
        bytes m(12 + aad_len + 2 * len + 16);
        const std::uint8_t* nonce = put(m.data(), s.nonce);
        const std::uint8_t* aad = put(m.data() + 12, s.aad);
        std::uint8_t* first = m.data() + 12 + aad_len;
        const std::uint8_t* in = put(first + (out_first ? len : 0), s.text);
        std::uint8_t *out = first + (out_first ? 0 : len), *tag = first + 2 * len;
        kernel->seal(key.key, {nonce, aad, aad_len, nullptr, 0, in, out, len}, tag);
        const bool right = equal(out, s.sealed) && equal(tag, s.tag) && equal(in, s.text) && equal(aad, s.aad) &&
                           equal(nonce, s.nonce);
        row.judge(right ? nullptr : "wrong bytes", [&] { return std::to_string(len) + " bytes"; });
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("AES-GCM kernels: long texts") {
  constexpr std::size_t longest = (1u << 20) + 5;  // the block counter passes 2^16
  const keyed reference(gcm::portable::table, secret);
  rig r(longest, aad_len);
  for (const std::size_t len : {65519u, 65520u, 65536u, 65537u, 100000u, static_cast<unsigned>(longest)}) {
    sample s = make_sample(reference, secret, aad_len, len);
    for (const auto* kernel : support::runnable(gcm::candidates)) {
      const keyed key(*kernel, secret);
      support::row row;
      const auto describe = [&] { return std::to_string(len) + " bytes"; };
      row.judge(r.seal(key, s, edge::end, false), describe);
      row.judge(r.open(key, s, edge::start, true), describe);
      row.judge(r.refuse(key, s, edge::end, false, {1, 8 * len - 1}), describe);
      INFO(kernel->name);
      REQUIRE_ROW(row);
    }
  }
}
