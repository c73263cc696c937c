// SPDX-License-Identifier: BSL-1.0
// What both ends of a handshake with a commitment have in common; see short_authentication_handshake.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/x25519.hpp"
#include "handshake.hpp"
#include "patterns.hpp"
#include "short_authentication_attempts.hpp"
#include "short_authentication_commitment.hpp"
#include "short_authentication_comparison.hpp"
#include "short_authentication_payload.hpp"
#include "short_authentication_string.hpp"

namespace sotto::inline SOTTO_ABI::noise {

/// What a handshake with a commitment starts with. Refers to the prologue until create returns, to the static key until
/// the handshake ends, and to the attempts until a person has decided.
struct comparison_options {
  std::reference_wrapper<const static_key> own;  ///< This end's static key; a temporary one doesn't compile.
  comparison_attempts& attempts;                 ///< Those with this peer, in both roles.
  const_bytes prologue = {};  ///< What both ends know already and want confirmed (Noise 6): any length.
};

namespace detail {

/// Drives a handshake of pattern XX through its three messages; each end calls one of the two functions for each. Every
/// failing call but compare() ends it.
template <class Cipher, class Hash>
class comparing_end {
 public:
  using comparison = basic_string_comparison<Cipher, Hash>;

  static result<comparing_end> create(const comparison_options& options, handshake_role role) noexcept {
    auto attempt = comparison_attempt::begin(options.attempts);
    if (!attempt) return failure{attempt.error()};
    auto made = inner::create({.pattern = patterns::XX,
                               .role = role,
                               .prologue = options.prologue,
                               .own = &options.own.get(),
                               .peer = peer_identity::decide_later()});
    if (!made) return failure{made.error()};
    return comparing_end(
        state{std::move(*made), std::move(*attempt), {}, options.own.get().public_key(), {}, {}, {}, 0});
  }
  comparing_end(comparing_end&& other) noexcept : state_(std::move(other.state_)) { other.end(); }
  comparing_end& operator=(comparing_end&& other) noexcept {
    if (this != &other) {
      state_ = std::move(other.state_);
      other.end();
    }
    return *this;
  }

  template <random_source R>
  result<mutable_bytes> write_commitment(const_bytes final_payload, mutable_bytes out, R& random) noexcept {
    return step(0, [&]() noexcept -> result<mutable_bytes> {
      if (final_payload.size() > max_message_len - reveal_overhead) return failure{error::message_too_long};
      if (core::overlap(final_payload.data(), final_payload.size(), out.data(), out.size()))
        return failure{error::overlapping_buffers};
      auto& number = state_.secrets.expose().initiator_number;
      if (const auto filled = random(mutable_bytes(number)); !filled) return failure{filled.error()};
      commit(number, state_.own, final_payload, state_.commitment);
      return state_.handshake->write_message(state_.commitment, out, random);
    });
  }

  result<void> read_commitment(const_bytes message) noexcept {
    const auto done = step(0, [&]() noexcept -> result<mutable_bytes> {
      if (message.size() != commitment_len + state_.handshake->message_overhead())
        return failure{error::malformed_message};
      return state_.handshake->read_message(message, state_.commitment);
    });
    if (!done) return failure{done.error()};
    return {};
  }

  template <random_source R>
  result<mutable_bytes> write_answer(const_bytes payload, mutable_bytes out, R& random) noexcept {
    return step(1, [&]() noexcept -> result<mutable_bytes> {
      auto& number = state_.secrets.expose().responder_number;
      if (const auto filled = random(mutable_bytes(number)); !filled) return failure{filled.error()};
      const auto written = write_with(*state_.handshake, number, payload, out, random);
      if (!written) return written;
      keep_hash();
      state_.attempt->count();
      return written;
    });
  }

  result<mutable_bytes> read_answer(const_bytes message, mutable_bytes payload_out) noexcept {
    return step(1, [&]() noexcept -> result<mutable_bytes> {
      const auto payload = read_with(*state_.handshake, state_.secrets.expose().responder_number, message, payload_out);
      if (payload) keep_hash();
      return payload;
    });
  }

  result<mutable_bytes> write_reveal(const_bytes final_payload, mutable_bytes out) noexcept {
    return step(2, [&]() noexcept -> result<mutable_bytes> {
      if (!opens_commitment(state_.own, final_payload)) return failure{error::invalid_argument};
      system_random unused;  // message 3 has no ephemeral key
      const auto written =
          write_with(*state_.handshake, state_.secrets.expose().initiator_number, final_payload, out, unused);
      if (!written) return written;
      state_.attempt->count();
      make_string(state_.own);
      return written;
    });
  }

  result<mutable_bytes> read_reveal(const_bytes message, mutable_bytes payload_out) noexcept {
    return step(2, [&]() noexcept -> result<mutable_bytes> {
      const auto payload = read_with(*state_.handshake, state_.secrets.expose().initiator_number, message, payload_out);
      if (!payload) return payload;
      const auto& initiator = state_.handshake->remote_static();
      if (!initiator || !opens_commitment(*initiator, *payload)) {
        core::wipe(payload->data(), payload->size());
        return failure{error::commitment_mismatch};
      }
      make_string(*initiator);
      return payload;
    });
  }

  result<comparison> compare() && noexcept {
    if (!state_.handshake) return failure{error::handshake_over};
    if (!state_.string) return failure{error::out_of_turn};
    auto undecided = std::move(*state_.handshake).finish_undecided();
    if (!undecided) return failure{undecided.error()};
    comparison made(std::move(*undecided), *state_.string, std::move(*state_.attempt));
    end();
    return made;
  }

 private:
  using inner = basic_handshake<Cipher, Hash>;
  struct random_numbers {
    std::uint8_t initiator_number[random_number_len];
    std::uint8_t responder_number[random_number_len];
  };
  struct state {
    std::optional<inner> handshake;  // none: over
    std::optional<comparison_attempt> attempt;
    std::optional<short_authentication_string> string;  // none before the reveal was written, or read and checked
    public_key own;
    core::secret<random_numbers> secrets;
    std::uint8_t commitment[commitment_len];
    std::uint8_t hash[Hash::digest_len];
    std::uint8_t next;
  };
  static constexpr std::size_t reveal_overhead = crypto::x25519::key_len + 2 * tag_len + random_number_len;

  explicit comparing_end(state&& made) noexcept : state_(std::move(made)) {}

  /// Runs one step if it is the next one; if it fails, there is no other.
  template <class Run>
  result<mutable_bytes> step(std::uint8_t number, const Run& run) noexcept {
    if (!state_.handshake) return failure{error::handshake_over};
    const result<mutable_bytes> done = number == state_.next ? run() : failure{error::out_of_turn};
    ++state_.next;
    if (!done) end();
    return done;
  }

  void end() noexcept {
    state_.handshake.reset();
    state_.attempt.reset();
    state_.string.reset();
    state_.secrets.clear();
  }

  bool opens_commitment(const public_key& initiator, const_bytes final_payload) const noexcept {
    return opens(state_.commitment, state_.secrets.expose().initiator_number, initiator, final_payload);
  }

  /// After message 2. Anything later would be for the initiator alone to choose.
  void keep_hash() noexcept { core::copy(state_.hash, state_.handshake->handshake_hash().data(), Hash::digest_len); }

  void make_string(const public_key& initiator) noexcept {
    const auto& numbers = state_.secrets.expose();
    state_.string =
        short_authentication_string(state_.hash, numbers.initiator_number, numbers.responder_number, initiator.bytes());
  }

  state state_;
};

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::noise
