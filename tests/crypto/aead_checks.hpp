// SPDX-License-Identifier: BSL-1.0
// What every AEAD of this floor is tested for: the published answers, the refusal of every altered packet and of every
// misuse by name, and memory left alone whenever it refuses.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "sotto/crypto/aead.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"
#include "support/vector_file.hpp"

namespace aead_test {

using sotto::error;
using octets = std::vector<std::uint8_t>;

template <class T>
concept comparable = requires(const T& a, const T& b) {
  a == b;
};

/// What the type itself promises.
template <class A>
constexpr bool well_typed() {
  return !comparable<A> && !std::is_copy_constructible_v<A> && !std::is_copy_assignable_v<A> &&
         std::is_nothrow_move_constructible_v<A> && std::is_nothrow_move_assignable_v<A> &&
         !std::is_convertible_v<std::span<const std::uint8_t, A::nonce_len>, typename A::nonce> &&
         !std::is_constructible_v<typename A::nonce, std::span<const std::uint8_t, A::nonce_len + 4>>;
}

inline constexpr std::uint8_t canary = 0xa5;

template <class A>
typename A::nonce nonce_of(const octets& b) {
  return typename A::nonce(std::span<const std::uint8_t, A::nonce_len>(b.data(), A::nonce_len));
}

template <class A>
A make(const octets& key) {
  auto made = A::create(key);
  REQUIRE(made.has_value());
  return *std::move(made);
}

/// A packet of 20 bytes of text and 12 of AAD, sealed.
template <class A>
struct packet {
  octets key, nonce = support::pattern_bytes(2, A::nonce_len), aad = support::pattern_bytes(3, 12),
              text = support::pattern_bytes(4, 20), sealed = octets(36);
  A aead;
  explicit packet(std::size_t key_len) : key(support::pattern_bytes(1, key_len)), aead(make<A>(key)) {
    REQUIRE(aead.seal(nonce_of<A>(nonce), aad, text, sealed).has_value());
  }
};

/// A file with fields key, nonce, aad, plaintext, ciphertext and tag, out of place and in place.
template <class A>
void published_packets(const char* file) {
  for (const auto& v : support::read_vectors(file)) {
    INFO(v.where());
    const A aead = make<A>(v["key"]);
    const auto n = nonce_of<A>(v["nonce"]);
    octets expected = v["ciphertext"];
    expected.insert(expected.end(), v["tag"].begin(), v["tag"].end());

    octets out(expected.size() + 3, canary);
    const auto sealed = aead.seal(n, v["aad"], v["plaintext"], out);
    REQUIRE(sealed.has_value());
    REQUIRE(sealed->data() == out.data());
    REQUIRE(octets(sealed->begin(), sealed->end()) == expected);
    REQUIRE(octets(out.end() - 3, out.end()) == octets(3, canary));

    octets opened(v["plaintext"].size() + 3, canary);
    const auto text = aead.open(n, v["aad"], expected, opened);
    REQUIRE(text.has_value());
    REQUIRE(octets(text->begin(), text->end()) == v["plaintext"]);
    REQUIRE(octets(opened.end() - 3, opened.end()) == octets(3, canary));

    octets buffer = v["plaintext"];
    buffer.resize(expected.size());
    REQUIRE(aead.seal(n, v["aad"], sotto::const_bytes(buffer).first(v["plaintext"].size()), buffer).has_value());
    REQUIRE(buffer == expected);
    REQUIRE(aead.open(n, v["aad"], buffer, buffer).has_value());
    buffer.resize(v["plaintext"].size());
    REQUIRE(buffer == v["plaintext"]);
  }
}

template <class A>
void only_keys_of(std::initializer_list<std::size_t> lengths) {
  const octets key(64);
  for (std::size_t len = 0; len <= key.size(); ++len) {
    const auto made = A::create(sotto::const_bytes(key).first(len));
    INFO(len);
    REQUIRE(made.has_value() == (std::find(lengths.begin(), lengths.end(), len) != lengths.end()));
    if (!made) REQUIRE(made.error() == error::invalid_key_length);
  }
}

template <class A>
void every_wrong_bit_is_refused(std::size_t key_len) {
  packet<A> p(key_len);
  const auto refused = [&](const char* what) {
    INFO(what);
    octets out(p.text.size(), canary), in_place = p.sealed;
    const auto apart = p.aead.open(nonce_of<A>(p.nonce), p.aad, p.sealed, out);
    const auto same = p.aead.open(nonce_of<A>(p.nonce), p.aad, in_place, in_place);
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

template <class A>
void too_small_outputs(std::size_t key_len) {
  packet<A> p(key_len);
  for (std::size_t len = 0; len < p.sealed.size(); ++len) {
    octets out(len, canary);
    const auto sealed = p.aead.seal(nonce_of<A>(p.nonce), p.aad, p.text, out);
    REQUIRE_FALSE(sealed.has_value());
    REQUIRE(sealed.error() == error::buffer_too_small);
    REQUIRE(out == octets(len, canary));
  }
  for (std::size_t len = 0; len < p.text.size(); ++len) {
    octets out(len, canary);
    const auto opened = p.aead.open(nonce_of<A>(p.nonce), p.aad, p.sealed, out);
    REQUIRE_FALSE(opened.has_value());
    REQUIRE(opened.error() == error::buffer_too_small);
    REQUIRE(out == octets(len, canary));
  }
}

template <class A>
void overlapping_buffers(std::size_t key_len) {
  packet<A> p(key_len);
  const std::size_t len = p.text.size(), sealed_len = p.sealed.size(), middle = 64;
  const octets memory = support::pattern_bytes(5, 160);
  for (std::size_t at = 0; at + sealed_len <= memory.size(); ++at) {
    INFO("out at " << at);
    octets m = memory;
    const auto sealed = p.aead.seal(nonce_of<A>(p.nonce), p.aad, sotto::const_bytes(m).subspan(middle, len),
                                    {m.data() + at, sealed_len});
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
    const auto opened = p.aead.open(nonce_of<A>(p.nonce), p.aad, sotto::const_bytes(m).subspan(middle, sealed_len),
                                    {m.data() + at, len});
    const bool fine = at == middle || at >= middle + sealed_len || at + len <= middle;
    REQUIRE(opened.has_value() == fine);
    if (!fine) REQUIRE(opened.error() == error::overlapping_buffers);
    if (!fine) REQUIRE(m == before);
  }
}

template <class A>
void output_over_aad(std::size_t key_len) {
  packet<A> p(key_len);
  const octets memory = support::pattern_bytes(6, 128);
  constexpr std::size_t aad_at = 50, aad_len = 12;
  for (std::size_t at = 0; at + p.sealed.size() <= memory.size(); ++at) {
    octets m = memory;
    const auto sealed = p.aead.seal(nonce_of<A>(p.nonce), sotto::const_bytes(m).subspan(aad_at, aad_len), p.text,
                                    {m.data() + at, p.sealed.size()});
    const bool fine = at >= aad_at + aad_len || at + p.sealed.size() <= aad_at;
    INFO("out at " << at);
    REQUIRE(sealed.has_value() == fine);
    if (!fine) REQUIRE((sealed.error() == error::overlapping_buffers && m == memory));
  }
}

template <class A>
void texts_beyond_the_limit(std::size_t key_len) {
  packet<A> p(key_len);
  std::array<std::uint8_t, 64> m{};
  m.fill(canary);
  if constexpr (sizeof(std::size_t) > 4) {
    // Spans of a size that nothing here has: reading or writing them would end the program.
    const auto over = static_cast<std::size_t>(A::max_text_len) + 1;
    const auto sealed = p.aead.seal(nonce_of<A>(p.nonce), p.aad, {m.data(), over}, {m.data(), over + 16});
    REQUIRE_FALSE(sealed.has_value());
    CHECK(sealed.error() == error::message_too_long);
    const auto opened = p.aead.open(nonce_of<A>(p.nonce), p.aad, {m.data(), over + 16}, {m.data(), over});
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error() == error::message_too_long);
  }
  // Lengths whose sum with the tag would wrap.
  const auto wrapped = p.aead.seal(nonce_of<A>(p.nonce), p.aad, {m.data(), SIZE_MAX - 3}, m);
  REQUIRE_FALSE(wrapped.has_value());
  CHECK(wrapped.error() == error::buffer_too_small);
  for (const auto b : m) REQUIRE(b == canary);
}

template <class A>
void another_key_refuses(std::size_t key_len, std::initializer_list<std::size_t> lengths) {
  packet<A> p(key_len);
  for (const std::size_t len : lengths) {
    octets other = p.key, out(p.text.size(), canary);
    other.resize(len);
    other[0] ^= 1;
    const auto opened = make<A>(other).open(nonce_of<A>(p.nonce), p.aad, p.sealed, out);
    REQUIRE_FALSE(opened.has_value());
    REQUIRE(opened.error() == error::authentication_failed);
    REQUIRE(out == octets(p.text.size(), canary));
  }
}

template <class A>
void empty_spans_may_be_null(std::size_t key_len) {
  packet<A> p(key_len);
  octets tag(16);
  REQUIRE(p.aead.seal(nonce_of<A>(p.nonce), {}, {}, tag).has_value());
  const auto opened = p.aead.open(nonce_of<A>(p.nonce), {}, tag, {});
  REQUIRE(opened.has_value());
  CHECK(opened->empty());
  CHECK_FALSE(p.aead.open(nonce_of<A>(p.nonce), {}, {}, {}).has_value());
}

/// Everything that is refused, for an AEAD with keys of these lengths.
template <class A>
void misuse(std::initializer_list<std::size_t> key_lengths) {
  const std::size_t key_len = *key_lengths.begin();
  only_keys_of<A>(key_lengths);
  every_wrong_bit_is_refused<A>(key_len);
  too_small_outputs<A>(key_len);
  overlapping_buffers<A>(key_len);
  output_over_aad<A>(key_len);
  texts_beyond_the_limit<A>(key_len);
  another_key_refuses<A>(key_len, key_lengths);
  empty_spans_may_be_null<A>(key_len);
}

}  // namespace aead_test
