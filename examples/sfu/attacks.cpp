// SPDX-License-Identifier: BSL-1.0
#include "attacks.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "../support/outcome.hpp"

namespace examples {
namespace {

constexpr std::size_t speaker = 0, listener = 1;

/// The packet as one of another stream, which to the server is just another number.
octets with_ssrc(octets rtp, std::uint32_t ssrc) {
  sotto::core::store_be32(&rtp[8], ssrc);
  return rtp;
}

std::string refusals(const std::map<std::string, int>& by_name) {
  std::string text;
  for (const auto& [name, count] : by_name) text += (text.empty() ? " (" : ", ") + name + " " + std::to_string(count);
  return text.empty() ? text : text + ")";
}

/// The server flips a bit of each frame and protects the packet rightly; then it sends the frame as it was.
void alter(meeting& m, checks& c) {
  auto& from = *m.people[speaker];
  auto& to = *m.people[listener];
  constexpr int tries = 200;
  int passed_srtp = 0, noticed = 0, untouched = 0;
  std::map<std::string, int> how;
  for (int i = 0; i < tries; ++i) {
    const utterance u = from.speak(m.audio(speaker, static_cast<std::uint64_t>(i)));
    const octets rtp = m.server.open(speaker, u.wire);
    octets altered = with_ssrc(rtp, from.ssrc() ^ 1);
    const auto bit = static_cast<std::size_t>(m.draw(8 * u.frame.size()));
    altered[rtp_header_len + bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const heard h = to.hear(m.server.inject(speaker, listener, altered));
    passed_srtp += !h.srtp_refusal;
    noticed += h.frame_refusal.has_value() && h.audio.empty();
    if (h.frame_refusal) ++how[name(*h.frame_refusal)];
    untouched += to.hear(m.server.inject(speaker, listener, rtp)).accepted();
  }
  c.expect(passed_srtp == tries && noticed == tries,
           "frames that it altered by one bit, noticed: " + std::to_string(noticed) + " of " + std::to_string(tries) +
               refusals(how));
  c.expect(untouched == tries, "the same frames unaltered, accepted after that: " + std::to_string(untouched) + " of " +
                                   std::to_string(tries));
}

/// To SRTP it is a new packet; SFrame knows the frame.
void replay(meeting& m, checks& c) {
  auto& from = *m.people[speaker];
  auto& to = *m.people[listener];
  const octets rtp = m.server.open(speaker, from.speak(m.audio(speaker, 0)).wire);
  const bool first = to.hear(m.server.inject(speaker, listener, rtp)).accepted();
  const heard again = to.hear(m.server.inject(speaker, listener, with_ssrc(rtp, from.ssrc() ^ 2)));
  c.expect(first && !again.srtp_refusal && again.frame_refusal == sotto::error::replayed,
           "a frame that it sends once more, in a new packet: " +
               std::string(again.frame_refusal ? name(*again.frame_refusal) : "accepted"));
}

/// A third one's frame in the speaker's stream: SSRCs are the server's word, keys aren't.
void swap_streams(meeting& m, checks& c) {
  auto& third = *m.people[2];
  octets rtp = m.server.open(2, third.speak(m.audio(2, 0)).wire);
  rtp = with_ssrc(rtp, m.people[speaker]->ssrc());
  sotto::core::store_be16(&rtp[2], m.people[speaker]->next_sequence());
  const heard h = m.people[listener]->hear(m.server.inject(speaker, listener, rtp));
  c.expect(h.accepted() && h.speaker == 2,
           "one's frame in another one's stream: heard as the one's whose key sealed it");
}

/// What if a frame's tag covered the RTP header? It would say so in front of the server, and nowhere behind.
void bind_to_header(meeting& m, checks& c) {
  auto& from = *m.people[speaker];
  const utterance u = from.speak(m.audio(speaker, 0));
  const octets rtp = m.server.open(speaker, u.wire);
  const heard h = m.people[listener]->hear(m.server.inject(speaker, listener, rtp));
  const sender_key fresh(9);
  auto seal = made(sotto::sframe::sender::create(m.options.suite, fresh.kid, fresh.take()), "a sender");
  auto open = made(sotto::sframe::receiver::create(m.options.suite, fresh.kid, fresh.take()), "a receiver");
  octets frame(5 + seal.overhead()), out(5);
  made(seal.protect(octets(5), frame, sotto::sframe::metadata(u.header)), "sealing a frame");
  const auto behind = open.unprotect(frame, out, sotto::sframe::metadata(h.header));
  const bool refused = !behind && behind.error() == sotto::error::authentication_failed;
  const bool in_front = open.unprotect(frame, out, sotto::sframe::metadata(u.header)).has_value();
  const auto changed = [&](std::size_t at, std::size_t len) {
    return !std::equal(u.header.begin() + static_cast<std::ptrdiff_t>(at),
                       u.header.begin() + static_cast<std::ptrdiff_t>(at + len),
                       h.header.begin() + static_cast<std::ptrdiff_t>(at));
  };
  c.expect(h.accepted() && changed(2, 2) && changed(8, 4) && !changed(4, 4) && refused && in_front,
           "SSRC and sequence number rewritten; a frame bound to them opens in front of the server, not behind it");
}

/// Somebody on the way, without any key.
void forge_on_the_way(meeting& m, checks& c) {
  auto& from = *m.people[speaker];
  int delivered = 0, refused = 0;
  constexpr int tries = 100;
  const auto everyone = [](std::size_t) { return true; };
  const auto count = [&](std::size_t, sotto::const_bytes) { ++delivered; };
  for (int i = 0; i < tries; ++i) {
    octets wire = from.speak(m.audio(speaker, 0)).wire;
    wire[12 + static_cast<std::size_t>(m.draw(wire.size() - 12))] ^= 0x10;
    const auto done = m.server.forward(speaker, wire, from.metadata(), everyone, count);
    refused += !done && done.error() == sotto::error::authentication_failed;
  }
  c.expect(refused == tries && delivered == 0, "packets altered on the way to the server, refused there: " +
                                                   std::to_string(refused) + " of " + std::to_string(tries));
}

/// A member who invents streams beside the one that it has. A server has room for so many.
void crowd(meeting& m, checks& c) {
  constexpr std::size_t member = 2;
  constexpr std::uint32_t invented = 40, per_sender = 8;
  const std::uint64_t listeners = m.people.size() - 1, dropped_before = m.server.dropped();
  std::uint64_t accepted = 0, sent_on = 0;
  const auto everyone = [](std::size_t) { return true; };
  const auto nobody = [](std::size_t, sotto::const_bytes) {};
  const octets own = m.people[member]->speak(m.audio(member, 0)).wire;
  (void)m.server.forward(member, own, m.people[member]->metadata(), everyone, nobody);
  std::optional<sotto::srtp::sender> tx;
  for (std::uint32_t n = 0; n < invented; ++n) {
    if (n % per_sender == 0) tx = made(sotto::srtp::sender::create(m.people[member]->keys().up), "SRTP sender");
    octets packet(rtp_header_len + meeting::samples_per_packet + tx->rtp_overhead());
    write_rtp_header({false, payload_type_pcmu, 1, 0, m.people[member]->ssrc() + 1 + n},
                     std::span<std::uint8_t, rtp_header_len>(packet.data(), rtp_header_len));
    packet.resize(made(tx->protect(packet, rtp_header_len + meeting::samples_per_packet), "a packet").size());
    accepted += m.server
                    .forward(member, packet, m.people[member]->metadata(), everyone,
                             [&](std::size_t, sotto::const_bytes) { ++sent_on; })
                    .has_value();
  }
  const std::uint64_t dropped = m.server.dropped() - dropped_before;
  c.expect(
      accepted != 0 && sent_on <= hop::max_streams_from_one * listeners && sent_on + dropped == accepted * listeners,
      std::to_string(invented) + " streams that a member invents: the server has room for " + std::to_string(accepted) +
          ", and sends on " + std::to_string(sent_on / listeners) + " to each");

  std::uint64_t heard_well = 0;
  for (std::size_t from = 0; from < m.people.size(); ++from)
    if (from != member) {
      const utterance u = m.people[from]->speak(m.audio(from, 0));
      (void)m.server.forward(
          from, u.wire, m.people[from]->metadata(), everyone,
          [&](std::size_t to, sotto::const_bytes wire) { heard_well += m.people[to]->hear(wire).accepted(); });
    }
  c.expect(heard_well == listeners * listeners, "the others are heard after that: " + std::to_string(heard_well) +
                                                    " of " + std::to_string(listeners * listeners) + " packets");
}

}  // namespace

void check_attacks(meeting& m, checks& c) {
  std::printf("What the server can try beside listening\n");
  alter(m, c);
  replay(m, c);
  bind_to_header(m, c);
  forge_on_the_way(m, c);
  crowd(m, c);
  swap_streams(m, c);  // last: it takes a number that the speaker would have used
}

}  // namespace examples
