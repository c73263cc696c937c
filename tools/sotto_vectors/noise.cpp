// SPDX-License-Identifier: BSL-1.0
// Vectors of Noise handshakes in the JSON of cacophony and snow, which the Noise wiki describes.
#include <cstddef>
#include <optional>
#include <sotto/noise.hpp>
#include <string>
#include <vector>

#include "formats.hpp"
#include "json_case.hpp"
#include "noise_check.hpp"

namespace vectors {
namespace {

constexpr std::size_t key_len = 32;

std::optional<bytes> key(const json_case& v, const std::string& name) {
  if (!v.has(name.c_str())) return std::nullopt;
  return v.hex(name.c_str(), key_len);
}

noise_end read_end(const json_case& v, const std::string& prefix) {
  noise_end out;
  out.prologue = v.hex((prefix + "_prologue").c_str());
  out.own = key(v, prefix + "_static");
  out.ephemeral = key(v, prefix + "_ephemeral");
  out.remote_static = key(v, prefix + "_remote_static");
  const std::string psks = prefix + "_psks";
  if (!v.has(psks.c_str())) return out;
  for (const json& psk : v.array(psks.c_str())) {
    const std::string where = v.id() + ": \"" + psks + '"';
    if (!psk.is_string()) throw malformed(where + " holds something else than strings");
    out.psks.push_back(from_hex(psk.get<std::string>(), where));
  }
  return out;
}

/// Noise_PATTERN_25519_CIPHER_HASH; false if the key agreement is another one.
bool read_name(const json_case& v, noise_vector& out) {
  std::vector<std::string> parts(1);
  for (const char c : v.text("protocol_name")) {
    if (c == '_')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  if (parts.size() != 5 || parts[0] != "Noise") throw malformed(v.id() + ": no Noise protocol's name");
  out.pattern = parts[1];
  out.cipher = parts[3];
  out.hash = parts[4];
  return parts[2] == "25519";
}

/// Whoever has a static key by the pattern must have one in the vector.
void check_keys(const json_case& v, const noise_vector& n) {
  using sotto::crypto::handshake_role;
  const auto pattern = sotto::noise::handshake_pattern::find(n.pattern);
  if (!pattern) return;
  if (pattern->has_static(handshake_role::initiator) && !n.initiator.own) throw malformed(v.id() + ": no init_static");
  if (pattern->has_static(handshake_role::responder) && !n.responder.own) throw malformed(v.id() + ": no resp_static");
}

std::vector<noise_message> read_messages(const json_case& v) {
  std::vector<noise_message> out;
  for (const json& message : v.array("messages")) {
    const json_case m(message, v.id() + ", message " + std::to_string(out.size() + 1));
    out.push_back({m.hex("payload"), m.hex("ciphertext")});
    if (out.back().ciphertext.size() < out.back().payload.size())
      throw malformed(m.id() + ": shorter than its payload");
  }
  return out;
}

}  // namespace

bool run_noise(const json& file, report& r) {
  const auto cases = cases_of(file);
  if (!cases.front().has("protocol_name")) return false;
  for (const json_case& v : cases) {
    noise_vector n;
    const bool x25519 = read_name(v, n);
    std::string reason = x25519 ? reason_to_skip(n) : "Noise with another key agreement than 25519";
    if (!reason.empty()) {
      r.skip(reason);
      continue;
    }
    n.initiator = read_end(v, "init");
    n.responder = read_end(v, "resp");
    n.messages = read_messages(v);
    if (v.has("handshake_hash")) n.handshake_hash = v.hex("handshake_hash");
    check_keys(v, n);
    r.run(v.id() + " (" + v.text("protocol_name") + ')', [&](test_case& c) { check_noise(r, c, n); });
  }
  return true;
}

}  // namespace vectors
