// SPDX-License-Identifier: BSL-1.0
// Writes captures in the classic pcap format, so that recording needs no library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <ios>
#include <sotto/core/bytes.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "udp_frame.hpp"

namespace examples {

/// Link types by their registered numbers.
inline constexpr std::uint32_t linktype_ethernet = 1, linktype_raw_ip = 101, linktype_linux_sll = 113,
                               linktype_linux_sll2 = 276;

class pcap_file {
 public:
  pcap_file(const std::string& path, std::uint32_t linktype)
      : path_(path), out_(path, std::ios::binary | std::ios::trunc) {
    if (!out_) throw std::runtime_error(path_ + ": can't be created");
    // Version 2.4, time stamps in microseconds of UTC, nothing cut off.
    for (const std::uint32_t field : {0xa1b2c3d4u, 0x00040002u, 0u, 0u, 262144u, linktype}) put(field);
  }

  void write(std::uint64_t microseconds, sotto::const_bytes frame) {
    const auto len = static_cast<std::uint32_t>(frame.size());
    put(static_cast<std::uint32_t>(microseconds / 1000000));
    put(static_cast<std::uint32_t>(microseconds % 1000000));
    put(len);
    put(len);
    out_.write(reinterpret_cast<const char*>(frame.data()), static_cast<std::streamsize>(frame.size()));
  }

  void close() {
    out_.close();
    if (!out_) throw std::runtime_error(path_ + ": can't be written");
  }

 private:
  void put(std::uint32_t field) {
    std::array<std::uint8_t, 4> bytes;
    sotto::core::store_le32(bytes.data(), field);
    out_.write(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }

  std::string path_;
  std::ofstream out_;
};

/// A UDP datagram from 127.0.0.1 to itself as a raw IPv4 frame.
inline void make_loopback_frame(std::uint16_t from, std::uint16_t to, sotto::const_bytes payload,
                                std::vector<std::uint8_t>& out) {
  std::array<std::uint8_t, 28> headers{0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1};
  sotto::core::store_be16(&headers[20], from);
  sotto::core::store_be16(&headers[22], to);
  sotto::core::store_be16(&headers[24], 8);
  sotto::core::store_be16(&headers[26], 0xffff);  // "has a checksum"
  if (!replace_payload(headers, find_udp(link_layer::raw_ip, headers), payload, out))
    throw std::runtime_error("datagram too long for a capture");
}

/// The same as an Ethernet frame, as Linux shows its loopback: both addresses are zero.
inline void make_loopback_ethernet_frame(std::uint16_t from, std::uint16_t to, sotto::const_bytes payload,
                                         std::vector<std::uint8_t>& out) {
  constexpr std::array<std::uint8_t, 14> header{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x08, 0x00};
  make_loopback_frame(from, to, payload, out);
  out.insert(out.begin(), header.begin(), header.end());
}

}  // namespace examples
