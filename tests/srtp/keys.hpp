// SPDX-License-Identifier: BSL-1.0
// What the tests of this folder share: master keys, packets, senders and receivers made from them.
#pragma once

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sotto/srtp.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"

namespace keys {

namespace srtp = sotto::srtp;
using octets = std::vector<std::uint8_t>;

/// A master key of any profile.
struct master {
  srtp::profile profile;
  octets key, salt, mki;
  explicit master(srtp::profile p, std::size_t mki_len = 0, std::uint64_t seed = 1)
      : profile(p),
        key(support::pattern_bytes(seed, srtp::parameters(p).key_len)),
        salt(support::pattern_bytes(seed + 1000, srtp::parameters(p).salt_len)),
        mki(support::pattern_bytes(seed + 2000, mki_len)) {}
  srtp::raw_keying raw() const { return {.profile = profile, .key = key, .salt = salt, .mki = mki}; }
};

/// A plain RTP packet: csrc_count CSRCs, an extension of extension_words words unless negative, and a payload.
inline octets rtp(std::uint32_t ssrc, std::uint16_t seq, std::size_t payload_len, std::size_t csrc_count = 0,
                  int extension_words = -1) {
  octets p(12 + 4 * csrc_count);
  p[0] = static_cast<std::uint8_t>(0x80 | csrc_count | (extension_words >= 0 ? 0x10 : 0));
  p[1] = 96;
  sotto::core::store_be16(&p[2], seq);
  sotto::core::store_be32(&p[4], 0x01020304);
  sotto::core::store_be32(&p[8], ssrc);
  if (extension_words >= 0) {
    const auto words = static_cast<std::uint16_t>(extension_words);
    p.insert(p.end(), {0xbe, 0xde, static_cast<std::uint8_t>(words >> 8), static_cast<std::uint8_t>(words)});
    p.insert(p.end(), std::size_t{4} * words, 0x5a);
  }
  const octets payload = support::pattern_bytes(ssrc + seq + payload_len, payload_len);
  p.insert(p.end(), payload.begin(), payload.end());
  return p;
}

/// A plain RTCP packet of len >= 8 bytes.
inline octets rtcp(std::uint32_t ssrc, std::size_t len, std::uint8_t type = 200) {
  octets p = support::pattern_bytes(ssrc + len, len);
  p[0] = 0x80;
  p[1] = type;
  sotto::core::store_be32(&p[4], ssrc);
  return p;
}

inline octets to_bytes(sotto::const_bytes s) { return octets(s.begin(), s.end()); }

/// Protects out of place; the packet must be accepted.
template <class Sender>
octets protect(Sender& tx, const octets& packet) {
  octets out(packet.size() + tx.rtp_overhead());
  const auto wire = tx.protect(packet, out);
  REQUIRE(wire.has_value());
  return out;
}
template <class Sender>
octets protect_rtcp(Sender& tx, const octets& packet) {
  octets out(packet.size() + tx.rtcp_overhead());
  const auto wire = tx.protect_rtcp(packet, out);
  REQUIRE(wire.has_value());
  return out;
}

/// The error of a result, or 0 if there is none: comparable in CHECK.
template <class T>
int code(const sotto::result<T>& r) {
  return r.has_value() ? 0 : static_cast<int>(r.error());
}
inline int code(sotto::error e) { return static_cast<int>(e); }

/// Unprotects a copy in place: 0 or the error.
template <class Receiver>
int receive(Receiver& rx, octets packet) {
  return code(rx.unprotect(packet));
}
template <class Receiver>
int receive_rtcp(Receiver& rx, octets packet) {
  return code(rx.unprotect_rtcp(packet));
}

/// The memory of a session whose counters were set to zero first: two images are equal if the states are.
template <class Session>
octets image(Session& s) {
  s.reset_statistics();
  octets memory(sizeof s);
  std::memcpy(memory.data(), static_cast<const void*>(&s), sizeof s);
  return memory;
}

/// The name of a file in tests/vectors for a profile.
inline std::string file_of(const char* prefix, srtp::profile p) {
  std::string name = std::string(prefix) + std::string(srtp::name(p)) + ".txt";
  for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace keys
