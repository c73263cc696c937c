// SPDX-License-Identifier: BSL-1.0
#include "conference.hpp"

#include <cinttypes>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "attacks.hpp"
#include "checks.hpp"
#include "meeting.hpp"

namespace examples {
namespace {

/// What one receiver should get of one speaker, and got.
struct ear {
  std::uint64_t sent_on = 0, accepted = 0, frame_equal = 0, audio_equal = 0, right_speaker = 0;
  std::uint64_t lost_since = 0;  // by the network, since the last packet that came
  bool any = false;
  std::uint16_t last = 0;
  std::uint64_t gaps_explained = 0, packets_with_predecessor = 0;

  void take(const heard& h, const utterance& u, sotto::const_bytes audio, std::size_t speaker) {
    if (!h.accepted()) return;
    ++accepted;
    frame_equal += h.frame == u.frame;
    audio_equal += h.audio == octets(audio.begin(), audio.end());
    right_speaker += h.speaker == speaker;
    if (any) {
      ++packets_with_predecessor;
      gaps_explained += static_cast<std::uint16_t>(h.sequence - last) == 1 + lost_since;
    }
    any = true;
    last = h.sequence;
    lost_since = 0;
  }
};

struct talk_result {
  std::map<std::pair<std::size_t, std::size_t>, ear> ears;  // of whom, of what they heard of whom
  std::uint64_t sent = 0, lost = 0, left_out = 0;
  std::set<std::size_t> lengths;  // of what the server sent
  octets a_frame;                 // of the first participant
};

/// Everybody speaks in turn; the network loses some packets, and the server leaves some out for some receivers.
talk_result talk(meeting& m) {
  talk_result r;
  const std::size_t count = m.people.size();
  for (std::uint64_t n = 0; n < m.options.packets; ++n)
    for (std::size_t from = 0; from < count; ++from) {
      const auto audio = m.audio(from, n);
      const utterance u = m.people[from]->speak(audio);
      ++r.sent;
      if (from == 0) r.a_frame = u.frame;
      if (m.chance(m.options.loss)) {
        ++r.lost;
        for (std::size_t to = 0; to < count; ++to) ++r.ears[{to, from}].lost_since;
        continue;
      }
      const auto wanted = [&](std::size_t) {
        const bool out = m.chance(m.options.left_out);
        r.left_out += out;
        return !out;
      };
      const auto deliver = [&](std::size_t to, sotto::const_bytes wire) {
        ear& e = r.ears[{to, from}];
        ++e.sent_on;
        r.lengths.insert(wire.size());
        e.take(m.people[to]->hear(wire), u, audio, from);
      };
      const auto done = m.server.forward(from, u.wire, m.people[from]->metadata(), wanted, deliver);
      if (!done) throw std::runtime_error(std::string("the server: ") + message(done.error()));
    }
  return r;
}

std::string of(std::uint64_t part, std::uint64_t whole) {
  return std::to_string(part) + " of " + std::to_string(whole);
}

void check_talk(const meeting& m, const talk_result& r, checks& c) {
  ear sum;
  for (const auto& [who, e] : r.ears) {
    sum.sent_on += e.sent_on, sum.accepted += e.accepted, sum.frame_equal += e.frame_equal;
    sum.audio_equal += e.audio_equal, sum.right_speaker += e.right_speaker;
    sum.gaps_explained += e.gaps_explained, sum.packets_with_predecessor += e.packets_with_predecessor;
  }
  std::printf("%" PRIu64 " packets to the server, %" PRIu64 " lost; %" PRIu64 " sent on, %" PRIu64 " left out\n",
              r.sent, r.lost, sum.sent_on, r.left_out);
  const std::uint64_t n = sum.sent_on;
  c.expect(n != 0 && sum.accepted == n, "accepted by SRTP and SFrame: " + of(sum.accepted, n));
  c.expect(sum.frame_equal == n, "frames unchanged through the server: " + of(sum.frame_equal, n));
  c.expect(sum.audio_equal == n && sum.right_speaker == n,
           "audio as spoken, by whom it was: " + of(sum.audio_equal, n));
  c.expect(
      sum.gaps_explained == sum.packets_with_predecessor,
      "sequence numbers go on but for what the network lost: " + of(sum.gaps_explained, sum.packets_with_predecessor));
  if (m.options.padded_to != 0)
    c.expect(r.lengths.size() == 1, "lengths of the packets that the server sent: " + std::to_string(r.lengths.size()));
}

void check_secrecy(const meeting& m, const talk_result& r, checks& c) {
  const auto& s = m.server;
  std::printf("The server has %zu secrets, and tries each on every frame\n", s.secrets());
  c.expect(s.frames_tried() == r.sent - r.lost && s.frames_opened() == 0,
           "frames it opened: " + of(s.frames_opened(), s.frames_tried()));
  // The trial itself works: with the right key it opens.
  const participant& speaker = *m.people.front();
  c.expect(opens(speaker.key().bytes, r.a_frame, speaker.metadata()),
           "frames that the same trial opens with a speaker's key: 1 of 1");
}

}  // namespace

bool run_conference(const conference_options& o) {
  meeting m(o);
  checks c;
  std::printf("%zu participants, %s within %s, G.711 in frames of 20 ms\n", o.participants,
              std::string(sotto::sframe::name(o.suite)).c_str(),
              std::string(sotto::srtp::name(m.people.front()->keys().up.profile())).c_str());
  const talk_result r = talk(m);
  check_talk(m, r, c);
  check_secrecy(m, r, c);
  check_attacks(m, c);
  std::printf("%s\n", c.all_good() ? "The server routed the call and heard nothing of it." : "FAILED");
  return c.all_good();
}

}  // namespace examples
