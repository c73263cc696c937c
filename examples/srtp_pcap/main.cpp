// SPDX-License-Identifier: BSL-1.0
// srtp_pcap: unprotects, or protects, the RTP and RTCP packets of a capture.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>

#include "../support/keys.hpp"
#include "../support/profiles.hpp"
#include "convert.hpp"

namespace {

enum exit_code { succeeded = 0, some_refused = 1, unusable = 2 };

sotto::srtp::keying keying_of(sotto::srtp::profile profile, std::string& key, const std::string& key_file) {
  if (!key_file.empty()) return examples::keying_from_file(profile, key_file);
  auto made = examples::parse_keying(profile, key);
  // The command line itself stays visible to this machine's other users, so --key-file is the better way.
  examples::wipe(key);
  return made;
}

}  // namespace

int main(int argc, char** argv) {
  examples::conversion what;
  std::string profile, key, key_file;

  CLI::App app{
      "Unprotects the SRTP and SRTCP packets of a capture (pcap or pcapng; Ethernet, Linux cooked, raw IP; IPv4, "
      "IPv6), or\n"
      "protects RTP and RTCP, and counts outcomes. Streams are taken to start with a rollover counter of 0; there is "
      "no\n"
      "option for another one yet. The result has converted packets, and what is neither RTP nor RTCP unchanged; "
      "refused\n"
      "packets are left out. Exit code: 0 all converted (but for repeated packets), 1 some refused, 2 bad arguments or "
      "files."};
  app.add_option("CAPTURE", what.in, "the capture to read")->required();
  app.add_option("--profile", profile, "protection profile")
      ->required()
      ->transform(CLI::IsMember(examples::profile_names(), CLI::ignore_case));
  auto* const given = app.add_option("--key", key, "key and salt in base64, as after SDES's inline:, or in hex");
  auto* const in_file = app.add_option("--key-file", key_file, "a file that holds the same");
  given->excludes(in_file);
  auto* const protect = app.add_flag("--protect", what.protect, "protect instead of unprotect");
  app.add_option("--out", what.out, "write the resulting capture here");
  app.add_option("--wav", what.wav,
                 "write G.711 audio (payload types 0 and 8) here; the SSRC joins the name if there are several")
      ->excludes(protect);
  app.add_option("--port", what.ports, "only UDP from or to these ports");
  app.add_option("--ssrc", what.ssrcs,
                 "only these SSRCs, decimal or 0x and hex: a call's two directions have a key each");
  try {
    app.parse(argc, argv);
    if (given->empty() && in_file->empty()) throw CLI::RequiredError("--key or --key-file");
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? succeeded : unusable;
  }

  try {
    const auto keys = keying_of(examples::profile_named(profile), key, key_file);
    const bool complete = convert_capture(what, keys, std::cout);
    std::cout.flush();
    if (!std::cout) return unusable;
    return complete ? succeeded : some_refused;
  } catch (const std::exception& e) {
    std::cout.flush();
    std::cerr << "srtp_pcap: " << e.what() << '\n';
    return unusable;
  }
}
