// SPDX-License-Identifier: BSL-1.0
// Hiding how long RTP payloads are, by padding them before they are encrypted (RFC 3550 5.1, RFC 6562 5).
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "packet.hpp"
#include "profile.hpp"
#include "protection_options.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// What RFC 3550 5.1's count byte can say: the most padding of one packet, in bytes, the count itself included.
inline constexpr std::size_t max_padding_len = 255;

/// How much padding replaces how much, in bytes, at the end of one packet.
struct padding_change {
  std::size_t removed = 0;  ///< Padding that the packet had.
  std::size_t added = 0;    ///< 1 to max_padding_len, or 0 where nothing changes.
};

/// To which lengths a sender pads its RTP payloads. Encryption hides what is said and not how many bytes it takes,
/// which for speech of variable rate is enough to recognise phrases (RFC 6562 2, 3). Each packet gets at least one byte
/// of padding: the P bit is in the clear, and must be the same for all. What stays visible: that a packet was sent, and
/// when; the length of its header; every RTCP packet's length. A plain value.
class length_hiding {
 public:
  /// off: packets keep their length, and their own padding.
  constexpr length_hiding() noexcept = default;

  /// Payload and padding are `bytes` long, 1 to 65535, in every packet: RFC 6562 5's first choice. Payloads are shorter
  /// than that, by at most max_padding_len; others are refused rather than sent with a length that tells something.
  /// Constants up to 255 suit all shorter payloads, empty ones too.
  static constexpr length_hiding constant(std::size_t bytes) noexcept { return {kind::constant, bytes}; }

  /// Payload and padding are a multiple of `bytes`, 2 to 255, the next one above the payload: for any length, and hides
  /// length within a step only.
  static constexpr length_hiding step(std::size_t bytes) noexcept { return {kind::step, bytes}; }

  /// Whether packets keep their length.
  constexpr bool is_off() const noexcept { return kind_ == kind::off; }
  /// The most that this adds to a packet, in bytes.
  constexpr std::size_t max_len() const noexcept { return bytes_ < max_padding_len ? bytes_ : max_padding_len; }

  /// Whether it can be used with these. Errors: invalid_argument (bytes out of range); unsupported where payloads are
  /// sent in the clear, with the padding's count to be read in them.
  constexpr result<void> check(const protection_options& o, profile p) const noexcept {
    if (is_off()) return {};
    if (kind_ == kind::constant ? bytes_ < 1 || bytes_ > 65535 : bytes_ < 2 || bytes_ > max_padding_len)
      return failure{error::invalid_argument};
    if (!o.encrypt_rtp || parameters(p).cipher == cipher::null_hmac_sha1) return failure{error::unsupported};
    return {};
  }

  /// What to do with a packet that is to be sent. Its own padding, if any, is replaced: the length of its media alone
  /// decides. Errors: malformed_packet (its own padding contradicts its payload); of constants packet_too_long (media
  /// of `bytes` or more) and invalid_argument (media shorter than that by more than max_padding_len).
  result<padding_change> change(const rtp_view& packet) const noexcept {
    if (is_off()) return padding_change{};
    const auto media = packet.payload_without_padding();
    if (!media) return failure{media.error()};
    const std::size_t removed = packet.payload().size() - media->size();
    if (kind_ == kind::step) return padding_change{removed, bytes_ - media->size() % bytes_};
    if (media->size() >= bytes_) return failure{error::packet_too_long};
    if (bytes_ - media->size() > max_padding_len) return failure{error::invalid_argument};
    return padding_change{removed, bytes_ - media->size()};
  }

 private:
  enum class kind : std::uint8_t { off, constant, step };
  constexpr length_hiding(kind k, std::size_t bytes) noexcept : bytes_(bytes), kind_(k) {}

  std::size_t bytes_ = 0;
  kind kind_ = kind::off;
};

namespace detail {

/// Writes `len` bytes of padding, 1 to max_padding_len, to `at`, and says so in the header. Zeros, since they are
/// encrypted with the payload.
inline void write_padding(std::uint8_t* packet, std::uint8_t* at, std::size_t len) noexcept {
  for (std::size_t i = 0; i + 1 < len; ++i) at[i] = 0;
  at[len - 1] = static_cast<std::uint8_t>(len);
  packet[0] = static_cast<std::uint8_t>(packet[0] | 0x20u);
}

}  // namespace detail

}  // namespace sotto::inline SOTTO_ABI::srtp
