// SPDX-License-Identifier: BSL-1.0
// Crypto lines (RFC 4568) in messages of signalling.
#pragma once

#include <array>
#include <sotto/srtp/sdes.hpp>
#include <stdexcept>
#include <string>

#include "line.hpp"

namespace examples {

inline sotto::srtp::sdes_attribute sound(sotto::result<sotto::srtp::sdes_attribute>&& crypto) {
  if (!crypto) throw std::runtime_error(std::string("crypto line: ") + message(crypto.error()));
  return std::move(*crypto);
}
inline std::string text_of(const sotto::srtp::sdes_attribute& crypto) {
  std::array<char, 256> text;
  const auto written = crypto.write(text);
  if (!written) throw std::runtime_error(message(written.error()));
  return std::string(*written);
}
inline sotto::srtp::sdes_attribute crypto_line_in(const std::string& message) {
  return sound(sotto::srtp::sdes_attribute::parse("a=crypto:" + value_of(message, "a=crypto:")));
}

}  // namespace examples
