// SPDX-License-Identifier: BSL-1.0
// With SOTTO_FORCE_ISA, the kernel named on the command line is the one bound, and a packet makes its way.
#include <sotto/sotto.hpp>

#include <cstdint>
#include <cstdio>
#include <cstring>

namespace srtp = sotto::srtp;

int main(int argc, char** argv) {
  const std::uint8_t key[16] = {1}, salt[12] = {2};
  std::uint8_t packet[64] = {0x80, 0, 0, 1}, sent[64];
  std::memcpy(sent, packet, sizeof packet);
  auto tx = srtp::sender::create({.profile = srtp::profile::aead_aes_128_gcm, .key = key, .salt = salt});
  auto rx = srtp::receiver::create({.profile = srtp::profile::aead_aes_128_gcm, .key = key, .salt = salt});
  if (argc != 2 || !tx || !rx) return 2;
  const auto wire = tx->protect(packet, 40);
  if (!wire || std::memcmp(packet + 12, sent + 12, 28) == 0) return 1;
  const auto rtp = rx->unprotect(*wire);
  if (!rtp || rtp->size() != 40 || std::memcmp(packet, sent, 40) != 0) return 1;
  std::printf("%s\n", tx->kernel_name());
  return std::strcmp(tx->kernel_name(), argv[1]) == 0 ? 0 : 1;
}
