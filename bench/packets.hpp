// SPDX-License-Identifier: BSL-1.0
// What every row works on: a ring of buffers that hold packets with increasing sequence numbers.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include <sotto/core/bytes.hpp>

namespace bench {

inline constexpr std::size_t max_ring_size = 64;
inline constexpr std::size_t header_len = 12;  // RTP without CSRCs and extension
inline constexpr std::size_t max_payload_len = 8192;
inline constexpr std::uint32_t ssrc = 0x5077702e;
/// Room behind each packet: what libsrtp2 demands there (SRTP_MAX_TRAILER_LEN) is the most.
inline constexpr std::size_t trailer_room = 160;

/// The RTP packet of an index: sequence number, time stamp and payload follow from it.
inline void write_packet(std::uint8_t* to, std::uint64_t index, std::span<const std::uint8_t> payload) noexcept {
  to[0] = 0x80;
  to[1] = 96;
  sotto::core::store_be16(to + 2, static_cast<std::uint16_t>(index));
  sotto::core::store_be32(to + 4, static_cast<std::uint32_t>(index * 160));
  sotto::core::store_be32(to + 8, ssrc);
  std::copy(payload.begin(), payload.end(), to + header_len);
}

/// The buffers of one table, shared by its rows so that they all meet the same addresses in the same caches.
class ring {
 public:
  ring(std::size_t payload_len, std::size_t size) : payload_(payload_len), size_(size) {
    std::uint32_t state = 1;
    for (auto& b : payload_) b = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
    // An odd number of cache lines apart: otherwise all buffers would compete for a few sets of the cache.
    const std::size_t lines = (capacity() + line - 1) / line;
    stride_ = (lines | 1) * line;
    bytes_.reset(static_cast<std::uint8_t*>(::operator new[](size_* stride_, std::align_val_t{line})));
  }

  /// How many buffers there are: at most max_ring_size, a multiple of every batch.
  std::size_t size() const noexcept { return size_; }
  std::size_t payload_len() const noexcept { return payload_.size(); }
  std::size_t packet_len() const noexcept { return header_len + payload_.size(); }
  /// Bytes that may be used from the start of a buffer.
  std::size_t capacity() const noexcept { return packet_len() + trailer_room; }
  std::uint8_t* at(std::size_t i) const noexcept { return bytes_.get() + i * stride_; }
  std::span<std::uint8_t> buffer(std::size_t i) const noexcept { return {at(i), capacity()}; }
  std::uint8_t* payload(std::size_t i) const noexcept { return at(i) + header_len; }

  /// Plain packets with these indices into all buffers.
  void fill(std::uint64_t first_index) const noexcept {
    for (std::size_t i = 0; i < size_; ++i) write_packet(at(i), first_index + i, payload_);
  }
  std::vector<std::uint8_t> plain_packet(std::uint64_t index) const {
    std::vector<std::uint8_t> packet(packet_len());
    write_packet(packet.data(), index, payload_);
    return packet;
  }
  bool holds_plain_packet(std::size_t i, std::uint64_t index) const {
    const auto packet = plain_packet(index);
    return std::equal(packet.begin(), packet.end(), at(i));
  }

 private:
  static constexpr std::size_t line = 64;
  struct free_aligned {
    void operator()(std::uint8_t* p) const noexcept { ::operator delete[](p, std::align_val_t{line}); }
  };
  std::vector<std::uint8_t> payload_;
  std::size_t size_;
  std::size_t stride_;
  std::unique_ptr<std::uint8_t[], free_aligned> bytes_;
};

/// Whether a buffer begins with these bytes.
inline bool holds(const std::uint8_t* buffer, const std::vector<std::uint8_t>& expected) {
  return std::equal(expected.begin(), expected.end(), buffer);
}

/// One nonce for each buffer, written before the timed part: bare AEAD rows time the call alone.
using nonces = std::array<std::array<std::uint8_t, 12>, max_ring_size>;
inline void fill(nonces& all, std::uint64_t first_index) noexcept {
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].fill(0);
    sotto::core::store_be64(all[i].data() + 4, first_index + i);
  }
}

/// The same keys for every library: 32 bytes of key, 14 of salt, of which each algorithm takes the first.
inline constexpr std::array<std::uint8_t, 32> master_key = {
    0xe1, 0xf9, 0x7a, 0x0d, 0x3e, 0x01, 0x8b, 0xe0, 0xd6, 0x4f, 0xa3, 0x2c, 0x06, 0xde, 0x41, 0x39,
    0x0e, 0xc6, 0x75, 0xad, 0x49, 0x8a, 0xfe, 0xeb, 0xb6, 0x96, 0x0b, 0x3a, 0xab, 0xe6, 0xc1, 0x73};
inline constexpr std::array<std::uint8_t, 14> master_salt = {0x0e, 0xc6, 0x75, 0xad, 0x49, 0x8a, 0xfe,
                                                             0xeb, 0xb6, 0x96, 0x0b, 0x3a, 0xab, 0xe6};

}  // namespace bench
