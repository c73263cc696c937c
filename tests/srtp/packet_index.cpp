// SPDX-License-Identifier: BSL-1.0
// The index estimate of RFC 3711 3.3.1 against the RFC's own pseudocode, and where its modulo meets the line's ends.
#include "sotto/srtp/packet_index.hpp"

#include <cstdint>

#include "keys.hpp"
#include "support/catch.hpp"
#include "support/pattern.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using sotto::error;

namespace {

/// Appendix A, word for word; the ROC before 0 is 2^32 - 1.
std::uint64_t appendix_a(std::uint64_t highest, int seq) {
  const auto roc = static_cast<std::uint32_t>(highest >> 16);
  const int s_l = static_cast<int>(highest & 0xffff);
  std::uint32_t v = roc;
  if (s_l < 32768) {
    if (seq - s_l > 32768) v = roc - 1;
  } else {
    if (s_l - 32768 > seq) v = roc + 1;
  }
  return static_cast<std::uint64_t>(seq) + std::uint64_t{v} * 65536;
}

auto estimate(std::uint64_t highest, std::uint16_t seq) {
  return srtp::estimate_index(srtp::packet_index(highest), srtp::sequence_number(seq));
}

}  // namespace

TEST_CASE("estimates equal the RFC's pseudocode") {
  support::pattern random(1);
  for (int i = 0; i < 200000; ++i) {
    // Away from both ends; the low bits often near 0, 2^15 and 2^16.
    const std::uint64_t roc = 1 + random.next() % 0xfffffffd;
    const auto near = [&] {
      const std::uint64_t anchors[] = {0, 0x7ffe, 0x8000, 0xfffd, random.next()};
      return static_cast<std::uint16_t>(anchors[random.below(5)] + random.below(5));
    };
    const std::uint64_t highest = roc << 16 | near();
    const std::uint16_t seq = near();
    const auto index = estimate(highest, seq);
    REQUIRE(index.has_value());
    REQUIRE(index->value() == appendix_a(highest, seq));
  }
}

TEST_CASE("half a round away the ROC stays") {
  CHECK(estimate(0x50000, 0x8000)->value() == 0x58000);
  CHECK(estimate(0x50000, 0x8001)->value() == 0x48001);
  CHECK(estimate(0x58000, 0x0000)->value() == 0x50000);
  CHECK(estimate(0x58001, 0x0000)->value() == 0x60000);
}

TEST_CASE("nothing lies before ROC 0") {
  CHECK(code(estimate(0, 0xffff)) == code(error::too_old));
  CHECK(code(estimate(2, 0x8003)) == code(error::too_old));
  CHECK(estimate(2, 0x8002)->value() == 0x8002);
  CHECK(code(estimate(0x7fff, 0xffff)) == 0);
  CHECK(estimate(0xffff, 0)->value() == 0x10000);
  CHECK(estimate(0x10000, 0xffff)->value() == 0xffff);
}

TEST_CASE("nothing lies beyond ROC 2^32 - 1") {
  const std::uint64_t last = srtp::packet_index_end - 1;
  CHECK(estimate(last, 0xffff)->value() == last);
  CHECK(estimate(last, 0xfffe)->value() == last - 1);
  CHECK(code(estimate(last, 0)) == code(error::key_exhausted));
  CHECK(code(estimate(last, 0x7ffe)) == code(error::key_exhausted));
  CHECK(estimate(last, 0x7fff)->value() == last - 0x8000);
}

TEST_CASE("indices split into ROC and sequence number") {
  const auto i = srtp::make_index(srtp::rollover_counter(0xfedcba98), srtp::sequence_number(0x7654));
  CHECK(i.value() == 0xfedcba987654);
  CHECK(srtp::rollover_of(i) == srtp::rollover_counter(0xfedcba98));
  CHECK(srtp::sequence_of(i) == srtp::sequence_number(0x7654));
}
