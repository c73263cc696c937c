// SPDX-License-Identifier: BSL-1.0
// A handshake with a program that isn't this one, to compare what both export.
#include <array>
#include <chrono>
#include <cstdio>
#include <string>

#include "../support/udp_socket.hpp"
#include "call_end.hpp"
#include "dtls_connection.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;
using namespace std::chrono_literals;

using key_material = std::array<std::uint8_t, 2 * (srtp::max_key_len + srtp::max_salt_len)>;
using key_digits = std::array<char, 2 * sizeof(key_material)>;

/// SHA-256 of the bytes' upper-case hex digits, as "openssl s_server -keymatexport" prints them; itself in hex.
std::string digest_of_digits(sotto::const_bytes secret) {
  constexpr char upper[] = "0123456789ABCDEF", lower[] = "0123456789abcdef";
  key_digits digits{};
  const sotto::core::wipe_at_exit wipe(digits);
  for (std::size_t i = 0; i < secret.size(); ++i) {
    digits[2 * i] = upper[secret[i] >> 4];
    digits[2 * i + 1] = upper[secret[i] & 15];
  }
  std::array<std::uint8_t, 32> hash;
  unsigned len = 0;
  require(EVP_Digest(digits.data(), 2 * secret.size(), hash.data(), &len, EVP_sha256(), nullptr) == 1, "hashing");
  std::string text;
  for (const std::uint8_t byte : hash) {
    text += lower[byte >> 4];
    text += lower[byte & 15];
  }
  return text;
}

void shake_hands(dtls_connection& dtls, udp_socket& socket) {
  const auto limit = std::chrono::steady_clock::now() + 10s;
  dtls.start();
  while (!dtls.established()) {
    if (std::chrono::steady_clock::now() > limit) throw handshake_error("DTLS handshake: the peer doesn't answer");
    std::array<std::uint8_t, 2048> buffer;
    if (const auto len = socket.receive(buffer, dtls.patience(1s))) dtls.take(sotto::const_bytes(buffer).first(*len));
    dtls.expire();
  }
}

}  // namespace

void run_handshake(const end_options& o, std::uint16_t port, const fingerprint& peer) {
  const certificate own = make_certificate();
  udp_socket socket;
  socket.connect(port);
  dtls_connection dtls({o.role, o.profiles, peer}, own, socket);
  shake_hands(dtls, socket);

  const auto profile = dtls.profile();
  key_material exported;
  const sotto::core::wipe_at_exit wipe(exported);
  const auto material = sotto::mutable_bytes(exported).first(srtp::dtls_srtp_export_len(profile));
  dtls.export_keys(material);
  std::printf("client: fingerprint verified; negotiated profile %s\n", std::string(name(profile)).c_str());
  std::printf("client: SHA-256 of the exported keys' %zu hex digits: %s\n", 2 * material.size(),
              digest_of_digits(material).c_str());
  dtls.close();
}

}  // namespace examples
