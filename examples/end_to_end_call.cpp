// SPDX-License-Identifier: BSL-1.0
// The README's second piece of code as a program: two phones agree on keys that no server has, two people compare a
// string, and a packet goes over.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <sotto/noise.hpp>
#include <sotto/srtp.hpp>
#include <utility>

namespace {

namespace noise = sotto::noise;
namespace srtp = sotto::srtp;

/// What is between the phones: a signalling server that reads and stores every message.
using mailbox = std::array<std::uint8_t, 256>;

/// Stands for two people who read the string to each other.
bool people_agree(const noise::short_authentication_string& one, const noise::short_authentication_string& other) {
  const auto words = one.words();
  std::printf("both read \"%.*s %.*s\"\n", static_cast<int>(words[0].size()), words[0].data(),
              static_cast<int>(words[1].size()), words[1].data());
  return one.bits() == other.bits();
}

int call(const noise::static_key& alices_key, const noise::static_key& bobs_key, mailbox& box, mailbox& packet,
         std::size_t rtp_len) {
  // README.md: begin
  noise::comparison_attempts with_bob, with_alice;  // one per peer, kept between calls
  auto alice = noise::comparing_initiator::create({.own = alices_key, .attempts = with_bob});
  auto bob = noise::comparing_responder::create({.own = bobs_key, .attempts = with_alice});
  if (!alice || !bob) return 1;

  auto one = alice->write_commitment({}, box);  // 64 bytes, through any server
  if (!one || !bob->read_commitment(*one)) return 1;
  auto two = bob->write_answer({}, box);
  if (!two || !alice->read_answer(*two, box)) return 1;
  auto three = alice->write_reveal({}, box);
  if (!three || !bob->read_reveal(*three, box)) return 1;

  auto alices = std::move(*alice).compare();  // two words or seven digits each; no keys before a person's verdict
  auto bobs = std::move(*bob).compare();
  if (!alices || !bobs || !people_agree(alices->string(), bobs->string())) return 1;
  auto alices_session = std::move(*alices).strings_compared_equal();
  auto bobs_session = std::move(*bobs).strings_compared_equal();

  auto alices_keys = srtp::derive_end_to_end_keys(srtp::profile::aead_aes_128_gcm, alices_session.secret());
  auto bobs_keys = srtp::derive_end_to_end_keys(srtp::profile::aead_aes_128_gcm, bobs_session.secret());
  if (!alices_keys || !bobs_keys) return 1;
  auto tx = srtp::sender::create(alices_keys->write);  // provenance::end_to_end: from a handshake, never from bytes
  auto rx = srtp::receiver::create(bobs_keys->read);
  // README.md: end
  if (!tx || !rx || tx->provenance() != srtp::provenance::end_to_end) return 1;
  const auto wire = tx->protect(packet, rtp_len);
  if (!wire) return 1;
  const auto rtp = rx->unprotect(*wire);
  return rtp && rtp->size() == rtp_len ? 0 : 1;
}

}  // namespace

int main() {
  const auto alice = noise::static_key::generate();
  const auto bob = noise::static_key::generate();
  if (!alice || !bob) return 1;
  constexpr std::array<std::uint8_t, 17> rtp{0x80, 0,    0,    1,   0,   0,   0,   160, 0x53,
                                             0x4f, 0x54, 0x54, 'h', 'e', 'l', 'l', 'o'};
  mailbox box{}, packet{};
  std::memcpy(packet.data(), rtp.data(), rtp.size());
  const int code = call(*alice, *bob, box, packet, rtp.size());
  return code == 0 && std::memcmp(packet.data(), rtp.data(), rtp.size()) == 0 ? 0 : 1;
}
