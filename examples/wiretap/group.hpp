// SPDX-License-Identifier: BSL-1.0
// A call of three, whose relay is an SFU: what its phones and its server have in common.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <sotto/noise/handshake.hpp>
#include <sotto/sframe.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "conversation.hpp"
#include "line.hpp"
#include "notes.hpp"
#include "relay.hpp"

namespace examples {

inline constexpr std::array<std::string_view, 3> group_names{"alice", "bob", "carol"};
inline constexpr std::size_t alice = 0, bob = 1, carol = 2;
/// RTP packets of each member in each of three generations of keys: alice and bob, then all, then alice and carol.
inline constexpr std::uint64_t packets_per_generation = 60;
inline constexpr std::size_t generations = 3;

constexpr bool is_member(std::size_t who, std::size_t generation) {
  return who == alice || (who == bob ? generation <= 2 : generation >= 2);
}
constexpr std::size_t members(std::size_t generation) { return generation == 2 ? 3 : 2; }

inline constexpr auto group_suite = sotto::sframe::cipher_suite::aes_128_gcm_sha256_128;
inline constexpr auto hop_profile = sotto::srtp::profile::aead_aes_128_gcm;
inline constexpr std::uint8_t sframe_payload_type = 96;
inline constexpr std::size_t base_key_len = 32;

/// Whose key of which generation; readable by everybody.
constexpr sotto::sframe::key_id group_kid(std::size_t generation, std::size_t who) {
  return sotto::sframe::key_id(generation << 8 | who);
}

struct group_media {
  std::vector<media_stream> streams;                 ///< Of each member
  std::vector<sotto::noise::static_key> identities;  ///< Of each member
};

/// One phone from its first message to its last. Notes, for each generation g: "frames g" that it received, "live g"
/// that it opened in the call and found to be what was said, and "afterwards g" that any of its keys opens at the end.
void join_group(line& to_server, std::size_t who, const group_media& media, notes& told);

/// The server. Sends every packet to everybody, members or not. Notes "forwarded", and "rewritten": how many of these
/// got another SSRC.
void serve_group(switchboard& board, notes& told);

}  // namespace examples
