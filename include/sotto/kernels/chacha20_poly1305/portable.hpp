// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 in the order of RFC 8439's steps, over either Poly1305. The reference for every other kernel is
// portable_32.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
#include "../../core/constant_time.hpp"
#include "../../core/secret.hpp"
#include "../../cpu/target.hpp"
#include "../aead_packet.hpp"
#include "contract.hpp"
#include "poly1305_32.hpp"
#include "poly1305_64.hpp"

namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::portable {

inline constexpr std::size_t block_len = 64;

/// The matrix of RFC 8439 2.3; secret.
struct state {
  std::uint32_t word[16];
};

/// RFC 8439 2.1.
SOTTO_ALWAYS_INLINE void quarter_round(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c,
                                       std::uint32_t& d) noexcept {
  a += b;
  d = std::rotl(d ^ a, 16);
  c += d;
  b = std::rotl(b ^ c, 12);
  a += b;
  d = std::rotl(d ^ a, 8);
  c += d;
  b = std::rotl(b ^ c, 7);
}

/// Constants and key, and room for 16 bytes of counter and nonce.
SOTTO_ALWAYS_INLINE void set_up(state& s, const key& k) noexcept {
  s.word[0] = 0x61707865u;
  s.word[1] = 0x3320646eu;
  s.word[2] = 0x79622d32u;
  s.word[3] = 0x6b206574u;
  for (int i = 0; i < 8; ++i) s.word[4 + i] = core::load_le32(k.bytes + 4 * i);
}

SOTTO_ALWAYS_INLINE void set_up(state& s, const key& k, std::uint32_t counter, const std::uint8_t* nonce) noexcept {
  set_up(s, k);
  s.word[12] = counter;
  for (int i = 0; i < 3; ++i) s.word[13 + i] = core::load_le32(nonce + 4 * i);
}

/// Twenty rounds, without the addition behind them.
SOTTO_ALWAYS_INLINE void permute(state& s) noexcept {
  auto& x = s.word;
  for (int i = 0; i < 10; ++i) {
    quarter_round(x[0], x[4], x[8], x[12]);
    quarter_round(x[1], x[5], x[9], x[13]);
    quarter_round(x[2], x[6], x[10], x[14]);
    quarter_round(x[3], x[7], x[11], x[15]);
    quarter_round(x[0], x[5], x[10], x[15]);
    quarter_round(x[1], x[6], x[11], x[12]);
    quarter_round(x[2], x[7], x[8], x[13]);
    quarter_round(x[3], x[4], x[9], x[14]);
  }
}

/// RFC 8439 2.3: the block of a state, as words that the caller serialises.
SOTTO_ALWAYS_INLINE void make_block(state& block, const state& s) noexcept {
  state x = s;  // its own, so that the rounds run in registers
  permute(x);
  for (int i = 0; i < 16; ++i) block.word[i] = x.word[i] + s.word[i];
}

/// RFC 8439 2.4, the counter modulo 2^32.
inline void chacha20(const key& k, std::uint32_t counter, const std::uint8_t* nonce, const std::uint8_t* in,
                     std::uint8_t* out, std::size_t len) noexcept {
  state s, block;
  const core::wipe_at_exit guard(s), block_guard(block);
  set_up(s, k, counter, nonce);
  for (; len >= block_len; in += block_len, out += block_len, len -= block_len) {
    make_block(block, s);
    for (int i = 0; i < 16; ++i) core::store_le32(out + 4 * i, core::load_le32(in + 4 * i) ^ block.word[i]);
    ++s.word[12];
  }
  if (len == 0) return;
  make_block(block, s);
  for (std::size_t i = 0; i < len; ++i)
    out[i] = static_cast<std::uint8_t>(in[i] ^ (block.word[i / 4] >> (8 * (i % 4))));
}

/// draft-irtf-cfrg-xchacha 2.2: the first and the last row after twenty rounds, without the addition.
inline void hchacha20(const key& k, const std::uint8_t* nonce, key& subkey) noexcept {
  state s;
  const core::wipe_at_exit guard(s);
  set_up(s, k, core::load_le32(nonce), nonce + 4);
  permute(s);
  for (int i = 0; i < 4; ++i) {
    core::store_le32(subkey.bytes + 4 * i, s.word[i]);
    core::store_le32(subkey.bytes + 16 + 4 * i, s.word[12 + i]);
  }
}

/// Data of any length, the last block padded with zeros (RFC 8439 2.8: pad16).
template <class Poly1305>
SOTTO_ALWAYS_INLINE void add_padded(Poly1305& mac, const std::uint8_t* data, std::size_t len) noexcept {
  mac.blocks(data, len / 16);
  if (len % 16 == 0) return;
  std::uint8_t last[16] = {};
  std::memcpy(last, data + (len - len % 16), len % 16);
  mac.blocks(last, 1);
}

/// The AAD and its tail as one string, padded.
template <class Poly1305>
SOTTO_ALWAYS_INLINE void add_aad(Poly1305& mac, const aead_packet& p) noexcept {
  const std::size_t rest = p.aad_len % 16, whole = p.aad_len - rest;
  mac.blocks(p.aad, whole / 16);
  std::uint8_t seam[32] = {};  // up to 15 bytes and 16
  if (rest != 0) std::memcpy(seam, p.aad + whole, rest);
  core::copy(seam + rest, p.aad_tail, p.aad_tail_len);
  mac.blocks(seam, (rest + p.aad_tail_len + 15) / 16);
}

template <class Poly1305>
SOTTO_ALWAYS_INLINE void add_lengths(Poly1305& mac, const aead_packet& p) noexcept {
  std::uint8_t lengths[16];
  core::store_le64(lengths, std::uint64_t{p.aad_len} + p.aad_tail_len);
  core::store_le64(lengths + 8, p.text_len);
  mac.blocks(lengths, 1);
}

/// RFC 8439 2.6: the first half of block 0.
inline void make_one_time_key(const key& k, const std::uint8_t* nonce, std::uint8_t (&one_time_key)[32]) noexcept {
  std::memset(one_time_key, 0, sizeof one_time_key);
  chacha20(k, 0, nonce, one_time_key, one_time_key, sizeof one_time_key);
}

/// RFC 8439 2.8: the tag over AAD, ciphertext and their lengths.
template <class Poly1305>
inline void authenticate(const key& k, const aead_packet& p, const std::uint8_t* ciphertext,
                         std::uint8_t* tag) noexcept {
  std::uint8_t one_time_key[32];
  Poly1305 mac;
  const core::wipe_at_exit key_guard(one_time_key);
  const core::wipe_at_exit mac_guard(mac);
  make_one_time_key(k, p.nonce, one_time_key);
  mac.start(one_time_key);
  add_aad(mac, p);
  add_padded(mac, ciphertext, p.text_len);
  add_lengths(mac, p);
  mac.finish(tag);
}

template <class Poly1305>
inline void seal(const key& k, const aead_packet& p, std::uint8_t* tag) noexcept {
  chacha20(k, 1, p.nonce, p.in, p.out, p.text_len);
  authenticate<Poly1305>(k, p, p.out, tag);
}

/// The comparison before the decryption.
template <class Poly1305>
inline bool open(const key& k, const aead_packet& p, const std::uint8_t* tag) noexcept {
  std::uint8_t expected[aead_tag_len];
  const core::wipe_at_exit guard(expected);  // a valid tag for whatever a forger sent
  authenticate<Poly1305>(k, p, p.in, expected);
  if (!core::equal(expected, tag, sizeof expected)) return false;
  if (p.out != nullptr) chacha20(k, 1, p.nonce, p.in, p.out, p.text_len);
  return true;
}

template <class Poly1305>
inline void seal_batch(job* jobs, std::size_t count) noexcept {
  for (; count != 0; --count, ++jobs) seal<Poly1305>(*jobs->key, jobs->packet, jobs->tag);
}

template <class Poly1305>
inline void open_batch(job* jobs, std::size_t count) noexcept {
  for (; count != 0; --count, ++jobs) jobs->authentic = open<Poly1305>(*jobs->key, jobs->packet, jobs->tag);
}

/// RFC 8439 2.5: a short last block has its one bit right behind its last byte.
template <class Poly1305>
inline void poly1305(const std::uint8_t* one_time_key, const std::uint8_t* message, std::size_t len,
                     std::uint8_t* tag) noexcept {
  Poly1305 mac;
  const core::wipe_at_exit guard(mac);
  mac.start(one_time_key);
  mac.blocks(message, len / 16);
  if (const std::size_t rest = len % 16; rest != 0) {
    std::uint8_t last[16] = {};
    std::memcpy(last, message + (len - rest), rest);
    last[rest] = 1;
    mac.blocks(last, 1, 0);
  }
  mac.finish(tag);
}

template <class Poly1305>
constexpr kernel make_table(const char* name) noexcept {
  return {&seal<Poly1305>,
          &open<Poly1305>,
          &seal_batch<Poly1305>,
          &open_batch<Poly1305>,
          &chacha20,
          &poly1305<Poly1305>,
          &hchacha20,
          name};
}

}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305::portable

namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305 {

namespace portable_32 {
inline constexpr kernel table = portable::make_table<poly1305_32>("portable_32");
}
#if SOTTO_HAS_POLY1305_64
namespace portable_64 {
inline constexpr kernel table = portable::make_table<poly1305_64>("portable_64");
}
#endif

}  // namespace sotto::inline SOTTO_ABI::kernels::chacha20_poly1305
