// SPDX-License-Identifier: BSL-1.0
// One member's phone. With every other member it has a Noise session of its own, through which each sends its SFrame
// key; whenever somebody comes or goes, everybody who stays makes a new one.
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "../support/key_text.hpp"
#include "../support/keys.hpp"
#include "group.hpp"
#include "kept_frames.hpp"
#include "sdes_lines.hpp"
#include "xx_end.hpp"

namespace examples {
namespace {

namespace noise = sotto::noise;
namespace sframe = sotto::sframe;
namespace srtp = sotto::srtp;
using namespace std::chrono_literals;
using sotto::crypto::handshake_role;
using bytes = std::vector<std::uint8_t>;

constexpr auto pace = 1ms;
constexpr std::chrono::milliseconds patience = 6s;

template <class T>
T must(sotto::result<T>&& r) {
  if (!r) throw std::runtime_error(message(r.error()));
  return std::move(*r);
}

class group_phone {
 public:
  group_phone(line& to_server, std::size_t who, const group_media& media)
      : line_(to_server), who_(who), media_(media) {}

  void run() {
    enter();
    if (who_ == alice) meet(bob, handshake_role::initiator);
    if (who_ == bob) meet(alice, handshake_role::responder);
    for (std::size_t generation = 1; generation <= generations; ++generation) {
      if (generation == 2) meet_the_new_one();
      // Who isn't in it gets the frames all the same, from a server that means no good.
      if (is_member(who_, generation)) renew_keys(generation);
      talk(generation);
      if (generation == 2) part_with_bob();
    }
    line_.say("BYE sip:room@example.org\n");
  }
  void report(notes& told) const {
    for (std::size_t g = 1; g <= generations; ++g) {
      const auto n = std::to_string(g);
      told.write("frames " + n, kept_.frames(g));
      told.write("live " + n, live_[g]);
      told.write("afterwards " + n, kept_.opened_by_any_key(g));
    }
    told.write("keys", kept_.keys());
  }

 private:
  /// SRTP to the server and back.
  void enter() {
    const auto offer = sound(srtp::sdes_attribute::generate(1, hop_profile));
    line_.say("INVITE sip:room@example.org\n" + text_of(offer) + "\n");
    const auto answer = crypto_line_in(hear_from("room"));
    hop_.emplace(make_sessions(offer.keys[0]->keying, answer.keys[0]->keying));
  }

  void meet_the_new_one() {
    if (who_ != carol) return meet(carol, handshake_role::responder);
    meet(alice, handshake_role::initiator);
    meet(bob, handshake_role::initiator);
  }
  void part_with_bob() {
    if (who_ == bob) return tell_all("leaving", {alice, carol});
    if (hear_from(bob).find("leaving") == std::string::npos) throw std::runtime_error("bob should have left");
    sessions_.erase(bob);
  }

  /// Keys of long standing: these people have met before.
  void meet(std::size_t peer, handshake_role role) {
    const noise_end end{media_.identities[who_], identity_check::pinned, media_.identities[peer].public_key(), nullptr,
                        planted_fault::none};
    const auto handshake = begin_xx(end, role);
    for (int n = 0; n < 3; ++n) {
      if ((n % 2 == 0) == (role == handshake_role::initiator))
        tell(peer, handshake->write());
      else if (const auto read = handshake->read(hear_from(peer)); !read)
        throw std::runtime_error(message(read.error()));
    }
    sessions_.emplace(peer, handshake->agreed());
  }

  /// A new key of one's own to everybody in the call, and theirs from them.
  void renew_keys(std::size_t generation) {
    std::array<std::uint8_t, base_key_len> key;
    const sotto::core::wipe_at_exit guard(key);
    fill_random(key);
    send_.emplace(
        must(sframe::sender::create(group_suite, group_kid(generation, who_), must(sframe::base_key::create(key)))));
    receive_.emplace(must(sframe::group_receiver::create(group_suite)));
    for (auto& [peer, session] : sessions_) {
      bytes sealed(key.size() + 16);
      must(session.send().seal(key, sealed));
      tell(peer, "a=key:" + encode_base64(sealed) + "\n");
    }
    kept_.add_key(key);
    for (auto& [peer, session] : sessions_) take_key(generation, peer, session, hear_from(peer));
  }
  void take_key(std::size_t generation, std::size_t peer, noise::session& session, const std::string& message) {
    const auto text = value_of(message, "a=key:");
    bytes sealed(text.size());
    sealed.resize(decode_base64(text, sealed));
    std::array<std::uint8_t, base_key_len> key;
    const sotto::core::wipe_at_exit guard(key);
    must(session.receive().open(sealed, key));
    const auto added = receive_->add_sender(group_kid(generation, peer), must(sframe::base_key::create(key)));
    if (!added) throw std::runtime_error(sotto::message(added.error()));
    kept_.add_key(key);
  }

