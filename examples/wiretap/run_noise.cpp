// SPDX-License-Identifier: BSL-1.0
// Runs 2 and 3: a Noise XX handshake between the phones; afterwards the long-term keys leak.
#include <array>

#include "checks.hpp"
#include "leak.hpp"
#include "noise_call.hpp"
#include "runs.hpp"
#include "stage.hpp"

namespace examples {
namespace {

/// Carries everything, and plays some packets back to whoever sent them: early ones, which come back before the last
/// ones of the other end, so that nobody hangs up before.
void forward_and_reflect(switchboard& board, notes& told) {
  constexpr std::uint64_t distance = 16, last = 200;
  std::array<std::uint64_t, 2> packets{};
  std::uint64_t reflected = 0;
  board.serve([&](std::size_t from, sotto::const_bytes datagram) {
    board.forward(from, datagram);
    if (!is_media(datagram) || ++packets[from] > last || packets[from] % distance != 0) return;
    board.send(from, datagram);
    ++reflected;
  });
  told.write("reflected", reflected);
}

void check_reflections(const stage& s, story& tale) {
  const auto relay = s.notes_of("relay"), caller = s.notes_of("caller"), callee = s.notes_of("callee");
  const auto reflected = relay.number("reflected"), refused = caller.number("refused") + callee.number("refused");
  tale.check(reflected != 0 && refused == reflected && caller.number("own") + callee.number("own") == 0,
             "packets that the relay played back to their sender: " + std::to_string(reflected) +
                 ", refused: " + std::to_string(refused) + " (each direction has its own key)");
}

/// The relay works already.
void hold_call(stage& s, const wiretap_options& o, const two_identities& who, const two_streams& media, story& tale) {
  spoken_channel aloud;
  const noise_end caller{who.caller, identity_check::compare, {}, &aloud, o.fault};
  const noise_end callee{who.callee, identity_check::compare, {}, &aloud, o.fault};
  s.start_phone(0, [&](line& l, notes& n) { call_by_noise(l, caller, {media.caller, s.path("caller-heard.wav")}, n); });
  s.start_phone(1, [&](line& l, notes& n) {
    answer_by_noise(l, callee, {media.callee, s.path("callee-heard.wav")}, n);
  });
  s.finish(tale);
  const auto words = s.notes_of("caller").text("words");
  tale.check(!words.empty() && words == s.notes_of("callee").text("words"),
             "both phones show the words \"" + words + "\", and the two people say so to one another");
  check_conversation(s, media, tale);
  check_reflections(s, tale);
}

void check_nothing_opens(const retro_result& found, const two_streams& media, story& tale) {
  tale.check(found.packets == 2 * media.caller.packets() && found.opened == 0,
             "none of " + count(found.packets, "packet") + " opens, with " + count(found.keys_tried, "key") + " tried");
}

}  // namespace

void run_noise(const wiretap_options& o, story& tale) {
  tale.chapter(2, "Noise XX between the phones: the relay carries the handshake and has no key");
  stage s(o, "run-2", {"caller", "callee"});
  s.start_relay(forward_and_reflect);  // a process of its own, which begins before there are keys
  const two_streams media(o.speech);
  const two_identities who;
  hold_call(s, o, who, media, tale);
  check_nothing_opens(s.run_retro(tale, {"--wav-out", s.path("retro.wav")}), media, tale);
}

void run_noise_leaked(const wiretap_options& o, story& tale) {
  tale.chapter(3, "The same, and after the call both long-term keys leak");
  stage s(o, "run-3", {"caller", "callee"});
  s.start_relay(forward_and_reflect);  // a process of its own, which begins before there are keys
  const two_streams media(o.speech);
  const two_identities who;
  hold_call(s, o, who, media, tale);
  write_leak(s.path("leaked.txt"), &who.caller, &who.callee);
  const auto found = s.run_retro(tale, {"--wav-out", s.path("retro.wav"), "--leaked", s.path("leaked.txt")});
  check_nothing_opens(found, media, tale);
  tale.check(found.output.find("stops at ee") != std::string::npos,
             "replaying the handshake with the leaked keys fails where both ephemeral keys meet: forward secrecy");
}

}  // namespace examples
