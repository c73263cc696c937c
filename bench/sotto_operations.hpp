// SPDX-License-Identifier: BSL-1.0
// Sotto's calls as operations of a row, and as makers of protected packets for the rows of other libraries.
#pragma once

#include <cstddef>
#include <cstdint>

#include <sotto/srtp.hpp>

#include "packets.hpp"
#include "rows.hpp"

namespace bench {

/// The keying that every library gets for a profile.
inline sotto::srtp::raw_keying keying_for(sotto::srtp::profile p) {
  const auto lengths = sotto::srtp::parameters(p);
  return {.profile = p,
          .key = sotto::const_bytes(master_key).first(lengths.key_len),
          .salt = sotto::const_bytes(master_salt).first(lengths.salt_len)};
}

/// Fills a ring with protected packets.
class protected_packets {
 public:
  explicit protected_packets(sotto::srtp::profile p) : tx_(sotto::srtp::sender::create(keying_for(p)).value()) {}
  void fill(const ring& packets, std::uint64_t first_index) {
    packets.fill(first_index);
    for (std::size_t i = 0; i < packets.size(); ++i)
      len_ = tx_.protect(packets.buffer(i), packets.packet_len()).value().size();
  }
  /// Of each protected packet.
  std::size_t len() const noexcept { return len_; }

 private:
  sotto::srtp::sender tx_;
  std::size_t len_ = 0;
};

}  // namespace bench
