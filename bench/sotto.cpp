// SPDX-License-Identifier: BSL-1.0
// Sotto's rows, and the references from its portable kernels.
#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <utility>

#include <sotto/cpu/features.hpp>

#include "rows.hpp"
#include "sotto_operations.hpp"

namespace bench {
namespace {

namespace srtp = sotto::srtp;
namespace crypto = sotto::crypto;

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

class seal {
 public:
  explicit seal(std::size_t key_len) : key_len_(key_len), aead_(aes_gcm_with(key_len)) {}
  void refill(const ring& packets, std::uint64_t first) {
    fill(nonces_, first);
    packets.fill(first);
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    return aead_
        .seal(crypto::aes_gcm::nonce(nonces_[i]), {packets.at(i), header_len},
              {packets.payload(i), packets.payload_len()}, packets.buffer(i).subspan(header_len))
        .has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return holds(packets.payload(i), sealed_payload(key_len_, packets, index));
  }

 private:
  std::size_t key_len_;
  crypto::aes_gcm aead_;
  nonces nonces_;
};

class open {
 public:
  explicit open(std::size_t key_len) : sealed_(key_len), aead_(aes_gcm_with(key_len)) {}
  void refill(const ring& packets, std::uint64_t first) {
    fill(nonces_, first);
    sealed_.fill(packets, nonces_, first);
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    const std::span sealed(packets.payload(i), packets.payload_len() + crypto::aes_gcm::tag_len);
    return aead_.open(crypto::aes_gcm::nonce(nonces_[i]), {packets.at(i), header_len}, sealed, sealed).has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return packets.holds_plain_packet(i, index);
  }

 private:
  sealed_packets sealed_;
  crypto::aes_gcm aead_;
  nonces nonces_;
};

std::string kernel_of(srtp::profile p) { return srtp::sender::create(keying_for(p)).value().kernel_name(); }

}  // namespace

std::string row_name(srtp::profile p) {
  std::string text(srtp::name(p));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::vector<std::string> bound_kernels() {
  return {std::string("AES-GCM ") + kernel_of(srtp::profile::aead_aes_128_gcm),
          std::string("AES-CM with HMAC-SHA1 ") + kernel_of(srtp::profile::aes_cm_128_hmac_sha1_80)};
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

std::vector<std::uint8_t> sealed_payload(std::size_t key_len, const ring& packets, std::uint64_t index) {
  const auto aead =
      crypto::aes_gcm::create(sotto::const_bytes(master_key).first(key_len), sotto::kernels::aes_gcm::portable::table);
  nonces n;
  fill(n, index);
  const auto plain = packets.plain_packet(index);
  const sotto::const_bytes whole(plain);
  std::vector<std::uint8_t> sealed(packets.payload_len() + crypto::aes_gcm::tag_len);
  (void)aead.value()
      .seal(crypto::aes_gcm::nonce(n[0]), whole.first(header_len), whole.subspan(header_len), sealed)
      .value();
  return sealed;
}

bool holds(const std::uint8_t* buffer, const std::vector<std::uint8_t>& expected) {
  return std::equal(expected.begin(), expected.end(), buffer);
}

void add_sotto_rows(table& t) {
  for (const srtp::profile p : srtp::profiles) {
    if (t.way == direction::protect)
      t.add<protect>("sotto", name(t.way), row_name(p), kernel_of(p), p);
    else
      t.add<unprotect>("sotto", name(t.way), row_name(p), kernel_of(p), p);
  }
  for (const std::size_t key_len : {std::size_t{16}, std::size_t{32}}) {
    const std::string algorithm = "aes_" + std::to_string(8 * key_len) + "_gcm";
    const std::string kernel = aes_gcm_with(key_len).kernel_name();
    if (t.way == direction::protect)
      t.add<seal>("sotto", bare_name(t.way), algorithm, kernel, key_len);
    else
      t.add<open>("sotto", bare_name(t.way), algorithm, kernel, key_len);
  }
  // Twins of a quick and of a slow row.
  for (const srtp::profile p : {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80}) {
    const std::string library = std::string(twin_prefix) + "sotto";
    if (t.way == direction::protect)
      t.add<protect>(library, name(t.way), row_name(p), kernel_of(p), p);
    else
      t.add<unprotect>(library, name(t.way), row_name(p), kernel_of(p), p);
  }
}

}  // namespace bench
