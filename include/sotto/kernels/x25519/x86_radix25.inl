// SPDX-License-Identifier: BSL-1.0
// Ten limbs of 26 and 25 bits in turn: limb i has the weight 2^ceil(25.5 i).

inline constexpr int limb_count = 10;
constexpr int limb_bits(int i) noexcept { return i % 2 == 0 ? 26 : 25; }
constexpr std::uint64_t limb_mask(int i) noexcept { return (std::uint64_t{1} << limb_bits(i)) - 1; }

/// Limb i of a number whose own limbs have 51 bits.
constexpr std::uint64_t limb_of(const fe51<1>& f, int i) noexcept {
  return i % 2 == 0 ? f.limb[i / 2] & limb_mask(0) : f.limb[i / 2] >> 26;
}
/// The number that a multiplication's limbs make.
constexpr fe51<1> number_of(const std::uint64_t (&limb)[limb_count]) noexcept {
  fe51<1> r{};
  std::uint64_t carried = 0;
  for (int i = 0; i < 5; ++i) {
    const std::uint64_t sum = limb[2 * i] + (limb[2 * i + 1] << 26) + carried;
    r.limb[i] = sum & field51::mask;
    carried = sum >> 51;
  }
  r.limb[0] += 19 * carried;
  return r;
}

/// Column i of (2^34 + 2^10) p, which is from 2^59 to bias_most * 2^59.
constexpr std::uint64_t multiple_of_p(int i) noexcept {
  return ((std::uint64_t{1} << 34) + (1 << 10)) * (i == 0 ? limb_mask(0) - 18 : limb_mask(i));
}
inline constexpr int bias_most = 3;
static_assert(multiple_of_p(1) >= std::uint64_t{1} << 59 && multiple_of_p(2) <= std::uint64_t{bias_most} << 59);
