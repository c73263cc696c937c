// SPDX-License-Identifier: BSL-1.0
#include "noise_replay.hpp"

#include <array>
#include <functional>
#include <sotto/noise/handshake.hpp>
#include <stdexcept>

namespace examples {
namespace {

namespace noise = sotto::noise;
using noise::detail::token;
using sotto::crypto::handshake_role;
using symmetric = noise::detail::symmetric_state<sotto::crypto::chacha20_poly1305, sotto::crypto::sha256>;
using bytes = std::vector<std::uint8_t>;

constexpr std::size_t key_len = sotto::crypto::x25519::key_len;

/// What might stand where an agreement of two ephemeral keys belongs.
using guess = std::function<void(symmetric&)>;

class replayer {
 public:
  replayer(const recorded_handshake& recorded, const noise::handshake_pattern& pattern, const stolen_keys& keys)
      : recorded_(recorded), pattern_(pattern), keys_(keys) {
    if (keys.initiator) statics_[0] = keys.initiator->public_key();
    if (keys.responder) statics_[1] = keys.responder->public_key();
  }

  /// Without a guess it ends where one is needed.
  replay_result run(const guess* in_place_of_ee) {
    symmetric state;
    replay_result result;
    state.begin(pattern_.name());
    state.mix_hash({});  // no prologue
    for (std::size_t of = 0; of < 2; ++of)
      if (pattern_.knows_static(of == 0 ? handshake_role::initiator : handshake_role::responder)) {
        if (!statics_[of]) return stopped(result, "before it begins: a public key is unknown");
        state.mix_hash(statics_[of]->bytes());
      }
    for (std::size_t n = 0; n < pattern_.messages(); ++n) {
      if (n >= recorded_.messages.size()) return stopped(result, "the recording ends");
      if (!read(n, state, in_place_of_ee, result)) return result;
    }
    result.complete = true;
    return result;
  }

  /// What a listener can compute or has: both static keys, secret and public, all agreements with a static key, what
  /// was sent in the clear, zeros.
  std::vector<guess> guesses() const {
    std::vector<guess> all;
    const auto add_bytes = [&](sotto::const_bytes b) {
      all.push_back([copy = bytes(b.begin(), b.end())](symmetric& s) { s.mix_key(copy); });
    };
    add_bytes(bytes(key_len));
    for (const auto& key : statics_)
      if (key) add_bytes(key->bytes());
    for (const auto& key : ephemerals_)
      if (key) add_bytes(key->bytes());
    for (const auto* const own : {&keys_.initiator, &keys_.responder}) {
      if (!*own) continue;
      add_bytes((*own)->expose_secret());
      for (const auto* const points : {&statics_, &ephemerals_})
        for (const auto& point : *points) {
          if (!point) continue;
          all.push_back([k = &**own, p = *point](symmetric& s) {
            if (const auto secret = k->agree(p)) s.mix_key(*secret);
          });
        }
    }
    return all;
  }

 private:
  static replay_result& stopped(replay_result& result, const std::string& why) {
    result.stopped = why;
    return result;
  }

  bool read(std::size_t n, symmetric& state, const guess* in_place_of_ee, replay_result& result) {
    sotto::const_bytes left(recorded_.messages[n]);
    const std::string where = "at message " + std::to_string(n + 1) + ": ";
    for (const token t : pattern_.message(n)) {
      const std::size_t len = t == token::e ? key_len : t == token::s ? key_len + (state.has_key() ? 16 : 0) : 0;
      if (left.size() < len) return stopped(result, where + "too short"), false;
      const auto field = left.first(len);
      left = left.subspan(len);
      if (t == token::e) {
        ephemerals_[n % 2].emplace(field.first<key_len>());
        state.mix_hash(field);
      } else if (t == token::s) {
        std::array<std::uint8_t, key_len> key;
        if (!state.open(field, key)) return stopped(result, where + "the static key doesn't decrypt"), false;
        statics_[n % 2].emplace(key);
      } else if (t == token::ee && in_place_of_ee != nullptr) {
        (*in_place_of_ee)(state);
      } else if (!agree(t, state)) {
        const std::string name = t == token::ee ? "ee" : t == token::es ? "es" : t == token::se ? "se" : "ss";
        return stopped(result, "stops at " + name + " of message " + std::to_string(n + 1) +
                                   ": one of the two secret keys it needs is nowhere to be found"),
               false;
      }
    }
    bytes payload(left.size() < 16 && state.has_key() ? 0 : left.size() - (state.has_key() ? 16 : 0));
    if (!state.open(left, payload)) return stopped(result, where + "the payload doesn't decrypt"), false;
    result.payloads.push_back(std::move(payload));
    return true;
  }

  /// With either end's secret key an agreement can be computed; of ephemeral ones there is none.
  bool agree(token t, symmetric& state) const {
    const std::size_t initiators = t == token::se || t == token::ss ? 1u : 0u,
                      responders = t == token::es || t == token::ss ? 1u : 0u;
    const auto& from_initiator = initiators != 0 ? statics_[0] : ephemerals_[0];
    const auto& from_responder = responders != 0 ? statics_[1] : ephemerals_[1];
    if (initiators != 0 && keys_.initiator && from_responder)
      if (const auto secret = keys_.initiator->agree(*from_responder)) return state.mix_key(*secret), true;
    if (responders != 0 && keys_.responder && from_initiator)
      if (const auto secret = keys_.responder->agree(*from_initiator)) return state.mix_key(*secret), true;
    return false;
  }

  const recorded_handshake& recorded_;
  const noise::handshake_pattern& pattern_;
  const stolen_keys& keys_;
  std::array<std::optional<noise::public_key>, 2> statics_, ephemerals_;
};

}  // namespace

replay_result replay(const recorded_handshake& recorded, const stolen_keys& keys) {
  const auto pattern = noise::handshake_pattern::find(recorded.pattern);
  if (!pattern) throw std::runtime_error("no handshake pattern " + recorded.pattern);
  replayer first(recorded, *pattern, keys);
  auto result = first.run(nullptr);
  if (result.complete || result.stopped.find("stops at ee") == std::string::npos) return result;
  for (const auto& g : first.guesses()) {
    ++result.guesses;
    auto lucky = replayer(recorded, *pattern, keys).run(&g);
    if (!lucky.complete) continue;
    lucky.guesses = result.guesses;
    return lucky;
  }
  return result;
}

}  // namespace examples
