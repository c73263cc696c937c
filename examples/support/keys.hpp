// SPDX-License-Identifier: BSL-1.0
// A master key: random, or from a file.
#pragma once

#include <cstdint>
#include <sotto/core/random.hpp>
#include <sotto/srtp/keying.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "file.hpp"
#include "key_text.hpp"

namespace examples {

inline void fill_random(sotto::mutable_bytes out) {
  // There is no second-best source to fall back to: without good randomness there is no call.
  if (const auto filled = sotto::system_random{}(out); !filled) throw std::runtime_error(message(filled.error()));
}

inline sotto::srtp::keying random_keying(sotto::srtp::profile profile) {
  const auto wanted = sotto::srtp::parameters(profile);
  key_and_salt bytes;
  const sotto::core::wipe_at_exit wipe(bytes);
  fill_random(bytes);
  auto made = sotto::srtp::keying::create({.profile = profile,
                                           .key = sotto::const_bytes(bytes).first(wanted.key_len),
                                           .salt = sotto::const_bytes(bytes).subspan(wanted.key_len, wanted.salt_len)});
  if (!made) throw std::runtime_error(message(made.error()));
  return std::move(*made);
}

/// Base64 or hex, with white space around it.
inline sotto::srtp::keying keying_from_file(sotto::srtp::profile profile, const std::string& path) {
  std::vector<std::uint8_t> bytes = read_file(path, 4096);
  struct wiper {
    std::vector<std::uint8_t>& held;
    ~wiper() { sotto::core::wipe(held.data(), held.size()); }
  } wipe{bytes};
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  constexpr std::string_view space = " \t\r\n";
  while (!text.empty() && space.find(text.front()) != space.npos) text.remove_prefix(1);
  while (!text.empty() && space.find(text.back()) != space.npos) text.remove_suffix(1);
  try {
    return parse_keying(profile, text);
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(path + ": " + e.what());
  }
}

}  // namespace examples
