// SPDX-License-Identifier: BSL-1.0
// The hashes by name, for tests that hold for each of them, and FIPS 180-4's padding by the letter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "pattern.hpp"
#include "runnable.hpp"
#include "sotto/crypto/sha1.hpp"
#include "sotto/crypto/sha2.hpp"

namespace support {

struct sha1_rig {
  using hash = sotto::crypto::sha1;
  static auto candidates() { return sotto::kernels::sha1::candidates(); }
  static constexpr const auto& initial_state = sotto::kernels::sha1::initial_state;
  static constexpr const char* name = "sha1";
  static constexpr std::size_t length_len = 8;
};

struct sha256_rig {
  using hash = sotto::crypto::sha256;
  static auto candidates() { return sotto::kernels::sha256::candidates(); }
  static constexpr const auto& initial_state = sotto::kernels::sha256::initial_state;
  static constexpr const char* name = "sha256";
  static constexpr std::size_t length_len = 8;
};

struct sha512_rig {
  using hash = sotto::crypto::sha512;
  static auto candidates() { return sotto::kernels::sha512::candidates(); }
  static constexpr const auto& initial_state = sotto::kernels::sha512::initial_state;
  static constexpr const char* name = "sha512";
  static constexpr std::size_t length_len = 16;
};

/// FIPS 180-4 5.1: a one bit, zeros, and the length in bits at the end of a block. before: bytes already absorbed.
template <class Rig>
std::vector<std::uint8_t> padded(std::vector<std::uint8_t> message, std::uint64_t before = 0) {
  const std::uint64_t len = before + message.size();
  message.push_back(0x80);
  while ((message.size() + Rig::length_len) % Rig::hash::block_len != 0) message.push_back(0);
  for (std::size_t i = Rig::length_len; i-- != 0;) {
    // Byte i of 8 * len, which has 67 bits.
    const std::uint64_t byte = i < 8 ? (len << 3) >> (8 * i) : i == 8 ? len >> 61 : 0;
    message.push_back(static_cast<std::uint8_t>(byte));
  }
  return message;
}

/// The state as big-endian bytes.
template <class State>
std::vector<std::uint8_t> digest_of(const State& s) {
  std::vector<std::uint8_t> digest;
  for (const auto h : s.h)
    for (std::size_t i = sizeof h; i-- != 0;) digest.push_back(static_cast<std::uint8_t>(h >> (8 * i)));
  return digest;
}

/// The digest by the portable kernel alone.
template <class Rig>
std::vector<std::uint8_t> model_digest(const std::vector<std::uint8_t>& message) {
  const auto blocks = padded<Rig>(message);
  auto s = Rig::initial_state;
  reference(Rig::candidates()).compress(s, blocks.data(), blocks.size() / Rig::hash::block_len);
  return digest_of(s);
}

template <class Rig>
typename Rig::hash::state random_state(std::uint64_t seed) {
  pattern p(seed);
  typename Rig::hash::state s;
  for (auto& h : s.h) h = static_cast<std::remove_reference_t<decltype(h)>>(p.next());
  return s;
}

}  // namespace support
