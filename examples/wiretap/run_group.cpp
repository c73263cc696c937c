// SPDX-License-Identifier: BSL-1.0
// Run 7: three people and a server in between that routes packets and has no key to what is in them.
#include <string>

#include "group.hpp"
#include "noise_call.hpp"
#include "runs.hpp"
#include "stage.hpp"

namespace examples {
namespace {

group_media make_media(const std::string& wav) {
  group_media media;
  for (std::size_t i = 0; i < group_names.size(); ++i) {
    media.streams.push_back(make_stream(speech_of(wav, i)));
    media.identities.push_back(two_identities().caller);
  }
  return media;
}

std::uint64_t from_others(std::size_t who, std::size_t generation) {
  return packets_per_generation * (members(generation) - (is_member(who, generation) ? 1 : 0));
}

/// Whoever was in the call heard all of it; whoever wasn't got every frame, and opens none with any key it ever had.
void check_generation(const stage& s, std::size_t generation, const std::string& when, story& tale) {
  std::uint64_t heard = 0, expected = 0;
  bool complete = true;
  for (std::size_t i = 0; i < group_names.size(); ++i) {
    const auto told = s.notes_of(std::string(group_names[i]));
    const auto g = std::to_string(generation);
    complete = complete && told.number("frames " + g) == from_others(i, generation);
    if (!is_member(i, generation)) continue;
    heard += told.number("live " + g);
    expected += from_others(i, generation);
    // The same trial that has to fail for others.
    complete = complete && told.number("afterwards " + g) == from_others(i, generation);
  }
  tale.check(complete && heard == expected,
             when + ": the members heard " + std::to_string(heard) + " of " + count(expected, "frame") + ", as said");
}

void check_outsider(const stage& s, std::size_t who, std::size_t generation, const std::string& claim, story& tale) {
  const std::string name(group_names[who]);
  const auto told = s.notes_of(name);
  const auto g = std::to_string(generation);
  tale.check(told.number("frames " + g) == from_others(who, generation) && told.number("frames " + g) != 0 &&
                 told.number("afterwards " + g) == 0 && told.number("keys") != 0,
             claim + ": of " + count(told.number("frames " + g), "frame") + " that the server sends " + name +
                 " all the same, " + std::to_string(told.number("afterwards " + g)) + " open with any of " + name +
                 "'s " + count(told.number("keys"), "key"));
}

void check_server(const stage& s, story& tale) {
  const auto relay = s.notes_of("relay");
  const std::uint64_t sent = packets_per_generation * (members(1) + members(2) + members(3));
  const std::uint64_t forwarded = sent * (group_names.size() - 1);
  tale.check(relay.number("forwarded") == forwarded && relay.number("rewritten") == forwarded &&
                 relay.number("refused") == 0 && relay.number("dropped") == 0,
             "the server forwarded " + count(forwarded, "packet") + ", each with another SSRC and numbers of its own");
  const auto found = s.run_retro(tale, {});
  tale.check(found.packets == sent + forwarded && found.opened == found.packets,
             "its own SRTP keys, of each hop, stand in the signalling and open the outer layer");
  tale.check(found.frames == sent + forwarded && found.frames_opened == 0,
             "inside are " + count(found.frames, "frame") + " of SFrame, of which nobody opens any");
}

}  // namespace

void run_group(const wiretap_options& o, story& tale) {
  tale.chapter(7, "Three people, a forwarding server, and SFrame inside SRTP");
  stage s(o, "run-7", {group_names.begin(), group_names.end()});
  s.start_relay(serve_group);  // a process of its own, which begins before there are keys
  const auto media = make_media(o.speech);
  for (std::size_t i = 0; i < group_names.size(); ++i)
    s.start_phone(i, [&, i](line& l, notes& n) { join_group(l, i, media, n); });
  s.finish(tale);
  check_generation(s, 1, "alice and bob talk", tale);
  check_generation(s, 2, "carol joins, everybody makes a new key", tale);
  check_generation(s, 3, "bob leaves, alice and carol make new keys", tale);
  check_outsider(s, carol, 1, "who joined can't read back", tale);
  check_outsider(s, bob, 3, "who left can't read on", tale);
  check_server(s, tale);
}

}  // namespace examples
