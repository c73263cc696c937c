// SPDX-License-Identifier: BSL-1.0
// Five limbs of 51 bits.

inline constexpr int limb_count = 5;
inline constexpr std::uint64_t limb_mask = (std::uint64_t{1} << 51) - 1;

/// Limb i of a number.
constexpr std::uint64_t limb_of(const fe51<1>& f, int i) noexcept { return f.limb[i]; }
/// The number that a multiplication's limbs make.
constexpr fe51<1> number_of(const std::uint64_t (&limb)[limb_count]) noexcept {
  return {{limb[0], limb[1], limb[2], limb[3], limb[4]}};
}

/// Column i of 257 p, which is from 2^59 to bias_most * 2^59.
constexpr std::uint64_t multiple_of_p(int i) noexcept { return 257 * (i == 0 ? limb_mask - 18 : limb_mask); }
inline constexpr int bias_most = 2;
static_assert(multiple_of_p(0) >= std::uint64_t{1} << 59 && multiple_of_p(1) <= std::uint64_t{bias_most} << 59);
