// SPDX-License-Identifier: BSL-1.0
// What the processor allows ChaCha20-Poly1305: as in floor.cpp, the instructions that no implementation can leave out,
// on data without a meaning. Neither transpositions, nor splitting into limbs, nor tails.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <sotto/core/bytes.hpp>
#include <sotto/cpu/features.hpp>
#include <sotto/cpu/target.hpp>

#include "rows.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_IFMA)
namespace bench::floor_ifma {

/// Poly1305 over 2^44: the sums of the low and high halves of products, and a power of r, which 5 r_i 4 follows.
struct products {
  __m512i low[3], high[3];
};
struct power {
  __m512i limb[5];
};

/// Eight blocks times a power: 9 products in two halves each.
SOTTO_ALWAYS_INLINE void accumulate(products& sum, const __m512i* x, const power& r) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < 3; ++i) {
    SOTTO_UNROLL
    for (int j = 0; j < 3; ++j) {
      const int k = i >= j ? i - j : i - j + 5;
      sum.low[i] = _mm512_madd52lo_epu64(sum.low[i], x[j], r.limb[k]);
      sum.high[i] = _mm512_madd52hi_epu64(sum.high[i], x[j], r.limb[k]);
    }
  }
}
SOTTO_ALWAYS_INLINE void hash(products& sum, const std::uint8_t* text, const power& r) noexcept {
  const __m512i low = _mm512_loadu_si512(text), high = _mm512_loadu_si512(text + 64);
  const __m512i x[3] = {low, _mm512_xor_si512(low, high), high};
  accumulate(sum, x, r);
}

SOTTO_ALWAYS_INLINE products nothing() noexcept {
  products p;
  SOTTO_UNROLL
  for (int i = 0; i < 3; ++i) p.low[i] = p.high[i] = _mm512_setzero_si512();
  return p;
}

/// A multiplication that the next one waits for: the products, then the carries from limb to limb.
SOTTO_ALWAYS_INLINE power square(const power& r) noexcept {
  products p = nothing();
  accumulate(p, r.limb, r);
  power result = r;
  __m512i carry = p.high[2];
  SOTTO_UNROLL
  for (int i = 0; i < 3; ++i) {
    const __m512i limb = _mm512_add_epi64(p.low[i], carry);
    result.limb[i] = _mm512_and_si512(limb, r.limb[4]);
    carry = _mm512_add_epi64(p.high[i], _mm512_srli_epi64(limb, 44));
  }
  result.limb[3] = _mm512_slli_epi64(result.limb[1], 2);
  result.limb[4] = _mm512_slli_epi64(result.limb[2], 2);
  return result;
}

/// a += b, then c = (c XOR a) rotated, for N columns, whose words stand so many places behind the first column's. The
/// columns alternate in program order, too: the schedulers look only some dozens of instructions ahead.
template <int N, int Bits>
SOTTO_ALWAYS_INLINE void add_xor_rotate(__m512i* a, int a_at, const __m512i* b, int b_at, __m512i* c,
                                        int c_at) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) a[(i + a_at) % N] = _mm512_add_epi32(a[(i + a_at) % N], b[(i + b_at) % N]);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    __m512i& x = c[(i + c_at) % N];
    x = _mm512_rol_epi32(_mm512_xor_si512(x, a[(i + a_at) % N]), Bits);
  }
}

/// Quarter rounds over columns, or with Diagonal = 1 over diagonals.
template <int N, int Diagonal>
SOTTO_ALWAYS_INLINE void quarter_rounds(__m512i* x) noexcept {
  __m512i *const a = x, *const b = x + N, *const c = x + 2 * N, *const d = x + 3 * N;
  add_xor_rotate<N, 16>(a, 0, b, Diagonal, d, 3 * Diagonal);
  add_xor_rotate<N, 12>(c, 2 * Diagonal, d, 3 * Diagonal, b, Diagonal);
  add_xor_rotate<N, 8>(a, 0, b, Diagonal, d, 3 * Diagonal);
  add_xor_rotate<N, 7>(c, 2 * Diagonal, d, 3 * Diagonal, b, Diagonal);
}

