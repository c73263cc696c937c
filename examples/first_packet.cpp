// SPDX-License-Identifier: BSL-1.0
// The ten lines of the README as a program: one packet protected, and unprotected at the other end.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <sotto/core/random.hpp>
#include <sotto/srtp.hpp>

namespace {

using bytes = std::array<std::uint8_t, 256>;

// In a real program both ends get key and salt from the call's key agreement.
template <class Key, class Salt>
int run(bytes& packet, std::size_t rtp_len, const Key& key, const Salt& salt) {
  // README.md: begin
  namespace srtp = sotto::srtp;
  auto tx = srtp::sender::create({.profile = srtp::profile::aead_aes_128_gcm, .key = key, .salt = salt});
  auto rx = srtp::receiver::create({.profile = srtp::profile::aead_aes_128_gcm, .key = key, .salt = salt});
  if (!tx || !rx) return 1;  // a key or salt of the wrong length; .error() names it

  auto wire = tx->protect(packet, rtp_len);  // in place; the buffer has tx->rtp_overhead() bytes to spare
  if (!wire) return 1;                       // a span of the SRTP packet, or an error
  auto rtp = rx->unprotect(*wire);           // in place; a refused packet stays as it was
  if (!rtp) return 1;                        // authentication_failed, replayed, too_old ...
  // README.md: end
  std::printf("%zu bytes of RTP, %zu on the wire, %zu again at the other end\n", rtp_len, wire->size(), rtp->size());
  return rtp->size() == rtp_len ? 0 : 1;
}

}  // namespace

int main() {
  std::array<std::uint8_t, 16> key;
  std::array<std::uint8_t, 12> salt;
  const sotto::core::wipe_at_exit wipe_key(key);
  const sotto::core::wipe_at_exit wipe_salt(salt);
  if (!sotto::system_random{}(key) || !sotto::system_random{}(salt)) return 1;

  // An RTP header (version 2, payload type 0, sequence number 1, SSRC 0x534f5454) and five bytes of payload.
  constexpr std::array<std::uint8_t, 17> rtp{0x80, 0,    0,    1,   0,   0,   0,   160, 0x53,
                                             0x4f, 0x54, 0x54, 'h', 'e', 'l', 'l', 'o'};
  bytes packet{};
  std::memcpy(packet.data(), rtp.data(), rtp.size());
  const int code = run(packet, rtp.size(), key, salt);
  return code == 0 && std::memcmp(packet.data(), rtp.data(), rtp.size()) == 0 ? 0 : 1;
}
