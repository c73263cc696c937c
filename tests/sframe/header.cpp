// SPDX-License-Identifier: BSL-1.0
// Every form of header: all config bytes, all lengths, cut at every length, and the longer forms that are refused.
#include "sotto/sframe/header.hpp"

#include <cstdint>
#include <set>
#include <vector>

#include "frames.hpp"

namespace sframe = sotto::sframe;
using frames::octets;

namespace {

/// Values at both ends of each length.
std::vector<std::uint64_t> edges() {
  std::vector<std::uint64_t> found;
  for (std::uint64_t v = 0; v < 20; ++v) found.push_back(v);
  for (unsigned bits = 3; bits < 64; ++bits)
    for (const std::uint64_t by : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}})
      found.push_back((std::uint64_t{1} << bits) - 1 + by);
  found.push_back(~std::uint64_t{0});
  found.push_back(~std::uint64_t{0} - 1);
  return found;
}

/// A reader of its own: what a header of this config byte says, whatever follows. False if it must be refused.
bool read(const octets& frame, std::uint64_t& kid, std::uint64_t& ctr, std::size_t& len) {
  if (frame.empty()) return false;
  const int k = frame[0] >> 4, c = frame[0] & 15;
  len = 1;
  const auto value = [&](int nibble, std::uint64_t& out) {
    if (nibble < 8) {
      out = static_cast<std::uint64_t>(nibble);
      return true;
    }
    out = 0;
    for (int i = 0; i <= nibble - 8; ++i) {
      if (len == frame.size()) return false;
      out = out * 256 + frame[len++];
    }
    // The shortest form: not what the config byte holds, and no zeros in front.
    return out > 7 && (nibble == 8 || out >> (8 * (nibble - 8)) != 0);
  };
  return value(k, kid) && value(c, ctr);
}

}  // namespace

TEST_CASE("headers of all pairs of edges are the model's, both ways") {
  const auto values = edges();
  for (const std::uint64_t kid : values)
    for (const std::uint64_t ctr : values) {
      const sframe::header h{sframe::key_id(kid), sframe::counter(ctr)};
      const octets expected = frames::header(kid, ctr);
      octets out(expected.size());
      const auto encoded = sframe::encode_header(h, out);
      const auto parsed = sframe::parse_header(expected);
      if (!encoded || out != expected || !parsed || parsed->header != h || parsed->len != expected.size() ||
          sframe::header_len(h) != expected.size()) {
        INFO(kid << " " << ctr);
        REQUIRE(encoded);
        REQUIRE(out == expected);
        REQUIRE(parsed);
        REQUIRE(parsed->header == h);
        FAIL();
      }
    }
  CHECK(values.size() > 180);
}

TEST_CASE("an output that is too small stays untouched") {
  for (const std::uint64_t kid : {std::uint64_t{0}, std::uint64_t{200}, ~std::uint64_t{0}})
    for (const std::uint64_t ctr : {std::uint64_t{0}, std::uint64_t{70000}, ~std::uint64_t{0}}) {
      const sframe::header h{sframe::key_id(kid), sframe::counter(ctr)};
      for (std::size_t len = 0; len < sframe::header_len(h); ++len) {
        octets out(len, 0x5a);
        const auto got = sframe::encode_header(h, out);
        REQUIRE_FALSE(got);
        CHECK(got.error() == sotto::error::buffer_too_small);
        CHECK(out == octets(len, 0x5a));
      }
    }
}

TEST_CASE("every config byte, with every length behind it, is read as the model reads it") {
  support::pattern random(1);
  std::size_t accepted = 0;
  std::set<std::size_t> lengths;
  for (unsigned config = 0; config < 256; ++config)
    for (std::size_t len = 0; len <= 20; ++len)
      for (int variant = 0; variant < 6; ++variant) {
        octets frame = random.bytes(len);
        // Zeros where a value's first bytes are, small values, ones.
        if (variant == 1) frame.assign(len, 0);
        if (variant == 2) frame.assign(len, 7);
        if (variant == 3) frame.assign(len, 8);
        if (variant == 4) frame.assign(len, 0xff);
        if (variant == 5 && len != 0) frame[0] = 0;
        frame.insert(frame.begin(), static_cast<std::uint8_t>(config));
        std::uint64_t kid = 0, ctr = 0;
        std::size_t used = 0;
        const bool expected = read(frame, kid, ctr, used);
        const auto parsed = sframe::parse_header(frame);
        INFO(config << " " << len << " " << variant);
        REQUIRE(parsed.has_value() == expected);
        if (!expected) {
          REQUIRE(parsed.error() == sotto::error::malformed_message);
          continue;
        }
        REQUIRE(parsed->header.kid.value() == kid);
        REQUIRE(parsed->header.ctr.value() == ctr);
        REQUIRE(parsed->len == used);
        REQUIRE(frames::header(kid, ctr) == frames::first(frame, used));
        lengths.insert(used);
        ++accepted;
      }
  CHECK(accepted > 5000);
  CHECK(lengths.size() == sframe::max_header_len);
  CHECK(sframe::parse_header({}).error() == sotto::error::malformed_message);
}

TEST_CASE("a header that is cut anywhere is malformed") {
  for (const std::uint64_t kid : edges())
    for (const std::uint64_t ctr : {std::uint64_t{0}, std::uint64_t{8}, std::uint64_t{256}, ~std::uint64_t{0}}) {
      const octets whole = frames::header(kid, ctr);
      for (std::size_t len = 0; len < whole.size(); ++len) {
        const auto parsed = sframe::parse_header(frames::first(whole, len));
        REQUIRE_FALSE(parsed);
        REQUIRE(parsed.error() == sotto::error::malformed_message);
      }
    }
}

TEST_CASE("a number in more bytes than it needs is malformed") {
  const auto refused = [](const octets& frame) {
    const auto parsed = sframe::parse_header(frame);
    return !parsed && parsed.error() == sotto::error::malformed_message;
  };
  CHECK(refused({0x08, 0}));
  CHECK(refused({0x08, 7}));
  CHECK_FALSE(refused({0x08, 8}));
  CHECK(refused({0x80, 7}));
  CHECK_FALSE(refused({0x80, 8}));
  CHECK(refused({0x09, 0, 255}));
  CHECK_FALSE(refused({0x09, 1, 0}));
  CHECK(refused({0xf0, 0, 1, 2, 3, 4, 5, 6, 7}));
  CHECK(refused({0x99, 1, 0, 0, 255}));
  CHECK_FALSE(refused({0x99, 1, 0, 1, 0}));
}