/// For four blocks with a row of each block's state in a vector: shuffles make columns of diagonals and back.
SOTTO_ALWAYS_INLINE void double_round(__m512i (&x)[4]) noexcept {
  quarter_rounds<1, 0>(x);
  x[1] = _mm512_shuffle_epi32(x[1], _MM_PERM_ADCB);
  x[2] = _mm512_shuffle_epi32(x[2], _MM_PERM_BADC);
  x[3] = _mm512_shuffle_epi32(x[3], _MM_PERM_CBAD);
  quarter_rounds<1, 0>(x);
  x[1] = _mm512_shuffle_epi32(x[1], _MM_PERM_CBAD);
  x[2] = _mm512_shuffle_epi32(x[2], _MM_PERM_BADC);
  x[3] = _mm512_shuffle_epi32(x[3], _MM_PERM_ADCB);
}

/// For sixteen blocks, one to a lane.
SOTTO_ALWAYS_INLINE void double_round(__m512i (&x)[16]) noexcept {
  quarter_rounds<4, 0>(x);
  quarter_rounds<4, 1>(x);
}

struct cipher {
  __m512i initial[4];
  std::uint8_t* text;
};

SOTTO_ALWAYS_INLINE void begin(cipher& c, const std::uint8_t* key, std::uint8_t* text) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < 4; ++i) c.initial[i] = _mm512_loadu_si512(key + 64 * i);
  c.text = text;
}

template <int N>
SOTTO_ALWAYS_INLINE void fill(const cipher& c, __m512i (&x)[N]) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) x[i] = _mm512_add_epi32(c.initial[i % 4], _mm512_set1_epi32(i));
}

template <int N>
SOTTO_ALWAYS_INLINE void encrypt(cipher& c, const __m512i (&x)[N]) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    const __m512i text = _mm512_loadu_si512(c.text + 64 * i);
    _mm512_storeu_si512(c.text + 64 * i, _mm512_xor_si512(_mm512_add_epi32(x[i], c.initial[i % 4]), text));
  }
  c.text += 64 * N;
}

/// r from the first block of the key stream.
SOTTO_ALWAYS_INLINE power take_key(const std::uint8_t* key) noexcept {
  power r;
  SOTTO_UNROLL
  for (int i = 0; i < 5; ++i)
    r.limb[i] = _mm512_set1_epi64(static_cast<long long>(sotto::core::load_le64(key + 8 * (i % 2))));
  return r;
}

/// Short texts are hashed fastest one block after the other, over 2^64: six products a block, in a chain. In assembly,
/// because compilers spread the carries over twice the instructions.
SOTTO_ALWAYS_INLINE void hash_in_a_chain(const std::uint8_t* text, std::size_t blocks, std::uint8_t* tag) noexcept {
  using sotto::core::load_le64;
  const std::uint64_t r0 = load_le64(text) & 0x0ffffffc0fffffff, r1 = load_le64(text + 8) & 0x0ffffffc0ffffffc;
  const std::uint64_t s1 = r1 + (r1 >> 2);
  std::uint64_t h0 = 0, h1 = 0, h2 = 0;
  for (; blocks != 0; --blocks, text += 16) {
    std::uint64_t a, b, c, d, e, f;
    __asm__(
        "add (%[text]), %[h0]\n\tadc 8(%[text]), %[h1]\n\tadc $1, %[h2]\n\t"
        "mov %[h0], %%rdx\n\tmulx %[r0], %[h0], %[a]\n\tmulx %[r1], %[b], %[c]\n\t"
        "mov %[h1], %%rdx\n\tmulx %[s1], %[d], %[e]\n\tmulx %[r0], %[h1], %[f]\n\t"
        "mov %[h2], %%rdx\n\timul %[s1], %%rdx\n\timul %[r0], %[h2]\n\t"
        "add %[d], %[h0]\n\tadc %[e], %[a]\n\t"
        "add %[b], %[h1]\n\tadc %[f], %[c]\n\tadd %%rdx, %[h1]\n\tadc $0, %[c]\n\t"
        "add %[a], %[h1]\n\tadc %[h2], %[c]\n\t"
        "mov %[c], %[a]\n\tmov %[c], %[h2]\n\tand $-4, %[a]\n\tshr $2, %[c]\n\tand $3, %[h2]\n\t"
        "add %[c], %[a]\n\tadd %[a], %[h0]\n\tadc $0, %[h1]\n\tadc $0, %[h2]"
        : [h0] "+&r"(h0), [h1] "+&r"(h1), [h2] "+&r"(h2), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d),
          [e] "=&r"(e), [f] "=&r"(f)
        : [r0] "r"(r0), [r1] "r"(r1), [s1] "m"(s1), [text] "r"(text),
          "m"(*reinterpret_cast<const std::uint8_t(*)[16]>(text))
        : "rdx", "cc");
  }
  sotto::core::store_le64(tag, h0 + h2);
  sotto::core::store_le64(tag + 8, h1);
}

