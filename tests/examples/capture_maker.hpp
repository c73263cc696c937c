// SPDX-License-Identifier: BSL-1.0
// Captures of every kind that srtp_pcap reads, made without the code that reads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "support/pcap_file.hpp"

namespace capture_maker {

using bytes = std::vector<std::uint8_t>;

inline void put16(bytes& b, std::size_t v) {
  b.push_back(static_cast<std::uint8_t>(v >> 8));
  b.push_back(static_cast<std::uint8_t>(v));
}
inline void put32(bytes& b, std::uint32_t v) {
  put16(b, v >> 16);
  put16(b, v & 0xffff);
}
inline void append(bytes& b, const bytes& more) { b.insert(b.end(), more.begin(), more.end()); }

/// One's complement sum byte by byte (RFC 1071).
inline std::uint16_t checksum(const bytes& b) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    sum += i % 2 == 0 ? std::uint32_t{b[i]} << 8 : b[i];
    if (sum > 0xffff) sum -= 0xffff;
  }
  return static_cast<std::uint16_t>(~sum);
}

enum class ip_kind { v4, v4_options, v4_no_checksum, v4_fragment, v4_tcp, v6, v6_extensions, v6_fragment };

inline bytes addresses(bool v6) {
  bytes b;
  for (int i = 0; i < (v6 ? 32 : 8); ++i) b.push_back(static_cast<std::uint8_t>(17 * i + 10));
  return b;
}

inline bytes udp(bool v6, bool with_checksum, std::uint16_t port, const bytes& payload) {
  bytes b;
  put16(b, 40000);
  put16(b, port);
  put16(b, 8 + payload.size());
  put16(b, 0);
  append(b, payload);
  if (!with_checksum) return b;
  bytes covered = addresses(v6);
  put16(covered, 17);
  put16(covered, b.size());
  append(covered, b);
  std::uint16_t sum = checksum(covered);
  if (sum == 0) sum = 0xffff;
  b[6] = static_cast<std::uint8_t>(sum >> 8);
  b[7] = static_cast<std::uint8_t>(sum);
  return b;
}

inline bytes ip(ip_kind kind, std::uint16_t port, const bytes& payload) {
  using enum ip_kind;
  const bool is_v6 = kind == v6 || kind == v6_extensions || kind == v6_fragment;
  const bytes datagram = udp(is_v6, kind != v4_no_checksum, port, payload);
  bytes b;
  if (!is_v6) {
    const bytes options = kind == v4_options ? bytes{1, 1, 1, 0} : bytes{};
    put16(b, 0x4500 + (options.size() / 4 << 8));
    put16(b, 20 + options.size() + datagram.size());
    put32(b, kind == v4_fragment ? 0x12342001 : 0x12344000);  // identification, flags, offset
    put16(b, kind == v4_tcp ? 0x4006 : 0x4011);
    put16(b, 0);
    append(b, addresses(false));
    append(b, options);
    const auto sum = checksum(b);
    b[10] = static_cast<std::uint8_t>(sum >> 8);
    b[11] = static_cast<std::uint8_t>(sum);
  } else {
    bytes extensions;
    std::uint8_t first = 17;
    if (kind == v6_extensions) {
      first = 0;  // hop by hop
      extensions = {60, 0, 1, 4, 0, 0, 0, 0, 17, 1, 1, 12,
                    0,  0, 0, 0, 0, 0, 0, 0, 0,  0, 0, 0};  // then destination options
    }
    if (kind == v6_fragment) {
      first = 44;
      extensions = {17, 0, 0, 1, 0, 0, 0, 9};
    }
    put32(b, 0x60000000);
    put16(b, extensions.size() + datagram.size());
    b.push_back(first);
    b.push_back(64);
    append(b, addresses(true));
    append(b, extensions);
  }
  append(b, datagram);
  return b;
}

