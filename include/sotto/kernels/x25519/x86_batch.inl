// SPDX-License-Identifier: BSL-1.0
// Independent agreements, one in each lane.

/// What a batch keeps in memory: every lane's number at one place, as vectors are loaded.
struct batch {
  std::uint64_t limb[limb_count][lanes];
  /// Bit t is set if the points change places before step t: if bits t and t + 1 of the scalar differ.
  std::uint64_t swaps[4][lanes];
};

SOTTO_ALWAYS_INLINE limbs load_limbs(const std::uint64_t (&from)[limb_count][lanes]) noexcept {
  limbs r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.limb[i] = load(from[i]);
  return r;
}

SOTTO_ALWAYS_INLINE void store_limbs(std::uint64_t (&to)[limb_count][lanes], const limbs& f) noexcept {
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) store(to[i], f.limb[i]);
}

inline fe51<1> number_in_lane(const std::uint64_t (&from)[limb_count][lanes], std::size_t lane) noexcept {
  std::uint64_t limb[limb_count];
  const core::wipe_at_exit guard(limb);
  for (int i = 0; i < limb_count; ++i) limb[i] = from[i][lane];
  return number_of(limb);
}

inline void load_lane(batch& b, std::size_t lane, const job& j) noexcept {
  const fe51<1> u = x25519::load<field51>(j.u);
  for (int i = 0; i < limb_count; ++i) b.limb[i][lane] = limb_of(u, i);
  clamped k = clamp(j.scalar);
  const core::wipe_at_exit guard(k);
  std::uint64_t above = 0;
  for (std::size_t i = 4; i-- != 0;) {
    const std::uint64_t word = core::load_le64(k.byte + 8 * i);
    b.swaps[i][lane] = word ^ (word >> 1 | above << 63);
    above = word;
  }
}

SOTTO_ALWAYS_INLINE limbs select(lane_mask mask, const limbs& f, const limbs& g) noexcept {
  limbs r;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) r.limb[i] = select(mask, f.limb[i], g.limb[i]);
  return r;
}

/// x_2, z_2, x_3 and z_3 of RFC 7748 5.
struct points {
  columns<1, bias_most + 1> x_2, x_3;
  columns<0, 1> z_2, z_3;
};

/// (1 : 0) and (x_1 : 1). The values need no bias: nothing is subtracted that is more.
SOTTO_ALWAYS_INLINE points first_points(const limbs& x_1) noexcept {
  points p;
  SOTTO_UNROLL
  for (int i = 0; i < limb_count; ++i) {
    p.x_2.column[i] = splat(multiple_of_p(i) + (i == 0));
    p.z_2.column[i] = zero();
    p.x_3.column[i] = plus(splat(multiple_of_p(i)), x_1.limb[i]);
    p.z_3.column[i] = splat(i == 0);
  }
  return p;
}

/// One turn of the RFC's loop. The swap is only needed where the two points are told apart, for the doubling.
SOTTO_ALWAYS_INLINE void ladder_step(points& p, lane_mask swap, const limbs& x_1) noexcept {
  const limbs A = carry(add(p.x_2, p.z_2)), B = carry(sub(p.x_2, p.z_2));
  const limbs C = carry(add(p.x_3, p.z_3)), D = carry(sub(p.x_3, p.z_3));
  const columns<1, bias_most + 1> DA = add_product(bias(), D, A);
  const columns<0, 1> CB = mul(C, B);
  const columns<1, bias_most + 1> AA = add_square(bias(), select(swap, C, A));
  const columns<0, 1> BB = square(select(swap, D, B));
  p.x_3 = add_square(bias(), carry(add(DA, CB)));
  p.z_3 = mul(carry(square(carry(sub(DA, CB)))), x_1);
  const limbs E = carry(sub(AA, BB));
  p.x_2 = add_product(bias(), carry(AA), carry(BB));
  p.z_2 = mul(carry(add_multiple<121665>(AA, E)), E);
}

/// At most as many jobs as lanes; a lane without a job does the first one's work again.
SOTTO_NOINLINE inline void multiply_lanes(const job* jobs, std::size_t count) noexcept {
  batch b;
  const core::wipe_at_exit guard(b);
  for (std::size_t lane = 0; lane < lanes; ++lane) load_lane(b, lane, jobs[lane < count ? lane : 0]);
  const limbs x_1 = load_limbs(b.limb);
  points p = first_points(x_1);
  for (unsigned t = 255; t-- != 0;)
    ladder_step(p, lanes_with_bit(load(b.swaps[t / 64]), std::uint64_t{1} << (t % 64)), x_1);

  store_limbs(b.limb, carry(mul(carry(p.x_2), invert(carry(p.z_2)))));
  for (std::size_t lane = 0; lane < count; ++lane) field51::store(jobs[lane].out, number_in_lane(b.limb, lane));
}

/// From so many jobs on, a batch with empty lanes is faster than one job after the other.
inline constexpr std::size_t batch_pays = lanes / 2;

inline void multiply_batch(const job* jobs, std::size_t count) noexcept {
  for (; count >= batch_pays; jobs += lanes, count -= lanes) {
    multiply_lanes(jobs, count < lanes ? count : lanes);
    if (count <= lanes) return;
  }
  for (; count != 0; ++jobs, --count) multiply(jobs->out, jobs->scalar, jobs->u);
}
