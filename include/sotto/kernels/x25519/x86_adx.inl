// SPDX-License-Identifier: BSL-1.0
// GF(2^255 - 19) in four limbs of 64 bits, by MULX and the two carry chains of ADCX and ADOX. In assembly, because
// neither GCC nor Clang keeps two chains alive from intrinsics. On Zen 4 these chains also leave the multiplier's port
// alone, which ADD and ADC don't: a product of limbs takes 1.1 cycles with them, 1.8 without.

/// A number of which only the residue matters: below 2^255 + 2^24 for one unit, which is what a multiplication leaves;
/// any 256 bits for two, which is what sums and differences leave and a multiplication takes.
template <unsigned Units>
struct fe64 {
  static_assert(Units == 1 || Units == 2);
  std::uint64_t limb[4];
};

struct field64 {
  template <unsigned Units>
  using element = fe64<Units>;

  static fe64<1> zero() noexcept { return {{0}}; }
  static fe64<1> one() noexcept { return {{1}}; }

  /// Four little-endian words without the top bit; any value below 2^255.
  SOTTO_ALWAYS_INLINE static fe64<1> from_words(const std::uint64_t* w) noexcept {
    return {{w[0], w[1], w[2], w[3] & 0x7fffffffffffffffu}};
  }

  /// The smallest representative. One unit is below 2 p, so that at most one p is to be taken off.
  static void store(std::uint8_t* p, const fe64<1>& f) noexcept {
    std::uint64_t carry = 19, top = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      top = f.limb[i] + carry;
      carry = static_cast<std::uint64_t>(top < carry);
    }
    carry = 19 * (top >> 63);  // adding 19 and leaving out bit 255 takes p off
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint64_t word = f.limb[i] + carry;
      carry = static_cast<std::uint64_t>(word < carry);
      core::store_le64(p + 8 * i, i == 3 ? word & 0x7fffffffffffffffu : word);
    }
  }
};

// clang-format off
// b += the low half and c += the high half of rdx * limb: b in ADCX's chain, c in ADOX's.
#define SOTTO_X25519_TERM(limb, b, c) \
  "mulxq " limb ", %[lo], %[hi]\n\t"  \
  "adcxq %[lo], %[" b "]\n\t"         \
  "adoxq %[hi], %[" c "]\n\t"
// The last one, where the sum still ends: d is new, and takes what both chains carry.
#define SOTTO_X25519_LAST_TERM(limb, c, d) \
  "mulxq " limb ", %[lo], %[" d "]\n\t"    \
  "adcxq %[lo], %[" c "]\n\t"              \
  "adoxq %[zero], %[" d "]\n\t"            \
  "adcxq %[zero], %[" d "]\n\t"
// From eight limbs to one unit. 2^256 = 38 leaves at most 38 above 2^256; that with bit 255, at most 77, is folded once
// more by 2^255 = 19, which no longer carries out: below 2^255 + 19 * 77.
#define SOTTO_X25519_REDUCE                   \
  "movl $38, %%edx\n\t"                       \
  "xorl %k[zero], %k[zero]\n\t"               \
  SOTTO_X25519_TERM("%[r4]", "r0", "r1")      \
  SOTTO_X25519_TERM("%[r5]", "r1", "r2")      \
  SOTTO_X25519_TERM("%[r6]", "r2", "r3")      \
  SOTTO_X25519_LAST_TERM("%[r7]", "r3", "r4") \
  SOTTO_X25519_FOLD("r4")
#define SOTTO_X25519_FOLD(above)             \
  "movq %[r3], %[lo]\n\t"                    \
  "shrq $63, %[lo]\n\t"                      \
  "leaq (%[lo], %[" above "], 2), %[lo]\n\t" \
  "btrq $63, %[r3]\n\t"                      \
  "leaq (%[lo], %[lo], 8), %[zero]\n\t"      \
  "leaq (%[lo], %[zero], 2), %[lo]\n\t"      \
  "xorl %k[zero], %k[zero]\n\t"              \
  "adcxq %[lo], %[r0]\n\t"                   \
  "adcxq %[zero], %[r1]\n\t"                 \
  "adcxq %[zero], %[r2]\n\t"                 \
  "adcxq %[zero], %[r3]\n\t"

