// SPDX-License-Identifier: BSL-1.0
// A flood of packets that claim streams which don't exist: it takes no memory, occupies no slot, changes nothing but
// counters, and the genuine streams go on.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "keys.hpp"
#include "sotto/srtp.hpp"
#include "support/allocation_count.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/pattern.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

namespace {

constexpr std::size_t slots = 4;
using small_receiver = srtp::basic_receiver<srtp::any_transform, slots, 64>;
using server = srtp::basic_receiver<srtp::any_transform, srtp::caller_supplied, 64>;

constexpr srtp::profile some_profiles[] = {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80,
                                           srtp::profile::aead_chacha20_poly1305};

std::size_t flood_len() { return support::full_grid() ? 1000000 : 20000; }

/// What a session told; the flood must not make it speak.
struct listener {
  std::size_t events = 0;
  static void hear(void* self, const srtp::event&) noexcept { ++static_cast<listener*>(self)->events; }
  srtp::event_handler handler() { return {&hear, this}; }
};

/// Streams with SSRCs from 1 on, as their sender sees them.
struct genuine {
  std::size_t streams;
  std::vector<srtp::sender> tx;
  std::uint16_t seq = 65000;
  genuine(const keys::master& m, std::size_t n) : streams(n) { tx.push_back(*srtp::sender::create(m.raw())); }

  /// The next RTP and RTCP packet of each stream arrive.
  template <class Receiver>
  void go_on(Receiver& rx) {
    ++seq;
    for (std::uint32_t s = 1; s <= streams; ++s) {
      CHECK(keys::receive(rx, keys::protect(tx[0], keys::rtp(s, seq, 50))) == 0);
      CHECK(keys::receive_rtcp(rx, keys::protect_rtcp(tx[0], keys::rtcp(s, 28))) == 0);
    }
  }
};

/// Packets of 16 to 80 bytes behind the header: random ones, and a genuine one under another SSRC.
class forger {
 public:
  explicit forger(const octets& wire) : wire_(wire) {}

  std::span<std::uint8_t> next(bool control) {
    std::uint8_t* const p = packet_.data();
    for (std::size_t i = 0; i < packet_.size(); i += 8) sotto::core::store_be64(p + i, random_.next());
    std::size_t len = 40 + random_.below(56);
    if (random_.below(4) == 0) {
      len = wire_.size();
      std::copy(wire_.begin(), wire_.end(), p);
    }
    p[0] = 0x80;
    if (control) p[1] = 201;
    // SSRCs from 1 to 255 are left to the genuine streams.
    sotto::core::store_be32(p + (control ? 4 : 8), static_cast<std::uint32_t>(random_.next()) | 0x100u);
    return {p, len};
  }

 private:
  support::pattern random_{17};
  octets wire_;
  std::array<std::uint8_t, 104> packet_{};
};

struct flood {
  std::size_t allocations = 0, wrong = 0, changed = 0, packets = 0;
};

/// SRTP and SRTCP in turns; every packet must be refused with this error and stay as it was.
template <class Receiver>
flood pour(Receiver& rx, const octets& wire, error expected) {
  flood f;
  forger forged(wire);
  std::array<std::uint8_t, 104> sent{};
  const std::size_t count = flood_len();
  support::allocation_trap trap;
  for (; f.packets < count; ++f.packets) {
    const bool control = f.packets % 2 == 1;
    const auto packet = forged.next(control);
    std::copy(packet.begin(), packet.end(), sent.begin());
    f.wrong += code(control ? rx.unprotect_rtcp(packet) : rx.unprotect(packet)) != code(expected);
    f.changed += !std::equal(packet.begin(), packet.end(), sent.begin());
  }
  f.allocations = trap.count();
  return f;
}

/// One flood, and all that it must not do. `memory` reads the receiver's state without its counters.
template <class Receiver, class Memory>
void withstand(Receiver& rx, genuine& streams, const octets& wire, error expected, const Memory& memory) {
  const std::size_t held = rx.stream_count();
  const octets before = memory();
  const std::uint64_t rtp_left = rx.lifetime_left().rtp_packets;
  const flood f = pour(rx, wire, expected);
  CHECK(f.allocations == 0);
  CHECK(f.wrong == 0);
  CHECK(f.changed == 0);
  CHECK(f.packets == flood_len());

  const srtp::session_statistics counted = rx.statistics();
  CHECK(counted.refused(expected) == f.packets);
  CHECK(counted.refused() == f.packets);
  CHECK(counted.rtp_packets == 0);
  CHECK(counted.rtcp_packets == 0);
  for (std::uint32_t s = 1; s <= held; ++s) {
    const auto stream = rx.statistics(srtp::ssrc(s));
    REQUIRE(stream);
    CHECK(stream->authentication_failed == 0);
  }
  CHECK(rx.stream_count() == held);
  CHECK(rx.lifetime_left().rtp_packets == rtp_left);
  CHECK(memory() == before);
  streams.go_on(rx);
  CHECK(rx.stream_count() == held);
}

}  // namespace

