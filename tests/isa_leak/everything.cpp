// SPDX-License-Identifier: BSL-1.0
// Uses everything, so that the compiler emits it and tools/check_isa_leak.py can look at it. Never run, and
// built for the baseline. Templates are emitted only where something here calls them.
#include <sotto/sotto.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace {

namespace srtp = sotto::srtp;
using bytes = std::span<std::uint8_t>;

template <class Aead>
std::size_t use_aead(bytes b) {
  const typename Aead::nonce nonce(b.first<Aead::nonce_len>());
  const auto aead = Aead::create(b.first(32));
  if (!aead) return 0;
  return aead->seal(nonce, b.first(12), b.subspan(64, 100), b.subspan(64)).value().size() +
         aead->open(nonce, b.first(12), b.subspan(64, 116), b.subspan(64)).has_value();
}

template <class Hash>
std::size_t use_hash(bytes b) {
  namespace crypto = sotto::crypto;
  crypto::hmac<Hash> mac(b.first(20));
  mac.compute(b, b.first<Hash::digest_len>());
  using kdf = crypto::hkdf<Hash>;
  const auto prk = kdf::extract(crypto::hkdf_salt(b.first(20)), crypto::hkdf_input(b.first(32)));
  const auto given = kdf::prk::from_uniform_key(b.first(Hash::digest_len));
  return mac.verify(b, b.first(Hash::digest_len)).has_value() + given.has_value() +
         kdf::template expand<32>(prk, crypto::hkdf_info("label")).size() +
         kdf::expand(prk, crypto::hkdf_info(b.first(4)), b.subspan(64)).has_value();
}

std::size_t use_key(const sotto::crypto::hkdf<sotto::crypto::sha256>::prk& prk) {
  return sotto::crypto::hkdf<sotto::crypto::sha256>::expand<44>(prk, sotto::crypto::hkdf_info("label")).size();
}

std::size_t use_x25519(bytes b) {
  namespace x25519 = sotto::crypto::x25519;
  auto ephemeral = x25519::ephemeral_key::generate(), other = x25519::ephemeral_key::generate();
  const auto lasting = x25519::static_key::generate();
  const auto peer = x25519::public_key::parse(b);
  if (!ephemeral || !other || !lasting || !peer) return 0;
  const auto stored = x25519::static_key::from_secret(b.first<32>());
  x25519::agreement jobs[] = {{.lasting = &*lasting, .ephemeral = nullptr, .peer = &*peer},
                              {.lasting = nullptr, .ephemeral = &*other, .peer = &*peer}};
  x25519::agree_batch(jobs);
  const auto once = std::move(*ephemeral).agree(stored.public_key()), often = stored.agree(lasting->public_key());
  return jobs[0].outcome.has_value() + once.has_value() +
         (often ? use_key(often->extract<sotto::crypto::sha256>(sotto::crypto::hkdf_salt())) : 0);
}

template <class Cipher, class Hash>
std::size_t use_handshake(bytes b) {
  namespace noise = sotto::noise;
  using handshake = noise::basic_handshake<Cipher, Hash>;
  const auto own = noise::static_key::from_secret(b.first<32>());
  const sotto::const_bytes psk = b.first(32);
  auto started = handshake::create({.pattern = noise::handshake_pattern::named("XXpsk3"),
                                    .role = sotto::crypto::handshake_role::initiator,
                                    .own = &own,
                                    .peer = noise::peer_identity::decide_later(),
                                    .psks = {&psk, 1}});
  if (!started) return 0;
  std::size_t n = started->write_message(b.first(10), b.subspan(100)).has_value();
  n += started->read_message(b, b).has_value();
  auto at_once = std::move(*started).finish();
  auto later = std::move(*started).finish_undecided();
  if (!at_once || !later) return n;
  auto decided = std::move(*later).pin(own.public_key());
  if (!decided) return n;
  n += decided->send().seal(b.first(10), b).has_value() + decided->receive().open(b, b).has_value();
  n += decided->send().rekey().has_value() + decided->receive().rekey().has_value();
  return n + at_once->secret().expand("label", {}, b).has_value();
}

std::size_t use_crypto(bytes b) {
  std::size_t n = use_aead<sotto::crypto::aes_gcm>(b);
  if (const auto ctr = sotto::crypto::aes_ctr::create(b.first(16))) {
    n += ctr->apply(b.first<16>(), b, b).value().size();
    n += ctr->encrypt_blocks(b.first(64), b).value().size();
  }
  n += use_aead<sotto::crypto::chacha20_poly1305>(b) + use_aead<sotto::crypto::xchacha20_poly1305>(b);
  if (const auto chacha = sotto::crypto::chacha20_poly1305::create(b.first(32))) {
    sotto::crypto::chacha20_poly1305::job job{&*chacha, sotto::crypto::chacha20_poly1305::nonce(b.first<12>()),
                                              b.first(12), b.first(16), b.subspan(64)};
    sotto::crypto::chacha20_poly1305::seal_batch({&job, 1});
    sotto::crypto::chacha20_poly1305::open_batch({&job, 1});
    n += job.outcome.has_value();
  }
  n += use_hash<sotto::crypto::sha1>(b) + use_hash<sotto::crypto::sha256>(b) + use_hash<sotto::crypto::sha512>(b);
  n += use_x25519(b);
  n += sotto::system_random{}(b).has_value();
  return n;
}

template <class Sender, class Receiver>
std::size_t use_session(srtp::profile profile, bytes b) {
  const srtp::raw_keying keying{.profile = profile, .key = b.first(16), .salt = b.first(12)};
  auto tx = Sender::create(keying);
  auto rx = Receiver::create(keying);
  if (!tx || !rx) return 0;
  std::size_t n = 0;
  n += tx->protect(b, 100).has_value() + tx->protect_rtcp(b, 100).has_value();
  n += rx->unprotect(b).has_value() + rx->unprotect_rtcp(b).has_value();
  n += tx->remove(srtp::ssrc(1)).has_value() + rx->remove(srtp::ssrc(1)).has_value();
  n += tx->statistics().rtp_packets + rx->statistics().rtp_packets;
  auto state = std::move(*tx).export_state();
  return n + Sender::resume(keying, std::move(state)).has_value();
}

}  // namespace

std::size_t everything(bytes b);
std::size_t everything(bytes b) {
  constexpr auto gcm = srtp::profile::aead_aes_128_gcm;
  constexpr auto hmac = srtp::profile::aes_cm_128_hmac_sha1_80;
  constexpr auto chacha = srtp::profile::aead_chacha20_poly1305;
  return use_crypto(b) + use_handshake<sotto::crypto::chacha20_poly1305, sotto::crypto::sha256>(b) +
         use_handshake<sotto::crypto::aes_gcm, sotto::crypto::sha512>(b) +
         use_session<srtp::sender, srtp::receiver>(gcm, b) +
         use_session<srtp::sender_for<gcm>, srtp::receiver_for<gcm>>(gcm, b) +
         use_session<srtp::sender_for<hmac>, srtp::receiver_for<hmac>>(hmac, b) +
         use_session<srtp::sender_for<chacha>, srtp::receiver_for<chacha>>(chacha, b);
}
