// SPDX-License-Identifier: BSL-1.0
// Run 8: what a relay sees without any key, of speech whose packets are as long as the codec needs, and padded.
#include <cstdio>
#include <string>
#include <vector>

#include "../support/file.hpp"
#include "checks.hpp"
#include "noise_call.hpp"
#include "runs.hpp"
#include "stage.hpp"
#include "variable_rate.hpp"

namespace examples {
namespace {

constexpr std::size_t padded_payload = longest_payload + 1;  // padding has at least one byte

struct hearing {
  double share = 0;        ///< Of right guesses, talk and silence counting alike: 0.5 is chance
  std::uint64_t sent = 0;  ///< Bytes of payload, padding included
};

/// How many guesses for the caller's packets are right.
double compare(const stage& s, const media_stream& stream, const std::vector<bool>& talks) {
  char ssrc[16];
  std::snprintf(ssrc, sizeof ssrc, "%08x ", static_cast<unsigned>(stream.description().ssrc));
  const auto file = read_file(s.path("guesses.txt"));
  const auto guesses = value_of(text_of(file), ssrc);
  if (guesses.size() != talks.size()) return 0;
  double right[2] = {}, n[2] = {};
  for (std::size_t i = 0; i < talks.size(); ++i) {
    n[talks[i] ? 1 : 0] += 1;
    right[talks[i] ? 1 : 0] += (guesses[i] == '1') == talks[i] ? 1 : 0;
  }
  return (right[0] / n[0] + right[1] / n[1]) / 2;
}

hearing hold_call(const wiretap_options& o, const std::string& folder, const sotto::srtp::length_hiding& hiding,
                  story& tale) {
  stage s(o, folder, {"caller", "callee"});
  const auto samples = speech_of(o.speech, 0), other_samples = speech_of(o.speech, 1);
  const auto lens = variable_rate_lens(samples), other_lens = variable_rate_lens(other_samples);
  const two_streams media(o.speech);
  s.start_relay(forward_all);  // a process of its own, which begins before there are keys
  const two_identities who;
  const noise_end caller{who.caller, identity_check::pinned, who.callee.public_key(), nullptr, o.fault};
  const noise_end callee{who.callee, identity_check::pinned, who.caller.public_key(), nullptr, o.fault};
  s.start_phone(0, [&](line& l, notes& n) { call_by_noise(l, caller, {media.caller, "", &lens, hiding}, n); });
  s.start_phone(1, [&](line& l, notes& n) { answer_by_noise(l, callee, {media.callee, "", &other_lens, hiding}, n); });
  s.finish(tale);

  std::uint64_t sum = 0;
  for (const auto len : lens) sum += len;
  const auto heard = s.notes_of("callee");
  tale.check(heard.number("heard") == media.caller.packets() && heard.number("heard bytes") == sum,
             "the callee got all " + std::to_string(sum) + " bytes of speech");
  const auto found = s.run_retro(tale, {"--guesses", s.path("guesses.txt")});
  tale.check(found.packets == 2 * media.caller.packets() && found.opened == 0, "no packet opens");
  tale.check(found.output.find("from caller: INVITE sip:callee@") != std::string::npos,
             "who called whom, and when, is written down");
  return {compare(s, media.caller, talk_in(samples)), hiding.is_off() ? sum : lens.size() * padded_payload};
}

std::string percent(double share) { return std::to_string(static_cast<int>(100 * share + 0.5)) + " %"; }

}  // namespace

void run_sizes(const wiretap_options& o, story& tale) {
  tale.chapter(8, "What the relay sees all the same: who, when, how much");
  tale.tell("A stand-in for a codec of variable rate: the louder, the longer its packets.");
  const auto bare = hold_call(o, "run-8-bare", {}, tale);
  tale.check(bare.share > 0.9,
             "sizes alone tell the caller's talk from silence: " + percent(bare.share) + " right (50 % is chance)");
  tale.tell("Then the same with padding to one length:");
  const auto padded = hold_call(o, "run-8-padded", sotto::srtp::length_hiding::constant(padded_payload), tale);
  tale.check(padded.share == 0.5, "sizes tell nothing: " + percent(padded.share) +
                                      " right. The price: " + std::to_string(padded.sent) +
                                      " bytes of payload in place of " + std::to_string(bare.sent));
  tale.tell("Who calls whom, when, how long, and that packets flow: that remains, and no encryption hides it.");
}

}  // namespace examples
