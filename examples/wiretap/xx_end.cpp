// SPDX-License-Identifier: BSL-1.0
#include "xx_end.hpp"

#include <array>
#include <sotto/noise/patterns.hpp>
#include <sotto/noise/short_authentication_handshake.hpp>
#include <stdexcept>
#include <utility>

#include "../support/key_text.hpp"
#include "../support/keys.hpp"
#include "line.hpp"
#include "naive_string.hpp"

namespace examples {
namespace {

namespace noise = sotto::noise;
using sotto::crypto::handshake_role;
using bytes = std::vector<std::uint8_t>;

constexpr std::string_view line_name = "a=noise:";
constexpr std::size_t max_message = 512;

template <class T>
T must(sotto::result<T>&& r) {
  if (!r) throw std::runtime_error(std::string("handshake: ") + message(r.error()));
  return std::move(*r);
}

/// Keys known beforehand: a plain XX handshake that the wrong key ends.
class pinned_end final : public xx_end {
 public:
  pinned_end(const noise_end& end, handshake_role role)
      : handshake_(begin_handshake({.pattern = noise::patterns::XX,
                                    .role = role,
                                    .own = &end.own,
                                    .peer = noise::peer_identity::pinned(*end.peer)})) {}
  std::string write() override { return write_noise(handshake_); }
  sotto::result<void> read(const std::string& signalling) override {
    const auto payload = read_noise(handshake_, signalling);
    if (!payload) return sotto::failure{payload.error()};
    return {};
  }
  std::string words() override { return {}; }
  noise::session agreed() override { return must(std::move(handshake_).finish()); }

 private:
  noise::handshake handshake_;
};

/// Strings behind a commitment, of which Handshake is one end.
template <class Handshake>
class comparing final : public xx_end {
 public:
  explicit comparing(const noise::static_key& own)
      : handshake_(must(Handshake::create({.own = own, .attempts = attempts_}))) {}

  std::string write() override {
    std::array<std::uint8_t, max_message> out;
    return noise_line(noise::patterns::XX, must(write_next(out)));
  }
  sotto::result<void> read(const std::string& signalling) override {
    const auto in = noise_message_in(signalling);
    std::array<std::uint8_t, max_message> payload;
    return read_next(in, payload);
  }
  std::string words() override {
    comparison_.emplace(must(std::move(handshake_).compare()));
    const auto two = comparison_->string().words();
    return std::string(two[0]) + " " + std::string(two[1]);
  }
  noise::session agreed() override { return std::move(*comparison_).strings_compared_equal(); }

 private:
  // No payloads of our own: what the call is about stands in the signalling.
  sotto::result<sotto::mutable_bytes> write_next(sotto::mutable_bytes out) {
    const bool first = !std::exchange(written_, true);
    if constexpr (requires { handshake_.write_answer({}, out); })
      return handshake_.write_answer({}, out);
    else
      return first ? handshake_.write_commitment({}, out) : handshake_.write_reveal({}, out);
  }
  sotto::result<void> read_next(sotto::const_bytes in, sotto::mutable_bytes payload) {
    const auto verdict = [](const auto& r) -> sotto::result<void> {
      if (!r) return sotto::failure{r.error()};
      return {};
    };
    const bool first = !std::exchange(read_, true);
    if constexpr (requires { handshake_.read_answer(in, payload); })
      return verdict(handshake_.read_answer(in, payload));
    else
      return first ? handshake_.read_commitment(in) : verdict(handshake_.read_reveal(in, payload));
  }

  noise::comparison_attempts attempts_;
  Handshake handshake_;
  std::optional<noise::string_comparison> comparison_;
  bool written_ = false, read_ = false;
};

/// The planted fault: the same messages to look at, and a string that is settled before the reveal.
class hasty_end final : public xx_end {
 public:
  hasty_end(const noise_end& end, handshake_role role)
      : handshake_(begin_handshake({.pattern = noise::patterns::XX,
                                    .role = role,
                                    .own = &end.own,
                                    .peer = noise::peer_identity::decide_later()})) {}
  std::string write() override {
    std::array<std::uint8_t, noise::detail::random_number_len> number;
    fill_random(number);
    const auto text = write_noise(handshake_, number);
    keep_words();
    return text;
  }
  sotto::result<void> read(const std::string& signalling) override {
    const auto payload = read_noise(handshake_, signalling);
    if (!payload) return sotto::failure{payload.error()};
    keep_words();
    return {};
  }
  std::string words() override { return words_; }
  noise::session agreed() override { return must(std::move(handshake_).finish_undecided()).strings_compared_equal(); }

 private:
  void keep_words() {
    if (++messages_ == 2) words_ = words_of(naive_bits(handshake_.handshake_hash()));
  }

  noise::handshake handshake_;
  std::string words_;
  int messages_ = 0;
};

}  // namespace

std::unique_ptr<xx_end> begin_xx(const noise_end& end, handshake_role role) {
  if (end.check == identity_check::pinned) return std::make_unique<pinned_end>(end, role);
  if (end.fault == planted_fault::string_before_reveal) return std::make_unique<hasty_end>(end, role);
  if (role == handshake_role::initiator) return std::make_unique<comparing<noise::comparing_initiator>>(end.own);
  return std::make_unique<comparing<noise::comparing_responder>>(end.own);
}

std::string noise_line(const noise::handshake_pattern& pattern, sotto::const_bytes message) {
  return std::string(line_name) + "Noise_" + std::string(pattern.name()) + "_25519_ChaChaPoly_SHA256 " +
         encode_base64(message) + "\n";
}

bytes noise_message_in(const std::string& signalling) {
  const auto value = value_of(signalling, line_name);
  bytes message(value.size());
  const auto space = value.find(' ');
  if (space == value.npos) throw std::runtime_error("no handshake message: " + signalling.substr(0, 40));
  message.resize(decode_base64(std::string_view(value).substr(space + 1), message));
  return message;
}

noise::handshake begin_handshake(const noise::handshake_options& options) {
  return must(noise::handshake::create(options));
}

std::string write_noise(noise::handshake& handshake, sotto::const_bytes payload) {
  bytes out(payload.size() + handshake.message_overhead());
  return noise_line(handshake.pattern(), must(handshake.write_message(payload, out)));
}

sotto::result<bytes> read_noise(noise::handshake& handshake, const std::string& signalling) {
  const auto in = noise_message_in(signalling);
  bytes payload(max_message);
  const auto read = handshake.read_message(in, payload);
  if (!read) return sotto::failure{read.error()};
  payload.resize(read->size());
  return payload;
}

}  // namespace examples
