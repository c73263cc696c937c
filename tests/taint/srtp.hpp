// SPDX-License-Identifier: BSL-1.0
// SRTP and SRTCP packets of every profile over a secret master key, secret payloads and secret header extension
// elements, from key derivation to the comparison of tags.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "buffer.hpp"
#include "sotto/srtp.hpp"

namespace taint {

/// A plain packet of which only the payload, the data of an extension element or an RTCP report is secret.
class media {
 public:
  static constexpr std::size_t rtp_header_len = 24, rtcp_header_len = 8;

  static media rtp(std::uint8_t seq, std::size_t payload_len) {
    // Version 2 with an extension of two words, which holds an element of ID 1 with four bytes (RFC 8285 4.2).
    const std::uint8_t header[rtp_header_len] = {0x90, 96, 0, seq, 0, 0, 0, 1, 0, 0, 0, 7, 0xbe, 0xde, 0, 2, 0x13};
    return media(header, rtp_header_len, payload_len, 17, 4);
  }
  static media rtcp(std::size_t report_len) {
    const std::uint8_t header[rtcp_header_len] = {0x80, 200, 0, 6, 0, 0, 0, 7};
    return media(header, rtcp_header_len, report_len, 0, 0);
  }

  std::size_t size() const { return len_; }
  std::size_t header_len() const { return header_len_; }
  sotto::const_bytes bytes() { return {bytes_.data(), len_}; }
  buffer& memory() { return bytes_; }

 private:
  media(const std::uint8_t* header, std::size_t header_len, std::size_t rest, std::size_t secret_at,
        std::size_t secret_len)
      : header_len_(header_len), len_(header_len + rest), bytes_(len_, buffer::hidden) {
    std::memcpy(bytes_.data(), header, header_len);
    sotto_taint_public(bytes_.data(), header_len);
    sotto_taint_secret(bytes_.data() + secret_at, secret_len);
  }
  std::size_t header_len_, len_;
  buffer bytes_;
};

/// protect and unprotect are the sender's and the receiver's functions for one kind of packet.
template <class Protect, class Unprotect, class Verify>
void pass(media&& plain, Protect protect, Unprotect unprotect, Verify verify) {
  const std::size_t room = plain.size() + 300;
  buffer protected_(room), opened(room);
  const auto sent = protect(plain.bytes(), sotto::mutable_bytes(protected_.data(), room));
  insist(sent.has_value());
  const sotto::mutable_bytes wire = *sent;
  insist_secret(wire.data() + plain.header_len(), plain.size() - plain.header_len());
  protected_.publish();
  wire[wire.size() - 1] ^= 1;
  insist(!unprotect(wire, sotto::mutable_bytes(opened.data(), room)).has_value());
  wire[wire.size() - 1] ^= 1;
  insist(verify(wire).has_value());
  const auto read = unprotect(wire, sotto::mutable_bytes(opened.data(), room));
  insist(read.has_value() && read->size() >= plain.size());
  // The P bit is the sender's, where it pads.
  opened.publish();
  opened.data()[0] = static_cast<std::uint8_t>(opened.data()[0] & ~0x20u);
  insist(same(plain.memory(), opened, plain.size()));
}

inline void run_packets(sotto::srtp::profile p, const sotto::srtp::sender_options& options) {
  namespace srtp = sotto::srtp;
  const auto& sizes = srtp::parameters(p);
  buffer key(sizes.key_len, buffer::hidden), salt(sizes.salt_len);  // a salt may be public (RFC 3711 4.3.1)
  const srtp::raw_keying raw{
      .profile = p, .key = {key.data(), sizes.key_len}, .salt = {salt.data(), sizes.salt_len}, .mki = {}};
  auto tx = srtp::sender::create(raw, options).value();
  auto rx = srtp::receiver::create(raw, {.protection = options.protection}).value();
  auto verifier = srtp::receiver::create(raw, {.protection = options.protection}).value();
  std::uint8_t seq = 0;
  for (const std::size_t len : {std::size_t{0}, std::size_t{1}, std::size_t{20}, std::size_t{160}, std::size_t{1200}}) {
    pass(
        media::rtp(++seq, len), [&](auto in, auto out) { return tx.protect(in, out); },
        [&](auto in, auto out) { return rx.unprotect(in, out); }, [&](auto wire) { return verifier.verify(wire); });
    pass(
        media::rtcp(20 + len), [&](auto in, auto out) { return tx.protect_rtcp(in, out); },
        [&](auto in, auto out) { return rx.unprotect_rtcp(in, out); },
        [&](auto wire) { return verifier.verify_rtcp(wire); });
  }
}

/// On the kernels that this processor gets, as the tool shows it.
inline void run_srtp() {
  namespace srtp = sotto::srtp;
  for (const auto p : srtp::profiles) {
    run_packets(p, {});
    if (srtp::parameters(p).cipher == srtp::cipher::null_hmac_sha1) continue;
    run_packets(p, {.protection = {.encrypted_extensions = srtp::extension_ids(1), .key_derivation_rate = 2},
                    .length_hiding = srtp::length_hiding::step(64)});
    run_packets(p, {.protection = {.cryptex = srtp::cryptex::on}});
    if (srtp::parameters(p).rtp_tag_len > 4)
      run_packets(p, {.protection = {.roc_carriage = {.mode = srtp::roc_carriage_mode::authenticated}}});
  }
}

}  // namespace taint
