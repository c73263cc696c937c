// SPDX-License-Identifier: BSL-1.0
// All frames and all keys that somebody in a group call ever got, to see afterwards which key opens which frame.
#pragma once

#include <cstdint>
#include <optional>
#include <sotto/sframe.hpp>
#include <utility>
#include <vector>

#include "group.hpp"

namespace examples {

class kept_frames {
 public:
  /// Returns generation and sender, as the frame says.
  std::optional<std::pair<std::size_t, std::size_t>> add_frame(sotto::const_bytes frame) {
    const auto head = sotto::sframe::parse_header(frame);
    if (!head) return std::nullopt;
    const auto kid = head->header.kid.value();
    const auto generation = static_cast<std::size_t>(kid >> 8), sender = static_cast<std::size_t>(kid & 0xff);
    if (generation > generations || sender >= group_names.size()) return std::nullopt;
    frames_[generation].emplace_back(frame.begin(), frame.end());
    return std::pair(generation, sender);
  }
  void add_key(sotto::const_bytes key) { keys_.emplace_back(key.begin(), key.end()); }

  std::size_t frames(std::size_t generation) const { return frames_[generation].size(); }
  std::size_t keys() const { return keys_.size(); }

  /// How many of a generation's frames open with any of the keys, whichever the frame says it needs.
  std::uint64_t opened_by_any_key(std::size_t generation) const {
    std::uint64_t opened = 0;
    for (const auto& frame : frames_[generation]) opened += opens(frame) ? 1 : 0;
    return opened;
  }

 private:
  bool opens(const std::vector<std::uint8_t>& frame) const {
    std::vector<std::uint8_t> audio(frame.size());
    const auto head = sotto::sframe::parse_header(frame);
    for (const auto& bytes : keys_) {
      auto key = sotto::sframe::base_key::create(bytes);
      if (!head || !key) continue;
      auto receiver = sotto::sframe::receiver::create(group_suite, head->header.kid, std::move(*key));
      if (receiver && receiver->unprotect(frame, audio)) return true;
    }
    return false;
  }

  std::array<std::vector<std::vector<std::uint8_t>>, generations + 1> frames_;
  std::vector<std::vector<std::uint8_t>> keys_;
};

}  // namespace examples