  /// Says what is to be said, and takes what comes, until all frames of this generation are there.
  void talk(std::size_t generation) {
    const bool speaks = is_member(who_, generation);
    const std::uint64_t expected = packets_per_generation * (members(generation) - (speaks ? 1 : 0));
    for (std::uint64_t sent = 0; (speaks && sent < packets_per_generation) || kept_.frames(generation) < expected;) {
      if (speaks && sent < packets_per_generation) say((generation - 1) * packets_per_generation + sent++);
      const bool all_said = !speaks || sent == packets_per_generation;
      if (!take(all_said ? patience : pace) && all_said) return;
    }
  }
  void say(std::uint64_t n) {
    const auto& stream = media_.streams[who_];
    std::array<std::uint8_t, media_stream::max_packet_len + sframe::max_overhead + srtp::max_rtcp_overhead> packet;
    const std::size_t header_and_audio = stream.write_rtp(n, packet);
    packet[1] = static_cast<std::uint8_t>((packet[1] & 0x80) | sframe_payload_type);
    const bytes audio(packet.begin() + rtp_header_len, packet.begin() + static_cast<std::ptrdiff_t>(header_and_audio));
    const auto frame = must(send_->protect(audio, sotto::mutable_bytes(packet).subspan(rtp_header_len)));
    line_.send(must(hop_->send.protect(packet, rtp_header_len + frame.size())));
  }
  bool take(std::chrono::milliseconds timeout) {
    auto packet = line_.receive(timeout);
    if (!packet) return false;
    const auto opened_packet = hop_->receive.unprotect(*packet);
    if (!opened_packet) return true;  // whoever can send a datagram mustn't end the call
    const auto rtp = must(srtp::rtp_view::parse(*opened_packet));
    const auto said = kept_.add_frame(rtp.payload());
    if (!receive_ || !said) return true;
    bytes audio(rtp.payload().size());
    const auto opened = receive_->unprotect(rtp.payload(), audio);
    if (!opened) return true;
    // Time stamps pass through the server, and say which packet it was.
    const auto& stream = media_.streams[said->second];
    const auto n = stream.packet_at(rtp.timestamp());
    if (n && std::equal(opened->begin(), opened->end(), stream.payload(*n).begin(), stream.payload(*n).end()))
      ++live_[said->first];
    return true;
  }

  void tell(std::size_t peer, const std::string& text) {
    line_.say("MESSAGE sip:" + std::string(group_names[peer]) +
              "@example.org\nFrom: " + std::string(group_names[who_]) + "\n" + text);
  }
  void tell_all(const std::string& text, std::initializer_list<std::size_t> peers) {
    for (const auto peer : peers) tell(peer, text + "\n");
  }
  /// The next message of one member; others' wait.
  std::string hear_from(std::size_t peer) { return hear_from(group_names[peer]); }
  std::string hear_from(std::string_view name) {
    for (;;) {
      for (auto m = waiting_.begin(); m != waiting_.end(); ++m) {
        if (value_of(*m, "From: ") != name) continue;
        std::string found = std::move(*m);
        waiting_.erase(m);
        return found;
      }
      waiting_.push_back(line_.hear());
    }
  }

  line& line_;
  std::size_t who_;
  const group_media& media_;
  std::optional<media_sessions> hop_;
  std::map<std::size_t, noise::session> sessions_;
  std::optional<sframe::sender> send_;
  std::optional<sframe::group_receiver> receive_;
  kept_frames kept_;
  std::array<std::uint64_t, generations + 1> live_{};
  std::deque<std::string> waiting_;
};

}  // namespace

void join_group(line& to_server, std::size_t who, const group_media& media, notes& told) {
  group_phone phone(to_server, who, media);
  phone.run();
  phone.report(told);
}

}  // namespace examples
