// SPDX-License-Identifier: BSL-1.0
// Published handshakes, message by message at both ends, and what the session's secret gives after them.
#include <string>
#include <vector>

#include "ends.hpp"
#include "support/vector_file.hpp"

using namespace ends;

namespace {

std::string text(const octets& bytes) { return std::string(bytes.begin(), bytes.end()); }

/// One end with what its handshake refers to.
template <class Handshake>
struct vector_end {
  std::optional<noise::static_key> own;
  fixed_random random;
  std::optional<Handshake> handshake;
  std::optional<typename Handshake::session> session;

  vector_end(const support::vector_record& v, handshake_role role) {
    const std::string self = role == handshake_role::initiator ? "init" : "resp";
    const std::string peer = role == handshake_role::initiator ? "resp" : "init";
    if (!v[self + "_static"].empty()) own.emplace(static_key_of(v[self + "_static"]));
    random.bytes = v[self + "_ephemeral"];
    std::vector<const_bytes> psks;
    for (const_bytes left = v["psks"]; !left.empty(); left = left.subspan(32)) psks.push_back(left.first(32));
    auto identity = noise::peer_identity::none();
    if (const octets& key = v[peer + "_static"]; !key.empty())
      identity = noise::peer_identity::pinned(static_key_of(key).public_key());
    auto made = Handshake::create({.pattern = *noise::handshake_pattern::find(text(v["pattern"])),
                                   .role = role,
                                   .prologue = v["prologue"],
                                   .own = own ? &*own : nullptr,
                                   .peer = identity,
                                   .psks = psks});
    REQUIRE(made.has_value());
    handshake.emplace(std::move(*made));
  }
  sotto::result<mutable_bytes> write(const_bytes payload, mutable_bytes out) {
    return session ? session->send().seal(payload, out) : handshake->write_message(payload, out, random);
  }
  sotto::result<mutable_bytes> read(const_bytes message, mutable_bytes out) {
    return session ? session->receive().open(message, out) : handshake->read_message(message, out);
  }
  void finish(const support::vector_record& v) {
    CHECK(support::to_hex(handshake->handshake_hash()) == support::to_hex(v["handshake_hash"]));
    auto made = std::move(*handshake).finish();
    REQUIRE(made.has_value());
    session.emplace(std::move(*made));
    octets exported(v["exported"].size());
    REQUIRE(session->secret().expand("label", octets{'c', 'o', 'n', 't', 'e', 'x', 't'}, exported).has_value());
    CHECK(support::to_hex(exported) == support::to_hex(v["exported"]));
    CHECK(support::to_hex(session->handshake_hash()) == support::to_hex(v["handshake_hash"]));
  }
};

template <class Handshake>
void run(const support::vector_record& v, std::size_t messages) {
  vector_end<Handshake> initiator(v, handshake_role::initiator), responder(v, handshake_role::responder);
  const bool one_way = initiator.handshake->pattern().one_way();
  for (std::size_t i = 0; i < messages; ++i) {
    const octets &payload = v["payload_" + std::to_string(i + 1)], &wire = v["ciphertext_" + std::to_string(i + 1)];
    auto& from = i % 2 == 0 || one_way ? initiator : responder;
    auto& to = i % 2 == 0 || one_way ? responder : initiator;
    octets out(wire.size()), read(payload.size());
    const auto written = from.write(payload, out);
    REQUIRE(written.has_value());
    CHECK(support::to_hex(*written) == support::to_hex(wire));
    REQUIRE(to.read(out, read).has_value());
    CHECK(read == payload);
    if (!initiator.session && initiator.handshake->finished()) {
      initiator.finish(v);
      responder.finish(v);
    }
  }
  CHECK(initiator.session.has_value());
}

template <class Cipher>
void run_with(const support::vector_record& v, std::size_t messages) {
  if (text(v["hash"]) == "SHA512") return run<noise::basic_handshake<Cipher, sotto::crypto::sha512>>(v, messages);
  REQUIRE(text(v["hash"]) == "SHA256");
  run<noise::basic_handshake<Cipher, sotto::crypto::sha256>>(v, messages);
}

}  // namespace

TEST_CASE("published handshakes, both ends") {
  for (const auto& v : support::read_vectors("noise.txt")) {
    INFO(v.where() << ' ' << text(v["pattern"]));
    const std::size_t messages = v["messages"][0];
    if (text(v["cipher"]) == "AESGCM") {
      run_with<sotto::crypto::aes_gcm>(v, messages);
    } else {
      REQUIRE(text(v["cipher"]) == "ChaChaPoly");
      run_with<sotto::crypto::chacha20_poly1305>(v, messages);
    }
  }
}
