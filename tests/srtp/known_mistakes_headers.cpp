// SPDX-License-Identifier: BSL-1.0
// Known mistakes with header extensions; known_mistakes.cpp says which mistakes are tested where.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "keys.hpp"
#include "sotto/srtp.hpp"
#include "support/catch.hpp"
#include "support/guard_pages.hpp"

namespace srtp = sotto::srtp;
using keys::code;
using keys::octets;
using sotto::error;

TEST_CASE("96-bit GCM salt padded on the wrong side: nor that of header extensions") {
  const keys::master m(srtp::profile::aead_aes_128_gcm);
  octets key(16), salt(12);
  REQUIRE(srtp::derive_key(m.key, m.salt, srtp::key_label::rtp_header_encryption, 0, key));
  REQUIRE(srtp::derive_key(m.key, m.salt, srtp::key_label::rtp_header_salt, 0, salt));
  octets behind = salt, before(2);
  behind.resize(14);
  before.insert(before.end(), salt.begin(), salt.end());

  srtp::protection_options o;
  o.encrypted_extensions = srtp::extension_ids(5);
  auto tx = srtp::sender::create(m.raw(), {.protection = o});
  const octets plain = keys::rtp(1, 8, 20, 0, 3), wire = keys::protect(*tx, plain);
  const auto masked = [&](const octets& padded) {
    octets data(plain.begin() + 16, plain.begin() + 28);
    const auto cipher = srtp::header_encryption::create(key, padded);
    REQUIRE(cipher);
    REQUIRE(cipher->apply(srtp::extension_form::one_byte, data, o.encrypted_extensions, srtp::ssrc(1), 8));
    return data;
  };
  const octets sent(wire.begin() + 16, wire.begin() + 28);
  CHECK(sent == masked(behind));
  CHECK(sent != masked(before));
}

TEST_CASE("RFC 6904 masks over malformed extensions: every pair of first bytes, at a page's end") {
  const auto cipher = srtp::header_encryption::create(octets(16, 1), octets(14, 2));
  REQUIRE(cipher);
  srtp::extension_ids all;
  for (unsigned id = 1; id <= 255; ++id) all.add(static_cast<std::uint8_t>(id));
  support::guard_pages memory(64);
  std::size_t sound = 0, malformed = 0;
  for (const auto form : {srtp::extension_form::one_byte, srtp::extension_form::two_byte})
    for (const std::size_t len : {4u, 8u, 20u})
      for (unsigned first = 0; first < 65536; ++first) {
        octets data(len, 0x10);
        sotto::core::store_be16(data.data(), static_cast<std::uint16_t>(first));
        const std::span<std::uint8_t> in_place(memory.place(support::edge::end, data), len);
        octets masked(len);
        const auto walk = srtp::for_each_element(form, data, [&](const srtp::extension_element& e) {
          std::fill_n(masked.begin() + static_cast<std::ptrdiff_t>(e.offset), e.len, std::uint8_t{1});
        });
        const auto applied = cipher->apply(form, in_place, all, srtp::ssrc(1), first);
        ++(applied ? sound : malformed);
        bool right = applied.has_value() == walk.has_value() && memory.intact_around(in_place.data(), len);
        if (!applied) {
          right = right && code(applied) == code(error::malformed_packet) &&
                  std::equal(data.begin(), data.end(), in_place.begin());
        } else {
          for (std::size_t i = 0; i < len; ++i)
            if (masked[i] == 0) right = right && in_place[i] == data[i];
          right = right && cipher->apply(form, in_place, all, srtp::ssrc(1), first).has_value() &&
                  std::equal(data.begin(), data.end(), in_place.begin());
        }
        if (!right) {
          INFO("form " << static_cast<int>(form) << ", " << len << " bytes from " << first);
          REQUIRE(right);
        }
      }
  CHECK(sound > 65536);
  CHECK(malformed > 65536);
}
