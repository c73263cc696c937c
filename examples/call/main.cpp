// SPDX-License-Identifier: BSL-1.0
// call: a WAV file travels as protected RTP over UDP through a relay that mistreats it, and arrives as a WAV file.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "../support/profiles.hpp"
#include "call.hpp"

namespace {

enum exit_code { succeeded = 0, failed = 1, unusable = 2 };

}  // namespace

int main(int argc, char** argv) {
  examples::call_options o;
  std::string profile(name(o.profile));
  double loss = 3, duplicate = 2, reorder = 5, tamper = 1;
  bool a_law = false;
  o.wav_in = SOTTO_EXAMPLE_SPEECH;

  CLI::App app{
      "A call over 127.0.0.1: speech as G.711 in RTP, each packet protected, sent through a bad relay, unprotected,\n"
      "and compared. Exit code: 0 the audio is equal, 1 it isn't, 2 bad arguments or unusable files."};
  // As with most programs, of an option given twice the last one counts.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  const auto percent = CLI::Range(0.0, 100.0);
  app.add_option("--profile", profile,
                 "protection profile; one in lower case is for private use, without a registered name")
      ->transform(CLI::IsMember(examples::profile_names(), CLI::ignore_case))
      ->capture_default_str();
  app.add_flag("--alaw", a_law, "G.711 A-law instead of mu-law");
  app.add_flag("--realtime", o.realtime, "a packet every 20 ms instead of as fast as possible");
  app.add_option("--wav-in", o.wav_in, "what the caller says: 16-bit mono, 8000 Hz")->capture_default_str();
  app.add_option("--wav-out", o.wav_out, "what the callee hears, silence where packets are missing")
      ->capture_default_str();
  app.add_option("--packets", o.packets, "number of RTP packets; the audio repeats (default: once)")
      ->check(CLI::Range(1, 1000000));
  app.add_option("--loss", loss, "percentage of datagrams that the relay drops")->check(percent)->capture_default_str();
  app.add_option("--duplicate", duplicate, "percentage that it doubles")->check(percent)->capture_default_str();
  app.add_option("--reorder", reorder, "percentage that it delays by one to eight others")
      ->check(percent)
      ->capture_default_str();
  app.add_option("--tamper", tamper, "percentage in which it flips a bit")->check(percent)->capture_default_str();
  app.add_option("--seed", o.rates.seed, "what the relay does is a function of this number")->capture_default_str();
  app.add_option("--first-sequence", o.first_sequence, "sequence number of the first packet (default: random)")
      ->check(CLI::Range(0, 65535));
  app.add_option("--key-file", o.key_file, "key and salt in base64 or hex, instead of random ones");
  app.add_option("--rtp-out", o.rtp_capture, "capture (pcap) of the packets before protection");
  app.add_option("--srtp-out", o.srtp_capture, "capture (pcap) of what reached the relay");
  app.add_option("--table", o.table_packets, "packets per row of the latency table; 0: no table")
      ->check(CLI::Range(0, 10000000))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? succeeded : unusable;
  }

  o.profile = examples::profile_named(profile);
  o.law = a_law ? examples::g711::a_law : examples::g711::mu_law;
  o.rates.loss = loss / 100;
  o.rates.duplicate = duplicate / 100;
  o.rates.reorder = reorder / 100;
  o.rates.tamper = tamper / 100;
  try {
    const bool good = run_call(o);
    if (std::fflush(stdout) != 0) return unusable;
    return good ? succeeded : failed;
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "call: %s\n", e.what());
    return unusable;
  }
}