// A limb of a factor: an operand in memory. Without optimisation every such operand takes a register for its address,
// more than there are; then the factors are read through one pointer each ("memory" says so, and volatile keeps a
// compiler from taking the same pointer for the same limbs), and that of g gives its register to r7 at the end.
#if defined(__OPTIMIZE__)
#define SOTTO_X25519_ASM __asm__
#define SOTTO_X25519_F(i) "%[f" #i "]"
#define SOTTO_X25519_G(i) "%[g" #i "]"
#define SOTTO_X25519_R7(start) std::uint64_t r7
#define SOTTO_X25519_R7_OPERAND "=&r"
#define SOTTO_X25519_READS_F [f0] "m"(f.limb[0]), [f1] "m"(f.limb[1]), [f2] "m"(f.limb[2]), [f3] "m"(f.limb[3])
#define SOTTO_X25519_READS_FG \
  SOTTO_X25519_READS_F, [g0] "m"(g.limb[0]), [g1] "m"(g.limb[1]), [g2] "m"(g.limb[2]), [g3] "m"(g.limb[3])
#define SOTTO_X25519_CLOBBERS "rdx", "cc"
#else
#define SOTTO_X25519_ASM __asm__ volatile
#define SOTTO_X25519_F(i) "8*" #i "(%[f])"
#define SOTTO_X25519_G(i) "8*" #i "(%[r7])"
#define SOTTO_X25519_R7(start) const std::uint64_t* r7 = start
#define SOTTO_X25519_R7_OPERAND "+&r"
#define SOTTO_X25519_READS_F [f] "r"(f.limb)
#define SOTTO_X25519_READS_FG SOTTO_X25519_READS_F
#define SOTTO_X25519_CLOBBERS "rdx", "cc", "memory"
#endif

template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE fe64<1> mul(const fe64<A>& f, const fe64<B>& g) noexcept {
  std::uint64_t r0, r1, r2, r3, r4, r5, r6, lo, hi, zero;
  SOTTO_X25519_R7(g.limb);
  SOTTO_X25519_ASM(
      "movq " SOTTO_X25519_G(0) ", %%rdx\n\t"
      "xorl %k[zero], %k[zero]\n\t"
      "mulxq " SOTTO_X25519_F(0) ", %[r0], %[r1]\n\t"
      "mulxq " SOTTO_X25519_F(1) ", %[lo], %[r2]\n\t"
      "adcxq %[lo], %[r1]\n\t"
      "mulxq " SOTTO_X25519_F(2) ", %[lo], %[r3]\n\t"
      "adcxq %[lo], %[r2]\n\t"
      "mulxq " SOTTO_X25519_F(3) ", %[lo], %[r4]\n\t"
      "adcxq %[lo], %[r3]\n\t"
      "adcxq %[zero], %[r4]\n\t"

      "movq " SOTTO_X25519_G(1) ", %%rdx\n\t"
      "xorl %k[zero], %k[zero]\n\t"
      SOTTO_X25519_TERM(SOTTO_X25519_F(0), "r1", "r2")
      SOTTO_X25519_TERM(SOTTO_X25519_F(1), "r2", "r3")
      SOTTO_X25519_TERM(SOTTO_X25519_F(2), "r3", "r4")
      SOTTO_X25519_LAST_TERM(SOTTO_X25519_F(3), "r4", "r5")

      "movq " SOTTO_X25519_G(2) ", %%rdx\n\t"
      "xorl %k[zero], %k[zero]\n\t"
      SOTTO_X25519_TERM(SOTTO_X25519_F(0), "r2", "r3")
      SOTTO_X25519_TERM(SOTTO_X25519_F(1), "r3", "r4")
      SOTTO_X25519_TERM(SOTTO_X25519_F(2), "r4", "r5")
      SOTTO_X25519_LAST_TERM(SOTTO_X25519_F(3), "r5", "r6")

      "movq " SOTTO_X25519_G(3) ", %%rdx\n\t"
      "xorl %k[zero], %k[zero]\n\t"
      SOTTO_X25519_TERM(SOTTO_X25519_F(0), "r3", "r4")
      SOTTO_X25519_TERM(SOTTO_X25519_F(1), "r4", "r5")
      SOTTO_X25519_TERM(SOTTO_X25519_F(2), "r5", "r6")
      SOTTO_X25519_LAST_TERM(SOTTO_X25519_F(3), "r6", "r7")

      SOTTO_X25519_REDUCE
      : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [r4] "=&r"(r4), [r5] "=&r"(r5),
        [r6] "=&r"(r6), [r7] SOTTO_X25519_R7_OPERAND(r7), [lo] "=&r"(lo), [hi] "=&r"(hi), [zero] "=&r"(zero)
      : SOTTO_X25519_READS_FG
      : SOTTO_X25519_CLOBBERS);
  return {{r0, r1, r2, r3}};
}

