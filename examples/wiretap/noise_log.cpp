// SPDX-License-Identifier: BSL-1.0
// What a replay starts with: handshake messages in a log, and a file of stolen keys.
#include <array>
#include <sotto/noise/pattern.hpp>
#include <stdexcept>
#include <utility>

#include "../support/file.hpp"
#include "../support/key_text.hpp"
#include "line.hpp"
#include "noise_replay.hpp"

namespace examples {
namespace {

namespace noise = sotto::noise;
using bytes = std::vector<std::uint8_t>;

constexpr std::string_view name_start = "a=noise:Noise_", name_end = "_25519_ChaChaPoly_SHA256 ";
constexpr std::size_t key_len = sotto::crypto::x25519::key_len;

/// Nothing if it is no base64.
std::optional<bytes> decoded(std::string_view text) {
  bytes out(text.size());
  try {
    out.resize(decode_base64(text, out));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
  return out;
}

}  // namespace

std::vector<recorded_handshake> handshakes_in(std::string_view log) {
  std::vector<recorded_handshake> all;
  while (!log.empty()) {
    const auto end = log.find('\n');
    const auto line = log.substr(0, end);
    log.remove_prefix(end == log.npos ? log.size() : end + 1);
    const auto middle = line.find(name_end);
    if (!line.starts_with(name_start) || middle == line.npos) continue;
    const std::string pattern(line.substr(name_start.size(), middle - name_start.size()));
    const auto message = decoded(line.substr(middle + name_end.size()));
    const auto known = noise::handshake_pattern::find(pattern);
    if (!message || !known) continue;
    const bool next = !all.empty() && all.back().pattern == pattern && all.back().messages.size() < known->messages();
    if (!next) all.push_back({pattern, {}});
    all.back().messages.push_back(*message);
  }
  return all;
}

stolen_keys read_leak(const std::string& path) {
  const auto file = read_file(path, 4096);
  const auto text = text_of(file);
  const auto key = [&](std::string_view name) -> std::optional<sotto::crypto::x25519::static_key> {
    std::array<std::uint8_t, key_len> secret{};
    const auto value = value_of(text, name);
    if (value.empty()) return std::nullopt;
    if (decode_base64(value, secret) != key_len) throw std::runtime_error(path + ": not a key of 32 bytes");
    return sotto::crypto::x25519::static_key::from_secret(secret);
  };
  return {key("initiator:"), key("responder:")};
}

}  // namespace examples
