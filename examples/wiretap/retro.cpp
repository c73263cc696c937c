// SPDX-License-Identifier: BSL-1.0
// retro: what can be made of a recorded call afterwards, from the packets and what the signalling server saw.
#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <sotto/sframe/header.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../srtp_pcap/crypto_line.hpp"
#include "../support/file.hpp"
#include "frame_search.hpp"
#include "key_search.hpp"
#include "noise_replay.hpp"
#include "opener.hpp"
#include "recording.hpp"
#include "sizes.hpp"

namespace {

enum exit_code { succeeded = 0, unusable = 2 };

struct command_line {
  std::string log, pcap, wav_out, leaked, guesses;
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

/// The lines with keys in them: what SDES is. Throws std::runtime_error for one that can't be used.
void use_crypto_line(const std::string& line, examples::opener& open) {
  const auto keys = examples::agreement_from_line(line);
  const auto streams = open.try_keys(keys);
  std::printf("%s, %s: opens %zu stream%s\n", keys.description.c_str(),
              std::string(name(keys.keys.front().keying.profile())).c_str(), streams, streams == 1 ? "" : "s");
}

/// A log may hold anything.
void use_logged_lines(const std::vector<std::string>& lines, examples::opener& open) {
  for (const auto& line : lines) try {
      use_crypto_line(line, open);
    } catch (const std::runtime_error& e) {
      std::printf("the log has an unusable %s\n", e.what());
    }
}

using readings = std::vector<std::vector<std::uint8_t>>;

/// Goes through the log's handshakes with stolen keys. What they decrypt, the keys themselves, and every agreement are
/// worth a try as media keys.
void use_leak(const std::string& log, const std::string& path, readings& material) {
  const auto keys = examples::read_leak(path);
  for (const auto* const key : {&keys.initiator, &keys.responder})
    if (*key) {
      const auto secret = (*key)->expose_secret();
      const auto known = (*key)->public_key().bytes();
      material.emplace_back(secret.begin(), secret.end());
      material.emplace_back(known.begin(), known.end());
    }
  for (const auto& handshake : examples::handshakes_in(log)) {
    const auto result = examples::replay(handshake, keys);
    const std::size_t count = handshake.messages.size();
    std::printf("Noise %s, %zu message%s, with stolen keys: %s\n", handshake.pattern.c_str(), count,
                count == 1 ? "" : "s", result.complete ? "all of it decrypts" : result.stopped.c_str());
    if (result.guesses != 0)
      std::printf("%" PRIu64 " guesses in its place, each agreement of a stolen key among them: none decrypts more\n",
                  result.guesses);
    material.insert(material.end(), result.payloads.begin(), result.payloads.end());
  }
}

std::uint64_t search(const std::string& log, const readings& material, const examples::recording& call,
                     examples::opener& open) {
  std::size_t fitting = 0;
  const auto found = [&](const examples::agreement& keys) {
    ++fitting;
    open.try_keys(keys);
  };
  auto tried = examples::search_keys(examples::readings_of(log), call, found);
  std::printf("blind search of the log's %zu bytes: %" PRIu64 " keys tried, %zu fit\n", log.size(), tried, fitting);
  if (material.empty()) return tried;
  fitting = 0;
  const auto more = examples::search_keys(material, call, found);
  std::printf("and of what the stolen keys gave: %" PRIu64 " keys tried, %zu fit\n", more, fitting);
  return tried + more;
}

/// What was in opened packets and isn't speech: SFrame, if its header is right.
void look_inside(const std::string& log, const examples::opener& open) {
  readings frames;
  for (const auto& f : open.inner())
    if (sotto::sframe::parse_header(f)) frames.push_back(f);
  if (frames.empty()) return;
  const auto result = examples::search_frame_keys(examples::readings_of(log), frames);
  std::printf("opened %zu of %zu frames, %" PRIu64 " SFrame keys tried\n", result.opened, frames.size(), result.tried);
}

int run(const command_line& c) {
  const auto call = examples::read_recording(c.pcap);
  std::printf("%zu packets in %zu streams\n", call.packets(), call.streams.size());
  const auto log = c.log.empty() ? std::string() : read_text(c.log);
  if (!c.guesses.empty()) {
    examples::look_at_signalling(log);
    examples::look_at_sizes(call, c.guesses);
  }
  examples::opener open(call);
  for (const auto& line : c.crypto) use_crypto_line(line, open);
  std::uint64_t tried = c.crypto.size();
  if (!c.log.empty() && call.packets() != 0) {
    const auto lines = crypto_lines(log);
    use_logged_lines(lines, open);
    readings material;
    if (!c.leaked.empty()) use_leak(log, c.leaked, material);
    tried += lines.size() + search(log, material, call, open);
    look_inside(log, open);
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
  auto* const log =
      app.add_option("--log", c.log, "all signalling, as text: every part of it is tried as a key as well");
  app.add_option("--crypto", c.crypto, "an a=crypto line, repeatable: usually one for each direction");
  app.add_option("--leaked", c.leaked, "secret static keys of the ends, which somebody stole after the call")
      ->needs(log);
  app.add_option("--guesses", c.guesses, "tell talk from silence by the packets' sizes, and write the guesses here");
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
