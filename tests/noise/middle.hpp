// SPDX-License-Identifier: BSL-1.0
// Somebody in the middle: Noise XX whose state lies open and can be copied, so that every last message can be tried
// before one of them is sent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "noise/comparison_rig.hpp"
#include "sotto/crypto/chacha20_poly1305.hpp"
#include "sotto/crypto/hkdf.hpp"
#include "sotto/crypto/sha2.hpp"
#include "sotto/crypto/x25519.hpp"

namespace middle {

using rig::octets;
using digest = std::array<std::uint8_t, 32>;

inline digest sha256(sotto::const_bytes a, sotto::const_bytes b) {
  sotto::crypto::sha256 hash;
  digest out;
  hash.update(a);
  hash.update(b);
  hash.finish(out);
  return out;
}

/// Noise 5.2 for Noise_XX_25519_ChaChaPoly_SHA256; every member is the attacker's to look at.
struct open_state {
  digest h{}, ck{}, k{};
  std::uint64_t n = 0;
  bool has_key = false;

  open_state() {
    constexpr std::string_view name = "Noise_XX_25519_ChaChaPoly_SHA256";
    for (std::size_t i = 0; i < name.size(); ++i) h[i] = static_cast<std::uint8_t>(name[i]);
    ck = h;
    mix_hash({});  // no prologue
  }
  void mix_hash(sotto::const_bytes data) { h = sha256(h, data); }
  void mix_key(const sotto::crypto::x25519::shared_secret& secret) {
    using kdf = sotto::crypto::hkdf<sotto::crypto::sha256>;
    const auto made = kdf::expand<64>(secret.extract<sotto::crypto::sha256>(sotto::crypto::hkdf_salt(ck)),
                                      sotto::crypto::hkdf_info());
    std::copy_n(made.expose().begin(), 32, ck.begin());
    std::copy_n(made.expose().begin() + 32, 32, k.begin());
    n = 0;
    has_key = true;
  }
  static auto nonce(std::uint64_t counter) {
    std::uint8_t bytes[12] = {};
    sotto::core::store_le64(bytes + 4, counter);
    return sotto::crypto::chacha20_poly1305::nonce(bytes);
  }
  octets seal(octets text) {
    octets out(text.size() + (has_key ? 16 : 0));
    if (!has_key) out = text;
    if (has_key) static_cast<void>(*sotto::crypto::chacha20_poly1305::create(k)->seal(nonce(n++), h, text, out));
    mix_hash(out);
    return out;
  }
  std::optional<octets> open(sotto::const_bytes sealed) {
    octets out = rig::to_bytes(sealed);
    if (has_key) {
      const auto opened = sotto::crypto::chacha20_poly1305::create(k)->open(nonce(n), h, sealed, out);
      if (!opened) return std::nullopt;
      out.resize(opened->size());
      ++n;
    }
    mix_hash(sealed);
    return out;
  }
};

/// The attacker's half of one of the two handshakes.
class half {
 public:
  half(std::uint64_t static_seed, std::uint64_t ephemeral_seed)
      : own_(rig::key_of(static_seed)), ephemeral_(rig::key_of(ephemeral_seed)) {}

  open_state state;
  std::optional<rig::noise::public_key> peer_static;

  rig::noise::public_key own() const { return own_.public_key(); }
  octets own_bytes() const { return rig::to_bytes(own_.public_key().bytes()); }

  // As the initiator.
  octets write_1(const octets& payload) {
    octets message = put_ephemeral();
    return append(message, state.seal(payload));
  }
  std::optional<octets> read_2(const octets& message) {
    take_ephemeral(message);
    state.mix_key(*ephemeral_.agree(*peer_ephemeral_));
    if (!take_static(sotto::const_bytes(message).subspan(32, 48))) return std::nullopt;
    state.mix_key(*ephemeral_.agree(*peer_static));
    return state.open(sotto::const_bytes(message).subspan(80));
  }
  /// Everything in message 3 but its payload.
  octets begin_3() {
    const octets sealed = state.seal(own_bytes());
    state.mix_key(*own_.agree(*peer_ephemeral_));
    return sealed;
  }
  octets write_3(const octets& payload) {
    const octets beginning = begin_3();  // which changes the state
    return append(beginning, state.seal(payload));
  }

  // As the responder.
  std::optional<octets> read_1(const octets& message) {
    take_ephemeral(message);
    return state.open(sotto::const_bytes(message).subspan(32));
  }
  /// Everything in message 2 but its payload.
  octets begin_2() {
    octets message = put_ephemeral();
    state.mix_key(*ephemeral_.agree(*peer_ephemeral_));
    message = append(message, state.seal(own_bytes()));
    state.mix_key(*own_.agree(*peer_ephemeral_));
    return message;
  }
  octets write_2(const octets& payload) {
    const octets beginning = begin_2();  // which changes the state
    return append(beginning, state.seal(payload));
  }
  std::optional<octets> read_3(const octets& message) {
    if (!take_static(sotto::const_bytes(message).first(48))) return std::nullopt;
    state.mix_key(*ephemeral_.agree(*peer_static));
    return state.open(sotto::const_bytes(message).subspan(48));
  }

  static octets append(octets a, const octets& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

 private:
  octets put_ephemeral() {
    const octets key = rig::to_bytes(ephemeral_.public_key().bytes());
    state.mix_hash(key);
    return key;
  }
  void take_ephemeral(const octets& message) {
    peer_ephemeral_.emplace(std::span<const std::uint8_t, 32>(message.data(), 32));
    state.mix_hash(peer_ephemeral_->bytes());
  }
  bool take_static(sotto::const_bytes sealed) {
    const auto key = state.open(sealed);
    if (key) peer_static.emplace(std::span<const std::uint8_t, 32>(key->data(), 32));
    return key.has_value();
  }

  rig::noise::static_key own_, ephemeral_;
  std::optional<rig::noise::public_key> peer_ephemeral_;
};

/// The last `len` bytes of a payload, where random numbers lie, and what is in front of them.
inline octets number_in(const octets& payload) { return octets(payload.end() - 32, payload.end()); }

/// What the library makes of these, computed by the attacker.
inline std::uint32_t string_bits(const digest& hash, const octets& initiator_number, const octets& responder_number,
                                 const octets& initiator_static) {
  using kdf = sotto::crypto::hkdf<sotto::crypto::sha256>;
  const std::uint8_t len[] = {32};
  const sotto::const_bytes pieces[] = {len, hash, initiator_number, responder_number, initiator_static};
  const auto key =
      kdf::extract(sotto::crypto::hkdf_salt(rig::noise::detail::bytes_of("sotto 1 short authentication string")),
                   sotto::crypto::hkdf_input(std::span<const sotto::const_bytes>(pieces)));
  return sotto::core::load_be32(kdf::expand<12>(key, sotto::crypto::hkdf_info()).expose().data() + 8) >> 12;
}

/// A commitment as anybody can make one.
inline octets commitment_to(const octets& number, const octets& key, const octets& final_payload) {
  octets c(32);
  rig::noise::detail::commit(number, *rig::noise::public_key::parse(key), final_payload,
                             std::span<std::uint8_t, 32>(c.data(), 32));
  return c;
}

}  // namespace middle
