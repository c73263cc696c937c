// SPDX-License-Identifier: BSL-1.0
// A stand-in for speech codecs of variable rate, such as Opus: only the sizes of its packets are like theirs.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../call/media.hpp"

namespace examples {

inline constexpr std::size_t shortest_payload = 12, longest_payload = media_stream::samples_per_packet;

/// The loudness of each packet's samples: the root of their mean square.
inline std::vector<double> loudness(std::span<const std::int16_t> samples) {
  std::vector<double> all;
  for (std::size_t at = 0; at < samples.size(); at += media_stream::samples_per_packet) {
    const auto piece = samples.subspan(at, std::min(media_stream::samples_per_packet, samples.size() - at));
    double sum = 0;
    for (const auto s : piece) sum += double{static_cast<double>(s)} * s;
    all.push_back(std::sqrt(sum / static_cast<double>(piece.size())));
  }
  return all;
}

/// Which packets hold talk: those that a listener would notice.
inline std::vector<bool> talk_in(std::span<const std::int16_t> samples) {
  std::vector<bool> all;
  for (const double l : loudness(samples)) all.push_back(l > 200);  // of 32767
  return all;
}

/// Payload sizes, in steps of 4 bytes, that grow with the logarithm of the loudness.
inline std::vector<std::size_t> variable_rate_lens(std::span<const std::int16_t> samples) {
  std::vector<std::size_t> all;
  std::size_t at = 0;
  for (const double l : loudness(samples)) {
    const double scale = std::clamp(std::log2(l + 1) / 13, 0.0, 1.0);  // loud speech is near 2^13
    const auto len = 4 * static_cast<std::size_t>(scale * scale * static_cast<double>(longest_payload) / 4);
    // The last packet may have fewer samples, and so fewer bytes.
    all.push_back(std::min(std::max(len, shortest_payload), std::min(longest_payload, samples.size() - at)));
    at += media_stream::samples_per_packet;
  }
  return all;
}

}  // namespace examples
