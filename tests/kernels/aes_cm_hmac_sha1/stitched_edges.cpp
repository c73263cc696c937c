// SPDX-License-Identifier: BSL-1.0
// Every AES-CM + HMAC-SHA1 kernel equals the reference at every alignment, for packets that are all header, for every
// authentication key length, and up to the longest text; and refuses every wrong bit of a short packet.
#include <string>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/runnable.hpp"

using namespace stitched_test;

TEST_CASE("stitched kernels: every header length, texts around SHA-1's blocks") {
  const secrets secret = make_secrets(16, 20);
  const keyed reference(support::reference(stitched::candidates()), secret);
  for (const auto* kernel : support::runnable(stitched::candidates())) {
    const keyed key(*kernel, secret);
    rig r(300, 300);
    support::row row;
    for (std::size_t header_len = 0; header_len <= 300; ++header_len)
      for (const std::size_t len : {0u, 1u, 16u, 51u, 64u, 65u, 160u, 300u}) {
        sample s = make_sample(reference, header_len, len);
        const bool in_place = header_len % 2 == 0;
        const auto describe = [&] { return std::to_string(len) + " behind " + std::to_string(header_len); };
        row.judge(r.seal(key, s, edge::end, in_place, 10), describe);
        row.judge(r.open(key, s, edge::start, in_place, 10), describe);
        row.judge(r.refuse(key, s, edge::end, in_place, 10, header_len * 13 + len), describe);
      }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("stitched kernels: every tag and every authentication key length") {
  for (const auto* kernel : support::runnable(stitched::candidates())) {
    rig r(12, 200);
    support::row row;
    for (std::size_t auth_len = 0; auth_len <= 64; ++auth_len) {
      const secrets secret = make_secrets(16, auth_len);
      const keyed reference(support::reference(stitched::candidates()), secret), key(*kernel, secret);
      sample s = make_sample(reference, 12, 160);
      for (std::size_t tag_len = 1; tag_len <= digest_len; ++tag_len) {
        const auto describe = [&] { return "key of " + std::to_string(auth_len) + ", tag " + std::to_string(tag_len); };
        row.judge(r.seal(key, s, edge::end, true, tag_len), describe);
        row.judge(r.open(key, s, edge::end, true, tag_len), describe);
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("stitched kernels: every alignment") {
  const secrets secret = make_secrets(16, 20);
  const keyed reference(support::reference(stitched::candidates()), secret);
  for (const auto* kernel : support::runnable(stitched::candidates())) {
    const keyed key(*kernel, secret);
    support::row row;
    for (const std::size_t len : {0u, 1u, 20u, 63u, 64u, 65u, 160u, 256u, 700u}) {
      const sample s = make_sample(reference, 12, len);
      for (std::size_t a = 0; a < 64; ++a) {
        alignas(64) std::uint8_t in[900], out[900];
        std::memset(out, support::guard_pages::canary, sizeof out);
        const std::size_t from = a, packet = (a * 29 + len) % 64, text = packet + 12;
        if (len != 0) std::memcpy(in + from, s.text.data(), len);
        std::memcpy(out + packet, s.header.data(), 12);
        kernel->seal(key.key, {s.iv.data(), s.suffix.data(), in + from, out + text, 12, len}, out + text + len, 10);
        const bool right = std::memcmp(out + text, s.sealed.data(), len + 10) == 0 &&
                           support::guard_pages::is_canary(out, packet) &&
                           support::guard_pages::is_canary(out + text + len + 10, sizeof out - text - len - 10);
        const bool back = kernel->open(key.key, {s.iv.data(), s.suffix.data(), out + text, in + from, 12, len},
                                       out + text + len, 10) &&
                          (len == 0 || std::memcmp(in + from, s.text.data(), len) == 0);
        row.judge(right && back ? nullptr : "wrong bytes",
                  [&] { return std::to_string(len) + " bytes at " + std::to_string(a); });
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("stitched kernels: long texts") {
  const secrets secret = make_secrets(16, 20);
  const keyed reference(support::reference(stitched::candidates()), secret);
  rig r(12, stitched::max_text_len);
  for (const std::size_t len : {std::size_t{65519}, std::size_t{65535}, std::size_t{65536}, std::size_t{65537},
                                stitched::max_text_len - 1, stitched::max_text_len}) {
    sample s = make_sample(reference, 12, len);
    for (const auto* kernel : support::runnable(stitched::candidates())) {
      const keyed key(*kernel, secret);
      support::row row;
      const auto describe = [&] { return std::to_string(len) + " bytes"; };
      row.judge(r.seal(key, s, edge::end, false, 10), describe);
      row.judge(r.open(key, s, edge::start, true, 10), describe);
      row.judge(r.refuse(key, s, edge::end, false, 10, 8 * (len + 4)), describe);
      INFO(kernel->name);
      REQUIRE_ROW(row);
    }
  }
}

TEST_CASE("stitched kernels: every wrong bit of a short packet is refused") {
  const secrets secret = make_secrets(16, 20);
  const keyed reference(support::reference(stitched::candidates()), secret);
  for (const auto* kernel : support::runnable(stitched::candidates())) {
    const keyed key(*kernel, secret);
    rig r(72, 64);
    support::row row;
    for (const std::size_t len : {0u, 1u, 20u, 64u})
      for (const std::size_t tag_len : {4u, 10u, 20u}) {
        sample s = make_sample(reference, 12, len);
        for (std::size_t bit = 0; bit < 8 * rig::authenticated_len(s, tag_len); ++bit)
          row.judge(r.refuse(key, s, bit % 2 == 0 ? edge::start : edge::end, bit % 3 == 0, tag_len, bit),
                    [&] { return std::to_string(len) + " bytes, bit " + std::to_string(bit); });
      }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}
