// SPDX-License-Identifier: BSL-1.0
// What SHA-256 and SHA-512 (FIPS 180-4) share: the constants and the steps, which differ in word size, number of rounds
// and distances only.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/secret.hpp"
#include "../cpu/target.hpp"

namespace sotto::inline SOTTO_ABI::kernels::sha2 {

/// A row of words that constant expressions can return.
template <class Word, std::size_t N>
struct words {
  Word w[N];
};

/// FIPS 180-4 4.2.3: the fractional parts of the first 80 primes' cube roots. SHA-256 (4.2.2) takes the high halves of
/// the first 64.
inline constexpr words<std::uint64_t, 80> round_constants{
    {0x428a2f98d728ae22u, 0x7137449123ef65cdu, 0xb5c0fbcfec4d3b2fu, 0xe9b5dba58189dbbcu, 0x3956c25bf348b538u,
     0x59f111f1b605d019u, 0x923f82a4af194f9bu, 0xab1c5ed5da6d8118u, 0xd807aa98a3030242u, 0x12835b0145706fbeu,
     0x243185be4ee4b28cu, 0x550c7dc3d5ffb4e2u, 0x72be5d74f27b896fu, 0x80deb1fe3b1696b1u, 0x9bdc06a725c71235u,
     0xc19bf174cf692694u, 0xe49b69c19ef14ad2u, 0xefbe4786384f25e3u, 0x0fc19dc68b8cd5b5u, 0x240ca1cc77ac9c65u,
     0x2de92c6f592b0275u, 0x4a7484aa6ea6e483u, 0x5cb0a9dcbd41fbd4u, 0x76f988da831153b5u, 0x983e5152ee66dfabu,
     0xa831c66d2db43210u, 0xb00327c898fb213fu, 0xbf597fc7beef0ee4u, 0xc6e00bf33da88fc2u, 0xd5a79147930aa725u,
     0x06ca6351e003826fu, 0x142929670a0e6e70u, 0x27b70a8546d22ffcu, 0x2e1b21385c26c926u, 0x4d2c6dfc5ac42aedu,
     0x53380d139d95b3dfu, 0x650a73548baf63deu, 0x766a0abb3c77b2a8u, 0x81c2c92e47edaee6u, 0x92722c851482353bu,
     0xa2bfe8a14cf10364u, 0xa81a664bbc423001u, 0xc24b8b70d0f89791u, 0xc76c51a30654be30u, 0xd192e819d6ef5218u,
     0xd69906245565a910u, 0xf40e35855771202au, 0x106aa07032bbd1b8u, 0x19a4c116b8d2d0c8u, 0x1e376c085141ab53u,
     0x2748774cdf8eeb99u, 0x34b0bcb5e19b48a8u, 0x391c0cb3c5c95a63u, 0x4ed8aa4ae3418acbu, 0x5b9cca4f7763e373u,
     0x682e6ff3d6b2b8a3u, 0x748f82ee5defb2fcu, 0x78a5636f43172f60u, 0x84c87814a1f0ab72u, 0x8cc702081a6439ecu,
     0x90befffa23631e28u, 0xa4506cebde82bde9u, 0xbef9a3f7b2c67915u, 0xc67178f2e372532bu, 0xca273eceea26619cu,
     0xd186b8c721c0c207u, 0xeada7dd6cde0eb1eu, 0xf57d4f7fee6ed178u, 0x06f067aa72176fbau, 0x0a637dc5a2c898a6u,
     0x113f9804bef90daeu, 0x1b710b35131c471bu, 0x28db77f523047d84u, 0x32caab7b40c72493u, 0x3c9ebe0a15c9bebcu,
     0x431d67c49c100d4cu, 0x4cc5d4becb3e42b6u, 0x597f299cfc657e2au, 0x5fcb6fab3ad6faecu, 0x6c44198c4a475817u}};

/// FIPS 180-4 5.3.5: the fractional parts of the first 8 primes' square roots. SHA-256 (5.3.3) takes the high halves.
inline constexpr words<std::uint64_t, 8> initial_words{{0x6a09e667f3bcc908u, 0xbb67ae8584caa73bu, 0x3c6ef372fe94f82bu,
                                                        0xa54ff53a5f1d36f1u, 0x510e527fade682d1u, 0x9b05688c2b3e6c1fu,
                                                        0x1f83d9abfb41bd6bu, 0x5be0cd19137e2179u}};

/// The high halves of the first N words.
template <std::size_t N, std::size_t M>
constexpr words<std::uint32_t, N> high_halves(const words<std::uint64_t, M>& from) noexcept {
  static_assert(N <= M);
  words<std::uint32_t, N> halves{};
  for (std::size_t i = 0; i < N; ++i) halves.w[i] = static_cast<std::uint32_t>(from.w[i] >> 32);
  return halves;
}

inline std::uint32_t load_word(const std::uint8_t* p, std::uint32_t) noexcept { return core::load_be32(p); }
inline std::uint64_t load_word(const std::uint8_t* p, std::uint64_t) noexcept { return core::load_be64(p); }

/// Step t of the sixteen that begin at k (6.2.2 step 3 and 6.4.2 step 3), T = t mod 16. From the second sixteen on the
/// schedule's word replaces the one sixteen steps older. Rather than move a to b and so on, the variables change roles:
/// a is v[-t mod 8], b the next … Maj(a, b, c) is b ^ ((a ^ b) & (b ^ c)), and this step's a ^ b the next one's b ^ c.
template <class Shape, bool Extend, std::size_t T>
SOTTO_ALWAYS_INLINE void step(typename Shape::word (&v)[8], typename Shape::word& b_xor_c,
                              typename Shape::word (&w)[16], const typename Shape::word* k) noexcept {
  using word = typename Shape::word;
  if constexpr (Extend) {
    const word w15 = w[(T + 1) % 16], w2 = w[(T + 14) % 16];
    w[T] += w[(T + 9) % 16] + (std::rotr(w15, Shape::s0[0]) ^ std::rotr(w15, Shape::s0[1]) ^ (w15 >> Shape::s0[2])) +
            (std::rotr(w2, Shape::s1[0]) ^ std::rotr(w2, Shape::s1[1]) ^ (w2 >> Shape::s1[2]));
  }
  const word a = v[(16 - T) % 8], b = v[(17 - T) % 8], e = v[(20 - T) % 8], f = v[(21 - T) % 8], g = v[(22 - T) % 8];
  word &d = v[(19 - T) % 8], &h = v[(23 - T) % 8];
  const word a_xor_b = a ^ b;
  h += (std::rotr(e, Shape::S1[0]) ^ std::rotr(e, Shape::S1[1]) ^ std::rotr(e, Shape::S1[2])) + (g ^ (e & (f ^ g))) +
       k[T] + w[T];
  d += h;
  h += (std::rotr(a, Shape::S0[0]) ^ std::rotr(a, Shape::S0[1]) ^ std::rotr(a, Shape::S0[2])) +
       (b ^ (a_xor_b & b_xor_c));
  b_xor_c = a_xor_b;
}

template <class Shape, bool Extend, std::size_t T = 0>
SOTTO_ALWAYS_INLINE void sixteen_steps(typename Shape::word (&v)[8], typename Shape::word& b_xor_c,
                                       typename Shape::word (&w)[16], const typename Shape::word* k) noexcept {
  step<Shape, Extend, T>(v, b_xor_c, w, k);
  if constexpr (T < 15) sixteen_steps<Shape, Extend, T + 1>(v, b_xor_c, w, k);
}

/// Absorbs whole blocks of sixteen words into the chaining value.
template <class Shape>
SOTTO_ALWAYS_INLINE void compress(typename Shape::word (&chain)[8], const std::uint8_t* blocks,
                                  std::size_t count) noexcept {
  using word = typename Shape::word;
  word w[16], v[8];
  const core::wipe_at_exit guard(w);  // sixteen words of an HMAC pad's schedule give its key away
  for (; count != 0; --count, blocks += 16 * sizeof(word)) {
    for (std::size_t i = 0; i < 8; ++i) v[i] = chain[i];
    for (std::size_t t = 0; t < 16; ++t) w[t] = load_word(blocks + sizeof(word) * t, word{});
    word b_xor_c = v[1] ^ v[2];
    sixteen_steps<Shape, false>(v, b_xor_c, w, Shape::constants);
    for (std::size_t t = 16; t < Shape::rounds; t += 16)
      sixteen_steps<Shape, true>(v, b_xor_c, w, Shape::constants + t);
    for (std::size_t i = 0; i < 8; ++i) chain[i] += v[i];
  }
}

}  // namespace sotto::inline SOTTO_ABI::kernels::sha2
