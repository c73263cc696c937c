// SPDX-License-Identifier: BSL-1.0
// Keys as signalling carries them: a=crypto lines (RFC 4568), by themselves or inside a session description.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <sotto/core/secret.hpp>
#include <sotto/srtp/sdes.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../support/file.hpp"
#include "../support/outcome.hpp"
#include "agreement.hpp"

namespace examples {

namespace detail {
/// What a line agrees on, for the report. Of the keys only their number.
inline std::string describe(const sotto::srtp::sdes_attribute& line) {
  const std::size_t keys = line.key_count();
  std::string text = "crypto line with tag " + std::to_string(line.tag) + ": " + std::to_string(keys) +
                     (keys == 1 ? " key, " : " keys, ") + name(line.keys[0]->keying.provenance());
  if (!line.keys[0]->keying.mki().empty())
    text += ", MKI of " + std::to_string(line.keys[0]->keying.mki().size()) + " bytes";
  if (line.key_derivation_shift != 0) text += ", KDR=" + std::to_string(line.key_derivation_shift);
  if (line.unencrypted_srtp) text += ", UNENCRYPTED_SRTP";
  if (line.unencrypted_srtcp) text += ", UNENCRYPTED_SRTCP";
  if (line.fec_order || line.fec_keys[0]) text += ", forward error correction left as it is";
  return text;
}

inline agreement agreement_of(sotto::srtp::sdes_attribute&& line) {
  agreement made;
  made.description = describe(line);
  made.protection = line.protection_options();
  made.srtcp_encryption = !line.unencrypted_srtcp;
  for (auto& key : line.keys)
    if (key) made.keys.push_back({std::move(key->keying), key->lifetime});
  return made;
}

/// A recording shows what its ends agreed on, so nothing that Sotto speaks is refused for being weak.
inline sotto::result<sotto::srtp::sdes_attribute> read_crypto_line(std::string_view line, std::string& fault) {
  sotto::srtp::sdes_fault found;
  auto made = sotto::srtp::sdes_attribute::parse(
      line, {.allow_unencrypted_srtp = true, .allow_unencrypted_srtcp = true}, &found);
  if (!made) fault = "character " + std::to_string(found.position + 1) + ": " + message(found.problem);
  return made;
}

inline bool is_crypto_line(std::string_view line) {
  return line.starts_with("a=crypto:") || line.starts_with("crypto:");
}
/// Also of a line that is otherwise unusable.
inline bool has_tag(std::string_view line, std::uint32_t tag) {
  line.remove_prefix(line.find(':') + 1);
  return line.substr(0, line.find_first_of(" \t\r")) == std::to_string(tag);
}
}  // namespace detail

/// Of one line, with or without "a=". Throws std::runtime_error that tells the position of the fault, and nothing of
/// the line.
inline agreement agreement_from_line(std::string_view line) {
  std::string fault;
  auto made = detail::read_crypto_line(line, fault);
  if (!made) throw std::runtime_error("crypto line: " + fault);
  return detail::agreement_of(std::move(*made));
}

/// Of the first usable line in a text (with this tag, if one is given). Throws std::runtime_error that tells what is
/// wrong with each line, by position.
inline agreement agreement_from_sdp(std::string_view text, std::optional<std::uint32_t> tag) {
  std::string faults;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (!detail::is_crypto_line(line) || (tag && !detail::has_tag(line, *tag))) continue;
    std::string fault;
    auto made = detail::read_crypto_line(line, fault);
    if (made) return detail::agreement_of(std::move(*made));
    faults += (faults.empty() ? "line " : "; line ") + std::to_string(number) + ", " + fault;
  }
  if (!faults.empty()) throw std::runtime_error(faults);
  throw std::runtime_error("no a=crypto line" + (tag ? " with tag " + std::to_string(*tag) : std::string()));
}

inline agreement agreement_from_sdp_file(const std::string& path, std::optional<std::uint32_t> tag) {
  std::vector<std::uint8_t> bytes = read_file(path, std::size_t{1} << 20);
  struct wiper {
    std::vector<std::uint8_t>& held;
    ~wiper() { sotto::core::wipe(held.data(), held.size()); }
  } wipe{bytes};
  try {
    return agreement_from_sdp({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, tag);
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(path + ": " + e.what());
  }
}

}  // namespace examples
