// SPDX-License-Identifier: BSL-1.0
// Two people who compare strings, and random numbers that a test knows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sotto/noise/short_authentication_handshake.hpp"
#include "support/pattern.hpp"

namespace rig {

namespace noise = sotto::noise;
using octets = std::vector<std::uint8_t>;
using chachapoly = sotto::crypto::chacha20_poly1305;

/// Hands out the given bytes, then fails.
struct given_random {
  octets rest;
  sotto::result<void> operator()(sotto::mutable_bytes out) noexcept {
    if (out.size() > rest.size()) return sotto::failure{sotto::error::random_unavailable};
    const auto end = rest.begin() + static_cast<std::ptrdiff_t>(out.size());
    std::copy(rest.begin(), end, out.begin());
    rest.erase(rest.begin(), end);
    return {};
  }
};

/// The same numbers in every run; another stream for each seed.
struct seeded_random {
  support::pattern stream;
  explicit seeded_random(std::uint64_t seed) : stream(seed) {}
  sotto::result<void> operator()(sotto::mutable_bytes out) noexcept {
    for (auto& b : out) b = static_cast<std::uint8_t>(stream.next() >> 56);
    return {};
  }
};

inline noise::static_key key_of(const octets& secret) {
  return noise::static_key::from_secret(std::span<const std::uint8_t, 32>(secret.data(), 32));
}
inline noise::static_key key_of(std::uint64_t seed) { return key_of(support::pattern_bytes(seed, 32)); }

inline octets to_bytes(sotto::const_bytes s) { return octets(s.begin(), s.end()); }

/// 0 or the error: comparable in CHECK.
template <class T>
int code(const sotto::result<T>& r) {
  return r.has_value() ? 0 : static_cast<int>(r.error());
}
inline int code(sotto::error e) { return static_cast<int>(e); }

/// Caller and callee, each with a key and with attempts.
template <class Hash = sotto::crypto::sha256, class Cipher = chachapoly>
struct pair_of_ends {
  using initiator_end = noise::basic_comparing_initiator<Cipher, Hash>;
  using responder_end = noise::basic_comparing_responder<Cipher, Hash>;

  noise::static_key caller_key = key_of(1), callee_key = key_of(2);
  noise::comparison_attempts caller_attempts, callee_attempts;
  octets prologue, answer = {1, 2, 3}, final_payload = {4, 5, 6, 7};
  seeded_random random{3};
  octets message1, message2, message3;

  initiator_end caller() { return *initiator_end::create({caller_key, caller_attempts, prologue}); }
  responder_end callee() { return *responder_end::create({callee_key, callee_attempts, prologue}); }

  /// Each returns whether the call succeeded; messages go to their members.
  bool commit(initiator_end& end) {
    octets out(64);
    const auto written = end.write_commitment(final_payload, out, random);
    if (written) message1 = to_bytes(*written);
    return written.has_value();
  }
  bool answer_it(responder_end& end) {
    octets out(answer.size() + 128);
    if (!end.read_commitment(message1)) return false;
    const auto written = end.write_answer(answer, out, random);
    if (written) message2 = to_bytes(*written);
    return written.has_value();
  }
  bool reveal(initiator_end& end) {
    octets payload(message2.size()), out(final_payload.size() + 96);
    if (!end.read_answer(message2, payload)) return false;
    const auto written = end.write_reveal(final_payload, out);
    if (written) message3 = to_bytes(*written);
    return written.has_value();
  }
  bool accept(responder_end& end) {
    octets payload(message3.size());
    return end.read_reveal(message3, payload).has_value();
  }
  bool run(initiator_end& a, responder_end& b) { return commit(a) && answer_it(b) && reveal(a) && accept(b); }
};

/// The same up to and with message n; a step that fails ends the program.
struct call : pair_of_ends<> {
  initiator_end a = caller();
  responder_end b = callee();
  explicit call(int messages) {
    if ((messages >= 1 && !commit(a)) || (messages >= 2 && !answer_it(b)) || (messages >= 3 && !reveal(a)))
      std::abort();
  }
};

}  // namespace rig
