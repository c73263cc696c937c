// SPDX-License-Identifier: BSL-1.0
// dtls_srtp: two processes agree on SRTP keys by DTLS, which OpenSSL speaks, and send each other protected RTP.
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <string>
#include <system_error>
#include <vector>

#include "../support/profiles.hpp"
#include "call_end.hpp"
#include "description.hpp"
#include "dtls_connection.hpp"
#include "dtls_context.hpp"

namespace {

namespace srtp = sotto::srtp;

enum exit_code { succeeded = 0, failed = 1, unusable = 2 };

struct command_line {
  bool server = false, client = false, attack = false;
  std::uint16_t port = 0, handshake_port = 0;
  std::uint64_t packets = 1000;
  std::string peer_fingerprint, wrong_fingerprint;
  std::vector<std::string> profiles = {"AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80"};
  std::vector<std::string> server_profiles;

  examples::end_options end(srtp::dtls_role role) const {
    const bool is_server = role == srtp::dtls_role::server;
    examples::end_options o{role, {}, packets, attack, wrong_fingerprint == (is_server ? "server" : "client")};
    for (const auto& n : is_server && !server_profiles.empty() ? server_profiles : profiles)
      o.profiles.push_back(examples::profile_named(n));
    return o;
  }
};

/// Runs something that belongs to one end, and turns its exceptions into a message and an exit code.
template <class Work>
int guarded(const char* who, Work&& work) {
  try {
    const bool good = work();
    if (!good) std::printf("%s: FAILED: not everything arrived as it was sent\n", who);
    return std::fflush(stdout) != 0 ? unusable : good ? succeeded : failed;
  } catch (const examples::handshake_error& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s: FAILED: %s\n", who, e.what());
    return failed;
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s: %s\n", who, e.what());
    return unusable;
  }
}

int run_server(const examples::end_options& o, examples::signalling& line) {
  return guarded("server", [&] { return run_end(o, line); });
}
int run_client(const examples::end_options& o, examples::signalling& line) {
  return guarded("client", [&] { return run_end(o, line); });
}

/// The exit code of a process, which ends by itself: whatever it waits for, it waits for seconds at most.
int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waiting for the server");
  return WIFEXITED(status) ? WEXITSTATUS(status) : static_cast<int>(unusable);
}

int run_both(const command_line& c) {
  auto [callers, callees] = examples::signalling::make_pair();
  std::fflush(nullptr);  // or both processes would print what is still buffered
  const pid_t server = ::fork();
  if (server < 0) throw std::system_error(errno, std::generic_category(), "starting the server");
  if (server == 0) {
    callers.close();
    return run_server(c.end(srtp::dtls_role::server), callees);
  }
  callees.close();
  const int clients = run_client(c.end(srtp::dtls_role::client), callers);
  callers.close();
  const int code = std::max(clients, wait_for(server));
  std::printf(code == succeeded ? "Both ends got everything, bit for bit.\n" : "FAILED: see above.\n");
  return code;
}

int run(const command_line& c) {
  using examples::signalling;
  if (c.handshake_port != 0)
    return guarded("client", [&] {
      run_handshake(c.end(srtp::dtls_role::client), c.handshake_port, examples::parse_fingerprint(c.peer_fingerprint));
      return true;
    });
  if (!c.server && !c.client) return run_both(c);
  const auto role = c.server ? srtp::dtls_role::server : srtp::dtls_role::client;
  return guarded(c.server ? "server" : "client", [&] {
    auto line = c.server ? signalling::wait_for_caller(c.port) : signalling::call(c.port);
    return run_end(c.end(role), line);
  });
}

}  // namespace

int main(int argc, char** argv) {
  command_line c;
  std::vector<std::string> known;
  for (const auto p : examples::dtls_profiles()) known.emplace_back(name(p));

  CLI::App app{
      "A DTLS-SRTP call over 127.0.0.1 between two processes: certificates made on the spot, fingerprints signalled, "
      "a\n"
      "DTLS 1.2 handshake by OpenSSL, then protected RTP and RTCP both ways on the same port. Without --server and\n"
      "--client it starts both. Exit code: 0 everything arrived as sent, 1 it didn't or the handshake was refused,\n"
      "2 bad arguments or a failure of the system."};
  auto* const server =
      app.add_flag("--server", c.server, "only the server: waits on --port for the client's signalling");
  auto* const client = app.add_flag("--client", c.client, "only the client: calls the server on --port");
  auto* const port = app.add_option("--port", c.port, "TCP port for signalling; 0, for a server: the system chooses");
  server->needs(port)->excludes(client);
  client->needs(port);
  const auto profile = CLI::IsMember(known, CLI::ignore_case);
  app.add_option("--profile", c.profiles, "protection profile, repeatable, best first; the server's order decides")
      ->transform(profile)
      ->capture_default_str();
  app.add_option("--server-profile", c.server_profiles, "the server's, if they differ")->transform(profile);
  app.add_option("--packets", c.packets, "RTP packets that each end sends; the client's number counts")
      ->check(CLI::Range(std::uint64_t{1}, examples::max_packets))
      ->capture_default_str();
  app.add_flag("--attack", c.attack,
               "send one packet in ten with a flipped bit and twice as well, which must be refused; for both ends");
  app.add_option("--wrong-fingerprint", c.wrong_fingerprint,
                 "this end signals a fingerprint that isn't its certificate's: the call must fail")
      ->check(CLI::IsMember({"client", "server"}));
  auto* const fingerprint =
      app.add_option("--peer-fingerprint", c.peer_fingerprint, "of the program at --handshake-with");
  app.add_option("--handshake-with", c.handshake_port,
                 "no call: only a handshake with another program at this UDP port; prints a hash of the exported keys")
      ->needs(fingerprint)
      ->excludes(server)
      ->excludes(client)
      ->check(CLI::Range(1, 65535));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? succeeded : unusable;
  }
  // Whole lines, so that those of two processes don't mix.
  std::setvbuf(stdout, nullptr, _IOLBF, 1024);
  try {
    return run(c);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "dtls_srtp: %s\n", e.what());
    return unusable;
  }
}