/// Ethernet with as many VLAN tags as asked for, Linux cooked (two versions), or nothing in front.
inline bytes link(std::uint32_t linktype, const bytes& packet, int vlan_tags = 0) {
  const std::size_t ethertype = packet[0] >> 4 == 6 ? 0x86dd : 0x0800;
  bytes b;
  switch (linktype) {
    case examples::linktype_ethernet:
      b.assign(12, 2);
      for (int i = 0; i < vlan_tags; ++i) put32(b, i == 0 && vlan_tags > 1 ? 0x88a80007 : 0x81000005);
      put16(b, ethertype);
      break;
    case examples::linktype_linux_sll:
      b = {0, 0, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0};
      put16(b, ethertype);
      break;
    case examples::linktype_linux_sll2:
      put16(b, ethertype);
      append(b, {0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0});
      break;
    default: break;
  }
  append(b, packet);
  return b;
}

/// Payloads of any length and content; with a header extension and CSRCs in some packets.
inline bytes rtp(std::uint32_t ssrc, std::uint8_t payload_type, unsigned n) {
  const unsigned csrcs = n % 5 == 0 ? 2 : 0;
  const bool extension = n % 4 == 0;
  bytes b{static_cast<std::uint8_t>(0x80 | (extension ? 0x10 : 0) | csrcs), payload_type};
  put16(b, 100 + n);
  put32(b, 0xfffff000u + 160 * n);
  put32(b, ssrc);
  for (unsigned i = 0; i < csrcs; ++i) put32(b, 0xc0c0c0c0u + i);
  if (extension) append(b, {0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0});
  const std::size_t len = payload_type == 96 ? 37 * n % 1300 : 160;
  for (std::size_t i = 0; i < len; ++i) b.push_back(static_cast<std::uint8_t>(i * 7 + n * 13 + ssrc));
  return b;
}

inline bytes rtcp(std::uint32_t ssrc, unsigned n) {
  bytes b{0x80, 200, 0, 6};
  put32(b, ssrc);
  for (unsigned i = 0; i < 5; ++i) put32(b, n * 1000 + i);
  return b;
}

/// 120 RTP packets of three SSRCs and 12 RTCP packets, in every IP form, among frames that are none.
inline std::vector<bytes> conversation(std::uint32_t linktype, bool media = true) {
  using enum ip_kind;
  struct stream {
    std::uint32_t ssrc;
    std::uint8_t payload_type;
    std::uint16_t port;
  };
  constexpr stream streams[] = {{0x00000001, 0, 5000}, {0x53544f54, 8, 5002}, {0xfffffffe, 96, 5004}};
  constexpr ip_kind kinds[] = {v4, v6, v4_options, v6_extensions, v4_no_checksum};
  std::vector<bytes> frames;
  for (unsigned n = 0; n < 40; ++n)
    for (const auto& s : streams) {
      const ip_kind kind = kinds[n % 5];
      if (media)
        frames.push_back(link(linktype, ip(kind, s.port, rtp(s.ssrc, s.payload_type, n)), static_cast<int>(n % 3)));
      if (media && n % 10 == 3)
        frames.push_back(link(linktype, ip(kind, s.port, rtcp(s.ssrc, n)), static_cast<int>(n % 3)));
      if (n % 10 == 5) {
        frames.push_back(link(linktype, ip(v4_tcp, s.port, rtp(s.ssrc, 0, n))));
        frames.push_back(link(linktype, ip(v4_fragment, s.port, rtp(s.ssrc, 0, n))));
        frames.push_back(link(linktype, ip(v6_fragment, s.port, rtp(s.ssrc, 0, n))));
        frames.push_back(link(linktype, ip(v4, s.port, {0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4})));  // STUN
        frames.push_back(link(linktype, ip(v6, s.port, {})));
      }
    }
  return frames;
}

inline void write(const std::string& path, std::uint32_t linktype, const std::vector<bytes>& frames) {
  examples::pcap_file file(path, linktype);
  std::uint64_t microseconds = 1700000000000000;
  for (const auto& f : frames) file.write(microseconds += 6667, f);
  file.close();
}

}  // namespace capture_maker