TEST_CASE("an allocation wouldn't pass unnoticed") {
  support::allocation_trap trap;
  ::operator delete(::operator new(64));
  CHECK(trap.count() != 0);
}

TEST_CASE("a flood of forged SSRCs finds room and takes none") {
  for (const auto p : some_profiles) {
    INFO(srtp::name(p));
    const keys::master m(p);
    listener ear;
    auto rx = small_receiver::create(m.raw(), {.on_event = ear.handler()});
    REQUIRE(rx);
    genuine streams(m, 2);
    streams.go_on(*rx);
    const std::size_t told = ear.events;
    CHECK(told == 2);
    const octets wire = keys::protect(streams.tx[0], keys::rtp(9, 1, 40));
    withstand(*rx, streams, wire, error::authentication_failed, [&] { return keys::image(*rx); });
    CHECK(ear.events == told);
    // There is still room for those that authenticate.
    CHECK(keys::receive(*rx, wire) == 0);
    CHECK(rx->stream_count() == 3);
  }
}

TEST_CASE("a flood of forged SSRCs at a full table") {
  const keys::master m(srtp::profile::aead_aes_128_gcm);
  auto rx = small_receiver::create(m.raw());
  REQUIRE(rx);
  genuine streams(m, slots);
  streams.go_on(*rx);
  const octets wire = keys::protect(streams.tx[0], keys::rtp(9, 1, 40));
  withstand(*rx, streams, wire, error::stream_table_full, [&] { return keys::image(*rx); });
}

TEST_CASE("a flood of forged SSRCs where streams are announced") {
  const keys::master m(srtp::profile::aead_aes_128_gcm);
  auto rx = small_receiver::create(m.raw(), {.known_streams_only = true});
  REQUIRE(rx);
  REQUIRE(rx->add_stream(srtp::ssrc(1)));
  genuine streams(m, 1);
  streams.go_on(*rx);
  const octets wire = keys::protect(streams.tx[0], keys::rtp(9, 1, 40));
  withstand(*rx, streams, wire, error::unknown_stream, [&] { return keys::image(*rx); });
}

TEST_CASE("a flood of forged SSRCs leaves a server's slots alone") {
  const keys::master m(srtp::profile::aead_aes_128_gcm);
  std::vector<server::slot> table(slots);
  auto rx = server::create(m.raw(), std::span(table));
  REQUIRE(rx);
  genuine streams(m, slots - 1);
  streams.go_on(*rx);
  const octets wire = keys::protect(streams.tx[0], keys::rtp(9, 1, 40));
  withstand(*rx, streams, wire, error::authentication_failed, [&] {
    octets memory = keys::image(*rx);
    const std::size_t own = memory.size();
    memory.resize(own + sizeof(server::slot) * table.size());
    std::memcpy(memory.data() + own, static_cast<const void*>(table.data()), memory.size() - own);
    return memory;
  });
  CHECK(keys::receive(*rx, wire) == 0);
}
