// SPDX-License-Identifier: BSL-1.0
// One packet, protected and unprotected in every way the library offers.
#include "packet_check.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace vectors {
namespace {

using packet_result = sotto::result<sotto::mutable_bytes>;

void expect_packet(test_case& c, const std::string& kernel, const std::string& what, const bytes& expected,
                   const packet_result& got) {
  if (got)
    c.same(kernel, what, expected, *got);
  else
    c.require(kernel, false, what + " failed: " + sotto::message(got.error()));
}

/// A call that must work, with exactly the space it needs; then, on a new end each, in place and one byte short.
void check_call(test_case& c, const std::string& kernel, const std::string& what, const bytes& in,
                const bytes& expected, const std::function<packet_call()>& make) {
  guarded out(expected.size());
  expect_packet(c, kernel, what, expected, make()(in, out.span()));
  c.require(kernel, out.guard_intact(), what + " wrote behind its output");

  bytes buffer = in;
  buffer.resize(std::max(in.size(), expected.size()));
  expect_packet(c, kernel, what + " in place", expected, make()(sotto::const_bytes(buffer).first(in.size()), buffer));

  guarded small(expected.size() - 1);
  const auto refused = make()(in, small.span());
  c.require(kernel, !refused && refused.error() == sotto::error::buffer_too_small,
            what + " into a buffer one byte too small wasn't refused as such");
  c.require(kernel, small.untouched(), what + " into a buffer one byte too small wrote");
}

/// One flipped bit in each byte, and one byte missing. One receiver sees them all and must still take the true packet.
void check_alterations(test_case& c, const std::string& kernel, const bytes& opened, const bytes& wire,
                       const packet_ends& ends) {
  const packet_call unprotect = ends.receiver();
  for (std::size_t i = 0; i <= wire.size(); ++i) {
    bytes altered = wire;
    if (i == wire.size())
      altered.pop_back();
    else
      altered[i] ^= static_cast<std::uint8_t>(1u << (i % 8));
    const std::string what = i == wire.size() ? "a packet without its last byte"
                                              : "a packet with a flipped bit in byte " + std::to_string(i);
    const bytes before = altered;
    guarded out(wire.size());
    c.require(kernel, !unprotect(altered, out.span()), what + " was accepted");
    c.require(kernel, ends.refusals_copy ? out.holds_nothing_but(altered) : out.untouched(),
              what + ": the output was written");
    c.require(kernel, !unprotect(altered, altered), what + " was accepted in place");
    c.same(kernel, what + ": the packet after a refusal in place", before, altered);
  }
  guarded out(opened.size());
  expect_packet(c, kernel, "unprotect after refusals", opened, unprotect(wire, out.span()));
  if (!ends.remembers) return;
  const auto again = unprotect(wire, out.span());
  c.require(kernel, !again && again.error() == sotto::error::replayed, "a replayed packet wasn't refused as such");
}

}  // namespace

void check_packet(test_case& c, const std::string& kernel, const bytes& plain, const bytes& wire, const bytes& opened,
                  const packet_ends& ends) {
  check_call(c, kernel, "protect", plain, wire, ends.sender);
  check_call(c, kernel, "unprotect", wire, opened, ends.receiver);
  check_alterations(c, kernel, opened, wire, ends);
}

}  // namespace vectors
