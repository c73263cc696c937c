// SPDX-License-Identifier: BSL-1.0
// The same blind search for SFrame keys, where SRTP was opened and has frames inside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace examples {

struct frame_search_result {
  std::uint64_t tried = 0;
  std::size_t opened = 0;  ///< Frames that one of the keys opens
};

/// Takes every window of 16 and 32 bytes as a base key (RFC 9605 4.4.1) of three suites, and asks the first frames of
/// some KIDs; what fits is tried on all.
frame_search_result search_frame_keys(const std::vector<std::vector<std::uint8_t>>& readings,
                                      const std::vector<std::vector<std::uint8_t>>& frames);

}  // namespace examples
