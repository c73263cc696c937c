// SPDX-License-Identifier: BSL-1.0
// sfu: a call of several participants through a forwarding server, which rewrites SRTP hop by hop and can't open the
// SFrame within.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "conference.hpp"

namespace {

enum exit_code { succeeded = 0, failed = 1, unusable = 2 };

}  // namespace

int main(int argc, char** argv) {
  examples::conference_options o;
  o.wav_in = SOTTO_EXAMPLE_SPEECH;
  double loss = 5, left_out = 20;
  unsigned suite = static_cast<unsigned>(o.suite);

  CLI::App app{
      "A call through a forwarding server (SFU), in one process: frames sealed end to end with SFrame, each in an RTP\n"
      "packet protected by SRTP to the server, which rewrites SSRC and sequence number and protects it for each other\n"
      "participant. Exit code: 0 all checks passed, 1 one didn't, 2 bad arguments or unusable files."};
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  const auto percent = CLI::Range(0.0, 100.0);
  app.add_option("--participants", o.participants, "how many")->check(CLI::Range(3, 5))->capture_default_str();
  app.add_option("--packets", o.packets, "packets of each")->check(CLI::Range(2, 100000))->capture_default_str();
  app.add_option("--suite", suite, "SFrame cipher suite, by its registered number")
      ->check(CLI::Range(1, 5))
      ->capture_default_str();
  app.add_option("--loss", loss, "percentage of packets that don't reach the server")
      ->check(percent)
      ->capture_default_str();
  app.add_option("--left-out", left_out, "percentage that the server doesn't send on to a receiver")
      ->check(percent)
      ->capture_default_str();
  app.add_option("--padded-to", o.padded_to, "length of RTP payloads on each hop; 0: no padding")
      ->check(CLI::IsMember({0}) | CLI::Range(200, 400))
      ->capture_default_str();
  app.add_option("--wav-in", o.wav_in, "what they say: 16-bit mono, 8000 Hz")->capture_default_str();
  app.add_option("--seed", o.seed, "what is lost and left out is a function of this number")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? succeeded : unusable;
  }

  o.suite = static_cast<sotto::sframe::cipher_suite>(suite);
  o.loss = loss / 100;
  o.left_out = left_out / 100;
  try {
    const bool good = examples::run_conference(o);
    if (std::fflush(stdout) != 0) return unusable;
    return good ? succeeded : failed;
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "sfu: %s\n", e.what());
    return unusable;
  }
}
