// SPDX-License-Identifier: BSL-1.0
// What a process of the demo has to tell once it ends: a small file of "name: value" lines.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>

namespace examples {

class notes {
 public:
  explicit notes(const std::string& path) : path_(path), out_(path, std::ios::trunc) {}

  void write(const std::string& name, const std::string& value) {
    out_ << name << ": " << value << '\n' << std::flush;
    if (!out_) throw std::runtime_error(path_ + ": can't be written");
  }
  void write(const std::string& name, std::uint64_t value) { write(name, std::to_string(value)); }

 private:
  std::string path_;
  std::ofstream out_;
};

/// The notes of a process that ended. What isn't there is an empty text and the number 0.
class read_notes {
 public:
  explicit read_notes(const std::string& path) {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);)
      if (const auto colon = line.find(": "); colon != line.npos)
        values_[line.substr(0, colon)] = line.substr(colon + 2);
  }

  std::string text(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second;
  }
  std::uint64_t number(const std::string& name) const { return std::strtoull(text(name).c_str(), nullptr, 10); }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace examples
