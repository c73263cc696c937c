// SPDX-License-Identifier: BSL-1.0
// Rows of SFrame: whole frames in place, with the suites that most calls would use.
#include <algorithm>
#include <cstring>
#include <string>

#include <sotto/cpu/features.hpp>
#include <sotto/sframe.hpp>

#include "rows.hpp"

namespace bench {
namespace {

namespace sframe = sotto::sframe;

constexpr sframe::key_id kid(0x123);

sframe::base_key key() { return sframe::base_key::create(master_key).value(); }
sframe::sender sender_for(sframe::cipher_suite s) { return sframe::sender::create(s, kid, key()).value(); }
sframe::receiver receiver_for(sframe::cipher_suite s) { return sframe::receiver::create(s, kid, key()).value(); }
/// On the portable kernels.
sframe::receiver judge_for(sframe::cipher_suite s) {
  const auto hidden = sotto::cpu::detected().without(sotto::cpu::available());
  sotto::cpu::hide(sotto::cpu::detected());
  auto judge = receiver_for(s);
  sotto::cpu::hide(hidden);
  return judge;
}

/// The packets' payloads, each behind the headroom that protecting in place wants.
void fill_plaintexts(const ring& packets, std::uint64_t first) noexcept {
  packets.fill(first);
  for (std::size_t i = 0; i < packets.size(); ++i)
    std::memmove(packets.at(i) + sframe::max_header_len, packets.payload(i), packets.payload_len());
}
bool is_plaintext(sotto::const_bytes text, const ring& packets, std::uint64_t index) {
  const auto packet = packets.plain_packet(index);
  return std::equal(text.begin(), text.end(), packet.begin() + header_len, packet.end());
}

class protect_frame {
 public:
  explicit protect_frame(sframe::cipher_suite s) : tx_(sender_for(s)), judge_(judge_for(s)) {}
  void refill(const ring& packets, std::uint64_t first) const { fill_plaintexts(packets, first); }
  bool run(const ring& packets, std::size_t i) noexcept {
    const auto wire = tx_.protect(packets.buffer(i), packets.payload_len());
    if (wire) wires_[i] = *wire;
    return wire.has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) {
    const auto text = judge_.unprotect(wires_[i]);
    return text && is_plaintext(*text, packets, index);
  }

 private:
  sframe::sender tx_;
  sframe::receiver judge_;
  sotto::mutable_bytes wires_[max_ring_size];
};

class unprotect_frame {
 public:
  explicit unprotect_frame(sframe::cipher_suite s) : tx_(sender_for(s)), rx_(receiver_for(s)) {}
  void refill(const ring& packets, std::uint64_t first) {
    fill_plaintexts(packets, first);
    for (std::size_t i = 0; i < packets.size(); ++i)
      wires_[i] = tx_.protect(packets.buffer(i), packets.payload_len()).value();
  }
  bool run(const ring&, std::size_t i) noexcept { return rx_.unprotect(wires_[i]).has_value(); }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return is_plaintext({packets.at(i) + sframe::max_header_len, packets.payload_len()}, packets, index);
  }

 private:
  sframe::sender tx_;
  sframe::receiver rx_;
  sotto::mutable_bytes wires_[max_ring_size];
};

}  // namespace

void add_sotto_sframe_rows(table& t) {
  if (t.what != task::protect_frame && t.what != task::unprotect_frame) return;
  const auto add = [&](const std::string& library, sframe::cipher_suite s) {
    std::string name(sframe::name(s));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const std::string kernel = sender_for(s).kernel_name();
    if (t.encrypts())
      t.add<protect_frame>(library, words(t.what).name, name, kernel, s);
    else
      t.add<unprotect_frame>(library, words(t.what).name, name, kernel, s);
  };
  add("sotto", sframe::cipher_suite::aes_128_ctr_hmac_sha256_80);
  add("sotto", sframe::cipher_suite::aes_128_gcm_sha256_128);
  add(std::string(twin_prefix) + "sotto", sframe::cipher_suite::aes_128_gcm_sha256_128);
  add("sotto", sframe::cipher_suite::aes_256_gcm_sha512_128);
}

}  // namespace bench
