// SPDX-License-Identifier: BSL-1.0
// A packet with the master key it was protected under, through senders and receivers on every kernel.
#pragma once

#include <cstdint>
#include <sotto/srtp.hpp>
#include <string>

#include "bytes.hpp"
#include "report.hpp"

namespace vectors {

struct session_vector {
  bool rtcp = false;
  sotto::srtp::profile profile{};
  bytes key, salt, mki, plain, wire;
  std::uint64_t index = 0;  ///< the 48-bit packet index, or the SRTCP index
  bool encrypted = true;    ///< SRTCP's E flag
  sotto::srtp::protection_options protection = {};

  sotto::srtp::raw_keying keying() const { return {.profile = profile, .key = key, .salt = salt, .mki = mki}; }
};

/// The profile of an IANA name, or of "AES_CM_192_…" and "AES_CM_256_…", which follow the pattern of the 128-bit name.
sotto::result<sotto::srtp::profile> profile_of(std::string name);

/// A session whose next packet is this one protects it to `wire` and unprotects that again, in all the ways of
/// check_packet, on every kernel of the profile's cipher.
void check_session(report& r, test_case& c, const session_vector& v);

}  // namespace vectors
