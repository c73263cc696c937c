// SPDX-License-Identifier: BSL-1.0
#include "noise_call.hpp"

#include <stdexcept>

namespace examples {
namespace {

namespace noise = sotto::noise;
namespace srtp = sotto::srtp;
using sotto::crypto::handshake_role;

constexpr std::string_view bye = "BYE sip:example.org\n";

noise::static_key new_key() {
  auto made = noise::static_key::generate();
  if (!made) throw std::runtime_error(message(made.error()));
  return std::move(*made);
}

/// A planted fault takes the initiator's key for both directions.
srtp::end_to_end_keys faulty_keys(const sotto::crypto::end_to_end_secret& secret) {
  auto keys = media_keys(secret);
  if (secret.role() == handshake_role::initiator)
    keys.read = std::move(media_keys(secret).write);
  else
    keys.write = std::move(media_keys(secret).read);
  return keys;
}

class phone {
 public:
  phone(line& to_peer, const noise_end& end, handshake_role role, notes& told)
      : line_(to_peer), end_(end), role_(role), told_(told), handshake_(begin_xx(end, role)) {}

  void say(const std::string& text) { line_.say(text + handshake_->write()); }
  /// True if the peer's message was fine; else the call ends here.
  bool hear() {
    const auto read = handshake_->read(line_.hear());
    return read || hang_up(message(read.error()));
  }
  void talk(const part& what) {
    if (!is_the_right_one()) return;
    const auto session = handshake_->agreed();
    const auto keys = end_.fault == planted_fault::one_key_for_both_directions ? faulty_keys(session.secret())
                                                                               : media_keys(session.secret());
    auto sessions = make_sessions(keys.write, keys.read, what.hiding);
    converse(line_, sessions, what, told_);
    hang_up("after the conversation");
  }

 private:
  bool is_the_right_one() {
    if (end_.check == identity_check::pinned) return true;
    const auto words = handshake_->words();
    told_.write("words", words);
    if (end_.check == identity_check::nobody) return true;
    return end_.aloud->compare(role_ == handshake_role::initiator ? 0 : 1, words) || hang_up("the words differ");
  }
  bool hang_up(const std::string& why) {
    told_.write("ended", why);
    line_.say(bye);
    return false;
  }

  line& line_;
  const noise_end& end_;
  handshake_role role_;
  notes& told_;
  std::unique_ptr<xx_end> handshake_;
};

}  // namespace

two_identities::two_identities() : caller(new_key()), callee(new_key()) {}

srtp::end_to_end_keys media_keys(const sotto::crypto::end_to_end_secret& secret) {
  auto made = srtp::derive_end_to_end_keys(srtp::profile::aead_aes_128_gcm, secret);
  if (!made) throw std::runtime_error(message(made.error()));
  return std::move(*made);
}

void call_by_noise(line& to_peer, const noise_end& end, const part& what, notes& told) {
  phone p(to_peer, end, handshake_role::initiator, told);
  p.say("INVITE sip:callee@example.org\nm=audio 49170 RTP/SAVP 0\n");
  if (!p.hear()) return;
  p.say("ACK sip:callee@example.org\n");
  p.talk(what);
}

void answer_by_noise(line& to_peer, const noise_end& end, const part& what, notes& told) {
  phone p(to_peer, end, handshake_role::responder, told);
  if (!p.hear()) return;
  p.say("200 OK\nm=audio 49172 RTP/SAVP 0\n");
  if (!p.hear()) return;
  p.talk(what);
}

}  // namespace examples
