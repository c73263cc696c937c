// SPDX-License-Identifier: BSL-1.0
// The Sotto end of calls with media tools, which media_peers.py starts on the other end.
//   udp_peer receive LINE AUDIO                      prints its port, receives until standard input ends
//   udp_peer send LINE AUDIO PORT RTCP_PORT RTCP     sends audio, and writes what the RTCP was to a file
// LINE is an a=crypto line (RFC 4568), AUDIO raw mu-law. Exit code 0 if every packet was accepted, or sent.
#include <chrono>
#include <cstdio>
#include <exception>
#include <sotto/srtp.hpp>
#include <sotto/srtp/sdes.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "support/file.hpp"
#include "udp_peer_receiving.hpp"
#include "udp_peer_sending.hpp"

namespace {

namespace srtp = sotto::srtp;

template <class Session>
Session session_of(std::string_view line) {
  const auto agreed = srtp::sdes_attribute::parse(line);
  if (!agreed) throw std::runtime_error(message(agreed.error()));
  auto made = Session::create(agreed->keys[0]->keying,
                              {.lifetime = agreed->keys[0]->lifetime, .protection = agreed->protection_options()});
  if (!made) throw std::runtime_error(message(made.error()));
  std::printf("%s, kernel %s\n", name(made->profile()).data(), made->kernel_name());
  return std::move(*made);
}

bool receive(std::string_view line, const std::string& audio) {
  interop::receiving call(session_of<srtp::receiver>(line));
  std::printf("port %u\n", unsigned{call.port()});
  std::fflush(stdout);
  const bool ended = call.receive(std::chrono::seconds(15));
  if (!ended) std::printf("still receiving after 15 s\n");
  examples::write_file(audio, call.audio());
  return call.report() && ended;
}

std::uint16_t port_of(const std::string& text) {
  const unsigned long value = std::stoul(text);
  if (value == 0 || value > 65535) throw std::runtime_error("no port: " + text);
  return static_cast<std::uint16_t>(value);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string_view command = argc > 1 ? argv[1] : "";
    if (command == "receive" && argc == 4) return receive(argv[2], argv[3]) ? 0 : 1;
    if (command != "send" || argc != 7) throw std::runtime_error("see the beginning of its source");
    interop::sending call(session_of<srtp::sender>(argv[2]), port_of(argv[4]), port_of(argv[5]));
    call.send(examples::read_file(argv[3]));
    examples::write_file(argv[6], call.rtcp());
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "udp_peer: %s\n", e.what());
    return 2;
  }
}
