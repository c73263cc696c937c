// SPDX-License-Identifier: BSL-1.0
// Whole files in and out, with errors that name the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <sotto/core/bytes.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace examples {

/// Refuses what isn't a regular file (a pipe might never end) and more than max bytes.
inline std::vector<std::uint8_t> read_file(const std::string& path, std::size_t max = std::size_t{1} << 30) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) throw std::runtime_error(path + ": no such file");
  if (!std::filesystem::is_regular_file(status)) throw std::runtime_error(path + ": not a regular file");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path + ": can't be opened");
  in.seekg(0, std::ios::end);
  const std::streamoff len = in.tellg();
  if (len < 0) throw std::runtime_error(path + ": can't be read");
  if (static_cast<std::uintmax_t>(len) > max) throw std::runtime_error(path + ": too large");
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(len));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(len));
  if (!in) throw std::runtime_error(path + ": can't be read");
  return bytes;
}

inline void write_file(const std::string& path, sotto::const_bytes bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) throw std::runtime_error(path + ": can't be created");
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw std::runtime_error(path + ": can't be written");
}

}  // namespace examples
