// SPDX-License-Identifier: BSL-1.0
// What docs/short-authentication-string.md shows: the caller's end of a call whose people compare two words.
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <sotto/noise.hpp>
#include <string_view>
#include <utility>

namespace {

namespace noise = sotto::noise;
using buffer = std::array<std::uint8_t, 256>;

/// The callee behind a server. Each message reaches it at once, and its answer waits to be received.
class line {
 public:
  line(const noise::static_key& key, noise::comparison_attempts& attempts)
      : callee_(*noise::comparing_responder::create({.own = key, .attempts = attempts})) {}

  void send(sotto::mutable_bytes message) {
    if (first_ && callee_.read_commitment(message)) {
      if (const auto answer = callee_.write_answer({}, box_)) answer_ = *answer;
    } else if (callee_.read_reveal(message, box_)) {
      if (auto comparison = std::move(callee_).compare()) comparison_.emplace(std::move(*comparison));
    }
    first_ = false;
  }
  sotto::const_bytes receive() const { return answer_; }
  /// The words that the callee reads aloud.
  std::array<std::string_view, 2> words() const { return comparison_->string().words(); }

 private:
  noise::comparing_responder callee_;
  std::optional<noise::string_comparison> comparison_;
  buffer box_{};
  sotto::const_bytes answer_;
  bool first_ = true;
};

/// Stands for a file: what is left when the program ends.
std::uint32_t stored = 0;
void store(std::uint32_t counted) { stored = counted; }

sotto::result<noise::session> call(const noise::static_key& my_key, noise::comparison_attempts& attempts, line& server,
                                   sotto::const_bytes final_payload) {
  buffer out{}, in{};
  const auto people_agree = [&](const std::array<std::string_view, 2>& words) { return words == server.words(); };
  // docs/short-authentication-string.md: begin
  auto caller = noise::comparing_initiator::create({.own = my_key, .attempts = attempts});
  if (!caller) return sotto::failure{caller.error()};  // attempts_exhausted: show it; or a call that isn't decided yet
  const auto one = caller->write_commitment(final_payload, out);
  if (!one) return sotto::failure{one.error()};
  server.send(*one);

  const auto two = caller->read_answer(server.receive(), in);
  if (!two) return sotto::failure{two.error()};  // the handshake is over, as after every error from here on
  const auto three = caller->write_reveal(final_payload, out);
  if (!three) return sotto::failure{three.error()};
  store(attempts.counted());  // before message 3 leaves: whoever can restart this program mustn't get attempts for free
  server.send(*three);

  auto comparison = std::move(*caller).compare();
  if (!comparison) return sotto::failure{comparison.error()};
  if (!people_agree(comparison->string().words())) {
    std::move(*comparison).strings_differ();
    return sotto::failure{sotto::error::identity_mismatch};
  }
  auto session = std::move(*comparison).strings_compared_equal();  // here are keys, and not before
  store(attempts.counted());
  return session;
  // docs/short-authentication-string.md: end
}

}  // namespace

int main() {
  const auto mine = noise::static_key::generate(), theirs = noise::static_key::generate();
  if (!mine || !theirs) return 1;
  noise::comparison_attempts with_callee, with_caller;
  line server(*theirs, with_caller);
  const auto session = call(*mine, with_callee, server, {});
  if (!session) return 1;
  const auto words = server.words();
  std::printf("both read \"%.*s %.*s\"; %u attempts left as failed\n", static_cast<int>(words[0].size()),
              words[0].data(), static_cast<int>(words[1].size()), words[1].data(), static_cast<unsigned>(stored));
  return stored == 0 && with_callee.counted() == 0 && with_caller.counted() == 1 ? 0 : 1;
}
