// SPDX-License-Identifier: BSL-1.0
// srtp_pcap: unprotects, or protects, the RTP and RTCP packets of a capture.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include "../support/keys.hpp"
#include "../support/profiles.hpp"
#include "convert.hpp"
#include "crypto_line.hpp"

namespace {

enum exit_code { succeeded = 0, some_refused = 1, unusable = 2 };

/// Where the keys come from: one of these isn't empty.
struct key_source {
  std::string profile;  ///< For the first two.
  std::string key, key_file, crypto, crypto_file;
  std::optional<std::uint32_t> tag;
};

/// The command line itself stays visible to this machine's other users, so files are the better way.
examples::agreement agreement_of(key_source& from) {
  if (!from.crypto_file.empty()) return examples::agreement_from_sdp_file(from.crypto_file, from.tag);
  if (!from.crypto.empty()) {
    auto made = examples::agreement_from_line(from.crypto);
    examples::wipe(from.crypto);
    return made;
  }
  const auto profile = examples::profile_named(from.profile);
  if (!from.key_file.empty()) return examples::keying_from_file(profile, from.key_file);
  auto made = examples::parse_keying(profile, from.key);
  examples::wipe(from.key);
  return made;
}

void add_key_options(CLI::App& app, key_source& from) {
  auto* const profile = app.add_option("--profile", from.profile, "protection profile, for --key and --key-file")
                            ->transform(CLI::IsMember(examples::profile_names(), CLI::ignore_case));
  auto* const key = app.add_option("--key", from.key, "key and salt in base64, as after SDES's inline:, or in hex");
  auto* const key_file = app.add_option("--key-file", from.key_file, "a file that holds the same");
  auto* const crypto = app.add_option("--crypto", from.crypto,
                                      "instead of those: an a=crypto line (RFC 4568), with or without a=, of whoever "
                                      "sent the packets");
  auto* const crypto_file = app.add_option("--crypto-file", from.crypto_file,
                                           "a file with such a line, perhaps a whole SDP: its first usable one counts");
  app.add_option("--tag", from.tag, "the first usable a=crypto line with this tag")->needs(crypto_file);
  key->excludes(key_file);
  for (auto* const line : {crypto, crypto_file}) line->excludes(profile)->excludes(key)->excludes(key_file);
  crypto->excludes(crypto_file);
}

void require_key(const key_source& from) {
  if (!from.crypto.empty() || !from.crypto_file.empty()) return;
  const bool has_key = !from.key.empty() || !from.key_file.empty();
  if (from.profile.empty()) throw CLI::RequiredError(has_key ? "--profile" : "--profile, --crypto or --crypto-file");
  if (!has_key) throw CLI::RequiredError("--key or --key-file");
}

}  // namespace

int main(int argc, char** argv) {
  examples::conversion what;
  key_source keys;

  CLI::App app{
      "Unprotects the SRTP and SRTCP packets of a capture (pcap or pcapng; Ethernet, Linux cooked, raw IP; IPv4, "
      "IPv6), or\n"
      "protects RTP and RTCP, and counts outcomes. Streams are taken to start with a rollover counter of 0, unless "
      "--roc\n"
      "tells another. The result has converted packets, and what is neither RTP nor RTCP unchanged; refused packets "
      "are left\n"
      "out. Exit code: 0 all converted (but for repeated packets), 1 some refused, 2 bad arguments or files."};
  app.add_option("CAPTURE", what.in, "the capture to read")->required();
  add_key_options(app, keys);
  auto* const protect = app.add_flag("--protect", what.protect, "protect instead of unprotect");
  app.add_option("--out", what.out, "write the resulting capture here");
  app.add_option("--wav", what.wav,
                 "write G.711 audio (payload types 0 and 8) here; the SSRC joins the name if there are several")
      ->excludes(protect);
  app.add_option("--port", what.ports, "only UDP from or to these ports");
  app.add_option("--ssrc", what.ssrcs,
                 "only these SSRCs, decimal or 0x and hex: a call's two directions have a key each");
  app.add_option("--roc", what.roc, "rollover counter of the streams' first packets; --ssrc if they differ");
  try {
    app.parse(argc, argv);
    require_key(keys);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? succeeded : unusable;
  }

  try {
    const auto agreed = agreement_of(keys);
    const bool complete = convert_capture(what, agreed, std::cout);
    std::cout.flush();
    if (!std::cout) return unusable;
    return complete ? succeeded : some_refused;
  } catch (const std::exception& e) {
    std::cout.flush();
    std::cerr << "srtp_pcap: " << e.what() << '\n';
    return unusable;
  }
}
