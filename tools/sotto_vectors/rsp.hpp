// SPDX-License-Identifier: BSL-1.0
// NIST CAVP response files: comments, [sections], and records of "name = value" lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bytes.hpp"

namespace vectors {

using rsp_fields = std::map<std::string, std::string, std::less<>>;

/// A block of lines between blank ones, with the sections it stands in.
struct rsp_record {
  std::size_t line = 0;
  std::string section;    ///< the last [NAME] above
  rsp_fields parameters;  ///< the [NAME = VALUE] lines above
  rsp_fields fields;

  std::string id() const;
  bool has(std::string_view name) const { return fields.find(name) != fields.end(); }
  bytes hex(std::string_view name) const { return from_hex(value(fields, name), where(name)); }
  std::uint64_t number(std::string_view name) const { return decimal(value(fields, name), name); }
  std::uint64_t parameter(std::string_view name) const { return decimal(value(parameters, name), name); }

 private:
  std::string where(std::string_view name) const;
  const std::string& value(const rsp_fields& from, std::string_view name) const;
  std::uint64_t decimal(const std::string& text, std::string_view name) const;
};

struct rsp_file {
  std::string header;  ///< all comment lines
  std::vector<rsp_record> records;
};

/// Throws `malformed` for a line that is none of the three.
rsp_file parse_rsp(std::string_view text);

}  // namespace vectors