/// The six products of different limbs, doubled while the four squares are added.
template <unsigned A>
SOTTO_ALWAYS_INLINE fe64<1> square(const fe64<A>& f) noexcept {
  std::uint64_t r0, r1, r2, r3, r4, r5, r6, r7, lo, hi, zero;
  SOTTO_X25519_ASM(
      "movq " SOTTO_X25519_F(0) ", %%rdx\n\t"
      "xorl %k[r6], %k[r6]\n\t"
      "mulxq " SOTTO_X25519_F(1) ", %[r1], %[r2]\n\t"
      "mulxq " SOTTO_X25519_F(2) ", %[lo], %[r3]\n\t"
      "adcxq %[lo], %[r2]\n\t"
      "mulxq " SOTTO_X25519_F(3) ", %[lo], %[r4]\n\t"
      "adcxq %[lo], %[r3]\n\t"
      "adcxq %[r6], %[r4]\n\t"

      "movq " SOTTO_X25519_F(1) ", %%rdx\n\t"
      "xorl %k[r6], %k[r6]\n\t"
      SOTTO_X25519_TERM(SOTTO_X25519_F(2), "r3", "r4")
      "mulxq " SOTTO_X25519_F(3) ", %[lo], %[r5]\n\t"
      "adcxq %[lo], %[r4]\n\t"
      "adoxq %[r6], %[r5]\n\t"
      "movq " SOTTO_X25519_F(2) ", %%rdx\n\t"
      "mulxq " SOTTO_X25519_F(3) ", %[lo], %[hi]\n\t"
      "adcxq %[lo], %[r5]\n\t"
      "adcxq %[hi], %[r6]\n\t"

      "movq " SOTTO_X25519_F(0) ", %%rdx\n\t"
      "xorl %k[r7], %k[r7]\n\t"
      "mulxq %%rdx, %[r0], %[hi]\n\t"
      "adcxq %[r1], %[r1]\n\t"
      "adoxq %[hi], %[r1]\n\t"
      "movq " SOTTO_X25519_F(1) ", %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\t"
      "adcxq %[r2], %[r2]\n\t"
      "adoxq %[lo], %[r2]\n\t"
      "adcxq %[r3], %[r3]\n\t"
      "adoxq %[hi], %[r3]\n\t"
      "movq " SOTTO_X25519_F(2) ", %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\t"
      "adcxq %[r4], %[r4]\n\t"
      "adoxq %[lo], %[r4]\n\t"
      "adcxq %[r5], %[r5]\n\t"
      "adoxq %[hi], %[r5]\n\t"
      "movq " SOTTO_X25519_F(3) ", %%rdx\n\t"
      "mulxq %%rdx, %[lo], %[hi]\n\t"
      "adcxq %[r6], %[r6]\n\t"
      "adoxq %[lo], %[r6]\n\t"
      "adcxq %[r7], %[r7]\n\t"
      "adoxq %[hi], %[r7]\n\t"

      SOTTO_X25519_REDUCE
      : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [r4] "=&r"(r4), [r5] "=&r"(r5),
        [r6] "=&r"(r6), [r7] "=&r"(r7), [lo] "=&r"(lo), [hi] "=&r"(hi), [zero] "=&r"(zero)
      : SOTTO_X25519_READS_F
      : SOTTO_X25519_CLOBBERS);
  return {{r0, r1, r2, r3}};
}

