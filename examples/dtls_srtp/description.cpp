// SPDX-License-Identifier: BSL-1.0
#include "description.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace examples {
namespace {

constexpr std::string_view setup_names[] = {"actpass", "active", "passive"};

/// What follows the prefix on the line that starts with it, up to the first space if there is one.
std::string_view word_after(std::string_view text, std::string_view prefix) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find("\r\n", at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.starts_with(prefix)) {
      line.remove_prefix(prefix.size());
      return line.substr(0, line.find(' '));
    }
    at = end + 2;
  }
  throw std::runtime_error("the peer's description has no " + std::string(prefix));
}

template <class Number>
Number number_after(std::string_view text, std::string_view prefix, Number min,
                    Number max = std::numeric_limits<Number>::max()) {
  const std::string_view word = word_after(text, prefix);
  Number value{};
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (fault != std::errc() || end != word.data() + word.size() || value < min || value > max)
    throw std::runtime_error("the peer's description has a bad number after " + std::string(prefix));
  return value;
}

setup parse_setup(std::string_view word) {
  for (const setup s : {setup::actpass, setup::active, setup::passive})
    if (word == setup_names[static_cast<std::size_t>(s)]) return s;
  throw std::runtime_error("the peer's description has a bad a=setup");
}

}  // namespace

std::string to_text(const description& d) {
  const std::string ssrc = std::to_string(d.ssrc);
  return "v=0\r\n"
         "o=- " +
         ssrc +
         " 1 IN IP4 127.0.0.1\r\n"
         "s=-\r\n"
         "c=IN IP4 127.0.0.1\r\n"
         "t=0 0\r\n"
         "m=audio " +
         std::to_string(d.port) +
         " UDP/TLS/RTP/SAVP 0\r\n"
         "a=rtcp-mux\r\n"
         "a=setup:" +
         std::string(setup_names[static_cast<std::size_t>(d.setup)]) + "\r\na=fingerprint:sha-256 " +
         to_text(d.fingerprint) + "\r\na=ssrc:" + ssrc +
         " cname:call@127.0.0.1\r\na=packets:" + std::to_string(d.packets) + "\r\n";
}

description parse_description(std::string_view text) {
  description d;
  d.setup = parse_setup(word_after(text, "a=setup:"));
  d.port = number_after<std::uint16_t>(text, "m=audio ", 1);
  d.fingerprint = parse_fingerprint(word_after(text, "a=fingerprint:sha-256 "));
  d.ssrc = number_after<std::uint32_t>(text, "a=ssrc:", 0);
  d.packets = number_after<std::uint64_t>(text, "a=packets:", 1, max_packets);
  return d;
}

}  // namespace examples
