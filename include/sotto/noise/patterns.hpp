// SPDX-License-Identifier: BSL-1.0
// Handshake patterns as constants. One with psk modifiers is handshake_pattern::named("XXpsk3").
#pragma once

#include "../core/abi.hpp"
#include "pattern.hpp"

namespace sotto::inline SOTTO_ABI::noise {

/// The patterns that a program may name; see handshake_pattern. IN is missing where a macro has its name (windows.h).
namespace patterns {

inline constexpr handshake_pattern N = handshake_pattern::named("N"), K = handshake_pattern::named("K"),
                                   X = handshake_pattern::named("X");
inline constexpr handshake_pattern NN = handshake_pattern::named("NN"), NK = handshake_pattern::named("NK"),
                                   NX = handshake_pattern::named("NX");
inline constexpr handshake_pattern KN = handshake_pattern::named("KN"), KK = handshake_pattern::named("KK"),
                                   KX = handshake_pattern::named("KX");
inline constexpr handshake_pattern XN = handshake_pattern::named("XN"), XK = handshake_pattern::named("XK"),
                                   XX = handshake_pattern::named("XX");
inline constexpr handshake_pattern IK = handshake_pattern::named("IK"), IX = handshake_pattern::named("IX");
#if !defined(IN)
inline constexpr handshake_pattern IN = handshake_pattern::named("IN");
#endif
inline constexpr handshake_pattern NK1 = handshake_pattern::named("NK1"), NX1 = handshake_pattern::named("NX1");
inline constexpr handshake_pattern X1N = handshake_pattern::named("X1N"), X1K = handshake_pattern::named("X1K"),
                                   XK1 = handshake_pattern::named("XK1"), X1K1 = handshake_pattern::named("X1K1");
inline constexpr handshake_pattern X1X = handshake_pattern::named("X1X"), XX1 = handshake_pattern::named("XX1"),
                                   X1X1 = handshake_pattern::named("X1X1");
inline constexpr handshake_pattern K1N = handshake_pattern::named("K1N"), K1K = handshake_pattern::named("K1K"),
                                   KK1 = handshake_pattern::named("KK1"), K1K1 = handshake_pattern::named("K1K1");
inline constexpr handshake_pattern K1X = handshake_pattern::named("K1X"), KX1 = handshake_pattern::named("KX1"),
                                   K1X1 = handshake_pattern::named("K1X1");
inline constexpr handshake_pattern I1N = handshake_pattern::named("I1N"), I1K = handshake_pattern::named("I1K"),
                                   IK1 = handshake_pattern::named("IK1"), I1K1 = handshake_pattern::named("I1K1");
inline constexpr handshake_pattern I1X = handshake_pattern::named("I1X"), IX1 = handshake_pattern::named("IX1"),
                                   I1X1 = handshake_pattern::named("I1X1");

}  // namespace patterns
}  // namespace sotto::inline SOTTO_ABI::noise
