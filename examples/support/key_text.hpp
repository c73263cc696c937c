// SPDX-License-Identifier: BSL-1.0
// A master key and its salt as people pass them around: base64, as after SDES's "inline:" (RFC 4568 6.1), or hex.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <sotto/core/bytes.hpp>
#include <sotto/core/constant_time.hpp>
#include <sotto/core/secret.hpp>
#include <sotto/srtp/base64.hpp>
#include <sotto/srtp/keying.hpp>
#include <sotto/srtp/profile.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace examples {

/// Key, then salt, of any profile. Wiped by whoever fills it: a freed page, a core dump or a swap file outlives the
/// program.
using key_and_salt = std::array<std::uint8_t, sotto::srtp::max_key_len + sotto::srtp::max_salt_len>;

namespace detail {
/// 0 to 15; bit 31 is set for what is no hex digit. Like base64_value, without a branch on a digit of a key.
inline std::uint32_t hex_value(char c) noexcept {
  using sotto::srtp::detail::base64_in_range;
  const std::uint32_t v = sotto::srtp::detail::base64_value(c);  // A to Z, a to z, 0 to 9
  const std::uint32_t upper = base64_in_range(v, 0, 5), lower = base64_in_range(v, 26, 31),
                      digit = base64_in_range(v, 52, 61);
  return (upper & (v + 10)) | (lower & (v - 16)) | (digit & (v - 52)) | (~(upper | lower | digit) & 0x80000000u);
}
inline bool is_hex(std::string_view text) noexcept {
  std::uint32_t wrong = 0;
  for (const char c : text) wrong |= hex_value(c);
  return !sotto::core::reveal(wrong & 0x80000000u);
}
inline void check_base64_digits(std::string_view digits) {
  for (std::size_t i = 0; i < digits.size(); ++i)
    if (sotto::core::reveal(sotto::srtp::detail::base64_value(digits[i]) & 0x80000000u))
      throw std::runtime_error("character " + std::to_string(i + 1) + " isn't base64");
}
}  // namespace detail

/// Returns how many bytes the text stands for, and writes them if they fit out. The "=" at the end may be missing.
/// Throws std::runtime_error that tells the position of the fault, never the text: it is a secret.
inline std::size_t decode_base64(std::string_view text, sotto::mutable_bytes out) {
  std::string_view digits = text;
  for (int n = 0; n < 2 && digits.ends_with('='); ++n) digits.remove_suffix(1);
  detail::check_base64_digits(digits);
  const bool padded = digits.size() != text.size();
  if (digits.size() % 4 == 1 || (padded && text.size() % 4 != 0))
    throw std::runtime_error("base64 of an impossible length");
  const std::size_t len = digits.size() * 3 / 4;
  if (len > out.size()) return len;

  // The library reads padded text only.
  std::string whole(sotto::srtp::detail::base64_len(len), '=');
  digits.copy(whole.data(), digits.size());
  const bool sound = sotto::srtp::detail::decode_base64(whole, out.first(len));
  sotto::core::wipe(whole.data(), whole.size());
  if (!sound) throw std::runtime_error("base64 with stray bits at its end");
  return len;
}

inline std::string encode_base64(sotto::const_bytes bytes) {
  std::string text(sotto::srtp::detail::base64_len(bytes.size()), '=');
  sotto::srtp::detail::encode_base64(bytes, text.data());
  return text;
}

/// The keying of a text for this profile. Throws std::runtime_error that names the expected length.
inline sotto::srtp::keying parse_keying(sotto::srtp::profile profile, std::string_view text) {
  namespace srtp = sotto::srtp;
  const auto wanted = srtp::parameters(profile);
  const std::size_t wanted_len = std::size_t{wanted.key_len} + wanted.salt_len;
  const std::string expected = std::string(wanted.name) + " takes " + std::to_string(wanted_len) + " bytes, " +
                               std::to_string(wanted.key_len) + " of key and " + std::to_string(wanted.salt_len) +
                               " of salt: " + std::to_string((wanted_len * 4 + 2) / 3) + " characters of base64 or " +
                               std::to_string(2 * wanted_len) + " of hex";
  if (text.starts_with("inline:")) text.remove_prefix(7);
  if (text.empty()) throw std::runtime_error("key: empty; " + expected);

  key_and_salt bytes{};
  const sotto::core::wipe_at_exit wipe(bytes);
  std::size_t len = 0;
  // A random key whose base64 has hex digits only turns up once in 10^17: that such a text is hex is the safer guess.
  if (detail::is_hex(text)) {
    if (text.size() % 2 != 0) throw std::runtime_error("key: odd number of hex digits; " + expected);
    len = text.size() / 2;
    for (std::size_t i = 0; i < len && i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>((detail::hex_value(text[2 * i]) << 4) | detail::hex_value(text[2 * i + 1]));
  } else {
    try {
      len = decode_base64(text, bytes);
    } catch (const std::runtime_error& e) {
      throw std::runtime_error(std::string("key: ") + e.what() + "; " + expected);
    }
  }
  if (len != wanted_len) throw std::runtime_error("key: " + std::to_string(len) + " bytes; " + expected);

  auto made = srtp::keying::create({.profile = profile,
                                    .key = sotto::const_bytes(bytes).first(wanted.key_len),
                                    .salt = sotto::const_bytes(bytes).subspan(wanted.key_len, wanted.salt_len)});
  if (!made) throw std::runtime_error(std::string("key: ") + message(made.error()));
  return std::move(*made);
}

/// Overwrites a string that held a key.
inline void wipe(std::string& text) noexcept { sotto::core::wipe(text.data(), text.size()); }

}  // namespace examples
