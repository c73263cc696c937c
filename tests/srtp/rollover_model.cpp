// SPDX-License-Identifier: BSL-1.0
// Millions of packets lost, late, repeated and forged, for a receiver and for a model that shares no code with it.
// Every single outcome must be the same.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include "keys.hpp"
#include "rollover_model.hpp"
#include "sotto/srtp.hpp"
#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/pattern.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using rollover::model;
using rollover::packet;
using rollover::source;
using sotto::error;

namespace {

using protection = srtp::packet_protection<srtp::any_transform>;

struct tally {
  std::map<int, std::uint64_t> outcomes;
  std::uint64_t wraps = 0, resynchronised = 0, restarted = 0;
};

/// One receiver's life beside the model's.
template <std::size_t Window>
class life {
 public:
  using receiver = srtp::basic_receiver<srtp::any_transform, 8, Window>;

  life(const keys::master& m, const protection& sending, std::uint64_t seed, tally& count)
      : seed_(seed),
        random_(seed),
        rocs_(random_.below(3)),
        expected_(Window, rocs_),
        sending_(&sending),
        count_(&count) {
    typename receiver::state state;
    for (std::uint32_t n = 0; n < sources_.size(); ++n) {
      const bool known = n % 2 == 1;
      const std::uint64_t start = rollover::beginning(known, random_);
      sources_[n] = {n + 1, start - 1};
      sources_[n].sent.fill(start);
      if (!known) continue;
      REQUIRE(state.add_stream(srtp::ssrc(n + 1), srtp::packet_index(start)));
      expected_.start(n + 1, start);
    }
    auto rx = receiver::resume(m.raw(), std::move(state), {.new_stream_rocs = static_cast<std::uint16_t>(rocs_)});
    REQUIRE(rx);
    rx_ = std::make_unique<receiver>(std::move(*rx));
  }

  void step(std::size_t number) {
    source& s = sources_[random_.below(sources_.size())];
    const model::stream* known = expected_.find(s.ssrc);
    const std::uint64_t before = known != nullptr ? known->highest : s.head;
    std::uint64_t index = rollover::choose(s, before, Window, random_);
    const packet plain(s.ssrc, index);
    packet p = plain;
    const auto view = srtp::rtp_view::parse(sotto::const_bytes(p.bytes).first(packet::plain_len));
    const bool sent = view && sending_->protect_rtp(*view, srtp::packet_index(index), p.bytes);
    if (random_.below(12) == 0) {
      forge(p);
      index = rollover::no_index;
    }
    const int wanted = expected_.deliver(p.ssrc(), p.sequence(), index);
    const auto [got, right] = random_.below(4) == 0 ? verify(p) : unprotect(p, plain);
    // Catch's macros are too slow for every step.
    if (!sent || got != wanted || !right) {
      INFO("window " << Window << ", seed " << seed_ << ", step " << number << ", SSRC " << s.ssrc << ", index "
                     << index << ", highest " << before);
      REQUIRE(sent);
      REQUIRE(got == wanted);
      REQUIRE(right);
    }
    ++count_->outcomes[wanted];
    if (wanted == 0) count_->wraps += expected_.find(s.ssrc)->highest / 65536 > before / 65536;
    s.refusals = wanted == 0 ? 0 : s.refusals + 1;
    if (s.refusals == 16) come_back(s);
  }

  void compare() {
    for (const source& s : sources_) {
      const model::stream* known = expected_.find(s.ssrc);
      const auto highest = rx_->highest_index(srtp::ssrc(s.ssrc));
      REQUIRE(highest.has_value() == (known != nullptr));
      if (highest) REQUIRE(highest->value() == known->highest);
    }
  }

 private:
  /// Any bits but the first byte's, which say where the payload starts; or another stream's SSRC.
  void forge(packet& p) {
    if (random_.below(4) == 0)
      sotto::core::store_be32(&p.bytes[8], p.ssrc() % 4 + 1);
    else
      p.bytes[1 + random_.below(p.bytes.size() - 1)] ^= static_cast<std::uint8_t>(1 + random_.below(255));
  }

  /// An outcome, and whether the packet is then as it should be.
  struct verdict {
    int outcome;
    bool right;
  };
  verdict unprotect(packet& p, const packet& plain) {
    const packet sent = p;
    const auto rtp = rx_->unprotect(sotto::mutable_bytes(p.bytes));
    if (!rtp) return {code(rtp), p.bytes == sent.bytes};
    const bool whole = rtp->size() == packet::plain_len && rtp->data() == p.bytes.data();
    return {0, whole && std::memcmp(p.bytes.data(), plain.bytes.data(), packet::plain_len) == 0};
  }
  verdict verify(packet& p) {
    const packet sent = p;
    return {code(rx_->verify(p.bytes)), p.bytes == sent.bytes};
  }

  /// Out of step for good: the source learns where the receiver is, or it ends and begins anew.
  void come_back(source& s) {
    s.refusals = 0;
    const model::stream* known = expected_.find(s.ssrc);
    if (known != nullptr && random_.below(4) != 0) {
      ++count_->resynchronised;
      s.head = known->highest;
      return;
    }
    REQUIRE(expected_.remove(s.ssrc) == rx_->remove(srtp::ssrc(s.ssrc)).has_value());
    s.head = rollover::beginning(false, random_) - 1;
    ++count_->restarted;
  }

  std::uint64_t seed_;
  support::pattern random_;
  std::uint64_t rocs_;
  model expected_;
  const protection* sending_;
  tally* count_;
  std::array<source, 4> sources_{};
  std::unique_ptr<receiver> rx_;
};

template <std::size_t Window>
void live(const keys::master& m, const protection& sending, std::uint64_t seed, std::size_t steps, tally& count) {
  life<Window> l(m, sending, seed, count);
  for (std::size_t n = 0; n < steps; ++n) l.step(n);
  l.compare();
}

}  // namespace

TEST_CASE("every outcome is that of plain 64-bit indices and a set") {
  const keys::master m(srtp::profile::aead_aes_128_gcm);
  const auto k = srtp::keying::create(m.raw());
  REQUIRE(k);
  const auto sending = protection::create(*k);
  REQUIRE(sending);
  const std::size_t lives = support::full_grid() ? 50 : 10, steps = support::full_grid() ? 50000 : 5000;
  tally count;
  for (std::uint64_t seed = 0; seed < 4 * lives;) {
    live<64>(m, *sending, seed++, steps, count);
    live<128>(m, *sending, seed++, steps, count);
    live<1024>(m, *sending, seed++, steps, count);
    live<32768>(m, *sending, seed++, steps, count);
  }
  std::uint64_t all = 0;
  std::cout << "receiver against model:";
  for (const auto& [outcome, times] : count.outcomes) {
    std::cout << ' ' << times << ' ' << (outcome == 0 ? "accepted" : sotto::message(static_cast<error>(outcome)))
              << ',';
    all += times;
  }
  std::cout << ' ' << count.wraps << " wraps, " << count.resynchronised << " resynchronised, " << count.restarted
            << " restarted\n";
  CHECK(all == 4 * lives * steps);
  for (const error e : {error::authentication_failed, error::replayed, error::too_old})
    CHECK(count.outcomes[code(e)] > all / 100);
  CHECK(count.outcomes[0] > all / 3);
  CHECK(count.outcomes[code(error::key_exhausted)] != 0);
  CHECK(count.outcomes.size() == 5);
  CHECK(count.wraps > lives);
}
