// SPDX-License-Identifier: BSL-1.0
// aes_gcm gives the published answers, refuses every altered packet and every misuse by name, and leaves memory alone
// whenever it refuses.
#include "sotto/crypto/aes_gcm.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/pattern.hpp"
#include "support/vector_file.hpp"

using sotto::error;
using sotto::crypto::aes_gcm;
using octets = std::vector<std::uint8_t>;

namespace {

template <class T>
concept comparable = requires(const T& a, const T& b) {
  a == b;
};
static_assert(!comparable<aes_gcm> && !std::is_copy_constructible_v<aes_gcm> && !std::is_copy_assignable_v<aes_gcm>);
static_assert(std::is_nothrow_move_constructible_v<aes_gcm> && std::is_nothrow_move_assignable_v<aes_gcm>);
static_assert(!std::is_convertible_v<std::span<const std::uint8_t, 12>, aes_gcm::nonce>);
static_assert(!std::is_constructible_v<aes_gcm::nonce, std::span<const std::uint8_t, 16>>);

constexpr std::uint8_t canary = 0xa5;

aes_gcm::nonce nonce_of(const octets& b) { return aes_gcm::nonce(std::span<const std::uint8_t, 12>(b.data(), 12)); }

aes_gcm make(const octets& key) {
  auto made = aes_gcm::create(key);
  REQUIRE(made.has_value());
  return *std::move(made);
}

/// A packet of 20 bytes of text and 12 of AAD, sealed.
struct packet {
  octets key = support::pattern_bytes(1, 16), nonce = support::pattern_bytes(2, 12),
         aad = support::pattern_bytes(3, 12), text = support::pattern_bytes(4, 20), sealed = octets(36);
  aes_gcm gcm = make(key);
  packet() { REQUIRE(gcm.seal(nonce_of(nonce), aad, text, sealed).has_value()); }
};

}  // namespace

TEST_CASE("aes_gcm: published packets, out of place and in place") {
  for (const auto& v : support::read_vectors("aes_gcm.txt")) {
    INFO(v.where());
    const aes_gcm gcm = make(v["key"]);
    const auto n = nonce_of(v["nonce"]);
    octets expected = v["ciphertext"];
    expected.insert(expected.end(), v["tag"].begin(), v["tag"].end());

    octets out(expected.size() + 3, canary);
    const auto sealed = gcm.seal(n, v["aad"], v["plaintext"], out);
    REQUIRE(sealed.has_value());
    REQUIRE(sealed->data() == out.data());
    REQUIRE(octets(sealed->begin(), sealed->end()) == expected);
    REQUIRE(octets(out.end() - 3, out.end()) == octets(3, canary));

    octets opened(v["plaintext"].size() + 3, canary);
    const auto text = gcm.open(n, v["aad"], expected, opened);
    REQUIRE(text.has_value());
    REQUIRE(octets(text->begin(), text->end()) == v["plaintext"]);
    REQUIRE(octets(opened.end() - 3, opened.end()) == octets(3, canary));

    octets buffer = v["plaintext"];
    buffer.resize(expected.size());
    REQUIRE(gcm.seal(n, v["aad"], sotto::const_bytes(buffer).first(v["plaintext"].size()), buffer).has_value());
    REQUIRE(buffer == expected);
    REQUIRE(gcm.open(n, v["aad"], buffer, buffer).has_value());
    buffer.resize(v["plaintext"].size());
    REQUIRE(buffer == v["plaintext"]);
  }
}

TEST_CASE("aes_gcm: only 16, 24 and 32 bytes are a key") {
  const octets key(64);
  for (std::size_t len = 0; len <= key.size(); ++len) {
    const auto made = aes_gcm::create(sotto::const_bytes(key).first(len));
    INFO(len);
    REQUIRE(made.has_value() == (len == 16 || len == 24 || len == 32));
    if (!made) REQUIRE(made.error() == error::invalid_key_length);
  }
}

TEST_CASE("aes_gcm: every wrong bit is refused, input and output untouched") {
  packet p;
  const auto refused = [&](const char* what) {
    INFO(what);
    octets out(p.text.size(), canary), in_place = p.sealed;
    const auto apart = p.gcm.open(nonce_of(p.nonce), p.aad, p.sealed, out);
    const auto same = p.gcm.open(nonce_of(p.nonce), p.aad, in_place, in_place);
    REQUIRE_FALSE(apart.has_value());
    REQUIRE(apart.error() == error::authentication_failed);
    REQUIRE(out == octets(p.text.size(), canary));
    REQUIRE_FALSE(same.has_value());
    REQUIRE(same.error() == error::authentication_failed);
    REQUIRE(in_place == p.sealed);
  };
  const auto flip_each = [&](octets& part, const char* what) {
    for (std::size_t bit = 0; bit < 8 * part.size(); ++bit) {
      const auto flip = static_cast<std::uint8_t>(1u << bit % 8);
      part[bit / 8] ^= flip;
      refused(what);
      part[bit / 8] ^= flip;
    }
  };
  flip_each(p.sealed, "ciphertext or tag");
  flip_each(p.aad, "aad");
  flip_each(p.nonce, "nonce");

  const octets whole = p.sealed;
  for (std::size_t len = 0; len < whole.size(); ++len) {
    p.sealed.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(len));
    refused("cut short");
  }
  p.sealed = whole;
  p.aad.push_back(0);
  refused("longer aad");
  p.aad.resize(11);
  refused("shorter aad");
}

