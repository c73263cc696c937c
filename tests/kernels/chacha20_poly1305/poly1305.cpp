// SPDX-License-Identifier: BSL-1.0
// Every kernel's Poly1305 gives the published tags, and those of slow arithmetic written here, at every length and
// where accumulators, limbs and r are at their limits.
#include <algorithm>
#include <cstring>
#include <string>

#include "algorithm.hpp"
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

/// A number of 160 bits, least significant word first: enough for twice a value below p.
struct number {
  std::uint32_t word[5] = {};
};

number operator+(const number& a, const number& b) {
  number sum;
  std::uint64_t carry = 0;
  for (int i = 0; i < 5; ++i) {
    carry += std::uint64_t{a.word[i]} + b.word[i];
    sum.word[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  return sum;
}

/// v modulo p = 2^130 - 5, for v below 2^132.
number reduced(number v) {
  number five;
  five.word[0] = 5;
  for (int i = 0; i < 5; ++i) {
    const number more = v + five;
    if (more.word[4] < 4) break;
    v = more;
    v.word[4] -= 4;
  }
  return v;
}

number from_bytes(const std::uint8_t* p, std::size_t len) {
  number n;
  for (std::size_t i = 0; i < len; ++i) n.word[i / 4] |= static_cast<std::uint32_t>(p[i]) << (8 * (i % 4));
  return n;
}

/// RFC 8439 2.5.1 with a multiplication that adds and doubles.
octets slow_poly1305(const octets& key, const octets& message) {
  octets r = key;
  for (const std::size_t i : {3u, 7u, 11u, 15u}) r[i] &= 15;
  for (const std::size_t i : {4u, 8u, 12u}) r[i] &= 252;
  number a;
  for (std::size_t at = 0; at < message.size(); at += 16) {
    octets block(message.begin() + static_cast<std::ptrdiff_t>(at),
                 message.begin() + static_cast<std::ptrdiff_t>(std::min(at + 16, message.size())));
    block.push_back(1);
    const number n = reduced(a + from_bytes(block.data(), block.size()));
    a = {};
    for (int bit = 127; bit >= 0; --bit) {
      a = reduced(a + a);
      if ((r[static_cast<std::size_t>(bit / 8)] >> (bit % 8)) & 1) a = reduced(a + n);
    }
  }
  a = a + from_bytes(key.data() + 16, 16);
  octets tag(16);
  for (std::size_t i = 0; i < 16; ++i) tag[i] = static_cast<std::uint8_t>(a.word[i / 4] >> (8 * (i % 4)));
  return tag;
}

struct mac_rig {
  explicit mac_rig(std::size_t max_len) : message(max_len) {}

  const char* run(const chacha::kernel& kernel, const octets& secret, const octets& text, const octets& expected,
                  edge at) {
    const std::uint8_t *k = key.place(at, secret), *m = message.place(at, text);
    std::uint8_t* t = tag.place(at, 16);
    fault.now(kernel.name, "poly1305", 0, text.size());
    kernel.poly1305(k, m, text.size(), t);
    if (!support::same_bytes(t, expected.data(), 16)) return "wrong tag";
    if (!tag.intact_around(t, 16)) return "wrote beside the tag";
    return nullptr;
  }

  support::guard_pages key{32}, tag{16}, message;
  support::fault_note fault;
};

/// The same message to every kernel.
void check(mac_rig& rig, const octets& key, const octets& message, const std::string& what) {
  const octets expected = slow_poly1305(key, message);
  for (const auto* kernel : support::runnable(chacha::candidates())) {
    support::row row;
    for (const edge at : {edge::start, edge::end})
      row.judge(rig.run(*kernel, key, message, expected, at), [&] { return what; });
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

octets key_with(const octets& r, unsigned s) {
  octets key = r;
  key.resize(16);
  key.resize(32, static_cast<std::uint8_t>(s));
  return key;
}

}  // namespace

TEST_CASE("Poly1305 kernels: published tags") {
  mac_rig rig(512);
  for (const auto& v : support::read_vectors("poly1305.txt")) {
    INFO(v.where());
    REQUIRE(slow_poly1305(v["key"], v["message"]) == v["tag"]);
    check(rig, v["key"], v["message"], v.where());
  }
}

TEST_CASE("Poly1305 kernels: every length") {
  constexpr std::size_t max_len = 1100;
  mac_rig rig(max_len);
  for (const std::size_t len : support::lengths_to(max_len)) {
    support::pattern p(len);
    check(rig, p.bytes(32), p.bytes(len), std::to_string(len) + " bytes");
  }
}

TEST_CASE("Poly1305 kernels: the accumulator around p") {
  // With r = 1 the accumulator is the sum of the blocks. p is 3 * 2^128 + (2^128 - 5): three blocks, all zeros but for
  // one of 2^128 + offset, end around p; with more of them it is passed on the way.
  mac_rig rig(512);
  for (int offset = -70; offset <= 70; ++offset)
    for (const std::size_t blocks : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 11u, 16u, 17u})
      for (const std::size_t place : {std::size_t{0}, blocks / 2, blocks - 1})
        for (const unsigned s : {0x00u, 0x01u, 0xffu}) {
          octets message(16 * blocks);
          for (std::size_t i = 0; i < 16; ++i) message[16 * place + i] = offset < 0 ? 0xff : 0;
          message[16 * place] = static_cast<std::uint8_t>(offset);
          check(rig, key_with({1}, s), message, std::to_string(blocks) + " blocks, " + std::to_string(offset));
        }
}

TEST_CASE("Poly1305 kernels: extreme keys and messages") {
  constexpr std::size_t max_len = 700;
  mac_rig rig(max_len);
  std::vector<octets> keys{key_with(octets(16, 0xff), 0xff),
                           key_with(octets(16, 0xff), 0),
                           key_with({}, 0xff),
                           key_with({2}, 0xff),
                           key_with({4}, 0),
                           key_with({5}, 0xff)};
  // Each word of r alone at its largest, and a lone highest bit: what is multiplied by 5 and carried.
  for (std::size_t word = 0; word < 4; ++word) {
    octets r(16);
    for (std::size_t i = 0; i < 4; ++i) r[4 * word + i] = 0xff;
    keys.push_back(key_with(r, 0xff));
    octets top(16);
    top[4 * word + 3] = 0x08;
    keys.push_back(key_with(top, 0));
  }
  // Bits around the ends of limbs of 26, 44 and 64 bits.
  for (const std::size_t bit :
       {25u, 26u, 27u, 43u, 44u, 45u, 51u, 52u, 63u, 66u, 77u, 78u, 87u, 88u, 103u, 104u, 123u}) {
    octets r(16);
    r[bit / 8] = static_cast<std::uint8_t>(1u << bit % 8);
    keys.push_back(key_with(r, 1));
  }
  for (const octets& key : keys)
    for (const unsigned fill : {0xffu, 0x00u, 0xfbu, 0x80u, 0x01u})
      for (const std::size_t len : support::thinned(support::up_to(max_len), 23)) {
        if (len > 80 && len % 16 > 1 && len % 16 < 15) continue;
        check(rig, key, octets(len, static_cast<std::uint8_t>(fill)),
              std::to_string(len) + " bytes of " + std::to_string(fill));
      }
}
