// SPDX-License-Identifier: BSL-1.0
// The participants, the server between them, and what they say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <sotto/srtp.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/g711.hpp"
#include "../support/wav.hpp"
#include "call_keys.hpp"
#include "conference.hpp"
#include "curious_server.hpp"
#include "participant.hpp"

namespace examples {

class meeting {
 public:
  static constexpr std::size_t samples_per_packet = g711_rate / 50;  ///< 20 ms

  explicit meeting(const conference_options& o)
      : options(o), server(hiding(o)), random_(o.seed), audio_(encoded(read_wav(o.wav_in), o.wav_in)) {
    call_description call{{}, o.suite};
    fill_random(call.id);
    for (std::size_t n = 0; n < o.participants; ++n)
      people.push_back(std::make_unique<participant>(n, call, hiding(o)));
    for (auto& p : people) {
      server.join(p->keys());
      for (const auto& other : people)
        if (other != p) p->learn(other->key());
    }
  }

  /// 20 ms of speech, each participant's from another place of the file.
  sotto::const_bytes audio(std::size_t who, std::uint64_t n) const {
    const std::size_t chunks = audio_.size() / samples_per_packet;
    const auto chunk = static_cast<std::size_t>((n + who * chunks / people.size()) % chunks);
    return sotto::const_bytes(audio_).subspan(chunk * samples_per_packet, samples_per_packet);
  }
  // Not std::bernoulli_distribution, whose draws differ between standard libraries.
  bool chance(double probability) { return static_cast<double>(random_() >> 11) * 0x1p-53 < probability; }
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }

  const conference_options options;
  curious_server server;
  std::vector<std::unique_ptr<participant>> people;

 private:
  static sotto::srtp::length_hiding hiding(const conference_options& o) {
    return o.padded_to == 0 ? sotto::srtp::length_hiding() : sotto::srtp::length_hiding::constant(o.padded_to);
  }
  static octets encoded(const wav& file, const std::string& path) {
    if (file.rate != g711_rate || file.samples.size() < samples_per_packet)
      throw std::runtime_error(path + ": need at least 20 ms at 8000 samples per second");
    octets bytes;
    for (const auto s : file.samples) bytes.push_back(encode(g711::mu_law, s));
    return bytes;
  }

  std::mt19937_64 random_;
  octets audio_;
};

}  // namespace examples