/// f times a public constant below 2^17: at most 2^18 above 2^255 before the fold, 19 * 2^18 < 2^24 after it.
template <std::uint32_t Factor, unsigned A>
SOTTO_ALWAYS_INLINE fe64<1> mul_small(const fe64<A>& f) noexcept {
  static_assert(Factor < (1u << 17));
  std::uint64_t r0, r1, r2, r3, lo, hi, zero;
  __asm__(
      "mulxq %[f0], %[r0], %[r1]\n\t"
      "mulxq %[f1], %[lo], %[r2]\n\t"
      "xorl %k[zero], %k[zero]\n\t"
      "adcxq %[lo], %[r1]\n\t"
      "mulxq %[f2], %[lo], %[r3]\n\t"
      "adcxq %[lo], %[r2]\n\t"
      "mulxq %[f3], %[lo], %[hi]\n\t"
      "adcxq %[lo], %[r3]\n\t"
      "adcxq %[zero], %[hi]\n\t"
      SOTTO_X25519_FOLD("hi")
      : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [lo] "=&r"(lo), [hi] "=&r"(hi), [zero] "=&r"(zero)
      : [f0] "r"(f.limb[0]), [f1] "r"(f.limb[1]), [f2] "r"(f.limb[2]), [f3] "r"(f.limb[3]), "d"(std::uint64_t{Factor})
      : "cc");
  return {{r0, r1, r2, r3}};
}

#undef SOTTO_X25519_ASM
#undef SOTTO_X25519_F
#undef SOTTO_X25519_G
#undef SOTTO_X25519_R7
#undef SOTTO_X25519_R7_OPERAND
#undef SOTTO_X25519_READS_F
#undef SOTTO_X25519_READS_FG
#undef SOTTO_X25519_CLOBBERS
#undef SOTTO_X25519_TERM
#undef SOTTO_X25519_LAST_TERM
#undef SOTTO_X25519_REDUCE
#undef SOTTO_X25519_FOLD
// clang-format on

/// f + g, less 2^256 - 38 where it carries out. Two units then wrap to less than 2^25, and 38 more stay in the first
/// limb; three wrap to less than 2^255 + 2^24, and 38 more may run through all limbs, but not out.
template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE fe64<2> add(const fe64<A>& f, const fe64<B>& g) noexcept {
  static_assert(A + B <= 3);
  std::uint64_t r0 = f.limb[0], r1 = f.limb[1], r2 = f.limb[2], r3 = f.limb[3], fold;
  __asm__(
      "addq %[g0], %[r0]\n\t"
      "adcq %[g1], %[r1]\n\t"
      "adcq %[g2], %[r2]\n\t"
      "adcq %[g3], %[r3]\n\t"
      "sbbq %[fold], %[fold]\n\t"
      "andl $38, %k[fold]\n\t"
      "addq %[fold], %[r0]\n\t"
      : [r0] "+&r"(r0), [r1] "+&r"(r1), [r2] "+&r"(r2), [r3] "+&r"(r3), [fold] "=&r"(fold)
      : [g0] "rm"(g.limb[0]), [g1] "rm"(g.limb[1]), [g2] "rm"(g.limb[2]), [g3] "rm"(g.limb[3])
      : "cc");
  if constexpr (A + B == 3) {
    std::uint64_t carry = static_cast<std::uint64_t>(r0 < fold);
    r1 += carry;
    carry = static_cast<std::uint64_t>(r1 < carry);
    r2 += carry;
    r3 += static_cast<std::uint64_t>(r2 < carry);
  }
  return {{r0, r1, r2, r3}};
}

