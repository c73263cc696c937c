// SPDX-License-Identifier: BSL-1.0
// retro: what can be made of a recorded call afterwards, from the packets and what the signalling server saw.
#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "../srtp_pcap/crypto_line.hpp"
#include "../support/file.hpp"
#include "key_search.hpp"
#include "opener.hpp"
#include "recording.hpp"

namespace {

enum exit_code { succeeded = 0, unusable = 2 };

struct command_line {
  std::string log, pcap, wav_out;
  std::vector<std::string> crypto;
};

std::string read_text(const std::string& path) {
  const auto bytes = examples::read_file(path);
  return {bytes.begin(), bytes.end()};
}

std::vector<std::string> crypto_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    if (examples::detail::is_crypto_line(line)) lines.emplace_back(line);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return lines;
}

/// The lines with keys in them: what SDES is.
void use_crypto_lines(const std::vector<std::string>& lines, examples::opener& open) {
  for (const auto& line : lines) {
    const auto keys = examples::agreement_from_line(line);
    const auto streams = open.try_keys(keys);
    std::printf("%s, %s: opens %zu stream(s)\n", keys.description.c_str(),
                std::string(name(keys.keys.front().keying.profile())).c_str(), streams);
  }
}

std::uint64_t search(const std::string& log, const examples::recording& call, examples::opener& open) {
  std::size_t fitting = 0;
  const auto tried = examples::search_keys(examples::readings_of(log), call, [&](const examples::agreement& keys) {
    ++fitting;
    open.try_keys(keys);
  });
  std::printf("blind search of the log's %zu bytes: %" PRIu64 " keys tried, %zu fit\n", log.size(), tried, fitting);
  return tried;
}

int run(const command_line& c) {
  const auto call = examples::read_recording(c.pcap);
  std::printf("%zu packets in %zu streams\n", call.packets(), call.streams.size());
  examples::opener open(call);
  use_crypto_lines(c.crypto, open);
  std::uint64_t tried = c.crypto.size();
  if (!c.log.empty()) {
    const auto log = read_text(c.log);
    const auto lines = crypto_lines(log);
    use_crypto_lines(lines, open);
    tried += lines.size() + search(log, call, open);
  }
  if (!c.wav_out.empty())
    for (const auto& path : open.write_audio(c.wav_out)) std::printf("audio: %s\n", path.c_str());
  std::printf("opened %zu of %zu packets, %" PRIu64 " keys tried\n", open.packets(), call.packets(), tried);
  return std::fflush(stdout) == 0 ? succeeded : unusable;
}

}  // namespace

int main(int argc, char** argv) {
  command_line c;
  CLI::App app{
      "Reads a recorded call after hang-up, with what its signalling server saw, and tries to listen to it. Crypto\n"
      "lines (RFC 4568), in the log or as arguments, open the streams of whoever wrote them; G.711 becomes WAV. The\n"
      "last line says how many packets were opened. Exit code: 0 done, opened or not; 2 bad arguments or files."};
  app.add_option("--pcap", c.pcap, "the packets (pcap or pcapng)")->required();
  app.add_option("--log", c.log, "all signalling, as text: every part of it is tried as a key as well");
  app.add_option("--crypto", c.crypto, "an a=crypto line, repeatable: usually one for each direction");
  app.add_option("--wav-out", c.wav_out, "write the audio here; the SSRC joins the name if there are several streams");
  try {
    app.parse(argc, argv);
    return run(c);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? succeeded : unusable;
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "retro: %s\n", e.what());
    return unusable;
  }
}
