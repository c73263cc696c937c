// SPDX-License-Identifier: BSL-1.0
// Byte spans, and integers at any address in either byte order.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "abi.hpp"

namespace sotto::inline SOTTO_ABI {

/// Bytes that a call may write. Sizes are always in bytes.
using mutable_bytes = std::span<std::uint8_t>;
/// Bytes that a call only reads.
using const_bytes = std::span<const std::uint8_t>;

/// The same memory seen as `std::uint8_t`, for callers who hold `std::byte`: spans, arrays, vectors.
template <class Range>
requires std::convertible_to<Range&, std::span<const std::byte>>
inline auto as_u8(Range&& range) noexcept {
  if constexpr (std::convertible_to<Range&, std::span<std::byte>>) {
    const std::span<std::byte> s(range);
    return mutable_bytes(reinterpret_cast<std::uint8_t*>(s.data()), s.size());
  } else {
    const std::span<const std::byte> s(range);
    return const_bytes(reinterpret_cast<const std::uint8_t*>(s.data()), s.size());
  }
}

namespace core {

constexpr std::uint32_t byte_swap(std::uint32_t v) noexcept {
  return (v >> 24) | ((v >> 8) & 0xff00u) | ((v << 8) & 0xff0000u) | (v << 24);
}
constexpr std::uint64_t byte_swap(std::uint64_t v) noexcept {
  return (std::uint64_t{byte_swap(static_cast<std::uint32_t>(v))} << 32) |
         byte_swap(static_cast<std::uint32_t>(v >> 32));
}

// memcpy is the one portable unaligned access; every compiler here turns it into a single load or store.
inline std::uint16_t load_be16(const std::uint8_t* p) noexcept {
  return static_cast<std::uint16_t>((p[0] << 8) | p[1]);
}
inline std::uint32_t load_be32(const std::uint8_t* p) noexcept {
  std::uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return std::endian::native == std::endian::big ? v : byte_swap(v);
}
inline std::uint64_t load_be64(const std::uint8_t* p) noexcept {
  std::uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return std::endian::native == std::endian::big ? v : byte_swap(v);
}
inline std::uint32_t load_le32(const std::uint8_t* p) noexcept {
  std::uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return std::endian::native == std::endian::little ? v : byte_swap(v);
}
inline std::uint64_t load_le64(const std::uint8_t* p) noexcept {
  std::uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return std::endian::native == std::endian::little ? v : byte_swap(v);
}
inline void store_be16(std::uint8_t* p, std::uint16_t v) noexcept {
  p[0] = static_cast<std::uint8_t>(v >> 8);
  p[1] = static_cast<std::uint8_t>(v);
}
inline void store_be32(std::uint8_t* p, std::uint32_t v) noexcept {
  if constexpr (std::endian::native != std::endian::big) v = byte_swap(v);
  std::memcpy(p, &v, sizeof v);
}
inline void store_be64(std::uint8_t* p, std::uint64_t v) noexcept {
  if constexpr (std::endian::native != std::endian::big) v = byte_swap(v);
  std::memcpy(p, &v, sizeof v);
}
inline void store_le32(std::uint8_t* p, std::uint32_t v) noexcept {
  if constexpr (std::endian::native != std::endian::little) v = byte_swap(v);
  std::memcpy(p, &v, sizeof v);
}
inline void store_le64(std::uint8_t* p, std::uint64_t v) noexcept {
  if constexpr (std::endian::native != std::endian::little) v = byte_swap(v);
  std::memcpy(p, &v, sizeof v);
}

/// memcpy that accepts a null pointer with length 0, as empty spans have.
inline void copy(std::uint8_t* to, const std::uint8_t* from, std::size_t len) noexcept {
  if (len != 0) std::memcpy(to, from, len);
}

/// The address n bytes before p, computed as an integer because no pointer arithmetic may leave its buffer. Only for
/// masked accesses, which touch nothing there.
template <class Byte>
inline Byte* before(Byte* p, std::size_t n) noexcept {
  return reinterpret_cast<Byte*>(reinterpret_cast<std::uintptr_t>(p) - n);
}

/// True if [a, a+a_len) and [b, b+b_len) share a byte. Compares addresses as integers: the pointers may belong to
/// different objects.
inline bool overlap(const std::uint8_t* a, std::size_t a_len, const std::uint8_t* b, std::size_t b_len) noexcept {
  const auto x = reinterpret_cast<std::uintptr_t>(a);
  const auto y = reinterpret_cast<std::uintptr_t>(b);
  return a_len != 0 && b_len != 0 && x < y + b_len && y < x + a_len;
}

/// The aliasing rule of every two-buffer call: exactly the same start, or no common byte.
inline bool same_or_disjoint(const_bytes in, const_bytes out) noexcept {
  return in.data() == out.data() || !overlap(in.data(), in.size(), out.data(), out.size());
}

}  // namespace core
}  // namespace sotto::inline SOTTO_ABI
