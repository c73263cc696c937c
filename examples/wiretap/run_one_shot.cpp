// SPDX-License-Identifier: BSL-1.0
// Run 4: the caller encrypts a media key to the callee's long-term key, in one message (Noise X), and no ephemeral key
// of the callee's takes part.
#include <array>
#include <sotto/core/secret.hpp>
#include <sotto/noise/patterns.hpp>
#include <stdexcept>

#include "../support/keys.hpp"
#include "checks.hpp"
#include "leak.hpp"
#include "noise_call.hpp"
#include "runs.hpp"
#include "stage.hpp"

namespace examples {
namespace {

namespace noise = sotto::noise;
namespace srtp = sotto::srtp;
using sotto::crypto::handshake_role;

constexpr auto profile = srtp::profile::aead_aes_128_gcm;
constexpr std::size_t key_len = srtp::parameters(profile).key_len, salt_len = srtp::parameters(profile).salt_len,
                      both_len = key_len + salt_len;
/// Caller's key and salt, callee's key and salt.
using delivered_keys = std::array<std::uint8_t, 2 * both_len>;

media_sessions sessions_of(const delivered_keys& bytes, std::size_t own) {
  const auto half = [&](std::size_t n) {
    const auto part = sotto::const_bytes(bytes).subspan(n * both_len, both_len);
    auto made = srtp::keying::create({profile, part.first(key_len), part.subspan(key_len)});
    if (!made) throw std::runtime_error(message(made.error()));
    return std::move(*made);
  };
  return make_sessions(half(own), half(1 - own));
}

void call(line& to_peer, const two_identities& who, const part& what, notes& told) {
  delivered_keys keys;
  const sotto::core::wipe_at_exit guard(keys);
  fill_random(keys);
  auto handshake = begin_handshake({.pattern = noise::patterns::X,
                                    .role = handshake_role::initiator,
                                    .own = &who.caller,
                                    .peer = noise::peer_identity::pinned(who.callee.public_key())});
  to_peer.say("INVITE sip:callee@example.org\nm=audio 49170 RTP/SAVP 0\n" + write_noise(handshake, keys));
  (void)to_peer.hear();
  auto sessions = sessions_of(keys, 0);
  converse(to_peer, sessions, what, told);
  to_peer.say("BYE sip:callee@example.org\n");
}

void answer(line& to_peer, const two_identities& who, const part& what, notes& told) {
  auto handshake = begin_handshake({.pattern = noise::patterns::X,
                                    .role = handshake_role::responder,
                                    .own = &who.callee,
                                    .peer = noise::peer_identity::pinned(who.caller.public_key())});
  auto payload = read_noise(handshake, to_peer.hear());
  delivered_keys keys;
  const sotto::core::wipe_at_exit guard(keys);
  if (!payload || payload->size() != keys.size()) throw std::runtime_error("no keys were delivered");
  std::copy(payload->begin(), payload->end(), keys.begin());
  sotto::core::wipe(payload->data(), payload->size());
  to_peer.say("200 OK\nm=audio 49172 RTP/SAVP 0\n");
  auto sessions = sessions_of(keys, 1);
  converse(to_peer, sessions, what, told);
  to_peer.say("BYE sip:caller@example.org\n");
}

}  // namespace

void run_one_shot(const wiretap_options& o, story& tale) {
  tale.chapter(4, "One-shot delivery of a key to the callee's long-term key (Noise X), which leaks afterwards");
  stage s(o, "run-4", {"caller", "callee"});
  s.start_relay(forward_all);  // a process of its own, which begins before there are keys
  const two_streams media(o.speech);
  const two_identities who;
  s.start_phone(0, [&](line& l, notes& n) { call(l, who, {media.caller, s.path("caller-heard.wav")}, n); });
  s.start_phone(1, [&](line& l, notes& n) { answer(l, who, {media.callee, s.path("callee-heard.wav")}, n); });
  s.finish(tale);
  check_conversation(s, media, tale);

  const auto before = s.run_retro(tale, {});
  tale.check(before.packets == 2 * media.caller.packets() && before.opened == 0,
             "before the leak none of " + count(before.packets, "packet") + " opens");
  write_leak(s.path("leaked.txt"), nullptr, &who.callee);
  const auto after = s.run_retro(tale, {"--wav-out", s.path("retro.wav"), "--leaked", s.path("leaked.txt")});
  tale.check(
      after.packets == 2 * media.caller.packets() && after.opened == after.packets,
      "after the leak all of them do: " + std::to_string(after.opened) + " of " + count(after.packets, "packet"));
  check_same_audio(s, media, "retro", tale);
}

}  // namespace examples
