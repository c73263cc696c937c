#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the multiples of the base point that X25519's fixed-base method adds.

    make_x25519_base_table.py > include/sotto/kernels/x25519/base_table.hpp

The points are those of edwards25519 (RFC 7748 4.1), computed in affine coordinates by the addition law itself.
"""

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
WINDOWS, MULTIPLES = 32, 8

HEAD = """\
// SPDX-License-Identifier: BSL-1.0
// Multiples of edwards25519's base point. Written by tools/make_x25519_base_table.py; a test computes them anew.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../core/abi.hpp"

namespace sotto::inline SOTTO_ABI::kernels::x25519 {

inline constexpr std::size_t base_windows = %d, base_multiples = %d;

/// base_table[i][j] is (j + 1) 256^i B as y + x, y - x and 2 d x y: four little-endian words each, below p.
// clang-format off
inline constexpr std::uint64_t base_table[base_windows][base_multiples][12] = {"""

FOOT = """\
};
// clang-format on

}  // namespace sotto::inline SOTTO_ABI::kernels::x25519"""


def inverse(a):
    return pow(a, P - 2, P)


def add(p, q):
    """The sum on -x^2 + y^2 = 1 + d x^2 y^2; complete, since -1 is a square and d is not."""
    (x1, y1), (x2, y2) = p, q
    product = D * x1 * x2 * y1 * y2
    return ((x1 * y2 + y1 * x2) * inverse(1 + product) % P, (y1 * y2 + x1 * x2) * inverse(1 - product) % P)


def base_point():
    """y = 4/5 and the even x."""
    y = 4 * inverse(5) % P
    xx = (y * y - 1) * inverse(D * y * y + 1) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x if x % 2 == 0 else P - x, y)


def words(value):
    return ",".join(f"0x{value >> shift & (2**64 - 1):016x}" for shift in (0, 64, 128, 192))


def main():
    print(HEAD % (WINDOWS, MULTIPLES))
    start = base_point()
    for _ in range(WINDOWS):
        point = start
        print("{")
        for _ in range(MULTIPLES):
            x, y = point
            print("{" + ",\n ".join(words(v % P) for v in (y + x, y - x, 2 * D * x * y)) + "},")
            point = add(point, start)
        print("},")
        for _ in range(8):
            start = add(start, start)
    print(FOOT)


main()
