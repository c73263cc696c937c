// SPDX-License-Identifier: BSL-1.0
// Buffers of handshake messages: in place, disjoint, too small, overlapping, the longest message.
#include "ends.hpp"
#include "support/guard_pages.hpp"

using namespace ends;

namespace {

const noise::handshake_pattern& XX = noise::patterns::XX;
const octets payload = support::pattern_bytes(5, 70);

}  // namespace

TEST_CASE("written and read in place") {
  const identities ids(XX);
  pair<> p(ids, XX);
  for (std::size_t i = 0; i < 3; ++i) {
    octets buffer = payload;
    buffer.resize(payload.size() + p.writer(i).message_overhead() + 3, 0xaa);
    const auto written = p.writer(i).write_message(const_bytes(buffer).first(payload.size()), buffer);
    REQUIRE(written.has_value());
    CHECK(written->data() == buffer.data());
    const auto read = p.reader(i).read_message(*written, i == 1 ? mutable_bytes(buffer) : *written);
    REQUIRE(read.has_value());
    CHECK(read->data() == buffer.data());
    CHECK(octets(read->begin(), read->end()) == payload);
    CHECK(octets(buffer.end() - 3, buffer.end()) == octets(3, 0xaa));
  }
  CHECK(p.initiator.finished());
  CHECK(p.responder.finished());
}

TEST_CASE("nothing is read or written outside of the buffers") {
  const identities ids(XX);
  support::guard_pages in(100), plain(100), wire(300);
  for (const auto at : {support::edge::start, support::edge::end}) {
    for (std::size_t len = 0; len < 70; len += 23) {
      pair<> p(ids, XX);
      for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t wire_len = len + p.writer(i).message_overhead();
        const const_bytes from(in.place(at, const_bytes(payload).first(len)), len);
        const mutable_bytes message(wire.place(at, wire_len), wire_len), to(plain.place(at, len), len);
        REQUIRE(p.writer(i).write_message(from, message).has_value());
        REQUIRE(p.reader(i).read_message(message, to).has_value());
        CHECK(support::same_bytes(to.data(), payload.data(), len));
        CHECK(wire.intact_around(message.data(), wire_len));
        CHECK(plain.intact_around(to.data(), len));
      }
      pair<> q(ids, XX);
      pass(q, 1);
      const mutable_bytes cut(wire.place(at, len), len), to(plain.place(at, len), len);
      CHECK_FALSE(q.initiator.read_message(cut, to).has_value());
    }
  }
}

TEST_CASE("output that is too small") {
  const identities ids(XX);
  for (const std::size_t n : {0u, 1u, 2u}) {
    pair<> p(ids, XX), q(ids, XX);
    pass(p, n);
    pass(q, n);
    octets out(payload.size() + p.writer(n).message_overhead() - 1, 0xaa);
    const octets before = out;
    CHECK(p.writer(n).write_message(payload, out).error() == error::buffer_too_small);
    CHECK(out == before);
    check_over(p.writer(n));

    octets message = write(q.writer(n), 70), small(69, 0xaa);
    CHECK(q.reader(n).read_message(message, small).error() == error::buffer_too_small);
    CHECK(small == octets(69, 0xaa));
    check_over(q.reader(n));
  }
  pair<> p(ids, XX);
  octets message = write(p.initiator, 70);
  const octets before = message;
  CHECK(p.responder.read_message(message, mutable_bytes(message).first(101)).error() == error::buffer_too_small);
  CHECK(message == before);
}

TEST_CASE("buffers that overlap otherwise than in place") {
  const identities ids(XX);
  octets buffer(300, 0xaa);
  const mutable_bytes all(buffer);
  for (const std::size_t at : {1u, 31u, 32u, 101u}) {
    pair<> p(ids, XX), q(ids, XX);
    CHECK(p.initiator.write_message(all.subspan(at, 70), all).error() == error::overlapping_buffers);
    CHECK(buffer == octets(300, 0xaa));
    check_over(p.initiator);

    const octets message = write(q.initiator, 70);
    octets both = message;
    both.resize(300, 0xaa);
    const octets before = both;
    CHECK(q.responder.read_message(const_bytes(both).first(message.size()), mutable_bytes(both).subspan(at)).error() ==
          error::overlapping_buffers);
    CHECK(both == before);
    check_over(q.responder);
  }
  pair<> p(ids, XX);
  CHECK(p.initiator.write_message(all.subspan(102, 70), all).has_value());  // right behind the message
}

TEST_CASE("the longest messages") {
  const identities ids(XX);
  for (const std::size_t n : {0u, 1u, 2u}) {
    pair<> p(ids, XX), q(ids, XX);
    pass(p, n);
    pass(q, n);
    const std::size_t most = 65535 - p.writer(n).message_overhead();
    CHECK(write(p.writer(n), most).size() == 65535);
    octets out(70000);
    CHECK(q.writer(n).write_message(octets(most + 1), out).error() == error::message_too_long);
    CHECK(out == octets(70000));
    check_over(q.writer(n));
  }
  pair<> p(ids, XX);
  REQUIRE(refusal(p.responder, write(p.initiator, 65535 - 32)) == std::nullopt);
  REQUIRE(refusal(p.initiator, write(p.responder, 65535 - 96)) == std::nullopt);
}