/// The key's block and at most three of text.
SOTTO_NOINLINE inline void short_packet(const std::uint8_t* key, std::uint8_t* text, const std::size_t hash_blocks,
                                        std::uint8_t* tag) noexcept {
  cipher c;
  begin(c, key, text);
  __m512i x[4];
  fill(c, x);
  for (int round = 0; round < 10; ++round) double_round(x);
  encrypt(c, x);
  hash_in_a_chain(text, hash_blocks, tag);
}

/// Four blocks and so many groups of sixteen. The four with the key come along with the first group, at twice its
/// speed, so that the powers of r are ready when it is; eight times eight blocks are hashed under each group but the
/// first.
SOTTO_NOINLINE inline void long_packet(const std::uint8_t* key, std::uint8_t* text, std::size_t groups,
                                       const std::size_t hash_blocks, std::uint8_t* tag) noexcept {
  cipher c;
  begin(c, key, text);
  const std::uint8_t* left = text;
  __m512i x[16], y[4];
  fill(c, x);
  fill(c, y);
  for (int round = 0; round < 5; ++round) {
    double_round(y);
    double_round(x);
    double_round(y);
  }
  encrypt(c, y);
  power r = take_key(text);
  // Three multiplications in a chain make the powers up to the eighth.
  for (int round = 5; round < 10; ++round) {
    double_round(x);
    if (round < 8) r = square(r);
  }
  encrypt(c, x);
  products sum = nothing();
  std::size_t steps = (hash_blocks + 7) / 8;
  for (--groups; groups != 0; --groups) {
    fill(c, x);
    for (int round = 0; round < 10; ++round) {
      double_round(x);
      if (round < 8) hash(sum, left + 128 * round, r);
    }
    encrypt(c, x);
    left += 8 * 128;
    steps -= 8;
  }
  for (; steps != 0; --steps, left += 128) hash(sum, left, r);
  std::uint64_t h[3];
  SOTTO_UNROLL
  for (int i = 0; i < 3; ++i)
    h[i] = static_cast<std::uint64_t>(_mm512_reduce_add_epi64(_mm512_add_epi64(sum.low[i], sum.high[i])));
  sotto::core::store_le64(tag, h[0] + (h[1] << 44) + 5 * (h[2] >> 42));
  sotto::core::store_le64(tag + 8, (h[1] >> 20) + (h[2] << 24));
}

}  // namespace bench::floor_ifma
SOTTO_REGION_END

namespace bench {
namespace {

class chacha20_poly1305_floor {
 public:
  void refill(const ring& packets, std::uint64_t) {
    // Poly1305's key, then the text, of which the first three blocks come with it.
    const std::size_t blocks = 1 + (packets.payload_len() + 63) / 64;
    groups_ = (std::max<std::size_t>(blocks, 4) - 4 + 15) / 16;
    hash_blocks_ = 1 + (packets.payload_len() + 15) / 16 + 1;
  }
  bool run(const ring&, std::size_t) noexcept {
    if (groups_ == 0)
      floor_ifma::short_packet(key_, text_, hash_blocks_, tag_);
    else
      floor_ifma::long_packet(key_, text_, groups_, hash_blocks_, tag_);
    return true;
  }
  bool right(const ring&, std::size_t, std::uint64_t) const noexcept { return true; }

 private:
  alignas(64) std::uint8_t key_[4 * 64] = {1, 2, 3};
  alignas(64) std::uint8_t text_[max_payload_len + 21 * 64] = {4, 5, 6};
  alignas(16) std::uint8_t tag_[16] = {};
  std::size_t groups_ = 0;
  std::size_t hash_blocks_ = 0;
};

}  // namespace

void add_chacha20_poly1305_floor(table& t) {
  if (t.what != task::seal) return;
  if (sotto::cpu::detected().contains(sotto::cpu::feature_set(SOTTO_NEEDS_X86_IFMA)))
    t.add<chacha20_poly1305_floor>("floor", "seal", "chacha20_poly1305",
                                   "960 operations per 16 blocks, 18 VPMADD52 per 8");
  else
    t.remarks.insert("floor unavailable for ChaCha20-Poly1305: no AVX-512 with IFMA");
}

}  // namespace bench

#else

namespace bench {
void add_chacha20_poly1305_floor(table& t) {
  if (t.what == task::seal) t.remarks.insert("floor unavailable for ChaCha20-Poly1305: known for 64-bit x86 only");
}
}  // namespace bench

#endif
