// SPDX-License-Identifier: BSL-1.0
// G.711: telephone speech, one byte per sample, 8000 samples per second (ITU-T G.711).
#pragma once

#include <bit>
#include <cstdint>

namespace examples {

enum class g711 : std::uint8_t { mu_law, a_law };

inline constexpr std::uint32_t g711_rate = 8000;
/// RTP payload types (RFC 3551 6).
inline constexpr std::uint8_t payload_type_pcmu = 0;
inline constexpr std::uint8_t payload_type_pcma = 8;

constexpr std::uint8_t payload_type(g711 law) { return law == g711::mu_law ? payload_type_pcmu : payload_type_pcma; }
constexpr const char* name(g711 law) { return law == g711::mu_law ? "mu-law" : "A-law"; }

// Both laws are a small floating-point format: sign, three bits of exponent, four of mantissa. Mu-law adds a bias of 33
// (here times 4, for 16-bit samples) so that every magnitude has a leading one; A-law has denormal numbers instead, and
// inverts every other bit on the line.

constexpr std::uint8_t encode_mu_law(std::int16_t sample) {
  constexpr int bias = 132, clip = 32635;
  int magnitude = sample < 0 ? -int{sample} : int{sample};
  magnitude = (magnitude < clip ? magnitude : clip) + bias;  // 132 to 32767: 8 to 15 bits
  const int exponent = static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude))) - 8;
  const int mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return static_cast<std::uint8_t>(~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa));
}

constexpr std::int16_t decode_mu_law(std::uint8_t code) {
  constexpr int bias = 132;
  const int bits = ~int{code} & 0xff;
  const int magnitude = ((((bits & 0x0f) << 3) + bias) << ((bits >> 4) & 7)) - bias;
  return static_cast<std::int16_t>((bits & 0x80) != 0 ? -magnitude : magnitude);
}

constexpr std::uint8_t encode_a_law(std::int16_t sample) {
  const int magnitude = sample < 0 ? ~int{sample} : int{sample};  // 0 to 32767; -1 mirrors 0
  const int width = static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude)));
  const int exponent = width > 8 ? width - 8 : 0;
  const int mantissa = (magnitude >> (exponent > 1 ? exponent + 3 : 4)) & 0x0f;
  return static_cast<std::uint8_t>(((sample < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55);
}

constexpr std::int16_t decode_a_law(std::uint8_t code) {
  const int bits = code ^ 0x55;
  const int exponent = (bits >> 4) & 7;
  // The middle of the interval: half a step above its lower end.
  int magnitude = ((bits & 0x0f) << 4) + 8;
  if (exponent != 0) magnitude = (magnitude + 0x100) << (exponent - 1);
  return static_cast<std::int16_t>((bits & 0x80) != 0 ? magnitude : -magnitude);
}

constexpr std::uint8_t encode(g711 law, std::int16_t s) {
  return law == g711::mu_law ? encode_mu_law(s) : encode_a_law(s);
}
constexpr std::int16_t decode(g711 law, std::uint8_t c) {
  return law == g711::mu_law ? decode_mu_law(c) : decode_a_law(c);
}

}  // namespace examples
