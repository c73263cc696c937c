// SPDX-License-Identifier: BSL-1.0
// What the processor itself allows: the instructions that no implementation can leave out, and nothing around them. The
// results have no meaning, and the data stay in the nearest cache. Cost shows the ports' throughput over back-to-back
// packets, latency one packet's chain.
#include <cstddef>
#include <cstdint>
#include <string>

#include <sotto/cpu/features.hpp>
#include <sotto/cpu/target.hpp>

#include "rows.hpp"

#if SOTTO_ARCH_X86
#include <immintrin.h>

SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_VAES512)
namespace bench::floor_vaes512 {

inline __m512i broadcast(const std::uint8_t* p) noexcept {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}

struct products {
  __m512i low, middle, high;
};

SOTTO_ALWAYS_INLINE void accumulate(products& sum, const __m512i x, const std::uint8_t* power) noexcept {
  const __m512i h = _mm512_loadu_si512(power);
  sum.low = _mm512_xor_si512(sum.low, _mm512_clmulepi64_epi128(x, h, 0x00));
  sum.middle = _mm512_ternarylogic_epi64(sum.middle, _mm512_clmulepi64_epi128(x, h, 0x01),
                                         _mm512_clmulepi64_epi128(x, h, 0x10), 0x96);
  sum.high = _mm512_xor_si512(sum.high, _mm512_clmulepi64_epi128(x, h, 0x11));
}

struct packet {
  __m512i keys[11];
  __m512i counter;
  __m512i x[4];  // what was encrypted last and isn't hashed yet
  products sum;
  const std::uint8_t* powers;
  std::uint8_t* text;
};

/// Encrypts N times 64 bytes side by side and hashes the four groups before: in program order, too, the work of the
/// ports must be mixed, for the schedulers look only some dozens of instructions ahead.
template <int N, bool First>
SOTTO_ALWAYS_INLINE void step(packet& p) noexcept {
  __m512i x[N];
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    x[i] = _mm512_xor_si512(p.counter, p.keys[0]);
    p.counter = _mm512_add_epi32(p.counter, _mm512_set1_epi32(4));
  }
  SOTTO_UNROLL
  for (int r = 1; r < 10; ++r) {
    SOTTO_UNROLL
    for (int i = 0; i < N; ++i) x[i] = _mm512_aesenc_epi128(x[i], p.keys[r]);
    if (!First && r % 2 == 0) accumulate(p.sum, p.x[r / 2 - 1], p.powers + 64 * (r / 2 - 1));
  }
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) {
    x[i] = _mm512_aesenclast_epi128(x[i], p.keys[10]);
    p.x[i] = _mm512_xor_si512(x[i], _mm512_loadu_si512(p.text + 64 * i));
    _mm512_storeu_si512(p.text + 64 * i, p.x[i]);
  }
  p.text += 64 * N;
}

/// The last N times 64 bytes of a packet, and what is left to hash then.
template <int N, bool First>
SOTTO_ALWAYS_INLINE void last_step(packet& p, const bool lengths_apart) noexcept {
  step<N, First>(p);
  SOTTO_UNROLL
  for (int i = 0; i < N; ++i) accumulate(p.sum, p.x[i], p.powers + 64 * i);
  if (lengths_apart) accumulate(p.sum, p.counter, p.powers);
}

template <bool First>
SOTTO_ALWAYS_INLINE void last_steps(packet& p, const std::size_t groups, const bool lengths_apart) noexcept {
  switch (groups) {
    case 1: return last_step<1, First>(p, lengths_apart);
    case 2: return last_step<2, First>(p, lengths_apart);
    case 3: return last_step<3, First>(p, lengths_apart);
    default: return last_step<4, First>(p, lengths_apart);
  }
}

/// Per 64 bytes: a load, 10 VAESENC, 4 VPCLMULQDQ, a store; per packet: one fold, one reduction of two more products.
/// cipher_groups (at least 1) cover J0 and the text, hash_groups the header, the text and the lengths.
SOTTO_NOINLINE inline void gcm(const std::uint8_t* round_keys, const std::uint8_t* powers, std::uint8_t* text,
                               const std::size_t cipher_groups, const std::size_t hash_groups,
                               std::uint8_t* tag) noexcept {
  packet p;
  SOTTO_UNROLL
  for (int r = 0; r < 11; ++r) p.keys[r] = broadcast(round_keys + 16 * r);
  p.counter = _mm512_loadu_si512(powers);
  p.sum.low = p.sum.middle = p.sum.high = _mm512_setzero_si512();
  p.powers = powers;
  p.text = text;
  const bool lengths_apart = hash_groups > cipher_groups;
  if (cipher_groups <= 4) {
    last_steps<true>(p, cipher_groups, lengths_apart);
  } else {
    std::size_t left = cipher_groups - 4;
    step<4, true>(p);
    for (; left > 4; left -= 4) step<4, false>(p);
    last_steps<false>(p, left, lengths_apart);
  }
  const __m512i sum = _mm512_ternarylogic_epi64(p.sum.low, p.sum.middle, p.sum.high, 0x96);
  const __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1));
  __m128i y = _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
  const __m128i polynomial = _mm_set_epi64x(0, static_cast<long long>(0xc200000000000000u));
  y = _mm_xor_si128(_mm_shuffle_epi32(y, 0x4e), _mm_clmulepi64_si128(y, polynomial, 0x00));
  y = _mm_xor_si128(_mm_shuffle_epi32(y, 0x4e), _mm_clmulepi64_si128(y, polynomial, 0x00));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(tag), _mm_xor_si128(y, _mm512_castsi512_si128(p.counter)));
}

}  // namespace bench::floor_vaes512
SOTTO_REGION_END

