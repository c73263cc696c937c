// SPDX-License-Identifier: BSL-1.0
// Captures cut off at every length, and captures with random damage: an error or an honest count, nothing else.
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/catch.hpp"
#include "../support/pattern.hpp"
#include "capture_maker.hpp"
#include "srtp_pcap/convert.hpp"
#include "support/file.hpp"
#include "support/key_text.hpp"

namespace {

const std::string in = "damaged.pcap", out = "damaged.out.pcap", wav = "damaged.wav";

sotto::srtp::keying keys() {
  return examples::parse_keying(sotto::srtp::profile::null_hmac_sha1_80, std::string(60, '5'));
}

/// 1 converted, 0 partly, -1 refused as a whole.
int run(sotto::const_bytes capture, bool protect, std::string& report, bool write = true) {
  examples::write_file(in, capture);
  examples::conversion what;
  what.in = in;
  what.protect = protect;
  if (write) what.out = out;
  if (write && !protect) what.wav = wav;
  std::ostringstream text;
  try {
    const bool complete = examples::convert_capture(what, keys(), text);
    report = text.str();
    return complete ? 1 : 0;
  } catch (const std::runtime_error& e) {
    report = e.what();
    return -1;
  }
}

/// A few frames of each form: IPv4 and IPv6, RTP and RTCP, others between.
std::vector<std::uint8_t> small_capture() {
  auto frames = capture_maker::conversation(examples::linktype_linux_sll2);
  std::vector<capture_maker::bytes> some;
  for (std::size_t i = 0; i < frames.size() && some.size() < 8; i += 7)
    if (frames[i].size() < 240) some.push_back(frames[i]);
  capture_maker::write(in, examples::linktype_linux_sll2, some);
  return examples::read_file(in);
}

/// Also damaged-<SSRC>.wav.
void clean_up() {
  std::vector<std::filesystem::path> ours;
  for (const auto& entry : std::filesystem::directory_iterator("."))
    if (entry.path().filename().string().starts_with("damaged") && entry.is_regular_file())
      ours.push_back(entry.path());
  for (const auto& path : ours) std::filesystem::remove(path);
}

}  // namespace

TEST_CASE("cut off at every length") {
  const auto plain = small_capture();
  std::string report;
  REQUIRE(run(plain, true, report) == 1);
  const auto sealed = examples::read_file(out);
  REQUIRE(run(sealed, false, report) == 1);
  std::size_t whole = 0;
  for (std::size_t len = 0; len < sealed.size(); ++len) {
    const int result = run(sotto::const_bytes(sealed).first(len), false, report, len % 16 == 0);
    // Between two records the shorter file is as good as the whole one. Elsewhere the report says what is missing.
    if (result == 1) ++whole;
    if (result == 0) CHECK(report.find("damaged") != report.npos);
    if (result == -1) CHECK((report.find("not a capture") != report.npos || report.find("no RTP") != report.npos));
  }
  CHECK(whole < 8);
  clean_up();
}

TEST_CASE("random damage") {
  const auto plain = small_capture();
  std::string report;
  REQUIRE(run(plain, true, report) == 1);
  const auto sealed = examples::read_file(out);
  support::pattern random(4);
  for (int n = 0; n < 600; ++n) {
    auto damaged = n % 2 == 0 ? plain : sealed;
    for (std::size_t i = 1 + random.below(4); i != 0; --i)
      damaged[n % 4 < 2 ? random.below(damaged.size()) : 24 + random.below(70)] =
          static_cast<std::uint8_t>(random.next());
    run(damaged, n % 2 == 0, report, n % 16 < 2);
    if (report.empty()) FAIL("nothing said about capture " << n);
  }
  clean_up();
}
