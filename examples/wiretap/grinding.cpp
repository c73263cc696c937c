// SPDX-License-Identifier: BSL-1.0
#include "grinding.hpp"

#include <chrono>
#include <sotto/crypto/chacha20_poly1305.hpp>
#include <sotto/crypto/hkdf.hpp>
#include <sotto/crypto/sha2.hpp>
#include <sotto/noise/algorithms.hpp>
#include <stdexcept>
#include <string_view>

#include "line.hpp"
#include "naive_string.hpp"

namespace examples {
namespace {

using sotto::crypto::chacha20_poly1305;
using sotto::crypto::sha256;
using kdf = sotto::crypto::hkdf<sha256>;
using digest = std::array<std::uint8_t, sha256::digest_len>;

constexpr std::size_t key_len = 32, tag_len = 16;
constexpr std::string_view protocol = "Noise_XX_25519_ChaChaPoly_SHA256";  // 32 bytes: its own hash (Noise 5.2)
static_assert(protocol.size() == sha256::digest_len);

/// The responder's side of Noise XX by hand, up to the payload of message 2, since a finished object would hold its key
/// back. As in Noise 5.2: h, ck and k.
class half_done {
 public:
  half_done(const sotto::crypto::x25519::static_key& own, const chosen_randomness& random,
            sotto::const_bytes message_1) {
    const auto ephemeral = sotto::crypto::x25519::static_key::from_secret(random.bytes);
    const sotto::crypto::x25519::public_key theirs(message_1.first<key_len>());
    std::copy(protocol.begin(), protocol.end(), hash_.begin());
    chaining_key_ = hash_;
    mix_hash({});  // the prologue
    mix_hash(theirs.bytes());
    mix_hash(message_1.subspan(key_len));
    mix_hash(ephemeral.public_key().bytes());
    mix_key(ephemeral, theirs);  // ee
    std::array<std::uint8_t, key_len + tag_len> sealed;
    seal(own.public_key().bytes(), sealed);
    mix_hash(sealed);
    mix_key(own, theirs);  // es
  }

  /// The handshake hash after message 2 with this payload.
  digest hash_with(const std::array<std::uint8_t, key_len>& payload) const {
    std::array<std::uint8_t, key_len + tag_len> sealed;
    seal(payload, sealed);
    return hash_of(sealed);
  }

 private:
  digest hash_of(sotto::const_bytes data) const {
    sha256 h;
    digest out;
    h.update(hash_);
    h.update(data);
    h.finish(out);
    return out;
  }
  void mix_hash(sotto::const_bytes data) { hash_ = hash_of(data); }
  void mix_key(const sotto::crypto::x25519::static_key& ours, const sotto::crypto::x25519::public_key& theirs) {
    const auto secret = ours.agree(theirs);
    if (!secret) throw std::runtime_error(message(secret.error()));
    const auto made = kdf::expand<2 * key_len>(secret->extract<sha256>(sotto::crypto::hkdf_salt(chaining_key_)),
                                               sotto::crypto::hkdf_info());
    const auto both = made.expose();
    std::copy(both.begin(), both.begin() + key_len, chaining_key_.begin());
    cipher_ = chacha20_poly1305::create(both.subspan(key_len));
  }
  void seal(sotto::const_bytes text, sotto::mutable_bytes out) const {
    // Each key seals once here.
    (void)cipher_->seal(sotto::noise::cipher_traits<chacha20_poly1305>::nonce(0), hash_, text, out);
  }

  digest hash_{}, chaining_key_{};
  sotto::result<chacha20_poly1305> cipher_ = sotto::failure{sotto::error::invalid_argument};
};

}  // namespace

ground_answer grind(const sotto::crypto::x25519::static_key& own, const chosen_randomness& ephemeral,
                    sotto::const_bytes message_1, std::uint32_t wanted_bits) {
  using clock = std::chrono::steady_clock;
  const auto limit = clock::now() + std::chrono::seconds(60);
  const half_done handshake(own, ephemeral, message_1);
  ground_answer answer;
  while (answer.tried % 4096 != 0 || clock::now() < limit) {
    sotto::core::store_be64(answer.payload.data(), ++answer.tried);
    answer.found = naive_bits(handshake.hash_with(answer.payload)) == wanted_bits;
    if (answer.found) break;
  }
  return answer;
}

}  // namespace examples
