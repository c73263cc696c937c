// SPDX-License-Identifier: BSL-1.0
#include "checks.hpp"

#include <cstdio>
#include <exception>

#include "../support/g711.hpp"
#include "../support/wav.hpp"

namespace examples {
namespace {

std::string with_ssrc(const stage& s, const std::string& name, const media_stream& stream) {
  char file[64];
  std::snprintf(file, sizeof file, "%s-%08x.wav", name.c_str(), static_cast<unsigned>(stream.description().ssrc));
  return s.path(file);
}

}  // namespace

bool holds(const std::string& path, const media_stream& said) {
  wav heard;
  try {
    heard = read_wav(path);
  } catch (const std::exception&) {
    return false;
  }
  std::size_t at = 0;
  if (heard.samples.size() != said.position(said.packets())) return false;
  for (std::uint64_t n = 0; n < said.packets(); ++n)
    for (const auto code : said.payload(n))
      if (heard.samples[at++] != decode(said.description().law, code)) return false;
  return true;
}

void check_conversation(const stage& s, const two_streams& media, story& tale) {
  const auto caller = s.notes_of("caller");
  const bool complete =
      holds(s.path("caller-heard.wav"), media.callee) && holds(s.path("callee-heard.wav"), media.caller);
  tale.check(complete, "caller and callee spoke, " + count(media.caller.packets(), "packet") +
                           " each way, and heard one another bit for bit; keys: " + caller.text("provenance"));
}

bool has_both(const stage& s, const two_streams& media, const std::string& name) {
  return holds(with_ssrc(s, name, media.caller), media.caller) && holds(with_ssrc(s, name, media.callee), media.callee);
}

void check_same_audio(const stage& s, const two_streams& media, const std::string& name, story& tale) {
  tale.check(has_both(s, media, name), "what " + name + " writes as WAV is both ends' speech, bit for bit");
}

}  // namespace examples
