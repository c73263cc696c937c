// SPDX-License-Identifier: BSL-1.0
// WAV files of 16-bit mono PCM.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sotto/core/bytes.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "file.hpp"

namespace examples {

struct wav {
  std::uint32_t rate = 0;  ///< Samples per second
  std::vector<std::int16_t> samples;
};

namespace detail {
inline std::uint16_t wav_u16(const std::uint8_t* p) { return static_cast<std::uint16_t>(p[0] | (p[1] << 8)); }

inline void check_wav_format(sotto::const_bytes chunk, std::uint32_t& rate) {
  if (chunk.size() < 16) throw std::runtime_error("WAV: format chunk too short");
  unsigned format = wav_u16(chunk.data());
  // WAVE_FORMAT_EXTENSIBLE hides the format in the first two bytes of a GUID.
  if (format == 0xfffe && chunk.size() >= 26) format = wav_u16(chunk.data() + 24);
  const unsigned channels = wav_u16(chunk.data() + 2), bits = wav_u16(chunk.data() + 14);
  rate = sotto::core::load_le32(chunk.data() + 4);
  if (format != 1 || channels != 1 || bits != 16)
    throw std::runtime_error("WAV: need 16-bit mono PCM, this is format " + std::to_string(format) + " with " +
                             std::to_string(channels) + " channel(s) of " + std::to_string(bits) +
                             " bits (try: sox in.wav -r 8000 -c 1 -b 16 out.wav)");
  if (rate == 0) throw std::runtime_error("WAV: sample rate 0");
}
}  // namespace detail

/// Reads any order of chunks and skips unknown ones. Throws std::runtime_error that says what is wrong.
inline wav parse_wav(sotto::const_bytes file) {
  const auto is = [&](std::size_t at, const char* id) { return std::memcmp(file.data() + at, id, 4) == 0; };
  if (file.size() < 12 || !is(0, "RIFF") || !is(8, "WAVE")) throw std::runtime_error("not a WAV file");

  wav result;
  for (std::size_t at = 12; file.size() - at >= 8;) {
    const std::uint32_t stated = sotto::core::load_le32(file.data() + at + 4);
    const std::size_t left = file.size() - at - 8;
    const bool data = is(at, "data");
    // Programs that write to a pipe can't know the length and state the largest.
    const std::size_t len = data && stated == 0xffffffffu ? left : stated;
    if (len > left) throw std::runtime_error("WAV: cut short");
    const auto chunk = file.subspan(at + 8, len);
    if (is(at, "fmt ")) detail::check_wav_format(chunk, result.rate);
    if (data) {
      if (result.rate == 0) throw std::runtime_error("WAV: samples before their format");
      result.samples.resize(len / 2);
      for (std::size_t i = 0; i < result.samples.size(); ++i)
        result.samples[i] = static_cast<std::int16_t>(detail::wav_u16(chunk.data() + 2 * i));
      return result;
    }
    at += 8 + len;
    if (len % 2 != 0 && at < file.size()) ++at;  // chunks start at even offsets
  }
  throw std::runtime_error("WAV: no samples");
}

inline wav read_wav(const std::string& path) {
  const auto bytes = read_file(path);
  try {
    return parse_wav(bytes);
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(path + ": " + e.what());
  }
}

inline void write_wav(const std::string& path, std::uint32_t rate, std::span<const std::int16_t> samples) {
  constexpr std::size_t header_len = 44;
  if (samples.size() > (0xffffffffu - header_len) / 2) throw std::runtime_error(path + ": too long for a WAV file");
  const auto data_len = static_cast<std::uint32_t>(2 * samples.size());
  std::vector<std::uint8_t> file(header_len + data_len);
  const auto u16 = [&](std::size_t at, unsigned v) {
    file[at] = static_cast<std::uint8_t>(v);
    file[at + 1] = static_cast<std::uint8_t>(v >> 8);
  };
  const auto u32 = [&](std::size_t at, std::uint32_t v) { sotto::core::store_le32(file.data() + at, v); };
  std::memcpy(file.data(), "RIFF", 4);
  u32(4, data_len + 36);
  std::memcpy(file.data() + 8, "WAVEfmt ", 8);
  u32(16, 16);
  u16(20, 1);  // PCM
  u16(22, 1);  // mono
  u32(24, rate);
  u32(28, 2 * rate);
  u16(32, 2);
  u16(34, 16);
  std::memcpy(file.data() + 36, "data", 4);
  u32(40, data_len);
  for (std::size_t i = 0; i < samples.size(); ++i) u16(header_len + 2 * i, static_cast<std::uint16_t>(samples[i]));
  write_file(path, file);
}

}  // namespace examples
