// SPDX-License-Identifier: BSL-1.0
// Sotto's rows of whole packets, and the references from its portable kernels.
#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <utility>

#include <sotto/cpu/features.hpp>

#include "aead.hpp"
#include "rows.hpp"
#include "sotto_operations.hpp"

namespace bench {
namespace {

namespace srtp = sotto::srtp;

using reference = srtp::packet_protection<srtp::any_transform>;
std::map<srtp::profile, reference>& references() {
  static std::map<srtp::profile, reference> all;
  return all;
}

class protect {
 public:
  explicit protect(srtp::profile p) : profile_(p), tx_(srtp::sender::create(keying_for(p)).value()) {}
  void refill(const ring& packets, std::uint64_t first) { packets.fill(first); }
  bool run(const ring& packets, std::size_t i) noexcept {
    return tx_.protect(packets.buffer(i), packets.packet_len()).has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return holds(packets.at(i), protected_packet(profile_, packets, index));
  }

 private:
  srtp::profile profile_;
  srtp::sender tx_;
};

class unprotect {
 public:
  explicit unprotect(srtp::profile p) : wire_(p), rx_(srtp::receiver::create(keying_for(p)).value()) {}
  void refill(const ring& packets, std::uint64_t first) { wire_.fill(packets, first); }
  bool run(const ring& packets, std::size_t i) noexcept {
    return rx_.unprotect({packets.at(i), wire_.len()}).has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return packets.holds_plain_packet(i, index);
  }

 private:
  protected_packets wire_;
  srtp::receiver rx_;
};

std::string kernel_of(srtp::profile p) { return srtp::sender::create(keying_for(p)).value().kernel_name(); }

void add_srtp_row(table& t, const std::string& library, srtp::profile p) {
  if (t.encrypts())
    t.add<protect>(library, words(t.what).name, row_name(p), kernel_of(p), p);
  else
    t.add<unprotect>(library, words(t.what).name, row_name(p), kernel_of(p), p);
}

}  // namespace

std::string row_name(srtp::profile p) {
  std::string text(srtp::name(p));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::vector<std::string> bound_kernels() {
  std::vector<std::string> all = {
      "AES-GCM " + aead_kernel(bare_aead::aes_128_gcm),
      "AES-CM with HMAC-SHA1 " + kernel_of(srtp::profile::aes_cm_128_hmac_sha1_80),
      "ChaCha20-Poly1305 " + aead_kernel(bare_aead::chacha20_poly1305),
  };
  for (const std::string& one : function_kernels()) all.push_back(one);
  return all;
}

void hide_features(sotto::cpu::feature_set hidden) {
  sotto::cpu::hide(sotto::cpu::detected());
  for (const srtp::profile p : srtp::profiles)
    references().emplace(p, reference::create(srtp::keying::create(keying_for(p)).value()).value());
  sotto::cpu::hide(hidden);
}

std::vector<std::uint8_t> protected_packet(srtp::profile p, const ring& packets, std::uint64_t index) {
  const auto plain = packets.plain_packet(index);
  std::vector<std::uint8_t> wire(packets.capacity());
  const auto view = srtp::rtp_view::parse(plain);
  wire.resize(references().at(p).protect_rtp(*view, srtp::packet_index(index), wire).value().size());
  return wire;
}

void add_sotto_rows(table& t) {
  if (t.what == task::protect || t.what == task::unprotect) {
    for (const srtp::profile p : srtp::profiles) add_srtp_row(t, "sotto", p);
    // Twins of a quick and of a slow row.
    for (const srtp::profile p : {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80})
      add_srtp_row(t, std::string(twin_prefix) + "sotto", p);
  }
  add_sotto_feature_rows(t);
  add_sotto_sframe_rows(t);
  add_sotto_aead_rows(t);
  add_sotto_function_rows(t);
  add_sotto_handshake_rows(t);
}

}  // namespace bench
