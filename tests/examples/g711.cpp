// SPDX-License-Identifier: BSL-1.0
// G.711 against the values of ITU-T G.711's tables 1 and 2, and the properties that make it a companding law.
#include "support/g711.hpp"

#include <cstdlib>

#include "../support/catch.hpp"

using examples::g711;

TEST_CASE("values of the tables, scaled to 16 bits") {
  CHECK(examples::encode_mu_law(0) == 0xff);
  CHECK(examples::decode_mu_law(0xff) == 0);
  CHECK(examples::decode_mu_law(0x80) == 32124);  // 8031 of 14 bits
  CHECK(examples::decode_mu_law(0x00) == -32124);
  CHECK(examples::decode_mu_law(0xfe) == 8);  // 2
  CHECK(examples::encode_mu_law(32767) == 0x80);
  CHECK(examples::encode_mu_law(-32768) == 0x00);
  CHECK(examples::encode_a_law(0) == 0xd5);
  CHECK(examples::decode_a_law(0xd5) == 8);  // 1 of 13 bits
  CHECK(examples::decode_a_law(0x55) == -8);
  CHECK(examples::decode_a_law(0xaa) == 32256);  // 4032
  CHECK(examples::decode_a_law(0x2a) == -32256);
  CHECK(examples::encode_a_law(32767) == 0xaa);
  CHECK(examples::encode_a_law(-32768) == 0x2a);
}

TEST_CASE("decoding, then encoding, gives the code back") {
  for (const g711 law : {g711::mu_law, g711::a_law})
    for (int code = 0; code < 256; ++code) {
      const auto sample = examples::decode(law, static_cast<std::uint8_t>(code));
      // Mu-law has two zeros.
      if (sample != 0) CHECK(examples::encode(law, sample) == code);
    }
}

TEST_CASE("the error is small beside the sample, and the order stays") {
  for (const g711 law : {g711::mu_law, g711::a_law}) {
    int before = -40000;
    bool ordered = true, close = true;
    for (int s = -32768; s <= 32767; ++s) {
      const int heard = examples::decode(law, examples::encode(law, static_cast<std::int16_t>(s)));
      ordered &= heard >= before;
      close &= std::abs(heard - s) <= 8 + std::abs(s) / 31;  // half a step of 4 bits of mantissa
      before = heard;
    }
    CHECK(ordered);
    CHECK(close);
  }
}
