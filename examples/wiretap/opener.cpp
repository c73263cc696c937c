// SPDX-License-Identifier: BSL-1.0
#include "opener.hpp"

#include <sotto/srtp.hpp>

#include "../srtp_pcap/transcoder.hpp"

namespace examples {

namespace srtp = sotto::srtp;

std::size_t opener::try_keys(const agreement& keys) {
  constexpr std::size_t enough_failures = 3;  // the first packets may be damaged, but not so many
  std::size_t fitted = 0;
  for (std::size_t i = 0; i < call_.streams.size(); ++i) {
    if (opened_[i] != 0) continue;
    transcoder coder(false, keys, 1);
    std::size_t failures = 0;
    for (const auto& packet : call_.streams[i].packets) {
      std::vector<std::uint8_t> plain(packet.bytes.size());
      const auto result = coder.convert(packet.rtcp, packet.bytes, plain);
      if (!result) {
        if (++failures == enough_failures && opened_[i] == 0) break;
        continue;
      }
      ++opened_[i];
      if (const auto rtp = srtp::rtp_view::parse(*result); !packet.rtcp && rtp) keep(*rtp);
    }
    if (opened_[i] != 0) ++fitted;
  }
  return fitted;
}

void opener::keep(const srtp::rtp_view& rtp) {
  constexpr std::uint8_t first_dynamic_type = 96;  // RFC 3551 6
  audio_.add(rtp);
  const auto payload = rtp.payload_without_padding();
  if (payload && rtp.payload_type() >= first_dynamic_type) inner_.emplace_back(payload->begin(), payload->end());
}

std::size_t opener::packets() const noexcept {
  std::size_t sum = 0;
  for (const auto n : opened_) sum += n;
  return sum;
}

}  // namespace examples
