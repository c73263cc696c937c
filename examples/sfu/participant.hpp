// SPDX-License-Identifier: BSL-1.0
// One who speaks and hears through the server: SFrame end to end within SRTP to the server.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sotto/sframe.hpp>
#include <sotto/srtp.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../support/g711.hpp"
#include "../support/rtp.hpp"
#include "call_keys.hpp"

namespace examples {

using octets = std::vector<std::uint8_t>;

/// What went out: the frame alone for comparison, the RTP header, and the SRTP packet around both.
struct utterance {
  octets frame, header, wire;
};

/// What came in. Two layers can refuse it, each with an error; the frame is there as soon as SRTP accepted.
struct heard {
  std::optional<sotto::error> srtp_refusal, frame_refusal;
  octets header, frame, audio;
  std::uint64_t speaker = 0;  ///< By the key that opened the frame
  std::uint16_t sequence = 0;

  bool accepted() const noexcept { return !srtp_refusal && !frame_refusal; }
};

template <class T>
T made(sotto::result<T>&& r, const char* what) {
  if (!r) throw std::runtime_error(std::string(what) + ": " + message(r.error()));
  return std::move(*r);
}

class participant {
 public:
  participant(std::size_t number, const call_description& call, const sotto::srtp::length_hiding& hiding)
      : key_(number),
        metadata_(call, "audio"),
        tx_(made(sotto::srtp::sender::create(keys_.up, {.length_hiding = hiding}), "SRTP sender")),
        rx_(made(sotto::srtp::receiver::create(keys_.down), "SRTP receiver")),
        seal_(made(sotto::sframe::sender::create(call.suite, key_.kid, key_.take()), "SFrame sender")),
        open_(made(sotto::sframe::group_receiver::create(call.suite), "SFrame receiver")) {
    std::array<std::uint8_t, 10> random;
    fill_random(random);
    ssrc_ = sotto::core::load_be32(random.data());
    timestamp_ = sotto::core::load_be32(&random[4]);
    sequence_ = static_cast<std::uint16_t>(sotto::core::load_be16(&random[8]) & 0x7fff);
  }

  const hop_keys& keys() const noexcept { return keys_; }
  const sender_key& key() const noexcept { return key_; }
  const frame_metadata& metadata() const noexcept { return metadata_; }
  std::uint32_t ssrc() const noexcept { return ssrc_; }
  std::uint16_t next_sequence() const noexcept { return sequence_; }

  /// Learns another one's key, which the server never sees.
  void learn(const sender_key& other) {
    if (const auto added = open_.add_sender(other.kid, other.take()); !added)
      throw std::runtime_error(std::string("a sender's key: ") + message(added.error()));
  }

  /// Seals audio as a frame, puts it into RTP and protects that for the server.
  utterance speak(sotto::const_bytes audio) {
    utterance u;
    u.frame.resize(audio.size() + seal_.overhead());
    made(seal_.protect(audio, u.frame, metadata_), "sealing a frame");
    u.header.resize(rtp_header_len);
    write_rtp_header({false, payload_type_pcmu, sequence_++, timestamp_, ssrc_},
                     std::span<std::uint8_t, rtp_header_len>(u.header.data(), rtp_header_len));
    timestamp_ += static_cast<std::uint32_t>(audio.size());
    const sotto::const_bytes frame(u.frame);
    u.wire.resize(rtp_header_len + frame.size() + tx_.rtp_overhead());
    u.wire.resize(made(tx_.protect(u.header, {&frame, 1}, u.wire), "protecting a packet").size());
    return u;
  }

  /// Opens SRTP, then the frame in it.
  heard hear(sotto::const_bytes wire) {
    heard h;
    octets packet(wire.size());
    const auto rtp = rx_.unprotect(wire, packet);
    if (!rtp) {
      h.srtp_refusal = rtp.error();
      return h;
    }
    const auto view = made(sotto::srtp::rtp_view::parse(*rtp), "what SRTP accepted");
    h.sequence = view.sequence().value();
    h.header.assign(rtp->begin(), rtp->begin() + rtp_header_len);
    const auto frame = view.payload_without_padding();
    if (!frame) {
      h.frame_refusal = frame.error();
      return h;
    }
    h.frame.assign(frame->begin(), frame->end());
    h.audio.resize(frame->size());
    const auto audio = open_.unprotect(*frame, h.audio, metadata_);
    if (!audio) {
      h.frame_refusal = audio.error();
      h.audio.clear();
      return h;
    }
    h.audio.resize(audio->size());
    h.speaker = made(sotto::sframe::parse_header(*frame), "what SFrame accepted").header.kid.value();
    return h;
  }

 private:
  hop_keys keys_;
  sender_key key_;
  frame_metadata metadata_;
  sotto::srtp::sender tx_;
  sotto::srtp::receiver rx_;
  sotto::sframe::sender seal_;
  sotto::sframe::group_receiver open_;
  std::uint32_t ssrc_ = 0, timestamp_ = 0;
  std::uint16_t sequence_ = 0;
};

}  // namespace examples
