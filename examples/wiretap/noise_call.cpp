// SPDX-License-Identifier: BSL-1.0
#include "noise_call.hpp"

#include <sotto/noise/patterns.hpp>
#include <stdexcept>

#include "../support/key_text.hpp"
#include "strings.hpp"

namespace examples {
namespace {

namespace noise = sotto::noise;
namespace srtp = sotto::srtp;
using sotto::crypto::handshake_role;

constexpr std::string_view bye = "BYE sip:example.org\n", line_name = "a=noise:";
constexpr std::size_t max_payload_len = 512;

noise::static_key new_key() {
  auto made = noise::static_key::generate();
  if (!made) throw std::runtime_error(message(made.error()));
  return std::move(*made);
}

noise::peer_identity expected(const noise_end& end) {
  return end.check == identity_check::pinned ? noise::peer_identity::pinned(*end.peer)
                                             : noise::peer_identity::decide_later();
}

/// Keys of both directions. A planted fault takes the initiator's for both.
srtp::end_to_end_keys media_keys(const sotto::crypto::end_to_end_secret& secret, planted_fault fault) {
  const auto derive = [&] {
    auto made = srtp::derive_end_to_end_keys(noise_call_profile, secret);
    if (!made) throw std::runtime_error(message(made.error()));
    return std::move(*made);
  };
  auto keys = derive();
  if (fault == planted_fault::one_key_for_both_directions) {
    if (secret.role() == handshake_role::initiator)
      keys.read = std::move(derive().write);
    else
      keys.write = std::move(derive().read);
  }
  return keys;
}

/// What becomes of a handshake whose messages have all passed: a session, if the other end is who it should be.
std::optional<noise::session> identify(noise::handshake&& done, const noise_end& end, notes& told) {
  const std::size_t who = done.role() == handshake_role::initiator ? 0 : 1;
  if (end.check == identity_check::pinned) {
    auto made = std::move(done).finish();
    if (!made) throw std::runtime_error(message(made.error()));
    return std::move(*made);
  }
  auto undecided = std::move(done).finish_undecided();
  if (!undecided) throw std::runtime_error(message(undecided.error()));
  const auto shown = string_to_compare(undecided->handshake_hash());
  told.write("string", shown);
  if (end.check == identity_check::nobody) return std::move(*undecided).accept_unverified();
  if (end.aloud->compare(who, shown)) return std::move(*undecided).strings_compared_equal();
  told.write("ended", "the strings differ");
  return std::nullopt;
}

void talk(line& to_peer, noise::handshake&& done, const noise_end& end, const media_stream& own, const std::string& wav,
          notes& told) {
  if (const auto session = identify(std::move(done), end, told)) {
    const auto keys = media_keys(session->secret(), end.fault);
    auto sessions = make_sessions(keys.write, keys.read);
    converse(to_peer, sessions, own, wav, told);
    told.write("ended", "after the conversation");
  }
  to_peer.say(bye);
}

/// True if the message was fine; else the call ends here.
bool take(line& to_peer, noise::handshake& handshake, notes& told) {
  const auto read = read_noise(handshake, to_peer.hear());
  if (read) return true;
  told.write("ended", message(read.error()));
  to_peer.say(bye);
  return false;
}

}  // namespace

two_identities::two_identities() : caller(new_key()), callee(new_key()) {}

std::string noise_line(const noise::handshake_pattern& pattern, sotto::const_bytes message) {
  return std::string(line_name) + "Noise_" + std::string(pattern.name()) + "_25519_ChaChaPoly_SHA256 " +
         encode_base64(message) + "\n";
}

std::vector<std::uint8_t> noise_message_in(const std::string& signalling) {
  const auto value = value_of(signalling, line_name);
  std::vector<std::uint8_t> bytes(value.size());
  const auto space = value.find(' ');
  if (space == value.npos) throw std::runtime_error("no handshake message: " + signalling.substr(0, 40));
  bytes.resize(decode_base64(std::string_view(value).substr(space + 1), bytes));
  return bytes;
}

std::string write_noise(noise::handshake& handshake, sotto::const_bytes payload) {
  std::vector<std::uint8_t> bytes(payload.size() + handshake.message_overhead());
  const auto written = handshake.write_message(payload, bytes);
  if (!written) throw std::runtime_error(std::string("handshake: ") + message(written.error()));
  return noise_line(handshake.pattern(), *written);
}

sotto::result<std::vector<std::uint8_t>> read_noise(noise::handshake& handshake, const std::string& signalling) {
  const auto bytes = noise_message_in(signalling);
  std::vector<std::uint8_t> payload(max_payload_len);
  const auto read = handshake.read_message(bytes, payload);
  if (!read) return sotto::failure{read.error()};
  payload.resize(read->size());
  return payload;
}

noise::handshake begin_handshake(noise::handshake_options&& options) {
  auto made = noise::handshake::create(options);
  if (!made) throw std::runtime_error(std::string("handshake: ") + message(made.error()));
  return std::move(*made);
}

void call_by_noise(line& to_peer, const noise_end& end, const media_stream& own, const std::string& wav, notes& told) {
  auto handshake = begin_handshake(
      {.pattern = noise::patterns::XX, .role = handshake_role::initiator, .own = &end.own, .peer = expected(end)});
  to_peer.say("INVITE sip:callee@example.org\nm=audio 49170 RTP/SAVP 0\n" + write_noise(handshake));
  if (!take(to_peer, handshake, told)) return;
  to_peer.say("ACK sip:callee@example.org\n" + write_noise(handshake));
  talk(to_peer, std::move(handshake), end, own, wav, told);
}

void answer_by_noise(line& to_peer, const noise_end& end, const media_stream& own, const std::string& wav,
                     notes& told) {
  auto handshake = begin_handshake(
      {.pattern = noise::patterns::XX, .role = handshake_role::responder, .own = &end.own, .peer = expected(end)});
  if (!take(to_peer, handshake, told)) return;
  to_peer.say("200 OK\nm=audio 49172 RTP/SAVP 0\n" + write_noise(handshake));
  if (!take(to_peer, handshake, told)) return;
  talk(to_peer, std::move(handshake), end, own, wav, told);
}

}  // namespace examples
