// SPDX-License-Identifier: BSL-1.0
// One end of the call, from signalling to report.
#pragma once

#include <cstdint>
#include <sotto/srtp/dtls_srtp.hpp>
#include <sotto/srtp/profile.hpp>
#include <vector>

#include "certificate.hpp"
#include "signalling.hpp"

namespace examples {

struct end_options {
  sotto::srtp::dtls_role role = sotto::srtp::dtls_role::client;
  std::vector<sotto::srtp::profile> profiles;  ///< Best first
  std::uint64_t packets = 1000;                ///< RTP packets that each end sends; the client's number counts.
  bool attack = false;                         ///< Some packets come forged and replayed too; both ends must know.
  bool wrong_fingerprint = false;              ///< Signals one that isn't its certificate's.
};

/// Runs a whole call and prints its report; false if something didn't arrive, or not as it was sent. Throws
/// handshake_error if the call didn't come about.
bool run_end(const end_options& options, signalling& line);

/// Only a handshake, as client, with another program at this UDP port of 127.0.0.1. Prints SHA-256 of the exported
/// keys, written in upper-case hex digits: two programs can be compared by that, and it tells nobody the keys.
void run_handshake(const end_options& options, std::uint16_t port, const fingerprint& peer);

}  // namespace examples
