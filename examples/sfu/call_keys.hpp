// SPDX-License-Identifier: BSL-1.0
// Who has which key in a call through a forwarding server, and which bytes a frame's tag covers beside the frame.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <sotto/sframe.hpp>
#include <sotto/srtp.hpp>
#include <string_view>
#include <utility>

#include "../support/keys.hpp"

namespace examples {

/// A participant and the server: SRTP of one hop, a key for each direction.
struct hop_keys {
  sotto::srtp::keying up = random_keying(sotto::srtp::profile::aead_aes_128_gcm);
  sotto::srtp::keying down = random_keying(sotto::srtp::profile::aead_aes_128_gcm);
};

/// What the participants agreed on, and the server may know.
struct call_description {
  std::array<std::uint8_t, 16> id;  ///< Random for each call, so that no frame fits into another one.
  sotto::sframe::cipher_suite suite;
};

/// The participants alone: each one's base key, by which it sends, in the hands of all others. A real call carries it
/// through a handshake between each two of them; here they are in one program.
struct sender_key {
  sotto::sframe::key_id kid;
  std::array<std::uint8_t, 32> bytes;

  explicit sender_key(std::size_t number) : kid(number) { fill_random(bytes); }
  sender_key(const sender_key&) = delete;
  sender_key& operator=(const sender_key&) = delete;
  ~sender_key() { sotto::core::wipe(bytes.data(), bytes.size()); }

  /// An object of this key for one use: one sender's, or one receiver's.
  sotto::sframe::base_key take() const { return std::move(*sotto::sframe::base_key::create(bytes)); }
};

/// The SFrame metadata of a call (RFC 9605 9.4): what both ends know without being told by the packet. A server changes
/// the RTP header on the way, so it can hold none of this:
///
///     SSRC, sequence number     rewritten for every receiver, always
///     P bit, padding            each hop hides lengths as it likes
///     payload type              numbers are negotiated hop by hop
///     marker, timestamp         shifted where one stream on the wire carries now this speaker, now that one
///     CSRCs, extensions         added, removed and renumbered by servers
///
/// KID and counter needn't be in it: SFrame authenticates its own header. So whose frame it is follows from the key
/// that opens it, and never from the SSRC, which is the server's word.
class frame_metadata {
 public:
  frame_metadata(const call_description& call, std::string_view kind) {
    for (const std::uint8_t b : call.id) bytes_[len_++] = b;
    for (const char c : kind.substr(0, bytes_.size() - len_)) bytes_[len_++] = static_cast<std::uint8_t>(c);
  }
  sotto::const_bytes bytes() const noexcept { return sotto::const_bytes(bytes_).first(len_); }
  operator sotto::sframe::metadata() const noexcept { return sotto::sframe::metadata(bytes()); }

 private:
  std::array<std::uint8_t, 32> bytes_{};
  std::size_t len_ = 0;
};

}  // namespace examples
