// SPDX-License-Identifier: BSL-1.0
// The state that both ends of a handshake mix everything into (Noise 5.1 and 5.2 in one).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/hkdf.hpp"
#include "../crypto/x25519.hpp"
#include "algorithms.hpp"

namespace sotto::inline SOTTO_ABI::noise::detail {

/// Noise's SymmetricState with its CipherState. Move-only; zeros after a move and after clear(), which is no state that
/// may go on. The key becomes a cipher only where it is used: most keys of a handshake encrypt once.
template <class Cipher, class Hash>
class symmetric_state {
 public:
  static constexpr std::size_t hash_len = Hash::digest_len;

  symmetric_state() noexcept = default;

  /// InitializeSymmetric.
  void begin(std::string_view pattern_name) noexcept {
    auto& s = state_.expose();
    char name[longest_name];
    std::size_t len = 0;
    for (const std::string_view part : {std::string_view("Noise_"), pattern_name, std::string_view("_25519_"),
                                        cipher_traits<Cipher>::name, std::string_view("_"), hash_traits<Hash>::name}) {
      std::memcpy(name + len, part.data(), part.size());
      len += part.size();
    }
    const const_bytes bytes(reinterpret_cast<const std::uint8_t*>(name), len);
    if (len <= hash_len) {
      core::copy(s.hash, bytes.data(), len);  // zeros behind it, as the state starts with
    } else {
      Hash hash;
      hash.update(bytes);
      hash.finish(s.hash);
    }
    std::memcpy(s.chaining_key, s.hash, hash_len);
  }

  void clear() noexcept { state_.clear(); }
  bool has_key() const noexcept { return state_.expose().has_key; }
  const_bytes handshake_hash() const noexcept { return state_.expose().hash; }

  void mix_key(const crypto::x25519::shared_secret& secret) noexcept {
    take_key(secret.template extract<Hash>(salt()));
  }
  void mix_key(const_bytes input) noexcept { take_key(kdf::extract(salt(), crypto::hkdf_input(input))); }
  void mix_hash(const_bytes data) noexcept { hash_with(data, state_.expose().hash); }

  void mix_key_and_hash(const_bytes psk) noexcept {
    const auto made = expand<3>(kdf::extract(salt(), crypto::hkdf_input(psk)));
    std::memcpy(state_.expose().chaining_key, made.expose().data(), hash_len);
    mix_hash(made.expose().subspan(hash_len, hash_len));
    set_key(made.expose().subspan(2 * hash_len, key_len));
  }

  /// EncryptAndHash in place: the first text_len bytes of text become ciphertext, followed by a tag if there is a key;
  /// text is as long as both.
  result<void> seal(mutable_bytes text, std::size_t text_len) noexcept {
    auto& s = state_.expose();
    if (s.has_key) {
      const auto cipher = Cipher::create(s.key);
      const auto sealed = cipher->seal(nonce(), s.hash, text.first(text_len), text);
      if (!sealed) return failure{sealed.error()};
      ++s.counter;
    }
    mix_hash(text);
    return {};
  }

  /// DecryptAndHash into out, which has the text's length and is the start of sealed or disjoint. Errors:
  /// authentication_failed; nothing is changed then.
  result<void> open(const_bytes sealed, mutable_bytes out) noexcept {
    auto& s = state_.expose();
    std::uint8_t next[hash_len];
    hash_with(sealed, next);  // before the text replaces what is hashed
    if (s.has_key) {
      const auto cipher = Cipher::create(s.key);
      const auto opened = cipher->open(nonce(), s.hash, sealed, out);
      if (!opened) return failure{opened.error()};
      ++s.counter;
    } else if (!sealed.empty()) {
      std::memmove(out.data(), sealed.data(), sealed.size());
    }
    std::memcpy(s.hash, next, hash_len);
    return {};
  }

  /// Split: the keys of both directions, initiator's first, each with the bytes of a hash.
  core::secret_bytes<2 * hash_len> split() const noexcept {
    return expand<2>(kdf::extract(salt(), crypto::hkdf_input()));
  }

  /// The secret for other protocols: Split's derivation with an input. MixKey's inputs have 32 bytes, Split's none, and
  /// this one more than either, so that no two of them are the same.
  core::secret_bytes<hash_len> export_secret() const noexcept {
    static constexpr std::string_view label = "sotto 1 exporter";
    const const_bytes pieces[] = {{reinterpret_cast<const std::uint8_t*>(label.data()), label.size()},
                                  state_.expose().hash};
    return expand<1>(kdf::extract(salt(), crypto::hkdf_input(std::span<const const_bytes>(pieces))));
  }

 private:
  using kdf = crypto::hkdf<Hash>;
  static constexpr std::size_t longest_name = 64;
  struct block {
    std::uint8_t chaining_key[hash_len];
    std::uint8_t hash[hash_len];
    std::uint8_t key[key_len];
    std::uint64_t counter;
    bool has_key;
  };

  // Noise's HKDF is RFC 5869's with an empty info: its outputs are T(1), T(2) and T(3).
  template <std::size_t N>
  static core::secret_bytes<N * hash_len> expand(const typename kdf::prk& key) noexcept {
    return kdf::template expand<N * hash_len>(key, crypto::hkdf_info());
  }
  crypto::hkdf_salt salt() const noexcept { return crypto::hkdf_salt(state_.expose().chaining_key); }
  auto nonce() const noexcept { return cipher_traits<Cipher>::nonce(state_.expose().counter); }

  void take_key(const typename kdf::prk& from) noexcept {
    const auto made = expand<2>(from);
    std::memcpy(state_.expose().chaining_key, made.expose().data(), hash_len);
    set_key(made.expose().subspan(hash_len, key_len));
  }
  void set_key(const_bytes key) noexcept {
    auto& s = state_.expose();
    std::memcpy(s.key, key.data(), key_len);
    s.counter = 0;
    s.has_key = true;
  }
  void hash_with(const_bytes data, std::span<std::uint8_t, hash_len> out) const noexcept {
    Hash hash;
    hash.update(state_.expose().hash);
    hash.update(data);
    hash.finish(out);
  }

  core::secret<block> state_;
};

}  // namespace sotto::inline SOTTO_ABI::noise::detail
