// SPDX-License-Identifier: BSL-1.0
// Finds the UDP datagram in a captured frame, and puts another one in its place. Trusts no length that it reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <sotto/core/bytes.hpp>
#include <vector>

namespace examples {

/// What stands before the IP header.
enum class link_layer : std::uint8_t {
  ethernet,       ///< With any number of VLAN tags
  linux_cooked,   ///< "SLL", 16 bytes
  linux_cooked2,  ///< "SLL2", 20 bytes
  raw_ip,         ///< Nothing
  loopback,       ///< BSD's 4 bytes of address family
};

enum class frame_kind : std::uint8_t {
  udp,
  other,      ///< Not IP, or not UDP.
  fragment,   ///< Part of a datagram; nothing here reassembles.
  cut_short,  ///< The capture kept less than the packet.
  malformed,  ///< Lengths contradict one another.
};

struct udp_frame {
  frame_kind kind = frame_kind::other;
  bool ipv6 = false;
  std::size_t ip_offset = 0;
  std::size_t udp_offset = 0;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  sotto::const_bytes payload;
};

namespace detail {
using sotto::core::load_be16;
using sotto::core::store_be16;

inline constexpr std::uint8_t protocol_udp = 17;
inline constexpr std::size_t udp_header_len = 8, ipv4_header_len = 20, ipv6_header_len = 40;

/// Offset of the IP header, or the frame's size if there is none.
inline std::size_t find_ip(link_layer link, sotto::const_bytes f) {
  const auto is_ip = [&](std::size_t type_at) {
    return load_be16(&f[type_at]) == 0x0800 || load_be16(&f[type_at]) == 0x86dd;
  };
  switch (link) {
    case link_layer::raw_ip: return 0;
    case link_layer::loopback: return f.size() < 4 ? f.size() : 4;
    case link_layer::linux_cooked: return f.size() < 16 || !is_ip(14) ? f.size() : 16;
    case link_layer::linux_cooked2: return f.size() < 20 || !is_ip(0) ? f.size() : 20;
    case link_layer::ethernet: break;
  }
  for (std::size_t type_at = 12; f.size() >= type_at + 2; type_at += 4) {
    const unsigned type = load_be16(&f[type_at]);
    const bool vlan = type == 0x8100 || type == 0x88a8 || type == 0x9100;
    if (!vlan) return is_ip(type_at) ? type_at + 2 : f.size();
  }
  return f.size();
}

/// Sets kind to udp and udp_offset, and returns where the IP packet ends; or sets kind to why not.
inline std::size_t walk_ipv4(sotto::const_bytes f, udp_frame& found) {
  const auto ip = f.subspan(found.ip_offset);
  if (ip.size() < ipv4_header_len) return found.kind = frame_kind::cut_short, 0;
  const std::size_t header_len = std::size_t{4} * (ip[0] & 0x0fu), total_len = load_be16(&ip[2]);
  if (header_len < ipv4_header_len || total_len < header_len) return found.kind = frame_kind::malformed, 0;
  if (ip[9] != protocol_udp) return found.kind = frame_kind::other, 0;
  if ((load_be16(&ip[6]) & 0x3fff) != 0) return found.kind = frame_kind::fragment, 0;  // "more", or an offset
  if (total_len > ip.size()) return found.kind = frame_kind::cut_short, 0;
  found.kind = frame_kind::udp;
  found.udp_offset = found.ip_offset + header_len;
  return found.ip_offset + total_len;
}

inline std::size_t walk_ipv6(sotto::const_bytes f, udp_frame& found) {
  const auto ip = f.subspan(found.ip_offset);
  if (ip.size() < ipv6_header_len) return found.kind = frame_kind::cut_short, 0;
  const std::size_t end = ipv6_header_len + load_be16(&ip[4]);
  if (end > ip.size()) return found.kind = frame_kind::cut_short, 0;
  std::uint8_t next = ip[6];
  std::size_t at = ipv6_header_len;
  while (next != protocol_udp) {
    constexpr std::uint8_t hop_by_hop = 0, routing = 43, fragment = 44, destination_options = 60;
    if (next != hop_by_hop && next != routing && next != fragment && next != destination_options)
      return found.kind = frame_kind::other, 0;
    if (end - at < 8) return found.kind = frame_kind::malformed, 0;
    if (next == fragment && (load_be16(&ip[at + 2]) & 0xfff9) != 0) return found.kind = frame_kind::fragment, 0;
    // On its way through a list of routers the destination isn't what the UDP checksum covers.
    if (next == routing && ip[at + 3] != 0) return found.kind = frame_kind::other, 0;
    const std::size_t len = next == fragment ? 8 : 8 + std::size_t{8} * ip[at + 1];
    if (len > end - at) return found.kind = frame_kind::malformed, 0;
    next = ip[at];
    at += len;
  }
  found.kind = frame_kind::udp;
  found.udp_offset = found.ip_offset + at;
  return found.ip_offset + end;
}

/// The Internet checksum's running sum (RFC 1071); no datagram is long enough to overflow it.
inline std::uint32_t add_words(std::uint32_t sum, sotto::const_bytes bytes) {
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) sum += load_be16(&bytes[i]);
  return bytes.size() % 2 != 0 ? sum + (std::uint32_t{bytes.back()} << 8) : sum;
}
inline std::uint16_t fold(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}
}  // namespace detail

