// SPDX-License-Identifier: BSL-1.0
// Both ends of a Noise handshake against the messages of a vector.
#include "noise_check.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sotto/noise.hpp>
#include <span>
#include <utility>

#include "kernels.hpp"

namespace vectors {
namespace {

namespace crypto = sotto::crypto;
namespace noise = sotto::noise;
using sotto::const_bytes;

/// Gives the vector's ephemeral key, once.
struct given_key {
  std::optional<bytes> key;
  sotto::result<void> operator()(sotto::mutable_bytes out) noexcept {
    if (!key || key->size() != out.size()) return sotto::failure{sotto::error::random_unavailable};
    std::memcpy(out.data(), key->data(), out.size());
    key.reset();
    return {};
  }
};

crypto::x25519::static_key static_key_of(const bytes& secret) {
  return crypto::x25519::static_key::from_secret(std::span<const std::uint8_t, 32>(secret.data(), 32));
}

crypto::x25519::public_key public_key_of(const bytes& key) { return *crypto::x25519::public_key::parse(key); }

/// One end with what its handshake refers to.
template <class Handshake>
class end {
 public:
  end(const noise_vector& v, crypto::handshake_role role) : role_(role) {
    const auto pattern = *noise::handshake_pattern::find(v.pattern);
    const bool first = role == crypto::handshake_role::initiator;
    const noise_end& own = first ? v.initiator : v.responder;
    const noise_end& peer = first ? v.responder : v.initiator;
    const auto peer_role = first ? crypto::handshake_role::responder : crypto::handshake_role::initiator;
    random_.key = own.ephemeral;
    // Some vectors name keys that their pattern has no use for.
    if (pattern.has_static(role)) own_.emplace(static_key_of(*own.own));
    auto identity = noise::peer_identity::none();
    if (pattern.has_static(peer_role))
      identity = noise::peer_identity::pinned(own.remote_static ? public_key_of(*own.remote_static)
                                                                : static_key_of(*peer.own).public_key());
    const std::vector<const_bytes> psks(own.psks.begin(), own.psks.end());
    auto made = Handshake::create({.pattern = pattern,
                                   .role = role,
                                   .prologue = own.prologue,
                                   .own = own_ ? &*own_ : nullptr,
                                   .peer = identity,
                                   .psks = psks});
    if (made) handshake_.emplace(std::move(*made));
  }

  bool running() const { return handshake_.has_value(); }
  bool finished() const { return handshake_->finished(); }
  bool one_way() const { return handshake_->pattern().one_way(); }
  const_bytes hash() const { return handshake_->handshake_hash(); }

  sotto::result<sotto::mutable_bytes> write(const_bytes payload, sotto::mutable_bytes out) {
    if (!session_) return handshake_->write_message(payload, out, random_);
    return session_->send().seal(payload, out);
  }
  sotto::result<sotto::mutable_bytes> read(const_bytes message, sotto::mutable_bytes out) {
    if (!session_) return handshake_->read_message(message, out);
    return session_->receive().open(message, out);
  }
  bool finish() {
    auto made = std::move(*handshake_).finish();
    if (made) session_.emplace(std::move(*made));
    return session_.has_value();
  }
  bytes secret() const {
    bytes out(32);
    if (!session_->secret().expand("test", {}, out)) out.clear();
    return out;
  }

 private:
  crypto::handshake_role role_;
  given_key random_;
  std::optional<crypto::x25519::static_key> own_;
  std::optional<Handshake> handshake_;
  std::optional<typename Handshake::session> session_;
};

template <class Handshake>
bool pass(test_case& c, const std::string& kernel, const std::string& which, const noise_message& m, bool in_place,
          end<Handshake>& from, end<Handshake>& to) {
  guarded wire(m.ciphertext.size()), payload(m.payload.size());
  if (in_place) std::memcpy(wire.span().data(), m.payload.data(), m.payload.size());
  const auto written = from.write(in_place ? wire.span().first(m.payload.size()) : const_bytes(m.payload), wire.span());
  if (!c.require(kernel, written.has_value(), which + "isn't written")) return false;
  bool good = c.same(kernel, which, m.ciphertext, *written);
  const auto read = to.read(*written, in_place ? wire.span() : payload.span());
  if (!c.require(kernel, read.has_value(), which + "isn't read")) return false;
  good &= c.same(kernel, which + "payload", m.payload, *read);
  return c.require(kernel, wire.guard_intact() && payload.guard_intact(), which + "wrote behind a buffer") && good;
}

template <class Handshake>
void converse(test_case& c, const std::string& kernel, const noise_vector& v, bool in_place) {
  end<Handshake> initiator(v, crypto::handshake_role::initiator), responder(v, crypto::handshake_role::responder);
  if (!c.require(kernel, initiator.running() && responder.running(), "the handshake doesn't start")) return;
  bool transport = false, from_initiator = true;
  for (std::size_t i = 0; i < v.messages.size(); ++i) {
    const std::string which = "message " + std::to_string(i + 1) + (in_place ? " in place " : " ");
    if (!pass(c, kernel, which, v.messages[i], in_place, from_initiator ? initiator : responder,
              from_initiator ? responder : initiator))
      return;
    from_initiator = initiator.one_way() || !from_initiator;
    if (transport || !initiator.finished()) continue;
    transport = true;
    c.same(kernel, "handshake hash of both ends", initiator.hash(), responder.hash());
    if (v.handshake_hash) c.same(kernel, "handshake hash", *v.handshake_hash, initiator.hash());
    if (!c.require(kernel, initiator.finish() && responder.finish(), "no session")) return;
    c.same(kernel, "secret of both ends", initiator.secret(), responder.secret());
  }
  c.require(kernel, transport, "the messages end before the handshake");
}

template <class Cipher, class Hash>
void check_with(report& r, test_case& c, const noise_vector& v) {
  namespace x25519 = sotto::kernels::x25519;
  const auto detected = sotto::cpu::detected();
  for (const auto& candidate : x25519::candidates()) {
    if (!detected.contains(candidate.needs)) continue;
    // A handshake chooses its kernels itself: hide what this one doesn't need. No machine chooses some of them.
    const feature_mask mask(detected.without(candidate.needs));
    if (&x25519::select() != candidate.kernel) continue;
    r.exercised("x25519", candidate.kernel->name);
    for (const bool in_place : {false, true})
      converse<noise::basic_handshake<Cipher, Hash>>(c, std::string("x25519/") + candidate.kernel->name, v, in_place);
  }
}

template <class Cipher>
void check_with(report& r, test_case& c, const noise_vector& v) {
  if (v.hash == "SHA512")
    check_with<Cipher, crypto::sha512>(r, c, v);
  else
    check_with<Cipher, crypto::sha256>(r, c, v);
}

}  // namespace

std::string reason_to_skip(const noise_vector& v) {
  if (v.hash != "SHA256" && v.hash != "SHA512") return "the hash " + v.hash + " isn't part of the library";
  if (v.cipher != "ChaChaPoly" && v.cipher != "AESGCM") return "the cipher " + v.cipher + " isn't part of the library";
  if (!noise::handshake_pattern::find(v.pattern)) return "the pattern " + v.pattern + " isn't part of the library";
  return {};
}

void check_noise(report& r, test_case& c, const noise_vector& v) {
  if (v.cipher == "AESGCM")
    check_with<crypto::aes_gcm>(r, c, v);
  else
    check_with<crypto::chacha20_poly1305>(r, c, v);
}

}  // namespace vectors