TEST_CASE("aes_gcm: an output too small by one is refused and untouched") {
  packet p;
  for (std::size_t len = 0; len < p.sealed.size(); ++len) {
    octets out(len, canary);
    const auto sealed = p.gcm.seal(nonce_of(p.nonce), p.aad, p.text, out);
    REQUIRE_FALSE(sealed.has_value());
    REQUIRE(sealed.error() == error::buffer_too_small);
    REQUIRE(out == octets(len, canary));
  }
  for (std::size_t len = 0; len < p.text.size(); ++len) {
    octets out(len, canary);
    const auto opened = p.gcm.open(nonce_of(p.nonce), p.aad, p.sealed, out);
    REQUIRE_FALSE(opened.has_value());
    REQUIRE(opened.error() == error::buffer_too_small);
    REQUIRE(out == octets(len, canary));
  }
}

TEST_CASE("aes_gcm: buffers that overlap without being the same are refused at every offset") {
  packet p;
  const std::size_t len = p.text.size(), sealed_len = p.sealed.size(), middle = 64;
  const octets memory = support::pattern_bytes(5, 160);
  for (std::size_t at = 0; at + sealed_len <= memory.size(); ++at) {
    INFO("out at " << at);
    octets m = memory;
    const auto sealed =
        p.gcm.seal(nonce_of(p.nonce), p.aad, sotto::const_bytes(m).subspan(middle, len), {m.data() + at, sealed_len});
    const bool fine = at == middle || at >= middle + len || at + sealed_len <= middle;
    REQUIRE(sealed.has_value() == fine);
    if (!fine) REQUIRE(sealed.error() == error::overlapping_buffers);
    if (!fine) REQUIRE(m == memory);
  }
  for (std::size_t at = 0; at + len <= memory.size(); ++at) {
    INFO("out at " << at);
    octets m = memory;
    std::copy(p.sealed.begin(), p.sealed.end(), m.begin() + static_cast<std::ptrdiff_t>(middle));
    const octets before = m;
    const auto opened =
        p.gcm.open(nonce_of(p.nonce), p.aad, sotto::const_bytes(m).subspan(middle, sealed_len), {m.data() + at, len});
    const bool fine = at == middle || at >= middle + sealed_len || at + len <= middle;
    REQUIRE(opened.has_value() == fine);
    if (!fine) REQUIRE(opened.error() == error::overlapping_buffers);
    if (!fine) REQUIRE(m == before);
  }
}

TEST_CASE("aes_gcm: an output over the AAD is refused at every offset") {
  packet p;
  const octets memory = support::pattern_bytes(6, 128);
  constexpr std::size_t aad_at = 50, aad_len = 12;
  for (std::size_t at = 0; at + p.sealed.size() <= memory.size(); ++at) {
    octets m = memory;
    const auto sealed = p.gcm.seal(nonce_of(p.nonce), sotto::const_bytes(m).subspan(aad_at, aad_len), p.text,
                                   {m.data() + at, p.sealed.size()});
    const bool fine = at >= aad_at + aad_len || at + p.sealed.size() <= aad_at;
    INFO("out at " << at);
    REQUIRE(sealed.has_value() == fine);
    if (!fine) REQUIRE((sealed.error() == error::overlapping_buffers && m == memory));
  }
}

TEST_CASE("aes_gcm: texts beyond the limit are refused before they are read") {
  if constexpr (sizeof(std::size_t) > 4) {
    packet p;
    std::array<std::uint8_t, 64> m{};
    m.fill(canary);
    // Spans of a size that nothing here has: reading or writing them would end the program.
    const auto over = static_cast<std::size_t>(aes_gcm::max_text_len) + 1;
    const auto sealed = p.gcm.seal(nonce_of(p.nonce), p.aad, {m.data(), over}, {m.data(), over + 16});
    REQUIRE_FALSE(sealed.has_value());
    CHECK(sealed.error() == error::message_too_long);
    const auto opened = p.gcm.open(nonce_of(p.nonce), p.aad, {m.data(), over + 16}, {m.data(), over});
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error() == error::message_too_long);
    // Lengths whose sum with the tag would wrap.
    const auto wrapped = p.gcm.seal(nonce_of(p.nonce), p.aad, {m.data(), SIZE_MAX - 3}, m);
    REQUIRE_FALSE(wrapped.has_value());
    CHECK(wrapped.error() == error::buffer_too_small);
    for (const auto b : m) REQUIRE(b == canary);
  } else {
    std::array<std::uint8_t, 64> m{};
    packet p;
    const auto wrapped = p.gcm.seal(nonce_of(p.nonce), p.aad, {m.data(), SIZE_MAX - 3}, m);
    REQUIRE_FALSE(wrapped.has_value());
    CHECK(wrapped.error() == error::buffer_too_small);
  }
}

TEST_CASE("aes_gcm: another key refuses") {
  packet p;
  for (const std::size_t len : {16u, 24u, 32u}) {
    octets other = p.key, out(p.text.size(), canary);
    other.resize(len);
    other[0] ^= 1;
    const auto opened = make(other).open(nonce_of(p.nonce), p.aad, p.sealed, out);
    REQUIRE_FALSE(opened.has_value());
    REQUIRE(opened.error() == error::authentication_failed);
    REQUIRE(out == octets(p.text.size(), canary));
  }
}

TEST_CASE("aes_gcm: empty spans may be null") {
  packet p;
  octets tag(16);
  REQUIRE(p.gcm.seal(nonce_of(p.nonce), {}, {}, tag).has_value());
  const auto opened = p.gcm.open(nonce_of(p.nonce), {}, tag, {});
  REQUIRE(opened.has_value());
  CHECK(opened->empty());
  CHECK_FALSE(p.gcm.open(nonce_of(p.nonce), {}, {}, {}).has_value());
}