/// f - g, plus 2^256 - 38 where it borrows: at least 2^256 - 38 - 2^255 - 2^24 then, so that it never borrows twice.
template <unsigned A>
SOTTO_ALWAYS_INLINE fe64<2> sub(const fe64<A>& f, const fe64<1>& g) noexcept {
  std::uint64_t r0 = f.limb[0], r1 = f.limb[1], r2 = f.limb[2], r3 = f.limb[3], fold;
  __asm__(
      "subq %[g0], %[r0]\n\t"
      "sbbq %[g1], %[r1]\n\t"
      "sbbq %[g2], %[r2]\n\t"
      "sbbq %[g3], %[r3]\n\t"
      "sbbq %[fold], %[fold]\n\t"
      "andl $38, %k[fold]\n\t"
      "subq %[fold], %[r0]\n\t"
      "sbbq $0, %[r1]\n\t"
      "sbbq $0, %[r2]\n\t"
      "sbbq $0, %[r3]\n\t"
      : [r0] "+&r"(r0), [r1] "+&r"(r1), [r2] "+&r"(r2), [r3] "+&r"(r3), [fold] "=&r"(fold)
      : [g0] "rm"(g.limb[0]), [g1] "rm"(g.limb[1]), [g2] "rm"(g.limb[2]), [g3] "rm"(g.limb[3])
      : "cc");
  return {{r0, r1, r2, r3}};
}

/// a where mask is all ones, b where it is zero. CMOV would compete with the additions for the same two ports.
template <unsigned A, unsigned B>
SOTTO_ALWAYS_INLINE auto select(std::uint32_t mask, const fe64<A>& a, const fe64<B>& b) noexcept {
  const std::uint64_t m = core::value_barrier(std::uint64_t{0} - (mask & 1));
  fe64<(A > B ? A : B)> r;
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 4; ++i) r.limb[i] = b.limb[i] ^ (m & (a.limb[i] ^ b.limb[i]));
  return r;
}

/// What the portable look_up does, two words at a time.
SOTTO_ALWAYS_INLINE std::uint32_t look_up(std::uint64_t (&q)[12], std::size_t window, std::int8_t digit) noexcept {
  const auto d = split(digit);
  const __m128i magnitude = _mm_set1_epi32(static_cast<int>(d.magnitude));
  __m128i sum[6];
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 6; ++i) sum[i] = _mm_setzero_si128();
  sum[0] = sum[2] = _mm_and_si128(_mm_cmpeq_epi32(magnitude, sum[0]), _mm_set_epi32(0, 0, 0, 1));
  SOTTO_UNROLL
  for (std::size_t j = 0; j < base_multiples; ++j) {
    const __m128i mask = _mm_cmpeq_epi32(magnitude, _mm_set1_epi32(static_cast<int>(j + 1)));
    const std::uint64_t* entry = base_table[window][j];
    SOTTO_UNROLL
    for (std::size_t i = 0; i < 6; ++i) {
      const __m128i words = _mm_loadu_si128(reinterpret_cast<const __m128i*>(entry + 2 * i));
      sum[i] = _mm_or_si128(sum[i], _mm_and_si128(mask, words));
    }
  }
  const __m128i swap = _mm_set1_epi32(static_cast<int>(d.sign));
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 2; ++i) {
    const __m128i difference = _mm_and_si128(swap, _mm_xor_si128(sum[i], sum[i + 2]));
    sum[i] = _mm_xor_si128(sum[i], difference);
    sum[i + 2] = _mm_xor_si128(sum[i + 2], difference);
  }
  SOTTO_UNROLL
  for (std::size_t i = 0; i < 6; ++i) _mm_storeu_si128(reinterpret_cast<__m128i*>(q + 2 * i), sum[i]);
  return d.sign;
}
