// SPDX-License-Identifier: BSL-1.0
// Finding and replacing datagrams in frames, also in frames that lie.
#include "support/udp_frame.hpp"

#include <algorithm>

#include "../support/catch.hpp"
#include "../support/pattern.hpp"
#include "capture_maker.hpp"

namespace {

using capture_maker::ip_kind;
using examples::frame_kind;
using examples::link_layer;

struct form {
  link_layer link;
  std::uint32_t linktype;
  int vlan_tags;
};
constexpr form forms[] = {{link_layer::ethernet, examples::linktype_ethernet, 0},
                          {link_layer::ethernet, examples::linktype_ethernet, 1},
                          {link_layer::ethernet, examples::linktype_ethernet, 2},
                          {link_layer::linux_cooked, examples::linktype_linux_sll, 0},
                          {link_layer::linux_cooked2, examples::linktype_linux_sll2, 0},
                          {link_layer::raw_ip, examples::linktype_raw_ip, 0}};
constexpr ip_kind carriers[] = {ip_kind::v4, ip_kind::v4_options, ip_kind::v4_no_checksum, ip_kind::v6,
                                ip_kind::v6_extensions};

}  // namespace

TEST_CASE("replaced payloads give the frame that the other end would have made") {
  for (const auto& f : forms)
    for (const auto kind : carriers)
      for (const std::size_t len : {0u, 1u, 2u, 171u, 1300u}) {
        const auto before =
            capture_maker::link(f.linktype, capture_maker::ip(kind, 5004, support::pattern_bytes(1, 77)), f.vlan_tags);
        const auto payload = support::pattern_bytes(2, len);
        const auto wanted = capture_maker::link(f.linktype, capture_maker::ip(kind, 5004, payload), f.vlan_tags);
        auto padded = before;
        padded.insert(padded.end(), 5, 0xee);  // short Ethernet frames have it
        for (const auto& frame : {before, padded}) {
          const auto found = examples::find_udp(f.link, frame);
          REQUIRE(found.kind == frame_kind::udp);
          CHECK(found.payload.size() == 77);
          CHECK(found.source_port == 40000);
          CHECK(found.destination_port == 5004);
          std::vector<std::uint8_t> after;
          REQUIRE(examples::replace_payload(frame, found, payload, after));
          CHECK(after == wanted);
        }
      }
}

TEST_CASE("a payload that no IP packet can hold is refused") {
  for (const auto kind : {ip_kind::v4, ip_kind::v6}) {
    const auto frame = capture_maker::ip(kind, 1, {1, 2, 3});
    const auto found = examples::find_udp(link_layer::raw_ip, frame);
    const std::size_t most = 65535 - 8 - (kind == ip_kind::v4 ? 20 : 0);
    std::vector<std::uint8_t> out;
    CHECK(examples::replace_payload(frame, found, std::vector<std::uint8_t>(most), out));
    CHECK(examples::find_udp(link_layer::raw_ip, out).payload.size() == most);
    out.clear();
    CHECK(!examples::replace_payload(frame, found, std::vector<std::uint8_t>(most + 1), out));
    CHECK(out.empty());
  }
}

TEST_CASE("fragments, other protocols and short frames have names") {
  const auto kind_of = [](ip_kind k) {
    return examples::find_udp(link_layer::raw_ip, capture_maker::ip(k, 1, {1, 2, 3, 4})).kind;
  };
  CHECK(kind_of(ip_kind::v4_fragment) == frame_kind::fragment);
  CHECK(kind_of(ip_kind::v6_fragment) == frame_kind::fragment);
  CHECK(kind_of(ip_kind::v4_tcp) == frame_kind::other);
  for (const auto& f : forms)
    for (const auto kind : carriers) {
      const auto frame =
          capture_maker::link(f.linktype, capture_maker::ip(kind, 5004, support::pattern_bytes(1, 20)), f.vlan_tags);
      for (std::size_t len = 0; len < frame.size(); ++len) {
        // A copy of its own, so that the address sanitizer sees a read behind it.
        const std::vector<std::uint8_t> cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(len));
        CHECK(examples::find_udp(f.link, cut).kind != frame_kind::udp);
      }
    }
}

TEST_CASE("whatever the bytes, a datagram lies inside its frame and can be replaced") {
  support::pattern random(3);
  std::size_t found_any = 0;
  for (int n = 0; n < 200000; ++n) {
    const auto& f = forms[random.below(std::size(forms))];
    auto frame = capture_maker::link(
        f.linktype, capture_maker::ip(carriers[random.below(std::size(carriers))], 1, {1, 2, 3, 4, 5}), f.vlan_tags);
    for (std::size_t i = 1 + random.below(4); i != 0; --i)
      frame[random.below(frame.size())] = static_cast<std::uint8_t>(random.next());
    const auto found = examples::find_udp(f.link, frame);
    if (found.kind != frame_kind::udp) continue;
    ++found_any;
    const auto* const end = frame.data() + frame.size();
    const bool inside = found.payload.data() >= frame.data() && found.payload.data() + found.payload.size() <= end;
    std::vector<std::uint8_t> out;
    if (!inside || !examples::replace_payload(frame, found, support::pattern_bytes(1, 9), out)) FAIL("frame " << n);
    if (examples::find_udp(f.link, out).payload.size() != 9) FAIL("rewritten frame " << n);
  }
  CHECK(found_any > 20000);
}
