// SPDX-License-Identifier: BSL-1.0
// AES without tables: four blocks at a time, bitsliced into eight 64-bit words. The reference for every other kernel.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
#include "../../core/secret.hpp"
#include "contract.hpp"

namespace sotto::inline SOTTO_ABI::kernels::aes::portable {

inline constexpr std::size_t group_blocks = 4;
inline constexpr std::size_t group_len = group_blocks * block_len;

/// Four states. bit[k] holds bit k of all 64 bytes: that of block b, row r, column c (FIPS 197 3.4) is its bit
/// 16 r + 4 c + b. So a rotation of rows is a rotation of the word, and a rotation of columns one of 16-bit lanes.
struct planes {
  std::uint64_t bit[8];
};

/// SubBytes (FIPS 197 5.1.1) on bit planes, x[0] the least significant: the circuit of Boyar and Peralta, "A new
/// combinational logic minimization technique with applications to cryptology" (IACR ePrint 2009/191), with its names.
template <class Word>
inline void sub_bytes(Word (&x)[8]) noexcept {
  const Word u0 = x[7], u1 = x[6], u2 = x[5], u3 = x[4], u4 = x[3], u5 = x[2], u6 = x[1], u7 = x[0];

  // Into the tower field.
  const Word y14 = u3 ^ u5, y13 = u0 ^ u6, y9 = u0 ^ u3, y8 = u0 ^ u5;
  const Word t0 = u1 ^ u2;
  const Word y1 = t0 ^ u7, y4 = y1 ^ u3, y12 = y13 ^ y14, y2 = y1 ^ u0, y5 = y1 ^ u6, y3 = y5 ^ y8;
  const Word t1 = u4 ^ y12;
  const Word y15 = t1 ^ u5, y20 = t1 ^ u1, y6 = y15 ^ u7, y10 = y15 ^ t0, y11 = y20 ^ y9, y7 = u7 ^ y11;
  const Word y17 = y10 ^ y11, y19 = y10 ^ y8, y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = u0 ^ y16;

  // The inversion, shared by both linear ends.
  const Word t2 = y12 & y15, t3 = y3 & y6, t4 = t3 ^ t2, t5 = y4 & u7, t6 = t5 ^ t2;
  const Word t7 = y13 & y16, t8 = y5 & y1, t9 = t8 ^ t7, t10 = y2 & y7, t11 = t10 ^ t7;
  const Word t12 = y9 & y11, t13 = y14 & y17, t14 = t13 ^ t12, t15 = y8 & y10, t16 = t15 ^ t12;
  const Word t17 = t4 ^ t14, t18 = t6 ^ t16, t19 = t9 ^ t14, t20 = t11 ^ t16;
  const Word t21 = t17 ^ y20, t22 = t18 ^ y19, t23 = t19 ^ y21, t24 = t20 ^ y18;
  const Word t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t28 = t25 & t27, t29 = t28 ^ t22;
  const Word t30 = t23 ^ t24, t31 = t22 ^ t26, t32 = t31 & t30, t33 = t32 ^ t24, t34 = t23 ^ t33;
  const Word t35 = t27 ^ t33, t36 = t24 & t35, t37 = t36 ^ t34, t38 = t27 ^ t36, t39 = t29 & t38;
  const Word t40 = t25 ^ t39, t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40, t44 = t33 ^ t37, t45 = t42 ^ t41;
  const Word z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & u7, z3 = t43 & y16, z4 = t40 & y1, z5 = t29 & y7;
  const Word z6 = t42 & y11, z7 = t45 & y17, z8 = t41 & y10, z9 = t44 & y12, z10 = t37 & y3, z11 = t33 & y4;
  const Word z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2, z15 = t42 & y9, z16 = t45 & y14, z17 = t41 & y8;

  // Back, and the affine map; the complements are its constant 0x63.
  const Word t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10, t50 = z2 ^ z12, t51 = z2 ^ z5;
  const Word t52 = z7 ^ z8, t53 = z0 ^ z3, t54 = z6 ^ z7, t55 = z16 ^ z17, t56 = z12 ^ t48, t57 = t50 ^ t53;
  const Word t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57, t61 = z14 ^ t57, t62 = t52 ^ t58, t63 = t49 ^ t58;
  const Word t64 = z4 ^ t59, t65 = t61 ^ t62, t66 = z1 ^ t63, t67 = t64 ^ t65;
  const Word s3 = t53 ^ t66;
  x[7] = t59 ^ t63;
  x[6] = t64 ^ ~s3;
  x[5] = t55 ^ ~t67;
  x[4] = s3;
  x[3] = t51 ^ t66;
  x[2] = t47 ^ t65;
  x[1] = t56 ^ ~t62;
  x[0] = t48 ^ ~t60;
}

/// Exchanges the bits of x at mask << shift with those of y at mask.
inline void exchange(std::uint64_t& x, std::uint64_t& y, int shift, std::uint64_t mask) noexcept {
  const std::uint64_t t = ((x >> shift) ^ y) & mask;
  y ^= t;
  x ^= t << shift;
}

/// Transposes the 8x8 bit matrices that bytes at the same place of the eight words form. Its own inverse.
inline void transpose(std::uint64_t (&x)[8]) noexcept {
  constexpr std::uint64_t ones = 0x5555555555555555u, twos = 0x3333333333333333u, fours = 0x0f0f0f0f0f0f0f0fu;
  exchange(x[0], x[1], 1, ones);
  exchange(x[2], x[3], 1, ones);
  exchange(x[4], x[5], 1, ones);
  exchange(x[6], x[7], 1, ones);
  exchange(x[0], x[2], 2, twos);
  exchange(x[1], x[3], 2, twos);
  exchange(x[4], x[6], 2, twos);
  exchange(x[5], x[7], 2, twos);
  exchange(x[0], x[4], 4, fours);
  exchange(x[1], x[5], 4, fours);
  exchange(x[2], x[6], 4, fours);
  exchange(x[3], x[7], 4, fours);
}

/// Moves byte i to byte 2i, zeros between.
inline std::uint64_t spread_bytes(std::uint32_t column) noexcept {
  std::uint64_t x = column;
  x = (x | (x << 16)) & 0x0000ffff0000ffffu;
  return (x | (x << 8)) & 0x00ff00ff00ff00ffu;
}

/// The inverse of spread_bytes; odd bytes are ignored.
inline std::uint32_t gather_bytes(std::uint64_t x) noexcept {
  x &= 0x00ff00ff00ff00ffu;
  x = (x | (x >> 8)) & 0x0000ffff0000ffffu;
  return static_cast<std::uint32_t>(x | (x >> 16));
}

/// Four blocks into planes. Words b and b + 4 get the even and odd columns of block b, so that the transposition puts
/// each bit where `planes` says.
inline planes pack(const std::uint8_t* p) noexcept {
  planes s;
  for (std::size_t b = 0; b < group_blocks; ++b, p += block_len) {
    s.bit[b] = spread_bytes(core::load_le32(p)) | (spread_bytes(core::load_le32(p + 8)) << 8);
    s.bit[b + 4] = spread_bytes(core::load_le32(p + 4)) | (spread_bytes(core::load_le32(p + 12)) << 8);
  }
  transpose(s.bit);
  return s;
}

inline void unpack(std::uint8_t* p, planes s) noexcept {
  transpose(s.bit);
  for (std::size_t b = 0; b < group_blocks; ++b, p += block_len) {
    core::store_le32(p, gather_bytes(s.bit[b]));
    core::store_le32(p + 4, gather_bytes(s.bit[b + 4]));
    core::store_le32(p + 8, gather_bytes(s.bit[b] >> 8));
    core::store_le32(p + 12, gather_bytes(s.bit[b + 4] >> 8));
  }
}

/// ShiftRows (FIPS 197 5.1.2): row r is the 16-bit lane r, rotated by r columns of 4 bits. Rows 2 and 3 go two columns
/// first, then rows 1 and 3 one.
inline void shift_rows(planes& s) noexcept {
  for (auto& x : s.bit) {
    const std::uint64_t t = ((x >> 8) ^ x) & 0x00ff00ff00000000u;
    x ^= t ^ (t << 8);
    x = (x & 0x0000ffff0000ffffu) | ((x >> 4) & 0x0fff00000fff0000u) | ((x << 12) & 0xf0000000f0000000u);
  }
}

/// MixColumns (FIPS 197 5.1.3) as 2 (a_r + a_r+1) + a_r+1 + (a_r+2 + a_r+3).
inline void mix_columns(planes& s) noexcept {
  std::uint64_t sum[8], rest[8];
  for (int k = 0; k < 8; ++k) {
    const std::uint64_t next = std::rotr(s.bit[k], 16);
    sum[k] = s.bit[k] ^ next;
    rest[k] = next ^ std::rotr(sum[k], 32);
  }
  // Doubling moves every bit up; bit 7 comes back as x^8 = x^4 + x^3 + x + 1.
  s.bit[0] = rest[0] ^ sum[7];
  s.bit[1] = rest[1] ^ sum[0] ^ sum[7];
  s.bit[2] = rest[2] ^ sum[1];
  s.bit[3] = rest[3] ^ sum[2] ^ sum[7];
  s.bit[4] = rest[4] ^ sum[3] ^ sum[7];
  s.bit[5] = rest[5] ^ sum[4];
  s.bit[6] = rest[6] ^ sum[5];
  s.bit[7] = rest[7] ^ sum[6];
}

inline constexpr std::uint64_t first_block = 0x1111111111111111u;  // the plane bits of block 0

/// A round key's planes are the same for all four blocks, so plane k is kept only in bit k mod 4 of each nibble, and
/// the key is 16 bytes again.
inline void store_round_key(std::uint8_t* to, const planes& s) noexcept {
  std::uint64_t halves[2];
  for (std::size_t h = 0; h < 2; ++h)
    halves[h] = (s.bit[4 * h] & first_block) | (s.bit[4 * h + 1] & (first_block << 1)) |
                (s.bit[4 * h + 2] & (first_block << 2)) | (s.bit[4 * h + 3] & (first_block << 3));
  std::memcpy(to, halves, sizeof halves);
}

inline void add_round_key(planes& s, const std::uint8_t* from) noexcept {
  std::uint64_t halves[2];
  std::memcpy(halves, from, sizeof halves);
  for (std::size_t k = 0; k < 8; ++k) {
    const std::uint64_t x = (halves[k / 4] >> (k % 4)) & first_block;
    s.bit[k] ^= (x << 4) - x;  // 15 x: each nibble 0 or 15; what leaves at the top is bit 64
  }
}

/// SubWord (FIPS 197 5.2) on four bytes: plane k is bit k of each byte, left in place.
inline std::uint32_t sub_word(std::uint32_t w) noexcept {
  constexpr std::uint32_t ones = 0x01010101u;
  std::uint32_t x[8];
  for (int k = 0; k < 8; ++k) x[k] = (w >> k) & ones;
  sub_bytes(x);
  w = 0;
  for (int k = 0; k < 8; ++k) w |= (x[k] & ones) << k;
  return w;
}

/// FIPS 197 5.2, words little-endian, so RotWord is a rotation to the right and Rcon stands in the low byte.
inline void expand(key& k, const std::uint8_t* bytes, std::size_t key_len) noexcept {
  std::uint32_t w[60];
  std::uint8_t group[group_len];
  const core::wipe_at_exit w_guard(w);
  const core::wipe_at_exit group_guard(group);

  const std::size_t nk = key_len / 4;
  k.rounds = rounds_for(key_len);
  const std::size_t words = 4 * (std::size_t{k.rounds} + 1);
  for (std::size_t i = 0; i < nk; ++i) w[i] = core::load_le32(bytes + 4 * i);
  std::uint32_t rcon = 1;
  for (std::size_t i = nk; i < words; ++i) {
    std::uint32_t t = w[i - 1];
    if (i % nk == 0) {
      t = sub_word(std::rotr(t, 8)) ^ rcon;
      rcon = (rcon << 1) ^ ((rcon >> 7) * 0x11bu);
    } else if (nk == 8 && i % nk == 4) {
      t = sub_word(t);
    }
    w[i] = w[i - nk] ^ t;
  }

  for (std::size_t r = 0; r <= k.rounds; ++r) {
    for (std::size_t i = 0; i < 4 * group_blocks; ++i) core::store_le32(group + 4 * i, w[4 * r + i % 4]);
    store_round_key(k.round_keys + 16 * r, pack(group));
  }
}

/// Cipher (FIPS 197 5.1).
inline planes encrypt(const key& k, planes s) noexcept {
  const std::uint8_t* round_key = k.round_keys;
  add_round_key(s, round_key);
  for (std::uint32_t round = 1; round < k.rounds; ++round) {
    sub_bytes(s.bit);
    shift_rows(s);
    mix_columns(s);
    add_round_key(s, round_key += 16);
  }
  sub_bytes(s.bit);
  shift_rows(s);
  add_round_key(s, round_key + 16);
  return s;
}

inline void encrypt_blocks(const key& k, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) noexcept {
  for (; blocks >= group_blocks; blocks -= group_blocks, in += group_len, out += group_len)
    unpack(out, encrypt(k, pack(in)));
  if (blocks == 0) return;
  std::uint8_t group[group_len] = {};
  const core::wipe_at_exit guard(group);
  std::memcpy(group, in, blocks * block_len);
  unpack(group, encrypt(k, pack(group)));
  std::memcpy(out, group, blocks * block_len);
}

/// SP 800-38A 6.5, with GCM's 32-bit counter (SP 800-38D 6.2).
inline void ctr(const key& k, const std::uint8_t* counter, const std::uint8_t* in, std::uint8_t* out,
                std::size_t len) noexcept {
  std::uint8_t counters[group_len], stream[group_len];
  const core::wipe_at_exit guard(stream);
  for (std::size_t b = 0; b < group_blocks; ++b) std::memcpy(counters + b * block_len, counter, block_len);

  std::uint32_t count = core::load_be32(counter + 12);
  while (len != 0) {
    for (std::size_t b = 0; b < group_blocks; ++b) core::store_be32(counters + b * block_len + 12, count++);
    unpack(stream, encrypt(k, pack(counters)));
    const std::size_t n = len < group_len ? len : group_len;
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(in[i] ^ stream[i]);
    in += n;
    out += n;
    len -= n;
  }
}

inline constexpr kernel table{&expand, &encrypt_blocks, &ctr, "portable"};

}  // namespace sotto::inline SOTTO_ABI::kernels::aes::portable
