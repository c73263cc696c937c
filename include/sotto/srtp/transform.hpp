// SPDX-License-Identifier: BSL-1.0
// What a packet transform is: how a packet index becomes an IV, and which kernel call seals the packet. Transforms
// trust their caller; packet_protection.hpp checks lengths and lays out the wire.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../core/abi.hpp"
#include "../core/result.hpp"
#include "key_derivation.hpp"
#include "packet.hpp"
#include "profile.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// One packet between parser and kernel. Preconditions: in == out or the packets are disjoint; when sealing, the header
/// already stands at out; text_len is within max_text_len.
struct transform_packet {
  const std::uint8_t* in;
  std::uint8_t* out;
  std::size_t header_len;  ///< Only authenticated: the RTP header, 8 bytes of RTCP, or a whole packet that stays clear.
  std::size_t text_len;    ///< Encrypted; follows the header.
  srtp::ssrc ssrc;
  std::uint64_t index;  ///< 48 bits (SRTP) or 31 bits (SRTCP).
};

/// The cipher work of one session. Move-only and wiped; const calls may run on several threads at once. esrtcp is the
/// 4-byte word of E flag and index as it stands in the packet (RFC 3711 3.4). open_* return false and write
/// nothing if the tag doesn't match; verify_* decrypt and write nothing at all. The third argument of open_rtp and
/// verify_rtp, at least 1, is how much of a MAC a packet carries beside its ROC (RFC 4771); AEADs always have all of
/// it.
template <class T>
concept packet_transform = std::movable<T> &&
    requires(const T& t, const transform_packet& p, std::uint8_t* tag, const std::uint8_t* word) {
  { T::supports(profile{}) }
  noexcept->std::same_as<bool>;
  { T::create(profile{}, session_keys{}, session_keys{}) }
  noexcept->std::same_as<result<T>>;
  { t.max_text_len() }
  noexcept->std::same_as<std::uint64_t>;
  { t.seal_rtp(p, tag) }
  noexcept;
  { t.open_rtp(p, word) }
  noexcept->std::same_as<bool>;
  { t.open_rtp(p, word, std::size_t{}) }
  noexcept->std::same_as<bool>;
  { t.verify_rtp(p, word, std::size_t{}) }
  noexcept->std::same_as<bool>;
  { t.verify_rtcp(p, word, word) }
  noexcept->std::same_as<bool>;
  { t.seal_rtcp(p, word, tag) }
  noexcept;
  { t.open_rtcp(p, word, word) }
  noexcept->std::same_as<bool>;
  { t.kernel_name() }
  noexcept->std::same_as<const char*>;
};

}  // namespace sotto::inline SOTTO_ABI::srtp
