// SPDX-License-Identifier: BSL-1.0
// No way round "no index twice": removed SSRCs in a state, indices out of range, emptied states, and rekeying.
#include <cstdint>
#include <utility>

#include "keys.hpp"
#include "sotto/srtp/packet_protection.hpp"
#include "sotto/srtp/receiver.hpp"
#include "sotto/srtp/sender.hpp"
#include "support/catch.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {
const keys::master first(srtp::profile::aead_aes_128_gcm);
const keys::master second(srtp::profile::aead_aes_128_gcm, 9);
}  // namespace

TEST_CASE("a removed SSRC can't come back through a state under the same key") {
  auto tx = srtp::sender::create(first.raw());
  REQUIRE(tx.has_value());
  octets buffer = keys::rtp(7, 1, 20);
  const std::size_t len = buffer.size();
  buffer.resize(len + tx->rtp_overhead());
  REQUIRE(tx->protect(buffer, len).has_value());
  REQUIRE(tx->remove(srtp::ssrc(7)).has_value());
  auto state = std::move(*tx).export_state();
  CHECK(state.add_stream(srtp::ssrc(7), srtp::packet_index(0)).error() == error::index_used);
  auto rekeyed = std::move(state).rekeyed();
  CHECK(rekeyed.add_stream(srtp::ssrc(7), srtp::packet_index(0)).has_value());
}

TEST_CASE("a state that was moved from is an empty one") {
  srtp::sender_state a;
  for (std::uint32_t i = 0; i < 16; ++i) REQUIRE(a.add_stream(srtp::ssrc(i), srtp::packet_index(1)).has_value());
  const srtp::sender_state b = std::move(a);
  CHECK(b.stream_count() == 16);
  CHECK(a.stream_count() == 0);
  for (std::uint32_t i = 0; i < 16; ++i) CHECK(a.add_stream(srtp::ssrc(100 + i), srtp::packet_index(1)).has_value());
  CHECK(a.add_stream(srtp::ssrc(200), srtp::packet_index(1)).error() == error::stream_table_full);
}

TEST_CASE("the low-level calls refuse indices that don't exist") {
  const auto pp = srtp::packet_protection<srtp::any_transform>::create(*srtp::keying::create(first.raw()));
  REQUIRE(pp.has_value());
  const octets rtp = keys::rtp(7, 1, 20), rtcp = keys::rtcp(7, 28);
  octets out(200, 0xee);
  const octets untouched = out;
  const auto packet = srtp::rtp_view::parse(rtp);
  const auto report = srtp::rtcp_view::parse(rtcp);
  CHECK(pp->protect_rtp(*packet, srtp::packet_index(srtp::packet_index_end), out).error() == error::invalid_argument);
  CHECK(pp->protect_rtcp(*report, std::uint32_t{1} << 31, false, out).error() == error::invalid_argument);
  CHECK(out == untouched);
}

TEST_CASE("a rekeyed receiver takes any SRTCP index") {
  srtp::sender_state late;
  REQUIRE(late.add_stream(srtp::ssrc(7), srtp::packet_index(0), srtp::srtcp_index_end - 2).has_value());
  auto tx = srtp::sender::resume(first.raw(), std::move(late));
  auto rx = srtp::receiver::create(first.raw());
  REQUIRE(tx.has_value());
  REQUIRE(rx.has_value());
  const octets report = keys::rtcp(7, 28);
  CHECK(keys::receive_rtcp(*rx, keys::protect_rtcp(*tx, report)) == 0);
  (void)keys::protect_rtcp(*tx, report);  // the last index of the old key gets lost

  auto tx2 = srtp::sender::resume(second.raw(), std::move(*tx).export_state().rekeyed());
  auto rx2 = srtp::receiver::resume(second.raw(), std::move(*rx).export_state().rekeyed());
  REQUIRE(tx2.has_value());
  REQUIRE(rx2.has_value());
  CHECK(keys::receive_rtcp(*rx2, keys::protect_rtcp(*tx2, report)) == 0);
}
