// SPDX-License-Identifier: BSL-1.0
// Blind search: whatever stands in a text, in any encoding, is tried as a master key.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "../srtp_pcap/agreement.hpp"
#include "recording.hpp"

namespace examples {

/// The text itself, and what its runs of base64 and hex digits stand for, wherever they are taken to begin.
std::vector<std::vector<std::uint8_t>> readings_of(std::string_view text);

/// Takes every window of 16 and 32 bytes as a master key, with what stands behind it, what stands before it, and zeros
/// as the salt, under four profiles, and asks the first packet of each stream. Returns how many keys were tried; found
/// gets those that fit.
std::uint64_t search_keys(const std::vector<std::vector<std::uint8_t>>& readings, const recording& call,
                          const std::function<void(const agreement&)>& found);

}  // namespace examples
