// SPDX-License-Identifier: BSL-1.0
// What both ends of a handshake with a commitment have in common; see short_authentication_handshake.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/sha2.hpp"
#include "../crypto/x25519.hpp"
#include "handshake.hpp"
#include "patterns.hpp"
#include "short_authentication_attempts.hpp"
#include "short_authentication_comparison.hpp"
#include "short_authentication_string.hpp"

namespace sotto::inline SOTTO_ABI::noise {

/// What a handshake with a commitment starts with. Refers to the prologue until create returns, to the static key until
/// the handshake ends, and to the attempts until a person has decided.
struct comparison_options {
  const static_key& own;          ///< This end's static key.
  comparison_attempts& attempts;  ///< Those with this peer, in both roles.
  const_bytes prologue = {};      ///< What both ends know already and want confirmed (Noise 6): any length.
};

namespace detail {

inline constexpr std::size_t random_number_len = 32;
using commitment = std::span<std::uint8_t, crypto::sha256::digest_len>;

/// c, from parts of fixed lengths.
inline void commit(const_bytes initiator_random, const public_key& initiator_static, const_bytes final_payload,
                   commitment out) noexcept {
  crypto::sha256 payload, all;
  payload.update(final_payload);
  payload.finish(out);
  all.update(bytes_of("sotto 1 short authentication commitment"));
  all.update(initiator_random);
  all.update(initiator_static.bytes());
  all.update(out);
  all.finish(out);
}

/// Drives a handshake of pattern XX. Every failing call but compare() ends it.
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
                               .own = &options.own,
                               .peer = peer_identity::decide_later()});
    if (!made) return failure{made.error()};
    return comparing_end(std::move(*made), options.own.public_key(), std::move(*attempt));
  }

  template <random_source R>
  result<mutable_bytes> write_commitment(const_bytes final_payload, mutable_bytes out, R& random) noexcept {
    const auto write = [&]() noexcept -> result<mutable_bytes> {
      if (core::overlap(final_payload.data(), final_payload.size(), out.data(), out.size()))
        return failure{error::overlapping_buffers};
      auto& r = secrets_.expose().initiator_random;
      if (const auto filled = random(mutable_bytes(r)); !filled) return failure{filled.error()};
      commit(r, own_, final_payload, commitment(commitment_));
      return handshake_->write_message(commitment_, out, random);
    };
    return step(0, write);
  }

  result<void> read_commitment(const_bytes message) noexcept {
    const auto read = [&]() noexcept -> result<mutable_bytes> {
      if (message.size() != handshake_->message_overhead() + sizeof commitment_)
        return failure{error::malformed_message};
      return handshake_->read_message(message, commitment_);
    };
    const auto done = step(0, read);
    if (!done) return failure{done.error()};
    return {};
  }

  template <random_source R>
  result<mutable_bytes> write_answer(const_bytes payload, mutable_bytes out, R& random) noexcept {
    const auto write = [&]() noexcept -> result<mutable_bytes> {
      auto& r = secrets_.expose().responder_random;
      if (const auto filled = random(mutable_bytes(r)); !filled) return failure{filled.error()};
      const auto written = write_with(payload, r, out, random);
      if (!written) return written;
      keep_hash();
      attempt_->count();
      return written;
    };
    return step(1, write);
  }

  result<mutable_bytes> read_answer(const_bytes message, mutable_bytes payload_out) noexcept {
    const auto read = [&]() noexcept -> result<mutable_bytes> {
      const auto payload = read_with(message, payload_out, secrets_.expose().responder_random);
      if (payload) keep_hash();
      return payload;
    };
    return step(1, read);
  }

  result<mutable_bytes> write_reveal(const_bytes final_payload, mutable_bytes out) noexcept {
    const auto write = [&]() noexcept -> result<mutable_bytes> {
      const auto& r = secrets_.expose().initiator_random;
      if (!opens_commitment(own_, final_payload)) return failure{error::invalid_argument};
      system_random unused;  // message 3 has no ephemeral key
      const auto written = write_with(final_payload, r, out, unused);
      if (!written) return written;
      attempt_->count();
      make_string(own_);
      return written;
    };
    return step(2, write);
  }

  result<mutable_bytes> read_reveal(const_bytes message, mutable_bytes payload_out) noexcept {
    const auto read = [&]() noexcept -> result<mutable_bytes> {
      const auto payload = read_with(message, payload_out, secrets_.expose().initiator_random);
      if (!payload) return payload;
      const auto& peer = handshake_->remote_static();
      if (!peer || !opens_commitment(*peer, *payload)) {
        core::wipe(payload->data(), payload->size());
        return failure{error::commitment_mismatch};
      }
      make_string(*peer);
      return payload;
    };
    return step(2, read);
  }

  result<comparison> compare() && noexcept {
    if (!handshake_) return failure{error::handshake_over};
    if (!string_) return failure{error::out_of_turn};
    auto undecided = std::move(*handshake_).finish_undecided();
    if (!undecided) return failure{undecided.error()};
    comparison made(std::move(*undecided), *string_, std::move(*attempt_));
    end();
    return made;
  }

 private:
  using inner = basic_handshake<Cipher, Hash>;
  struct secrets {
    std::uint8_t initiator_random[random_number_len];
    std::uint8_t responder_random[random_number_len];
  };

  comparing_end(inner&& handshake, const public_key& own, comparison_attempt&& attempt) noexcept
      : handshake_(std::move(handshake)), attempt_(std::move(attempt)), own_(own) {}

  /// Runs one step if it is the next one; if it fails, there is no other.
  template <class Step>
  result<mutable_bytes> step(std::uint8_t number, Step&& run) noexcept {
    if (!handshake_) return failure{error::handshake_over};
    const result<mutable_bytes> done = number == next_ ? run() : failure{error::out_of_turn};
    ++next_;
    if (!done) end();
    return done;
  }

  void end() noexcept {
    handshake_.reset();
    attempt_.reset();
    string_.reset();
    secrets_.clear();
  }

  /// The random number goes behind the payload, in the buffer where both are to be encrypted.
  template <random_source R>
  result<mutable_bytes> write_with(const_bytes payload, const std::uint8_t (&number)[random_number_len],
                                   mutable_bytes out, R& random) noexcept {
    if (payload.size() > max_message_len - random_number_len - handshake_->message_overhead())
      return failure{error::message_too_long};
    const std::size_t len = payload.size() + random_number_len;
    if (out.size() < len + handshake_->message_overhead()) return failure{error::buffer_too_small};
    out = out.first(len + handshake_->message_overhead());
    if (!core::same_or_disjoint(payload, out)) return failure{error::overlapping_buffers};
    if (payload.data() != out.data()) core::copy(out.data(), payload.data(), payload.size());
    core::copy(out.data() + payload.size(), number, random_number_len);
    return handshake_->write_message(out.first(len), out, random);
  }

  result<mutable_bytes> read_with(const_bytes message, mutable_bytes payload_out,
                                  std::uint8_t (&number)[random_number_len]) noexcept {
    const auto read = handshake_->read_message(message, payload_out);
    if (!read) return read;
    if (read->size() < random_number_len) {
      core::wipe(read->data(), read->size());
      return failure{error::malformed_message};
    }
    const mutable_bytes payload = read->first(read->size() - random_number_len);
    const mutable_bytes random = read->last(random_number_len);
    core::copy(number, random.data(), random_number_len);
    core::wipe(random.data(), random.size());
    return payload;
  }

  bool opens_commitment(const public_key& initiator, const_bytes final_payload) const noexcept {
    std::uint8_t expected[sizeof commitment_];
    commit(secrets_.expose().initiator_random, initiator, final_payload, commitment(expected));
    return core::equal(expected, commitment_, sizeof expected);
  }

  void keep_hash() noexcept {
    core::copy(hash_, handshake_->handshake_hash().data(), sizeof hash_);  // after message 2
  }

  void make_string(const public_key& initiator) noexcept {
    const auto& s = secrets_.expose();
    string_ = short_authentication_string(hash_, s.initiator_random, s.responder_random, initiator.bytes());
  }

  std::optional<inner> handshake_;  // none: over
  std::optional<comparison_attempt> attempt_;
  std::optional<short_authentication_string> string_;  // none before the reveal was written, or read and checked
  public_key own_;
  core::secret<secrets> secrets_;
  std::uint8_t commitment_[crypto::sha256::digest_len] = {};
  std::uint8_t hash_[Hash::digest_len] = {};
  std::uint8_t next_ = 0;
};

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::noise
