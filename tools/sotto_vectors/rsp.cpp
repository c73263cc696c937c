// SPDX-License-Identifier: BSL-1.0
// Reads NIST CAVP response files.
#include "rsp.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace vectors {
namespace {

std::string_view trimmed(std::string_view s) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = s.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(blanks) - first + 1);
}

std::pair<std::string, std::string> split(std::string_view line) {
  const auto sign = line.find('=');
  return {std::string(trimmed(line.substr(0, sign))), std::string(trimmed(line.substr(sign + 1)))};
}

}  // namespace

std::string rsp_record::id() const {
  std::string out = "line " + std::to_string(line);
  if (!section.empty()) out += " [" + section + ']';
  for (const auto* name : {"COUNT", "Count"})
    if (const auto it = fields.find(name); it != fields.end()) out += " count " + it->second;
  return out;
}

std::string rsp_record::where(std::string_view name) const { return id() + ": " + std::string(name); }

const std::string& rsp_record::value(const rsp_fields& from, std::string_view name) const {
  const auto it = from.find(name);
  if (it == from.end()) throw malformed(where(name) + " is missing");
  return it->second;
}

std::uint64_t rsp_record::decimal(const std::string& text, std::string_view name) const {
  std::uint64_t out = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, out);
  if (parsed.ec != std::errc{} || parsed.ptr != end) throw malformed(where(name) + " isn't a number");
  return out;
}

rsp_file parse_rsp(std::string_view text) {
  rsp_file file;
  rsp_record current;
  bool last_was_section = false;
  const auto finish = [&] {
    if (!current.fields.empty()) file.records.push_back(current);
    current.fields.clear();
  };

  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = trimmed(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty()) {
      finish();
      continue;
    }
    if (line.front() == '#') {
      file.header += std::string(line) + '\n';
      continue;
    }
    if (line.front() == '[' && line.back() == ']') {
      finish();
      // A new run of section lines replaces the old one.
      if (!last_was_section) {
        current.parameters.clear();
        current.section.clear();
      }
      last_was_section = true;
      const auto inside = line.substr(1, line.size() - 2);
      if (inside.find('=') == std::string_view::npos)
        current.section = std::string(trimmed(inside));
      else
        current.parameters.insert_or_assign(split(inside).first, split(inside).second);
      continue;
    }
    last_was_section = false;
    if (line.find('=') == std::string_view::npos)
      throw malformed("line " + std::to_string(number) + ": neither \"name = value\" nor a section nor a comment");
    if (current.fields.empty()) current.line = number;
    auto [name, value] = split(line);
    if (!current.fields.emplace(name, std::move(value)).second)
      throw malformed("line " + std::to_string(number) + ": second " + name + " in one record");
  }
  finish();
  return file;
}

}  // namespace vectors