SOTTO_REGION_BEGIN(SOTTO_TARGET_X86_SHANI)
namespace bench::floor_shani {

/// Twenty dependent SHA1RNDS4 for each block of 64 bytes. The state comes from the packet before: whoever hashes one
/// packet at a time waits for its chain.
inline void sha1(std::uint8_t* state, const std::size_t blocks) noexcept {
  auto* const at = reinterpret_cast<__m128i*>(state);
  __m128i s = _mm_loadu_si128(at);
  const __m128i e = s;
  for (std::size_t b = 0; b < blocks; ++b) {
    for (int i = 0; i < 5; ++i) s = _mm_sha1rnds4_epu32(s, e, 0);
    for (int i = 0; i < 5; ++i) s = _mm_sha1rnds4_epu32(s, e, 1);
    for (int i = 0; i < 5; ++i) s = _mm_sha1rnds4_epu32(s, e, 2);
    for (int i = 0; i < 5; ++i) s = _mm_sha1rnds4_epu32(s, e, 3);
  }
  _mm_storeu_si128(at, s);
}

}  // namespace bench::floor_shani
SOTTO_REGION_END

namespace bench {
namespace {

class gcm_floor {
 public:
  void refill(const ring& packets, std::uint64_t) {
    const std::size_t text_blocks = (packets.payload_len() + 15) / 16;
    cipher_groups_ = (1 + text_blocks + 3) / 4;
    hash_groups_ = (1 + text_blocks + 1 + 3) / 4;
  }
  bool run(const ring&, std::size_t) noexcept {
    floor_vaes512::gcm(round_keys_, powers_, text_, cipher_groups_, hash_groups_, tag_);
    return true;
  }
  bool right(const ring&, std::size_t, std::uint64_t) const noexcept { return true; }

 private:
  alignas(64) std::uint8_t round_keys_[11 * 16] = {1, 2, 3};
  alignas(64) std::uint8_t powers_[4 * 64] = {4, 5, 6};
  alignas(64) std::uint8_t text_[max_payload_len + 128] = {7, 8, 9};
  alignas(64) std::uint8_t tag_[16] = {};
  std::size_t cipher_groups_ = 0;
  std::size_t hash_groups_ = 0;
};

class sha1_floor {
 public:
  void refill(const ring& packets, std::uint64_t) {
    // Inner hash: the packet, the ROC, SHA-1's own padding of at least 9 bytes. Outer hash: one block.
    blocks_ = (packets.packet_len() + 4 + 9 + 63) / 64 + 1;
  }
  bool run(const ring&, std::size_t) noexcept {
    floor_shani::sha1(state_, blocks_);
    return true;
  }
  bool right(const ring&, std::size_t, std::uint64_t) const noexcept { return true; }

 private:
  alignas(16) std::uint8_t state_[16] = {1, 2, 3};
  std::size_t blocks_ = 0;
};

}  // namespace

void add_floor_rows(table& t) {
  if (t.what != task::protect) return;
  const auto features = sotto::cpu::detected();
  if (features.contains(sotto::cpu::feature_set(SOTTO_NEEDS_X86_VAES512)))
    t.add<gcm_floor>("floor", "seal", "aes_128_gcm", "10 VAESENC, 4 VPCLMULQDQ per 64 bytes");
  else
    t.remarks.insert("floor unavailable for AES-GCM: no VAES with AVX-512");
  if (features.contains(sotto::cpu::feature_set(SOTTO_NEEDS_X86_SHANI)))
    t.add<sha1_floor>("floor", "protect", "aes_cm_128_hmac_sha1_80", "chain of 20 SHA1RNDS4 per 64 bytes");
  else
    t.remarks.insert("floor unavailable for HMAC-SHA1: no SHA-NI");
}

}  // namespace bench

#else

namespace bench {
void add_floor_rows(table& t) { t.remarks.insert("floor unavailable: known for x86 only"); }
}  // namespace bench

#endif