inline udp_frame find_udp(link_layer link, sotto::const_bytes frame) {
  udp_frame found;
  found.ip_offset = detail::find_ip(link, frame);
  if (found.ip_offset >= frame.size()) return found;
  const unsigned version = frame[found.ip_offset] >> 4;
  if (version != 4 && version != 6) return found;
  found.ipv6 = version == 6;
  const std::size_t end = found.ipv6 ? detail::walk_ipv6(frame, found) : detail::walk_ipv4(frame, found);
  if (found.kind != frame_kind::udp) return found;

  const auto udp = frame.subspan(found.udp_offset, end - found.udp_offset);
  if (udp.size() < detail::udp_header_len) return found.kind = frame_kind::malformed, found;
  const std::size_t len = detail::load_be16(&udp[4]);
  if (len < detail::udp_header_len || len > udp.size()) return found.kind = frame_kind::malformed, found;
  found.source_port = detail::load_be16(&udp[0]);
  found.destination_port = detail::load_be16(&udp[2]);
  found.payload = udp.subspan(detail::udp_header_len, len - detail::udp_header_len);
  return found;
}

/// The frame with another payload: lengths and checksums follow, padding behind the datagram goes. A UDP checksum of
/// zero over IPv4 ("none") stays zero. False if the payload doesn't fit an IP packet; out is unchanged then.
inline bool replace_payload(sotto::const_bytes frame, const udp_frame& found, sotto::const_bytes payload,
                            std::vector<std::uint8_t>& out) {
  using namespace detail;
  const std::size_t udp_len = udp_header_len + payload.size();
  const std::size_t ip_len = found.udp_offset - found.ip_offset + udp_len;
  if (ip_len - (found.ipv6 ? ipv6_header_len : 0) > 0xffff) return false;
  out.assign(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(found.udp_offset + udp_header_len));
  out.insert(out.end(), payload.begin(), payload.end());

  std::uint8_t* const ip = out.data() + found.ip_offset;
  std::uint8_t* const udp = out.data() + found.udp_offset;
  const bool has_checksum = found.ipv6 || load_be16(udp + 6) != 0;
  if (found.ipv6) {
    store_be16(ip + 4, static_cast<std::uint16_t>(ip_len - ipv6_header_len));
  } else {
    store_be16(ip + 2, static_cast<std::uint16_t>(ip_len));
    store_be16(ip + 10, 0);
    store_be16(ip + 10, fold(add_words(0, {ip, found.udp_offset - found.ip_offset})));
  }
  store_be16(udp + 4, static_cast<std::uint16_t>(udp_len));
  store_be16(udp + 6, 0);
  if (!has_checksum) return true;
  // The pseudo-header of RFC 768 and RFC 8200 8.1: addresses, length, protocol.
  const sotto::const_bytes addresses = found.ipv6 ? sotto::const_bytes(ip + 8, 32) : sotto::const_bytes(ip + 12, 8);
  const std::uint32_t pseudo = add_words(static_cast<std::uint32_t>(udp_len) + protocol_udp, addresses);
  const std::uint16_t checksum = fold(add_words(pseudo, {udp, udp_len}));
  store_be16(udp + 6, checksum == 0 ? std::uint16_t{0xffff} : checksum);
  return true;
}

}  // namespace examples
