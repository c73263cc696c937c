// SPDX-License-Identifier: BSL-1.0
// Run 1: SDES. Each end writes the key of what it sends into its signalling (RFC 4568).
#include <sotto/srtp/sdes.hpp>

#include "checks.hpp"
#include "conversation.hpp"
#include "runs.hpp"
#include "sdes_lines.hpp"
#include "stage.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;

media_sessions sessions_of(const srtp::sdes_attribute& own, const srtp::sdes_attribute& peers) {
  return make_sessions(own.keys[0]->keying, peers.keys[0]->keying);
}

void call(line& to_peer, const part& what, notes& told) {
  const auto offer = sound(srtp::sdes_attribute::generate(1, srtp::profile::aead_aes_128_gcm));
  to_peer.say("INVITE sip:callee@example.org\nm=audio 49170 RTP/SAVP 0\n" + text_of(offer) + "\n");
  auto sessions = sessions_of(offer, crypto_line_in(to_peer.hear()));
  converse(to_peer, sessions, what, told);
  to_peer.say("BYE sip:callee@example.org\n");
}

void answer(line& to_peer, const part& what, notes& told) {
  const auto offer = crypto_line_in(to_peer.hear());
  const auto made = sound(offer.answer());
  to_peer.say("200 OK\nm=audio 49172 RTP/SAVP 0\n" + text_of(made) + "\n");
  auto sessions = sessions_of(made, offer);
  converse(to_peer, sessions, what, told);
  to_peer.say("BYE sip:caller@example.org\n");
}

}  // namespace

void run_sdes(const wiretap_options& o, story& tale) {
  tale.chapter(1, "SDES: the keys travel in the signalling");
  stage s(o, "run-1", {"caller", "callee"});
  const two_streams media(o.speech);
  s.start_relay(forward_all);
  s.start_phone(0, [&](line& l, notes& n) { call(l, {media.caller, s.path("caller-heard.wav")}, n); });
  s.start_phone(1, [&](line& l, notes& n) { answer(l, {media.callee, s.path("callee-heard.wav")}, n); });
  s.finish(tale);
  check_conversation(s, media, tale);

  const auto found = s.run_retro(tale, {"--wav-out", s.path("retro.wav")});
  tale.check(
      found.packets == 2 * media.caller.packets() && found.opened == found.packets,
      "afterwards every packet opens: " + std::to_string(found.opened) + " of " + count(found.packets, "packet"));
  check_same_audio(s, media, "retro", tale);
  tale.check(found.output.find(", 2 fit") != std::string::npos,
             "the blind search, which knows nothing of SDES, finds both keys too");
}

}  // namespace examples
