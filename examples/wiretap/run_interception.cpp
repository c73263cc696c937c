// SPDX-License-Identifier: BSL-1.0
// Runs 5 and 6: a relay in the middle of the handshake, and what stops it.
#include "checks.hpp"
#include "interceptor.hpp"
#include "noise_call.hpp"
#include "runs.hpp"
#include "stage.hpp"

namespace examples {
namespace {

void hold_call(stage& s, const wiretap_options& o, identity_check check, const two_streams& media, story& tale) {
  // A process of its own, which begins before there are keys that it mustn't have.
  s.start_relay([&](switchboard& board, notes& n) {
    intercept(board, s.path("relay.wav"), check == identity_check::compare, n);
  });
  spoken_channel aloud;
  const two_identities who;
  const noise_end caller{who.caller, check, who.callee.public_key(), &aloud, o.fault};
  const noise_end callee{who.callee, check, who.caller.public_key(), &aloud, o.fault};
  s.start_phone(0, [&](line& l, notes& n) { call_by_noise(l, caller, {media.caller, s.path("caller-heard.wav")}, n); });
  s.start_phone(1, [&](line& l, notes& n) {
    answer_by_noise(l, callee, {media.callee, s.path("callee-heard.wav")}, n);
  });
  s.finish(tale);
}

/// Both phones showed words, and not the same ones.
void check_strings(const stage& s, story& tale) {
  const auto caller = s.notes_of("caller").text("words"), callee = s.notes_of("callee").text("words");
  tale.check(!caller.empty() && !callee.empty() && caller != callee,
             "the caller's phone shows \"" + caller + "\", the callee's \"" + callee + "\": not the same");
}

/// Nobody sent a packet, and nobody had a key to do so.
void check_stopped(const stage& s, const std::string& why, story& tale) {
  const auto caller = s.notes_of("caller").text("ended"), callee = s.notes_of("callee").text("ended");
  tale.check(caller == why && callee == why, "both phones hang up: " + caller);
  const auto found = s.run_retro(tale, {});
  tale.check(found.ran && found.packets == 0 && s.notes_of("caller").text("provenance").empty() &&
                 s.notes_of("callee").text("provenance").empty(),
             "no media key was made: the recording has " + count(found.packets, "packet"));
}

}  // namespace

void run_interception(const wiretap_options& o, story& tale) {
  tale.chapter(5, "A relay in the middle of two handshakes, and nobody compares words");
  stage s(o, "run-5", {"caller", "callee"});
  const two_streams media(o.speech);
  hold_call(s, o, identity_check::nobody, media, tale);
  check_conversation(s, media, tale);
  const auto opened = s.notes_of("relay").number("opened");
  tale.check(opened == 2 * media.caller.packets(), "the relay opened " + count(opened, "packet") + ": all of them");
  check_same_audio(s, media, "relay", tale);
  check_strings(s, tale);
}

void run_interception_noticed(const wiretap_options& o, story& tale) {
  tale.chapter(6, "The same relay, and the ends know whom they talk to");
  const two_streams media(o.speech);
  {
    stage s(o, "run-6-words", {"caller", "callee"});
    tale.tell("First, two people compare what their phones show, before they say anything else:");
    hold_call(s, o, identity_check::compare, media, tale);
    const auto relay = s.notes_of("relay");
    tale.check(relay.text("naive strings") == "equal",
               "the relay tried " + count(relay.number("ground"), "answer") +
                   " until both handshakes agree in 20 bits: words made of those would be equal");
    check_strings(s, tale);
    check_stopped(s, "the words differ", tale);
  }
  stage s(o, "run-6-pinned", {"caller", "callee"});
  tale.tell("Then, without words, each phone has the other's public key from an earlier meeting:");
  hold_call(s, o, identity_check::pinned, media, tale);
  check_stopped(s, message(sotto::error::identity_mismatch), tale);
}

}  // namespace examples
