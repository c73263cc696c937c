// SPDX-License-Identifier: BSL-1.0
// WAV files: what is written is read, and damaged ones are refused.
#include "support/wav.hpp"

#include <cstdio>
#include <stdexcept>

#include "../support/catch.hpp"
#include "../support/pattern.hpp"

namespace {

std::vector<std::uint8_t> sound_file() {
  const std::vector<std::int16_t> samples{0, 1, -1, 32767, -32768, 1000};
  examples::write_wav("sound.wav", 8000, samples);
  const auto bytes = examples::read_file("sound.wav");
  std::remove("sound.wav");
  return bytes;
}

}  // namespace

TEST_CASE("written and read") {
  const auto file = sound_file();
  REQUIRE(file.size() == 44 + 12);
  const auto heard = examples::parse_wav(file);
  CHECK(heard.rate == 8000);
  CHECK(heard.samples == std::vector<std::int16_t>{0, 1, -1, 32767, -32768, 1000});
}

TEST_CASE("unknown chunks of odd length, the extensible format and a length from a pipe") {
  auto file = sound_file();
  const std::uint8_t odd[] = {'L', 'I', 'S', 'T', 3, 0, 0, 0, 'a', 'b', 'c', 0};
  file.insert(file.begin() + 36, std::begin(odd), std::end(odd));
  CHECK(examples::parse_wav(file).samples.size() == 6);

  file = sound_file();
  for (std::size_t i = 40; i < 44; ++i) file[i] = 0xff;
  CHECK(examples::parse_wav(file).samples.size() == 6);

  file = sound_file();
  file[20] = 0xfe;
  file[21] = 0xff;
  file[16] = 40;
  file.insert(file.begin() + 36, 24, 0);
  file[44] = 1;
  CHECK(examples::parse_wav(file).samples.size() == 6);
}

TEST_CASE("every shorter file is refused") {
  const auto file = sound_file();
  for (std::size_t len = 0; len < file.size(); ++len)
    CHECK_THROWS_AS(examples::parse_wav(sotto::const_bytes(file).first(len)), std::runtime_error);
}

TEST_CASE("other formats are refused") {
  for (const std::size_t at : {0u, 8u, 20u, 22u, 34u}) {
    auto file = sound_file();
    ++file[at];
    CHECK_THROWS_AS(examples::parse_wav(file), std::runtime_error);
  }
}

TEST_CASE("random damage is refused or read, never more") {
  const auto file = sound_file();
  support::pattern random(1);
  std::size_t refused = 0;
  for (int n = 0; n < 20000; ++n) {
    auto damaged = file;
    for (int i = 0; i < 3; ++i) damaged[random.below(damaged.size())] = static_cast<std::uint8_t>(random.next());
    std::size_t samples = 0;
    try {
      samples = examples::parse_wav(damaged).samples.size();
    } catch (const std::runtime_error&) {
      ++refused;
    }
    if (samples > 6) FAIL("file " << n);
  }
  CHECK(refused > 5000);
  CHECK(refused < 20000);
}
