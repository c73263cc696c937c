// SPDX-License-Identifier: BSL-1.0
// What the two ends of a session agreed on: master keys, and how packets are protected.
#pragma once

#include <sotto/srtp/keying.hpp>
#include <sotto/srtp/master_keys.hpp>
#include <sotto/srtp/protection_options.hpp>
#include <string>
#include <utility>
#include <vector>

namespace examples {

struct agreed_key {
  sotto::srtp::keying keying;
  sotto::srtp::key_lifetime lifetime = {};
};

struct agreement {
  agreement() = default;
  /// One key and RFC 3711's defaults. Implicit: that is all there is to agree on for most.
  agreement(sotto::srtp::keying&& only) { keys.push_back({std::move(only)}); }

  std::vector<agreed_key> keys;  ///< At least one; the first protects. Several have MKIs.
  sotto::srtp::protection_options protection = {};
  bool srtcp_encryption = true;  ///< For those who send; receivers read it in each packet.
  std::string description;       ///< Of where it was read; without secrets. May be empty.
};

}  // namespace examples
