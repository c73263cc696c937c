// SPDX-License-Identifier: BSL-1.0
// Reads the files of tests/vectors that consist of lines `name = hex`.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "hex.hpp"

namespace support {

/// One record: its fields, and where it starts, for messages.
class vector_record {
 public:
  /// The bytes of a field; throws if the record has none of this name.
  const std::vector<std::uint8_t>& operator[](const std::string& name) const { return fields_.at(name); }
  const std::string& where() const { return where_; }

 private:
  friend std::vector<vector_record> read_vectors(const std::string&);
  std::map<std::string, std::vector<std::uint8_t>> fields_;
  std::string where_;
};

/// All records of tests/vectors/<name>. Throws on a missing or empty file and on lines of another shape.
inline std::vector<vector_record> read_vectors(const std::string& name) {
  std::ifstream file(std::string(SOTTO_TEST_VECTORS) + "/" + name);
  if (!file) throw std::runtime_error("can't open " + name);
  std::vector<vector_record> records;
  bool between = true;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (!line.empty() && line[0] == '#') continue;
    if (line.empty()) {
      between = true;
      continue;
    }
    const auto sign = line.find(" =");
    if (sign == std::string::npos) throw std::runtime_error(name + ": line without '='");
    if (between) {
      records.emplace_back();
      records.back().where_ = name + ":" + std::to_string(number);
      between = false;
    }
    records.back().fields_[line.substr(0, sign)] = from_hex(line.substr(sign + 2));
  }
  if (records.empty()) throw std::runtime_error(name + ": no records");
  return records;
}

}  // namespace support
