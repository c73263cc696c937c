// SPDX-License-Identifier: BSL-1.0
// The smallest STUN that ICE would send on the same port: a binding request and its answer (RFC 8489 5, 14.2). Without
// credentials, so that it proves nothing: it is here to be told apart from the rest.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sotto/core/bytes.hpp>

namespace examples {

inline constexpr std::size_t stun_header_len = 20;
inline constexpr std::uint16_t stun_binding_request = 0x0001, stun_binding_success = 0x0101;
inline constexpr std::uint32_t stun_magic_cookie = 0x2112a442;
using stun_transaction = std::array<std::uint8_t, 12>;

struct stun_message {
  std::uint16_t type;
  stun_transaction transaction;
  std::uint16_t mapped_port = 0;  ///< Of a success: the XOR-MAPPED-ADDRESS's port.
};

using stun_request = std::array<std::uint8_t, stun_header_len>;
using stun_success = std::array<std::uint8_t, stun_header_len + 12>;

namespace detail {
inline void write_stun_header(std::uint16_t type, std::size_t attributes_len, const stun_transaction& transaction,
                              std::uint8_t* out) {
  sotto::core::store_be16(out, type);
  sotto::core::store_be16(out + 2, static_cast<std::uint16_t>(attributes_len));
  sotto::core::store_be32(out + 4, stun_magic_cookie);
  std::copy(transaction.begin(), transaction.end(), out + 8);
}
inline constexpr std::uint16_t xor_mapped_address = 0x0020;
inline constexpr std::uint16_t port_mask = stun_magic_cookie >> 16;
}  // namespace detail

inline stun_request write_stun_request(const stun_transaction& transaction) {
  stun_request out;
  detail::write_stun_header(stun_binding_request, 0, transaction, out.data());
  return out;
}

/// Tells who asked from 127.0.0.1 which port the request came from.
inline stun_success write_stun_success(const stun_transaction& transaction, std::uint16_t port) {
  stun_success out{};
  detail::write_stun_header(stun_binding_success, out.size() - stun_header_len, transaction, out.data());
  std::uint8_t* const attribute = out.data() + stun_header_len;
  sotto::core::store_be16(attribute, detail::xor_mapped_address);
  sotto::core::store_be16(attribute + 2, 8);
  attribute[5] = 1;  // IPv4
  sotto::core::store_be16(attribute + 6, static_cast<std::uint16_t>(port ^ detail::port_mask));
  sotto::core::store_be32(attribute + 8, 0x7f000001u ^ stun_magic_cookie);
  return out;
}

/// Reads these two and nothing else.
inline std::optional<stun_message> parse_stun(sotto::const_bytes datagram) {
  using namespace sotto::core;
  if (datagram.size() < stun_header_len || load_be32(&datagram[4]) != stun_magic_cookie ||
      load_be16(&datagram[2]) != datagram.size() - stun_header_len)
    return std::nullopt;
  stun_message m{load_be16(&datagram[0]), {}};
  std::copy_n(datagram.begin() + 8, m.transaction.size(), m.transaction.begin());
  if (m.type == stun_binding_request && datagram.size() == stun_header_len) return m;
  if (m.type != stun_binding_success || datagram.size() != sizeof(stun_success)) return std::nullopt;
  if (load_be16(&datagram[stun_header_len]) != detail::xor_mapped_address) return std::nullopt;
  m.mapped_port = static_cast<std::uint16_t>(load_be16(&datagram[stun_header_len + 6]) ^ detail::port_mask);
  return m;
}

}  // namespace examples
