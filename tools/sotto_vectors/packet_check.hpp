// SPDX-License-Identifier: BSL-1.0
// One packet, protected and unprotected in every way the library offers.
#pragma once

#include <functional>
#include <sotto/core/bytes.hpp>
#include <sotto/core/result.hpp>
#include <string>

#include "bytes.hpp"
#include "report.hpp"

namespace vectors {

/// Protects or unprotects from the first span to the second, in place if both start at one address.
using packet_call = std::function<sotto::result<sotto::mutable_bytes>(sotto::const_bytes, sotto::mutable_bytes)>;

/// Each call makes a new end, which hasn't seen a packet yet.
struct packet_ends {
  std::function<packet_call()> sender, receiver;
  bool remembers = true;  ///< the receiver refuses a packet that it has accepted before
  /// A refusal out of place may leave bytes of the refused packet in the output (Cryptex with CSRCs), never others.
  bool refusals_copy = false;
};

/// Protecting `plain` gives `wire` and unprotecting gives `opened`, in place and out of place; buffers one byte too
/// small and altered packets are refused without a trace.
void check_packet(test_case& c, const std::string& kernel, const bytes& plain, const bytes& wire, const bytes& opened,
                  const packet_ends& ends);
inline void check_packet(test_case& c, const std::string& kernel, const bytes& plain, const bytes& wire,
                         const packet_ends& ends) {
  check_packet(c, kernel, plain, wire, plain, ends);
}

/// An end that couldn't be created: it answers every packet with the reason.
inline packet_call failing(sotto::error e) {
  return [e](sotto::const_bytes, sotto::mutable_bytes) -> sotto::result<sotto::mutable_bytes> {
    return sotto::failure{e};
  };
}

}  // namespace vectors
